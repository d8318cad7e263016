"""Engagements with their phases, milestones, team and notes; what they are offered as is in `models_offers`."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from engagements.lifecycle import StateField, Step, transition
from engagements.people import permissions as who
from engagements.people.models import CASEWORK_ROLES, Role
from engagements.records import access
from engagements.records.fields import GuardedCharField, GuardedTextField
from engagements.records.models import Document, Versioned

from . import permissions
from .models_offers import Competence, Offer, PhaseKind, PhaseTemplate, PlanTemplate, Round

__all__ = [
    "Competence",
    "Engagement",
    "EngagementNote",
    "LastLook",
    "Milestone",
    "MilestoneKind",
    "Offer",
    "Phase",
    "PhaseKind",
    "PhaseTemplate",
    "PlanTemplate",
    "Round",
    "TeamMember",
]


READ_BY_BOTH = _(
    "The municipality reads this: it is part of the notice to the municipality and the team, and of the history. "
    "What only the Task Force is to read belongs in an internal note."
)


class EngagementQuerySet(models.QuerySet["Engagement"]):
    """Engagements."""

    def visible_to(self, user: Any) -> Self:
        """The municipality's own for its people, all for the Task Force's case staff except where *inhabil*."""
        own = Q(municipality__in=who.municipalities_of(user, *CASEWORK_ROLES, Role.CASEWORKER))
        if who.is_case_staff(user) or who.is_staff_of(user, who.ANALYST):
            return self.filter(own | ~Q(municipality__in=who.disqualified_for(user)))
        return self.filter(own)

    def read_in_full_by(self, user: Any) -> Self:
        """Those whose casework (reviews, findings in draft, internal notes) the user reads: own team, or lead."""
        allowed = Q(municipality__in=who.municipalities_of(user, *CASEWORK_ROLES))
        if who.is_lead(user):
            allowed |= Q(pk__isnull=False)
        elif who.is_case_staff(user):
            team = TeamMember.objects.current().filter(user=user)
            allowed |= Q(pk__in=team.values("engagement"))
        return self.filter(allowed).exclude(municipality__in=who.disqualified_for(user))

    def running(self) -> Self:
        """Not closed or stopped."""
        return self.filter(state__in=Engagement.RUNNING)

    def with_phase(self) -> Self:
        """With `phase`, the kind of the first phase not finished (None when all are), `phase_order` and `phase_ends_on`."""
        unfinished = Phase.objects.filter(engagement=models.OuterRef("pk"), finished_on=None).order_by("order")
        return self.annotate(
            phase=models.Subquery(unfinished.values("kind")[:1]),
            phase_order=models.Subquery(unfinished.values("order")[:1]),
            phase_ends_on=models.Subquery(unfinished.values("ends_on")[:1]),
        )


class Engagement(Versioned):
    """About two years of work with one municipality; known by the case number given to its application."""

    class State(models.TextChoices):
        ACTIVE = "active", _("running")
        PAUSED = "paused", _("paused")
        CLOSED = "closed", _("closed")
        STOPPED = "stopped", _("stopped early")

    RUNNING = frozenset({State.ACTIVE, State.PAUSED})

    case_no = models.CharField(_("case no."), max_length=9, unique=True)
    municipality = models.ForeignKey(
        "engagements.Municipality", models.PROTECT, related_name="engagements", verbose_name=_("municipality")
    )
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="engagements", verbose_name=_("offer"))
    state = StateField(_("state"), max_length=10, choices=State, default=State.ACTIVE)
    focus = GuardedTextField(_("focus"), max_length=2000, blank=True)
    starts_on = models.DateField(_("starts"))
    created_at = models.DateTimeField(_("opened"), auto_now_add=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = EngagementQuerySet.as_manager()
    recorded_acts = {
        "opened": _("Engagement opened"),
        "plan_changed": _("Plan changed"),
        "phase_finished": _("Phase finished"),
        "milestone_reached": _("Milestone reached"),
        "milestone_removed": _("Milestone removed"),
        "team_changed": _("Team changed"),
        "note_written": _("Note written"),
        "document_added": _("Document added"),
    }

    class Meta:
        verbose_name = _("engagement")
        verbose_name_plural = _("engagements")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "offer"],
                condition=Q(state__in=["active", "paused"]),
                name="one_running_engagement_per_offer",
                violation_error_message=_("The municipality already has a running engagement of this kind."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.municipality} ({self.shown_case_no})"

    @property
    def shown_case_no(self) -> str:
        """`2026 - 0012`, as ministries print it."""
        return self.case_no.replace("-", " - ")

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("engagements:detail", args=[self.case_no])

    def move_args(self, name: str) -> list[str]:
        """What the address of a move takes."""
        return [self.case_no, name]

    @property
    def current_phase(self) -> "Phase | None":
        """The first phase not finished; None when all are, or when the engagement has ended."""
        if self.state not in self.RUNNING:
            return None
        return next((phase for phase in self.phases.all() if phase.finished_on is None), None)

    @transition(
        state,
        source=State.ACTIVE,
        target=State.PAUSED,
        label=_("Pause"),
        done=_("The engagement is paused."),
        permission=permissions.may_steer,
        note="required",
        note_label=_("Why"),
        help=READ_BY_BOTH,
    )
    def pause(self, step: Step) -> None:
        """Work rests by agreement."""

    @transition(
        state,
        source=State.PAUSED,
        target=State.ACTIVE,
        label=_("Resume"),
        done=_("The engagement is running again."),
        permission=permissions.may_steer,
        primary=True,
    )
    def resume(self, step: Step) -> None:
        """Work goes on."""

    @transition(
        state,
        source=State.ACTIVE,
        target=State.CLOSED,
        label=_("Close the engagement"),
        done=_("The engagement is closed."),
        permission=permissions.may_close,
        note="optional",
        help=READ_BY_BOTH,
    )
    def close(self, step: Step) -> None:
        """The status report is published and the work is done."""
        self.closed_at = step.at

    @transition(
        state,
        source=[State.ACTIVE, State.PAUSED],
        target=State.STOPPED,
        label=_("Stop early"),
        done=_("The engagement is stopped."),
        permission=permissions.may_close,
        note="required",
        note_label=_("Why"),
        help=READ_BY_BOTH,
    )
    def stop(self, step: Step) -> None:
        """Ended before its plan was carried out."""
        self.closed_at = step.at


class Phase(Versioned):
    """A phase of an engagement's plan; `finished_on` is set when it is done."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="phases")
    kind = models.CharField(_("phase"), max_length=12, choices=PhaseKind)
    order = models.PositiveSmallIntegerField(_("order"))
    starts_on = models.DateField(_("starts"))
    ends_on = models.DateField(_("ends"))
    finished_on = models.DateField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        ordering = ["engagement", "order"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "kind"], name="phase_once_per_engagement"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="phase_ends_after_it_starts",
                violation_error_message=_("The phase must end after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class MilestoneKind(models.TextChoices):
    """The milestones that every plan has; others carry only a title."""

    KICK_OFF = "kick_off", _("kick-off meeting")
    SELF_EVALUATION = "self_evaluation", _("self-evaluation handed in")
    CASE_REVIEW = "case_review", _("case review recorded")
    REPORT = "report", _("analysis report published")
    COUNCIL = "council", _("presentation to the council")
    DEVELOPMENT_PLAN = "development_plan", _("development plan adopted")
    STATUS_MEASUREMENT = "status_measurement", _("status measurement recorded")
    STATUS_REPORT = "status_report", _("status report published")


class Milestone(Versioned):
    """A dated point in the plan: kick-off, report, presentation to the council."""

    class Side(models.TextChoices):
        TASK_FORCE = "task_force", _("the Task Force")
        MUNICIPALITY = "municipality", _("the municipality")

    Kind = MilestoneKind

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="milestones")
    kind = models.CharField(_("standard milestone"), max_length=20, choices=MilestoneKind, blank=True, editable=False)
    title = GuardedCharField(_("title"), max_length=120)
    due_on = models.DateField(_("date"))
    side = models.CharField(_("awaits"), max_length=12, choices=Side, default=Side.TASK_FORCE)
    reached_on = models.DateField(_("reached"), null=True, blank=True)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What it is called in the language of the page; a title that somebody wrote stays as written."""
        return capfirst(str(self.get_kind_display()) if self.kind else self.title)


class TeamMemberQuerySet(models.QuerySet["TeamMember"]):
    """Team members."""

    def current(self, day: date | None = None) -> Self:
        """On the team on `day` (today)."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=day or timezone.localdate()))


class TeamMember(models.Model):
    """A consultant on an engagement's team, by competence."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="team")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="team_memberships", verbose_name=_("person")
    )
    competence = models.CharField(_("competence"), max_length=8, choices=Competence)
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("team member")
        verbose_name_plural = _("team members")
        ordering = ["engagement", "competence", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "user"],
                condition=Q(until__isnull=True),
                name="on_the_team_once",
                violation_error_message=_("The person is already on the team."),
            )
        ]


class LastLook(models.Model):
    """When a person last opened an engagement's overview, so that the page can say what is new since."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    before = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("last look")
        verbose_name_plural = _("last looks")
        constraints = [models.UniqueConstraint(fields=["engagement", "user"], name="one_last_look_per_person")]


class EngagementNote(models.Model):
    """A note on an engagement; internal unless said otherwise, which is not the same as secret."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="notes")
    text = GuardedTextField(_("note"), max_length=4000)
    internal = models.BooleanField(_("internal"), default=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField(_("written"), auto_now_add=True)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["-written_at"]


access.register(Document, may_read=permissions.may_fetch_document)
