"""The forms of pages and of the workflow in the CMS; what people write to each other there is guarded too."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.pages import WagtailAdminPageForm
from wagtail.forms import TaskStateCommentForm

from engagements.records.fields import refuse_cpr


class GuardedCommentForm(TaskStateCommentForm):
    """What an approver writes to the editor."""

    def clean_comment(self) -> str:
        """Without a CPR number."""
        comment: str = self.cleaned_data["comment"]
        refuse_cpr(comment, _("Comment"))
        return comment


class ContentPageForm(WagtailAdminPageForm):
    """The form of a page in the editor; its comments are guarded too."""

    def clean(self) -> dict[str, Any]:
        """Refuse a comment or a reply with a CPR number; what was there before stands."""
        cleaned: dict[str, Any] = super().clean()
        if comments := self.formsets.get("comments"):
            written = [
                value
                for name, value in self.data.items()
                if name.startswith(comments.prefix) and name.endswith("-text")
            ]
            try:
                refuse_cpr(written, _("Comment"))
            except ValidationError as refused:
                self.add_error(None, refused)
        return cleaned
