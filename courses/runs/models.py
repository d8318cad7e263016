"""Runs with their seats and the rules of these; what belongs to one is in `models_parts`."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.catalogue.permissions import administers
from engagements.lifecycle import MoveRefused, StateField, Step, transition
from engagements.people import permissions as who
from engagements.records.fields import GuardedCharField, GuardedTextField
from engagements.records.models import Versioned

from . import permissions
from .models_parts import Allotment, Question, RunMaterial, Session, Teacher

MOST_SEATS = 2000
WITHOUT_COURSE = "arrangementer"
"""Stands in the address where a run belongs to no course."""


class Kind(models.TextChoices):
    """What a run is; enrolment is the same for all."""

    COURSE = "course", _("course")
    THEME_DAY = "theme_day", _("theme day")
    MEETING = "meeting", _("network meeting")


class RunState(models.TextChoices):
    """What the organiser has decided; what a visitor sees also depends on the clock (`standing`)."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    CANCELLED = "cancelled", pgettext_lazy("run", "cancelled")


class RunQuerySet(models.QuerySet["Run"]):
    """Runs."""

    def visible_to(self, user: Any) -> Self:
        """Published and cancelled runs to all, drafts to organisers; a run for members only to leaders, the Task Force,
        and those who teach or are enrolled on it.
        """
        if administers(user):
            return self
        shown = ~Q(state=RunState.DRAFT)
        if not permissions.sees_members_runs(user):
            shown &= Q(members_only=False)
        if getattr(user, "is_authenticated", False):
            own = Q(pk__in=user.teaching.values("run")) | Q(pk__in=user.enrolments.values("run"))
            shown |= own & ~Q(state=RunState.DRAFT)
            if who.arranges_meetings(user):
                shown |= Q(kind=Kind.MEETING)
        return self.filter(shown)

    def organised_by(self, user: Any) -> Self:
        """Those the user plans and holds."""
        if administers(user):
            return self
        return self.filter(kind=Kind.MEETING) if who.arranges_meetings(user) else self.none()

    def published(self) -> Self:
        """Neither draft nor cancelled."""
        return self.filter(state=RunState.PUBLISHED)

    def upcoming(self, at: datetime | None = None) -> Self:
        """Published and not over; the next first."""
        return self.published().filter(ends_at__gt=at or timezone.now()).order_by("starts_at", "pk")


