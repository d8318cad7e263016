"""The workflow from editor to approver: who submits, who approves, and which rights they need."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import Page, Workflow, WorkflowPage, WorkflowTask

from engagements.people import permissions as who
from engagements.people.reference import grant

from .models_workflow import ApprovalTask

APPROVERS = (who.APPROVERS, who.LEAD)
KEEP_FORMS = (who.EDITORS, who.APPROVERS, who.NETWORK, who.LEAD, who.ADMINISTRATORS)
RIGHTS = [
    *(f"cms.{act}_synonym" for act in ("add", "change", "delete", "view")),
    *(f"wagtailredirects.{act}_redirect" for act in ("add", "change", "delete", "view")),
]


def ensure_workflow(home: Page) -> None:
    """Let every page below the front page go through approval, once; what administrators changed stays."""
    for name in KEEP_FORMS:
        grant(Group.objects.get_or_create(name=name)[0], RIGHTS)
    if ApprovalTask.objects.exists():
        return
    with translation.override(settings.LANGUAGE_CODE):
        task = ApprovalTask.objects.create(name=_("Approval by another person"))
        workflow = Workflow.objects.create(name=_("Approval before publication"))
    task.groups.set([Group.objects.get_or_create(name=name)[0] for name in APPROVERS])
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.update_or_create(page=home, defaults={"workflow": workflow})
    # Wagtail's own workflow names groups that this site does not have.
    for other in Workflow.objects.exclude(pk=workflow.pk).filter(active=True):
        if other.workflow_pages.filter(page__depth=1).exists():
            other.deactivate()
