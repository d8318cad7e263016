"""The pages of follow-up: every action across engagements, an engagement's tab, a reply, an action."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Count, Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from engagements.design.lists import Column, ListPage
from engagements.design.moves import MoveView
from engagements.design.writing import FormPage
from engagements.findings.models import Recommendation
from engagements.people.models import Role
from engagements.programme.views import EngagementMixin
from engagements.records.access import address

from . import permissions, services
from .filters import ActionFilter
from .forms import ActionForm, ReplyForm, ReportDoneForm
from .models import Action, ActionState, Reply


class ActionList(LoginRequiredMixin, ListPage):
    """Every action one may see, overdue first."""

    heading = gettext_lazy("Follow-up")
    intro = gettext_lazy("Every action in the engagements you follow; the earliest due date first.")
    filterset_class = ActionFilter
    default_sort = ("due_on", "pk")
    empty_title = gettext_lazy("No actions")
    empty_text = gettext_lazy("Actions appear here when a municipality has answered the recommendations of its report.")
    columns = [
        Column("title", gettext_lazy("Action"), sort="title", link=True),
        Column(
            "municipality",
            gettext_lazy("Municipality"),
            "engagement.municipality.name",
            sort="engagement__municipality__folded_name",
        ),
        Column("owner", gettext_lazy("Owner"), sort="owner"),
        Column("due_on", gettext_lazy("Due date"), sort="due_on", template="followup/due_cell.html"),
        Column("state", gettext_lazy("State"), sort="state", template="components/state_cell.html"),
    ]

    def get_queryset(self) -> QuerySet[Action]:
        """Those of the engagements the user follows."""
        rows = Action.objects.visible_to(self.request.user)
        return rows.select_related("engagement__municipality", "recommendation")


class FollowUpMixin(EngagementMixin):
    """A page of the follow-up tab."""

    active_tab = "followup"

    def may_read(self, user: Any) -> bool:
        """Those who read actions: the municipality's own people, the team and the lead."""
        return permissions.may_read(self.engagement, user)

    def recommendation(self, number: int) -> Recommendation:
        """A published recommendation of the engagement."""
        return get_object_or_404(self.engagement.recommendations.published(), number=number)

    def action(self, number: int) -> Action:
        """An action of the engagement."""
        found = get_object_or_404(
            self.engagement.actions.select_related("recommendation", "reported_by"), number=number
        )
        found.engagement = self.engagement
        return found


class EngagementFollowUp(FollowUpMixin, TemplateView):
    """Recommendations with the municipality's reply and its actions."""

    template_name = "followup/engagement.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Counts in words, and each recommendation with what has come of it."""
        actions = Action.objects.order_by("due_on", "number")
        recommendations = list(
            self.engagement.recommendations.published()
            .select_related("reply")
            .prefetch_related(Prefetch("actions", actions, to_attr="planned"))
            .order_by("number")
        )
        for recommendation in recommendations:
            for action in recommendation.planned:
                action.engagement = self.engagement
        states = dict(self.engagement.actions.values_list("state").annotate(Count("pk")).order_by())
        return super().get_context_data(**kwargs) | {
            "recommendations": recommendations,
            "answered": sum(hasattr(one, "reply") for one in recommendations),
            "total": sum(states.values()),
            "verified": states.get(ActionState.VERIFIED, 0),
            "reported": states.get(ActionState.REPORTED, 0),
            "overdue": self.engagement.actions.overdue().count(),
            "may_reply": permissions.may_reply(self.engagement, self.request.user),
            "may_verify": permissions.verifies(self.engagement, self.request.user),
        }


class ActionFormPage(FollowUpMixin, FormPage):
    """A form of follow-up."""

    template_name = "followup/form.html"


class ReplyPage(ActionFormPage):
    """The municipality's reply to a recommendation."""

    template_name = "followup/reply.html"

    def prepare(self) -> None:
        """A published recommendation, and its reply so far."""
        self.subject = self.recommendation(self.kwargs["number"])
        self.require(permissions.may_reply(self.engagement, self.request.user))
        self.page_title = _("Answer recommendation %(number)s") % {"number": self.subject.number}
        self.reply = Reply.objects.filter(recommendation=self.subject).first() or Reply(recommendation=self.subject)

    def make_form(self, *args: Any, **kwargs: Any) -> ReplyForm:
        """The reply."""
        return ReplyForm(*args, instance=self.reply)

    def save(self, form: ReplyForm) -> str:
        """Record the reply; those who follow it go on to plan an action."""
        answer = form.cleaned_data
        reply = services.reply_to(
            self.subject,
            stance=answer["stance"],
            text=answer["text"],
            by=self.request.user,
            version=answer.get("version"),
        )
        messages.success(self.request, _("The reply is saved."))
        if reply.stance != Reply.Stance.DECLINE and not self.subject.actions.exists():
            return reverse("followup:new_action", args=[self.engagement.case_no, self.subject.number])
        return reverse("followup:engagement", args=[self.engagement.case_no])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The recommendation beside the form."""
        return super().get_context_data(**kwargs) | {"recommendation": self.subject}


class NewAction(ActionFormPage):
    """Plan an action."""

    template_name = "followup/reply.html"

    def prepare(self) -> None:
        """A published recommendation."""
        self.subject = self.recommendation(self.kwargs["number"])
        self.require(permissions.may_reply(self.engagement, self.request.user))
        self.page_title = _("New action on recommendation %(number)s") % {"number": self.subject.number}

    def make_form(self, *args: Any, **kwargs: Any) -> ActionForm:
        """An empty action."""
        return ActionForm(*args, instance=Action(engagement=self.engagement, recommendation=self.subject))

    def save(self, form: ActionForm) -> str:
        """Plan it."""
        fields = {name: form.cleaned_data[name] for name in ActionForm.Meta.fields}
        action = services.plan_action(self.subject, by=self.request.user, **fields)
        messages.success(self.request, _("Action %(number)s is planned.") % {"number": action.number})
        return action.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The recommendation beside the form."""
        return super().get_context_data(**kwargs) | {"recommendation": self.subject}


