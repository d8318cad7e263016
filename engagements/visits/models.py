"""Visits: from a municipality's request to the check three months after, with the place in line in between."""

import re
from datetime import date, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField

from engagements.lifecycle import Step, transition
from engagements.people import permissions as who
from engagements.records.fields import NamelessCharField, NamelessTextField
from engagements.records.models import Versioned

from . import permissions
from .models_offers import OfferKind, OfferState, VisitOffer, Week, spans
from .models_parts import Audience, Base, Evaluation, LearningPoint, Preparation, VisitMaterial, VisitMember

__all__ = [
    "HOLDING",
    "OPEN",
    "Audience",
    "Base",
    "Evaluation",
    "LearningPoint",
    "OfferKind",
    "OfferState",
    "Preparation",
    "Visit",
    "VisitMaterial",
    "VisitMember",
    "VisitOffer",
    "VisitState",
    "Week",
]

CHECK_AFTER = timedelta(days=91)
"""Three months after the visit it is asked what has come of it."""
EVALUATION_LASTS = timedelta(days=14)
PROGRAMME_TIME = re.compile(r"(?:[Kk]l\. ?)?\d{1,2}[.:]\d\d(?: ?[–-] ?\d{1,2}[.:]\d\d)?(?!\d)")


class VisitState(models.TextChoices):
    """Where a visit is."""

    REQUESTED = "requested", _("in line")
    ACCEPTED = "accepted", pgettext_lazy("visit", "accepted")
    PLANNED = "planned", pgettext_lazy("visit", "planned")
    HELD = "held", pgettext_lazy("visit", "held")
    FOLLOWED_UP = "followed_up", _("being followed up")
    CLOSED = "closed", pgettext_lazy("visit", "closed")
    CANCELLED = "cancelled", pgettext_lazy("visit", "cancelled")


OPEN = frozenset({VisitState.REQUESTED, VisitState.ACCEPTED, VisitState.PLANNED})
"""Not held yet and not cancelled; a municipality has one of these at a time in an offer."""
HOLDING = frozenset(
    {VisitState.ACCEPTED, VisitState.PLANNED, VisitState.HELD, VisitState.FOLLOWED_UP, VisitState.CLOSED}
)
"""Those that use a place of the offer."""
DONE = frozenset({VisitState.HELD, VisitState.FOLLOWED_UP, VisitState.CLOSED})
"""The visit has taken place."""


class VisitQuerySet(models.QuerySet["Visit"]):
    """Visits."""

    def visible_to(self, user: Any) -> Self:
        """The municipality's own people; staff, unless *inhabil* (what they read on the page: `reads_in_full`)."""
        if who.is_task_force(user):
            return self.exclude(municipality__in=who.disqualified_for(user))
        return self.filter(municipality__in=who.municipalities_of(user, *permissions.READERS))

    def read_in_full_by(self, user: Any) -> Self:
        """Those whose theme and problem the person reads too: see `permissions.reads_in_full`."""
        rows = self.visible_to(user)
        if not who.is_task_force(user) or permissions.runs_visits(user):
            return rows
        own = Q(municipality__in=who.municipalities_of(user, *permissions.READERS))
        return rows.filter(own | Q(pk__in=VisitMember.objects.filter(user=user).values("visit")))

    def open(self) -> Self:
        """Not held and not cancelled."""
        return self.filter(state__in=OPEN)

    def holding(self) -> Self:
        """Using a place of their offer."""
        return self.filter(state__in=HOLDING)

    def held(self) -> Self:
        """Those that have taken place."""
        return self.filter(state__in=DONE)

    def in_line(self) -> Self:
        """Those that wait for a place, first come first."""
        return self.filter(state=VisitState.REQUESTED).order_by("requested_at", "pk")

    def with_line(self) -> Self:
        """`line` is the place in line of those that wait (0 for the others), in the same query."""
        before = Visit.objects.filter(offer=OuterRef("offer"), state=VisitState.REQUESTED).filter(
            Q(requested_at__lt=OuterRef("requested_at"))
            | Q(requested_at=OuterRef("requested_at"), pk__lte=OuterRef("pk"))
        )
        counted = before.order_by().values("offer").annotate(found=Count("pk")).values("found")
        waiting = models.Case(
            models.When(state=VisitState.REQUESTED, then=Coalesce(Subquery(counted), 0)), default=models.Value(0)
        )
        return self.annotate(line=waiting)


