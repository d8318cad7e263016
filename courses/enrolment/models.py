"""Enrolments and the line they stand in, why each is where it is, answers to the run's questions, approval, calendars."""

import secrets
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.runs.models import Run
from engagements.lifecycle import StateField, Step, transition
from engagements.people.models import Role
from engagements.records.fields import GuardedTextField

from . import permissions


class EnrolmentState(models.TextChoices):
    """Where an enrolment is."""

    REQUESTED = "requested", _("awaits approval")
    WAITING = "waiting", _("on the waiting list")
    OFFERED = "offered", _("offered a seat")
    SEATED = "seated", _("has a seat")
    CANCELLED = "cancelled", pgettext_lazy("enrolment", "cancelled")
    REJECTED = "rejected", _("not approved")
    EXPIRED = "expired", _("not answered in time")
    UNSEATED = "unseated", _("got no seat")


ACTIVE = frozenset({EnrolmentState.REQUESTED, EnrolmentState.WAITING, EnrolmentState.OFFERED, EnrolmentState.SEATED})
HOLDING = frozenset({EnrolmentState.OFFERED, EnrolmentState.SEATED})
"""States that hold a seat."""


class Party(models.Model):
    """Colleagues enrolled in one go; together, they get seats only when there is one for each of them."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="parties")
    together = models.BooleanField(_("all or none"), default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")

    def __str__(self) -> str:
        return f"{self.run} ({self.pk})"


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    """Enrolments."""

    def visible_to(self, user: Any) -> Self:
        """One's own; a leader's and coordinator's municipality; the organiser's and teacher's runs."""
        return self.filter(permissions.visible(user))

    def active(self) -> Self:
        """Requested, waiting, offered or seated."""
        return self.filter(state__in=ACTIVE)

    def holding(self) -> Self:
        """Those that hold a seat: seated, or offered one."""
        return self.filter(state__in=HOLDING)

    def seated(self) -> Self:
        """Those who have a seat."""
        return self.filter(state=EnrolmentState.SEATED)

    def in_line(self) -> Self:
        """Waiting, in order of enrolment: rows are made under the run's lock, so their keys are that order."""
        return self.filter(state=EnrolmentState.WAITING).order_by("pk")