class ChangeAction(ActionFormPage):
    """Change what is planned."""

    def prepare(self) -> None:
        """An action that is not done."""
        self.subject = self.action(self.kwargs["number"])
        self.require(permissions.may_change(self.subject, self.request.user))
        self.page_title = _("Change action %(number)s") % {"number": self.subject.number}

    def make_form(self, *args: Any, **kwargs: Any) -> ActionForm:
        """The action as it is."""
        return ActionForm(*args, instance=self.subject)

    def save(self, form: ActionForm) -> str:
        """Save the change."""
        fields = {name: form.cleaned_data[name] for name in ActionForm.Meta.fields}
        services.change_action(
            self.action(self.kwargs["number"]), version=form.expected_version or 0, by=self.request.user, **fields
        )
        messages.success(self.request, _("The action is changed."))
        return self.subject.get_absolute_url()


class ReportDone(ActionFormPage):
    """Report an action done, with evidence."""

    def prepare(self) -> None:
        """An action of the own municipality."""
        self.subject = self.action(self.kwargs["number"])
        self.require(permissions.may_work(self.subject, self.request.user))
        self.page_title = _("Report action %(number)s done") % {"number": self.subject.number}

    def make_form(self, *args: Any, **kwargs: Any) -> ReportDoneForm:
        """Evidence in words and as a file."""
        return ReportDoneForm(*args)

    def save(self, form: ReportDoneForm) -> str:
        """Report it; a second click finds it reported."""
        if self.subject.state == ActionState.REPORTED and self.subject.reported_by_id == self.request.user.pk:
            return self.subject.get_absolute_url()
        services.report_done(
            self.subject,
            evidence=form.cleaned_data["evidence"],
            file=form.cleaned_data["file"],
            by=self.request.user,
            at=self.arrived_at,
        )
        messages.success(self.request, _("The action is reported done; the Task Force now looks at the evidence."))
        return self.subject.get_absolute_url()


class ActionPage(FollowUpMixin, TemplateView):
    """An action: owner, due date, evidence, history, and the moves one may make now."""

    template_name = "followup/action.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The action with its evidence and what awaits whom."""
        action = self.action(self.kwargs["number"])
        user = self.request.user
        evidence = [(one, address(one) if one.file else "") for one in action.evidence.select_related("added_by")]
        return super().get_context_data(**kwargs) | {
            "action": action,
            "evidence": evidence,
            "may_change": permissions.may_change(action, user),
            "may_report": permissions.may_work(action, user) and action.state in ("planned", "in_progress"),
            "awaits": awaiting(action),
        }


def awaiting(action: Action) -> str:
    """What awaits whom, by when, in one sentence; empty when nothing does."""
    from django.utils.formats import date_format

    facts = {"owner": action.owner, "day": date_format(action.due_on), "days": action.days_overdue}
    if action.is_overdue:
        return _("Awaits %(owner)s: the due date was %(day)s.") % facts
    if action.state in (ActionState.PLANNED, ActionState.IN_PROGRESS):
        return _("Awaits %(owner)s, by %(day)s.") % facts
    if action.state == ActionState.REPORTED:
        if action.engagement.state in action.engagement.RUNNING:
            return _("Awaits the Task Force: see the evidence and verify.")
        return _("Awaits the municipality's %(role)s: see the evidence and verify.") % {"role": Role.CONTROLLER.label}
    return ""


class ActionMove(MoveView):
    """Start, verify, return, drop, reopen."""

    def get_queryset(self) -> QuerySet[Action]:
        """Actions the user sees in this engagement."""
        rows = Action.objects.visible_to(self.request.user).filter(engagement__case_no=self.kwargs["case_no"])
        return rows.select_related("engagement__municipality")

    def get_object(self, queryset: Any = None) -> Action:
        """By number within the engagement."""
        return get_object_or_404(self.get_queryset(), number=self.kwargs["number"])