class Visit(Versioned):
    """One visit of the learning team to one municipality."""

    State = VisitState

    reference = models.CharField(_("reference"), max_length=12, unique=True)
    offer = models.ForeignKey(VisitOffer, models.PROTECT, related_name="visits", verbose_name=_("offer"))
    municipality = models.ForeignKey(
        "engagements.Municipality", models.PROTECT, related_name="visits", verbose_name=_("municipality")
    )
    state = FSMField(_("state"), max_length=16, choices=VisitState, default=VisitState.REQUESTED)

    theme = NamelessCharField(_("theme"), max_length=120)
    problem = NamelessTextField(_("the concrete problem"), max_length=4000)
    weeks = models.JSONField(_("wished weeks"), default=list)
    place = NamelessCharField(_("place"), max_length=200)
    equipment = NamelessTextField(_("equipment"), max_length=1000, blank=True)
    cases_confirmed = models.BooleanField(_("only decided cases that are not under appeal"), default=False)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    requested_at = models.DateTimeField(_("asked for"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)

    starts_at = models.DateTimeField(_("begins"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    programme = NamelessTextField(_("programme"), max_length=4000, blank=True)
    move_wish = NamelessTextField(_("wish for another time"), max_length=1000, blank=True)
    sequence = models.PositiveSmallIntegerField(_("number of the invitation"), default=0)
    held_at = models.DateTimeField(_("registered as held"), null=True, blank=True)
    team_note = NamelessTextField(_("the team's note"), max_length=4000, blank=True)
    token = models.CharField(max_length=48, unique=True, editable=False)
    evaluation_until = models.DateField(_("evaluation closes"), null=True, blank=True)
    check_on = models.DateField(_("check after three months"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed on"), null=True, blank=True)
    reason = NamelessTextField(_("reason"), max_length=4000, blank=True)

    objects = VisitQuerySet.as_manager()
    recorded_acts = {
        "requested": _("Visit asked for"),
        "changed": _("Request changed"),
        "moved_to": _("Visit moved to another time"),
        "asked_to_move": _("Another time asked for"),
        "kept": _("The time is kept"),
        "team_changed": _("Team changed"),
        "programme_changed": _("Programme changed"),
        "prepared": _("Preparation changed"),
        "material_added": _("Material added"),
        "material_removed": _("Material removed"),
        "noted": _("The team's note changed"),
        "point_added": _("Learning point added"),
        "point_changed": _("Learning point changed"),
        "point_to_action": _("Learning point made an action"),
    }

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "municipality"],
                condition=Q(state__in=["requested", "accepted", "planned"]),
                name="one_open_visit_request",
                violation_error_message=_("The municipality already has an open request for this offer."),
            ),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="visit_runs_forward",
                violation_error_message=_("The visit must end after it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.municipality}"

    def get_absolute_url(self) -> str:
        return reverse("visits:detail", args=[self.reference])

    @property
    def is_open(self) -> bool:
        """Not held and not cancelled."""
        return self.state in OPEN

    @property
    def is_done(self) -> bool:
        """Has taken place."""
        return self.state in DONE

    @property
    def wished(self) -> list[str]:
        """The weeks wished for, in words and in order."""
        return spans([Week.of(code) for code in sorted(self.weeks)])

    @property
    def has_begun(self) -> bool:
        """The time it was planned for has come."""
        return self.starts_at is not None and self.starts_at <= timezone.now()

    @property
    def date(self) -> date | None:
        """The day of the visit."""
        return timezone.localtime(self.starts_at).date() if self.starts_at else None

    @property
    def when(self) -> str:
        """Day and hours in words; empty before it is planned."""
        if not self.starts_at or not self.ends_at:
            return ""
        begin, end = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        return f"{date_format(begin, 'DATETIME_FORMAT')}–{date_format(end, 'TIME_FORMAT')}"

    @property
    def points_of_programme(self) -> list[tuple[str, str]]:
        """The programme line by line: the time a line begins with, else nothing, and what happens."""
        lines = [line.strip() for line in self.programme.splitlines() if line.strip()]
        found = [(PROGRAMME_TIME.match(line), line) for line in lines]
        return [(time[0], line[time.end() :].lstrip(" :–-")) if time else ("", line) for time, line in found]

    def offers_evaluation(self) -> bool:
        """Is planned, so participants will answer, or takes their answers now."""
        return self.state == VisitState.PLANNED or self.takes_evaluations()

    def takes_evaluations(self) -> bool:
        """From the beginning of the visit to the end of the day the evaluation closes."""
        if self.state not in (VisitState.PLANNED, *DONE) or not self.starts_at or not self.evaluation_until:
            return False
        return self.starts_at <= timezone.now() and timezone.localdate() <= self.evaluation_until

    @transition(
        state,
        source=VisitState.REQUESTED,
        target=VisitState.ACCEPTED,
        label=_("Place given"),
        done=_("The visit is accepted: the municipality was the next in line, and a place was free."),
        system=True,
    )
    def take_place(self, step: Step) -> None:
        """The next in line, and a place is free."""
        self.accepted_at = step.at

    @transition(
        state,
        source=VisitState.REQUESTED,
        target=VisitState.ACCEPTED,
        label=_("Accept"),
        done=_("The visit is accepted; the team is planned next."),
        permission=permissions.may_accept,
        primary=True,
        note="optional",
        note_label=_("Note to the municipality"),
        help=_("A request that is not the first in line is accepted only with a note that says why."),
    )
    def accept(self, step: Step) -> None:
        """A place is free (see `services.accept`)."""
        self.accepted_at = step.at

    @transition(
        state,
        source=VisitState.ACCEPTED,
        target=VisitState.PLANNED,
        label=_("Plan the visit"),
        done=_("The visit is planned, and the invitation is sent."),
        permission=permissions.may_run,
        primary=True,
        hidden=True,
    )
    def plan(self, step: Step) -> None:
        """Team, time and programme are known (see `planning.plan`)."""

    @transition(
        state,
        source=VisitState.PLANNED,
        target=VisitState.HELD,
        label=_("Register as held"),
        done=_("The visit is registered as held."),
        permission=permissions.may_run,
        primary=True,
        hidden=True,
    )
    def hold(self, step: Step) -> None:
        """It took place (see `services.hold`)."""
        self.held_at = step.at

    @transition(
        state,
        source=VisitState.HELD,
        target=VisitState.FOLLOWED_UP,
        label=_("Begin the follow-up"),
        done=_("The learning points are gathered; they are looked at again after three months."),
        permission=permissions.may_follow_up,
        conditions=[lambda visit: visit.points.exists()],
        primary=True,
    )
    def follow_up(self, step: Step) -> None:
        """What was learnt has owners and dates."""

    @transition(
        state,
        source=[VisitState.HELD, VisitState.FOLLOWED_UP],
        target=VisitState.CLOSED,
        label=_("Close after the check"),
        done=_("The visit is closed."),
        permission=permissions.may_follow_up,
        conditions=[lambda visit: visit.check_on is not None and visit.check_on <= timezone.localdate()],
        note="required",
        note_label=_("What has come of the visit"),
        help=_("The check is made three months after the visit. Write nothing about a particular child."),
    )
    def close(self, step: Step) -> None:
        """The check has been made."""
        self.closed_at = step.at

    @transition(
        state,
        source=[VisitState.REQUESTED, VisitState.ACCEPTED, VisitState.PLANNED],
        target=VisitState.CANCELLED,
        label=_("Cancel the visit"),
        done=_("The visit is cancelled, and the place goes to the next in line."),
        permission=permissions.may_cancel,
        note="required",
        note_label=_("Reason"),
        help=_("The other side reads the reason."),
    )
    def cancel(self, step: Step) -> None:
        """Either side calls it off (see `services.cancel`)."""
        self.reason = step.note
        self.sequence += 1

    @transition(
        state,
        source=VisitState.REQUESTED,
        target=VisitState.CANCELLED,
        label=_("Season ended"),
        done=_("The season ended before a place was free."),
        system=True,
    )
    def lapse(self, step: Step) -> None:
        """Nobody gave up a place in time."""
