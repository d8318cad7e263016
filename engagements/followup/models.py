"""The municipality's reply to a recommendation, its actions, their evidence and their verification."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagements.lifecycle import StateField, Step, transition
from engagements.people import permissions as who
from engagements.people.models import CASEWORK_ROLES, Role
from engagements.programme.models import Engagement
from engagements.records.fields import GuardedCharField, GuardedFileField, GuardedTextField
from engagements.records.models import Versioned

from . import permissions


class Reply(Versioned):
    """What the municipality says to a recommendation; declining is its own right."""

    class Stance(models.TextChoices):
        FOLLOW = "follow", _("we follow it")
        PARTLY = "partly", _("we follow it in part")
        DECLINE = "decline", _("we decline it")

    recommendation = models.OneToOneField("engagements.Recommendation", models.PROTECT, related_name="reply")
    stance = models.CharField(_("reply"), max_length=8, choices=Stance)
    text = GuardedTextField(_("comment"), max_length=4000, blank=True)
    replied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    replied_at = models.DateTimeField(_("replied"), auto_now=True)

    recorded_acts = {"replied": _("Recommendation answered")}

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")


class ActionState(models.TextChoices):
    """Where an action is."""

    PLANNED = "planned", _("planned")
    IN_PROGRESS = "in_progress", _("in progress")
    REPORTED = "reported", _("reported done")
    VERIFIED = "verified", _("verified")
    DROPPED = "dropped", _("dropped")


OPEN = frozenset({ActionState.PLANNED, ActionState.IN_PROGRESS, ActionState.REPORTED})
UNDONE = frozenset({ActionState.PLANNED, ActionState.IN_PROGRESS})


class ActionQuerySet(models.QuerySet["Action"]):
    """Actions."""

    def visible_to(self, user: Any) -> Self:
        """The municipality's own people; the team and the lead in the Task Force."""
        own = Q(engagement__municipality__in=who.municipalities_of(user, *CASEWORK_ROLES, Role.CASEWORKER))
        full = Q(engagement__in=Engagement.objects.read_in_full_by(user).values("pk"))
        return self.filter(own | full)

    def open(self) -> Self:
        """Not verified and not dropped."""
        return self.filter(state__in=OPEN)

    def overdue(self, on: date | None = None) -> Self:
        """Past the due date and not reported done, on a day (today)."""
        return self.filter(state__in=UNDONE, due_on__lt=on or timezone.localdate())


class Action(Versioned):
    """Something the municipality does because of a recommendation."""

    State = ActionState

    engagement = models.ForeignKey("engagements.Engagement", models.PROTECT, related_name="actions")
    recommendation = models.ForeignKey(
        "engagements.Recommendation", models.PROTECT, related_name="actions", verbose_name=_("recommendation")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    title = GuardedCharField(_("title"), max_length=160)
    text = GuardedTextField(_("description"), max_length=4000, blank=True)
    owner = GuardedCharField(_("owner"), max_length=120, help_text=_("Name or title of the person responsible."))
    due_on = models.DateField(_("due date"))
    original_due_on = models.DateField(_("original due date"))
    state = StateField(_("state"), max_length=12, choices=ActionState, default=ActionState.PLANNED)
    effect = GuardedTextField(_("expected effect"), max_length=2000, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    reported_at = models.DateTimeField(_("reported done"), null=True, blank=True)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = ActionQuerySet.as_manager()
    recorded_acts = {"made": _("Action made"), "changed": _("Action changed"), "evidence_added": _("Evidence added")}

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["due_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["engagement", "number"], name="action_number_once")]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("followup:action", args=[self.engagement.case_no, self.number])

    def move_args(self, name: str) -> list[object]:
        """The arguments of the address of a move."""
        return [self.engagement.case_no, self.number, name]

    @property
    def is_overdue(self) -> bool:
        """Past its due date and not reported done."""
        return self.state in UNDONE and self.due_on < timezone.localdate()

    @property
    def days_overdue(self) -> int:
        """Whole days past the due date; 0 when not overdue."""
        return (timezone.localdate() - self.due_on).days if self.is_overdue else 0

    @transition(
        state,
        source=ActionState.PLANNED,
        target=ActionState.IN_PROGRESS,
        label=_("Start"),
        done=_("The action is in progress."),
        permission=permissions.may_work,
    )
    def start(self, step: Step) -> None:
        """Work has begun."""

    @transition(
        state,
        source=[ActionState.PLANNED, ActionState.IN_PROGRESS],
        target=ActionState.REPORTED,
        label=_("Report done"),
        done=_("The action is reported done."),
        permission=permissions.may_work,
        primary=True,
        note="required",
        note_label=_("How can it be seen that it is done"),
        hidden=True,
    )
    def report_done(self, step: Step) -> None:
        """Done, with evidence (see `services.report_done`)."""
        self.reported_at = step.at
        self.reported_by = step.by

    @transition(
        state,
        source=ActionState.REPORTED,
        target=ActionState.VERIFIED,
        label=_("Verify"),
        done=_("The action is verified."),
        permission=permissions.may_verify,
        primary=True,
        note="optional",
    )
    def verify(self, step: Step) -> None:
        """A consultant of the team (or, after closing, the municipality's controller) has seen the evidence."""
        self.verified_at = step.at
        self.verified_by = step.by

    @transition(
        state,
        source=ActionState.REPORTED,
        target=ActionState.IN_PROGRESS,
        label=_("Return"),
        done=_("The action is returned."),
        permission=permissions.may_verify,
        note="required",
        note_label=_("What is missing"),
    )
    def send_back(self, step: Step) -> None:
        """The evidence does not show it yet."""
        self.reported_at = None
        self.reported_by = None

    @transition(
        state,
        source=[ActionState.PLANNED, ActionState.IN_PROGRESS],
        target=ActionState.DROPPED,
        label=_("Drop"),
        done=_("The action is dropped."),
        permission=permissions.may_work,
        note="required",
        note_label=_("Why"),
    )
    def drop(self, step: Step) -> None:
        """The municipality decides not to do it."""

    @transition(
        state,
        source=[ActionState.VERIFIED, ActionState.DROPPED],
        target=ActionState.IN_PROGRESS,
        label=_("Reopen"),
        done=_("The action is reopened."),
        permission=permissions.may_work,
        note="required",
        note_label=_("Why"),
    )
    def reopen(self, step: Step) -> None:
        """It was not done after all."""
        self.reported_at = self.reported_by = self.verified_at = self.verified_by = None


class Evidence(models.Model):
    """What shows that an action is done: words, a file or both."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="evidence")
    text = GuardedTextField(_("evidence"), max_length=4000)
    file = GuardedFileField(_("file"), upload_to="evidence/%Y/", blank=True, max_length=255)
    sha256 = models.CharField(_("checksum"), max_length=64, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["added_at"]