class Run(Versioned):
    """One holding of a course (*hold*), a theme day or a network meeting, with its seats and their rules.

    `taken` counts seats given or offered, `withheld` those set apart for municipalities that have not used them;
    both are recounted under the run's lock by every act of enrolment. Times of the first and last session are kept
    here for lists; `services.plan_sessions` sets them.
    """

    Kind = Kind
    State = RunState

    class Audience(models.TextChoices):
        EVERYONE = "everyone", _("everyone in the municipalities")
        LEADERS = "leaders", _("leaders, coordinators and directors")

    class Promotion(models.TextChoices):
        AT_ONCE = "at_once", _("the next in line gets the seat at once")
        OFFER = "offer", _("the next in line is offered the seat and answers by a deadline")

    class Order(models.TextChoices):
        ARRIVAL = "arrival", _("in order of enrolment")
        SPREAD = "spread", _("municipalities with the fewest seats first, then in order of enrolment")

    class CertificateRule(models.TextChoices):
        NONE = "none", _("no certificate")
        ALL = "all", _("to those who attended every session")
        AT_LEAST = "at_least", _("to those who attended at least a number of sessions")
        MANUAL = "manual", _("the organiser decides for each participant")

    reference = models.CharField(_("reference"), max_length=12, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.COURSE)
    course = models.ForeignKey(
        "courses.Course", models.PROTECT, null=True, blank=True, related_name="runs", verbose_name=_("course")
    )
    own_title = GuardedCharField(_("title"), max_length=120, blank=True, help_text=_("Empty: the title of the course."))
    description = GuardedTextField(_("about this run"), max_length=4000, blank=True)
    contact = models.EmailField(_("contact"), blank=True)
    state = StateField(_("state"), max_length=10, choices=RunState, default=RunState.DRAFT)
    audience = models.CharField(_("who may enrol"), max_length=10, choices=Audience, default=Audience.EVERYONE)
    members_only = models.BooleanField(_("shown to the leaders' network only"), default=False)

    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    opens_at = models.DateTimeField(_("enrolment opens"))
    closes_at = models.DateTimeField(_("enrolment closes"))
    cancel_until = models.DateTimeField(
        _("cancel until"), help_text=_("Later a participant gives a reason for cancelling.")
    )

    capacity = models.PositiveSmallIntegerField(
        _("seats"), validators=[MinValueValidator(1), MaxValueValidator(MOST_SEATS)]
    )
    minimum = models.PositiveSmallIntegerField(_("fewest participants"), default=1)
    taken = models.PositiveSmallIntegerField(_("seats taken"), default=0, editable=False)
    withheld = models.PositiveSmallIntegerField(_("seats withheld"), default=0, editable=False)
    quota = models.PositiveSmallIntegerField(
        _("most seats per municipality"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    release_at = models.DateTimeField(
        _("unused seats are released"),
        null=True,
        blank=True,
        help_text=_("From then on quotas and reserved seats no longer apply, and those who wait move up."),
    )
    released_at = models.DateTimeField(_("released"), null=True, blank=True, editable=False)
    training_last = models.BooleanField(
        _("caseworkers in training last"),
        default=False,
        help_text=_("They wait until the seats are released, and come after the others on the waiting list."),
    )
    waiting_order = models.CharField(_("order of the waiting list"), max_length=8, choices=Order, default=Order.ARRIVAL)
    promotion = models.CharField(
        _("when a seat becomes free"), max_length=8, choices=Promotion, default=Promotion.AT_ONCE
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("hours to answer an offer"), default=48, validators=[MinValueValidator(1), MaxValueValidator(720)]
    )

    certificate_rule = models.CharField(
        _("certificate"), max_length=8, choices=CertificateRule, default=CertificateRule.ALL
    )
    certificate_sessions = models.PositiveSmallIntegerField(_("sessions needed"), null=True, blank=True)
    calendar_sequence = models.PositiveIntegerField(default=0, editable=False)
    cancelled_at = models.DateTimeField(pgettext_lazy("run", "cancelled"), null=True, blank=True, editable=False)
    cancelled_because = GuardedTextField(_("why it was cancelled"), max_length=1000, blank=True)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = RunQuerySet.as_manager()
    recorded_acts = {
        "made": _("Run made"),
        "changed": _("Run changed"),
        "dates_moved": _("Dates moved"),
        "capacity_changed": _("Number of seats changed"),
        "seats_released": _("Unused seats released"),
        "list_seen": _("List of participants fetched"),
        "questions_deleted": _("Answers to the questions deleted"),
        "attendance_noted": _("Attendance noted"),
        "evaluation_changed": _("Questions of the evaluation changed"),
        "concluded": _("Completed participants noted"),
    }

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["state", "starts_at"], name="runs_by_date")]
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity__gte=1, capacity__lte=MOST_SEATS),
                name="run_capacity_in_bounds",
                violation_error_message=_("The number of seats must be between 1 and 2000."),
            ),
            models.CheckConstraint(
                condition=Q(taken__lte=F("capacity")),
                name="run_never_oversold",
                violation_error_message=_("More seats are taken than there would be."),
            ),
            models.CheckConstraint(
                condition=Q(minimum__lte=F("capacity")),
                name="run_minimum_fits",
                violation_error_message=_("The fewest participants cannot be more than the seats."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="run_ends_after_it_begins",
                violation_error_message=_("The run must end after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="run_closes_after_it_opens",
                violation_error_message=_("Enrolment must close after it opens."),
            ),
            models.CheckConstraint(
                condition=Q(closes_at__lte=F("ends_at")),
                name="run_closes_before_it_is_over",
                violation_error_message=_("Enrolment must close before the run is over."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.COURSE) | Q(course__isnull=False),
                name="run_of_a_course_has_one",
                violation_error_message=_("Choose the course."),
            ),
            models.CheckConstraint(
                condition=Q(course__isnull=False) | ~Q(own_title=""),
                name="run_has_a_title",
                violation_error_message=_("Write a title."),
            ),
            models.CheckConstraint(
                condition=~Q(certificate_rule="at_least") | Q(certificate_sessions__gte=1),
                name="run_says_how_many_sessions",
                violation_error_message=_("Write how many sessions are needed for the certificate."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("courses:run", kwargs=self.address_args)

    @property
    def address_args(self) -> dict[str, str]:
        """What names the run in an address: `slug` of its course and `reference`."""
        return {"slug": self.course.slug if self.course else WITHOUT_COURSE, "reference": self.reference}

    def move_args(self, name: str) -> list[str]:
        """What names a move of the run in an address."""
        return [*self.address_args.values(), name]

    @property
    def title(self) -> str:
        """Its own title, or the course's."""
        return self.own_title or (self.course.title if self.course else self.reference)

    @property
    def free(self) -> int:
        """Seats nobody has and nobody has been promised."""
        return max(0, self.capacity - self.taken - self.withheld)

    def is_released(self, at: datetime) -> bool:
        """Whether quotas and reserved seats no longer apply at this moment."""
        return self.released_at is not None or (self.release_at is not None and at >= self.release_at)

    @transition(
        state,
        source=RunState.DRAFT,
        target=RunState.PUBLISHED,
        label=_("Publish"),
        done=_("The run is published."),
        permission=permissions.may_organise,
        primary=True,
        help=_("Those on the course's interest list are told."),
    )
    def publish(self, step: Step) -> None:
        """Show it in the catalogue; enrolment opens at its time. Refused while something is missing."""
        from .checklist import blocking

        if missing := blocking(self, step.at):
            raise MoveRefused(" ".join(missing))

    @transition(
        state,
        source=RunState.PUBLISHED,
        target=RunState.CANCELLED,
        label=_("Cancel the run"),
        done=_("The run is cancelled."),
        permission=permissions.may_organise,
        note="required",
        note_label=_("Why"),
        hidden=True,
    )
    def cancel(self, step: Step) -> None:
        """It is not held; `enrolment.services.cancel_run` tells everyone and ends their enrolments."""
        self.cancelled_at = step.at
        self.cancelled_because = step.note
        self.calendar_sequence += 1


__all__ = [
    "MOST_SEATS",
    "WITHOUT_COURSE",
    "Allotment",
    "Kind",
    "Question",
    "Run",
    "RunMaterial",
    "RunQuerySet",
    "RunState",
    "Session",
    "Teacher",
]