class Enrolment(models.Model):
    """A person's enrolment on a run; role and municipality are kept as they were that day."""

    State = EnrolmentState

    run = models.ForeignKey(Run, models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="enrolments", verbose_name=_("person")
    )
    municipality = models.ForeignKey(
        "engagements.Municipality",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="enrolments",
        verbose_name=_("municipality"),
    )
    role = models.CharField(_("role"), max_length=12, choices=Role, blank=True)
    state = StateField(_("state"), max_length=10, choices=EnrolmentState, default=EnrolmentState.WAITING)
    party = models.ForeignKey(Party, models.SET_NULL, null=True, blank=True, related_name="members")
    in_training = models.BooleanField(_("in training"), default=False)
    queued_at = models.DateTimeField(_("in line since"))
    answer_by = models.DateTimeField(_("answer by"), null=True, blank=True)
    seated_at = models.DateTimeField(_("got the seat"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    late = models.BooleanField(_("cancelled after the deadline"), default=False)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    moved_from = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, related_name="moved_to", verbose_name=_("moved from")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("enrolled by")
    )
    created_at = models.DateTimeField(_("enrolled"), auto_now_add=True)

    objects = EnrolmentQuerySet.as_manager()
    recorded_acts = {
        "enrolled": _("Enrolled"),
        "swapped": _("Seat handed over to a colleague"),
        "split": _("Group split"),
        "moved": _("Moved to another run"),
    }

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["queued_at", "pk"]
        indexes = [
            models.Index(fields=["run", "state", "municipality"], name="enrolment_counts"),
            models.Index(fields=["person", "state"], name="enrolments_of_a_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "person"],
                condition=Q(state__in=sorted(ACTIVE)),
                name="one_active_enrolment",
                violation_error_message=_("The person is already enrolled on this run."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.run}"

    def get_absolute_url(self) -> str:
        return reverse("enrolment:detail", args=[self.pk])

    @property
    def holds_seat(self) -> bool:
        """Seated, or offered a seat."""
        return self.state in HOLDING

    @property
    def is_active(self) -> bool:
        """Not ended."""
        return self.state in ACTIVE

    @transition(
        state,
        source=EnrolmentState.REQUESTED,
        target=EnrolmentState.WAITING,
        label=_("Approve"),
        done=_("The enrolment is approved."),
        permission=permissions.may_approve,
        primary=True,
    )
    def approve(self, step: Step) -> None:
        """The own leader lets the person go; the seat follows if there is one."""
        self.answer_by = None

    @transition(
        state,
        source=EnrolmentState.REQUESTED,
        target=EnrolmentState.REJECTED,
        label=_("Do not approve"),
        done=_("The enrolment is not approved."),
        permission=permissions.may_approve,
        note="optional",
    )
    def reject(self, step: Step) -> None:
        """The own leader says no."""
        self.answer_by = None
        self.ended_at = step.at

    @transition(
        state,
        source=EnrolmentState.WAITING,
        target=EnrolmentState.SEATED,
        label=_("Give a seat"),
        done=_("Moved up from the waiting list."),
        system=True,
    )
    def seat(self, step: Step) -> None:
        """A seat became free."""
        self.seated_at = step.at

    @transition(
        state,
        source=EnrolmentState.WAITING,
        target=EnrolmentState.OFFERED,
        label=_("Offer a seat"),
        done=_("Offered a seat."),
        system=True,
    )
    def offer(self, step: Step) -> None:
        """A seat became free and is kept until `answer_by`, which the service sets."""

    @transition(
        state,
        source=EnrolmentState.OFFERED,
        target=EnrolmentState.SEATED,
        label=_("Take the seat"),
        done=_("The seat is taken."),
        permission=permissions.may_answer,
        primary=True,
    )
    def accept(self, step: Step) -> None:
        """Yes to the offer."""
        self.answer_by = None
        self.seated_at = step.at

    @transition(
        state,
        source=[EnrolmentState.REQUESTED, EnrolmentState.OFFERED],
        target=EnrolmentState.EXPIRED,
        label=_("Let expire"),
        done=_("Not answered in time."),
        system=True,
    )
    def expire(self, step: Step) -> None:
        """Nobody answered in time."""
        self.ended_at = step.at

    @transition(
        state,
        source=EnrolmentState.WAITING,
        target=EnrolmentState.UNSEATED,
        label=_("End the waiting list"),
        done=_("No seat became free before the run began."),
        system=True,
    )
    def close(self, step: Step) -> None:
        """The run has begun, and nobody moves up any more."""
        self.ended_at = step.at

    @transition(
        state,
        source=sorted(ACTIVE),
        target=EnrolmentState.CANCELLED,
        label=_("Cancel the enrolment"),
        done=_("The enrolment is cancelled."),
        permission=permissions.may_cancel,
        system=True,
        hidden=True,
        note="optional",
        note_label=_("Reason"),
    )
    def cancel(self, step: Step) -> None:
        """The person does not come; after the deadline for cancelling a reason is asked for (`services.cancel`)."""
        self.late = self.state == EnrolmentState.SEATED and step.at > self.run.cancel_until
        self.answer_by = None
        self.ended_at = step.at

    @transition(
        state,
        source=sorted(ACTIVE),
        target=EnrolmentState.CANCELLED,
        label=_("End because the run is cancelled"),
        done=_("The run was cancelled."),
        system=True,
    )
    def withdraw(self, step: Step) -> None:
        """The run is not held."""
        self.answer_by = None
        self.ended_at = step.at


class Cause(models.TextChoices):
    """What made the seats be looked at."""

    ENROLLED = "enrolled", _("enrolment")
    APPROVED = "approved", _("approval")
    REJECTED = "rejected", _("refusal by the own leader")
    CANCELLED = "cancelled", _("a cancellation")
    EXPIRED = "expired", _("an answer that did not come")
    CAPACITY = "capacity", _("a change of the number of seats")
    RELEASED = "released", _("the release of unused seats")
    MOVED = "moved", _("a move to another run")
    SWAPPED = "swapped", _("a seat handed over to a colleague")
    SPLIT = "split", _("a group that was split")
    ACCEPTED = "accepted", _("a yes to an offer")
    RUN_CANCELLED = "run_cancelled", _("the run being cancelled")
    BEGUN = "begun", _("the beginning of the run")


class Reason(models.TextChoices):
    """Why an enrolment has a seat or not, as the rules of `seating` give it."""

    FREE = "free", _("there was a free seat")
    NEXT = "next", _("the enrolment was the next in line that could have the seat")
    FULL = "full", _("all seats are taken")
    QUOTA = "quota", _("the municipality has used its seats")
    RESERVED = "reserved", _("the seats left are reserved for other municipalities")
    TRAINING = "training", _("caseworkers in training wait until the seats are released")
    TOGETHER = "together", _("there are not seats for the whole group")
    LINE = "line", _("others came first")
    APPROVAL = "approval", _("the own leader must approve first")
    ENDED = "ended", _("the enrolment has ended")
    BEGUN = "begun", _("no seat became free before the run began")


class Trace(models.Model):
    """Why an enrolment was given or not given a seat, with the facts of that moment; written once, never changed.

    `facts`: capacity, taken, and where they mattered place (in line), quota, used, reserved, size (of the group).
    """

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="traces")
    at = models.DateTimeField(_("time"))
    cause = models.CharField(_("because of"), max_length=14, choices=Cause)
    state = models.CharField(_("then"), max_length=10, choices=EnrolmentState)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    facts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.get_reason_display()}"


class QuestionAnswer(models.Model):
    """A participant's answer to a question of the run: seen by the organiser only and deleted after the run."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="answers")
    question = models.ForeignKey("courses.Question", models.CASCADE, related_name="answers")
    text = GuardedTextField(_("answer"), max_length=600)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [models.UniqueConstraint(fields=["enrolment", "question"], name="one_answer_a_question")]

    def __str__(self) -> str:
        return str(self.question)


class Policy(models.Model):
    """A municipality's own rule: whether its leaders approve enrolments, and how many days they have."""

    municipality = models.OneToOneField("engagements.Municipality", models.CASCADE, related_name="enrolment_policy")
    approval_required = models.BooleanField(
        _("a leader approves enrolments"),
        default=False,
        help_text=_("Those who enrol themselves wait for a leader or coordinator of the municipality."),
    )
    answer_days = models.PositiveSmallIntegerField(
        _("days to answer"), default=7, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )

    recorded_acts = {"changed": _("Approval of enrolments changed")}

    class Meta:
        verbose_name = _("approval of enrolments")
        verbose_name_plural = _("approval of enrolments")

    def __str__(self) -> str:
        return str(self.municipality)


def new_token() -> str:
    """Not to be guessed: 256 random bits."""
    return secrets.token_urlsafe(32)


class CalendarFeed(models.Model):
    """The secret address of a person's own calendar; a new token closes the old address."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed")
    token = models.CharField(max_length=64, unique=True, default=new_token)
    made_at = models.DateTimeField(_("made"), auto_now=True)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return str(self.person)
