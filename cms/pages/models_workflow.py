"""The step of the workflow in which someone other than the writer reads a page before it is published."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask


class ApprovalTask(AbstractGroupApprovalTask):
    """Approval by a group, but never of what one has submitted oneself; comments are guarded like any free text."""

    class Meta:
        verbose_name = _("approval by another person")
        verbose_name_plural = _("approvals by another person")

    @classmethod
    def get_description(cls) -> str:
        """What the editor of workflows reads."""
        return str(_("Members of the chosen groups approve, but nobody approves what they submitted themselves."))

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        """Only asking for changes is left to the one who submitted."""
        actions: list[tuple[str, Any, bool]] = super().get_actions(obj, user)
        return [act for act in actions if act[0] != "approve"] if _submitted(obj, user) else actions

    def on_action(self, task_state: Any, user: Any, action_name: str, **kwargs: Any) -> Any:
        """The same where the button is not what asks."""
        if action_name == "approve" and _submitted(task_state.workflow_state.content_object, user):
            return None
        return super().on_action(task_state, user, action_name, **kwargs)

    def get_form_for_action(self, action: str) -> Any:
        """A comment without CPR numbers."""
        from .forms_pages import GuardedCommentForm

        return GuardedCommentForm


def _submitted(obj: Any, user: Any) -> bool:
    state = obj.current_workflow_state
    return state is not None and user is not None and state.requested_by_id == user.pk
