"""What is offered: a season of visits with a number of places, general or on the theme of a quarter."""

from datetime import date, datetime, timedelta
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from engagements.lifecycle import Step, transition
from engagements.programme.models_offers import Bilingual
from engagements.records.fields import GuardedTextField
from engagements.records.models import Versioned

from . import permissions

MOST_PLACES = 200
LONGEST_SEASON = timedelta(days=731)
FARTHEST_SEASON = timedelta(days=1827)


class OfferKind(models.TextChoices):
    """General visits treat what the municipality brings; thematic ones a theme of the quarter."""

    GENERAL = "general", _("general visit")
    THEMATIC = "thematic", _("thematic visit")


class OfferState(models.TextChoices):
    """Whether municipalities see the offer and may ask."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    CLOSED = "ended", _("closed for requests")


class VisitOfferQuerySet(models.QuerySet["VisitOffer"]):
    """Offers of visits."""

    def visible_to(self, user: Any) -> Self:
        """Published and closed ones to everyone signed in; drafts to those who run the visits."""
        if permissions.runs_visits(user):
            return self
        return self.exclude(state=OfferState.DRAFT) if user.is_authenticated else self.none()

    def open(self, at: datetime | None = None) -> Self:
        """Those a municipality may ask for now."""
        at = at or timezone.now()
        today = timezone.localtime(at).date()
        return self.filter(state=OfferState.PUBLISHED, opens_at__lte=at, ends_on__gte=today)


class VisitOffer(Bilingual, Versioned):
    """A season of visits: when, how many, and what a visit asks of the municipality, which is read before asking.

    `taken` counts the places in use; it is recounted under the row's lock by every act that gives or frees a place.
    """

    Kind = OfferKind
    State = OfferState

    kind = models.CharField(_("kind"), max_length=10, choices=OfferKind, default=OfferKind.GENERAL)
    summary_da = GuardedTextField(_("summary in Danish"), max_length=1000)
    summary_en = GuardedTextField(_("summary in English"), max_length=1000, blank=True)
    asks_da = GuardedTextField(
        _("what it asks of the municipality, in Danish"),
        max_length=2000,
        help_text=_("One thing a line: people, time, room, cases. It is shown before a municipality asks for a visit."),
    )
    asks_en = GuardedTextField(_("what it asks of the municipality, in English"), max_length=2000, blank=True)
    starts_on = models.DateField(_("season begins"))
    ends_on = models.DateField(_("season ends"), help_text=_("A thematic offer stays within one quarter."))
    quarter = models.CharField(_("quarter"), max_length=7, editable=False)
    opens_at = models.DateTimeField(_("opens for requests"))
    places = models.PositiveSmallIntegerField(
        _("places"), validators=[MinValueValidator(1), MaxValueValidator(MOST_PLACES)]
    )
    taken = models.PositiveSmallIntegerField(_("places in use"), default=0, editable=False)
    at_once = models.BooleanField(
        _("a request gets a free place at once"),
        default=True,
        help_text=_("Otherwise the learning team accepts each request itself, first come, first served."),
    )
    state = FSMField(_("state"), max_length=12, choices=OfferState, default=OfferState.DRAFT)

    objects = VisitOfferQuerySet.as_manager()
    recorded_acts = {"made": _("Offer made"), "changed": _("Offer changed")}

    class Meta:
        verbose_name = _("offer of visits")
        verbose_name_plural = _("offers of visits")
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="visit_season_runs_forward",
                violation_error_message=_("The season must end after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(taken__lte=F("places")),
                name="visit_places_not_oversold",
                violation_error_message=_("More places are in use than that."),
            ),
            models.UniqueConstraint(
                fields=["quarter"],
                condition=Q(kind=OfferKind.THEMATIC),
                name="one_thematic_offer_a_quarter",
                violation_error_message=_("There is already a thematic offer in this quarter."),
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("visits:offer", args=[self.pk])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the quarter the season begins in."""
        self.quarter = quarter_of(self.starts_on)
        if kwargs.get("update_fields") is not None and "starts_on" in kwargs["update_fields"]:
            kwargs["update_fields"] = [*kwargs["update_fields"], "quarter"]
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """A theme lasts a quarter."""
        from django.core.exceptions import ValidationError

        super().clean()
        if not self.starts_on or not self.ends_on:
            return
        self.quarter = quarter_of(self.starts_on)
        if self.ends_on - self.starts_on > LONGEST_SEASON:
            raise ValidationError({"ends_on": _("A season lasts at most two years.")})
        if abs(self.starts_on - timezone.localdate()) > FARTHEST_SEASON:
            raise ValidationError({"starts_on": _("Choose a season within five years.")})
        if self.kind == OfferKind.THEMATIC and quarter_of(self.ends_on) != self.quarter:
            raise ValidationError({"ends_on": _("A thematic offer begins and ends in the same quarter.")})

    def _in_language(self, name: str) -> str:
        english = str(getattr(self, f"{name}_en"))
        return english if get_language() == "en" and english else str(getattr(self, f"{name}_da"))

    @property
    def summary(self) -> str:
        """What the visits are, in the language of the page."""
        return self._in_language("summary")

    @property
    def asks(self) -> list[str]:
        """What a visit asks of the municipality, one thing each."""
        return [line.strip(" -•\t") for line in self._in_language("asks").splitlines() if line.strip(" -•\t")]

    @property
    def free(self) -> int:
        """Places nobody has."""
        return max(0, self.places - self.taken)

    @property
    def season(self) -> str:
        """From and to, in words."""
        return f"{date_format(self.starts_on)} – {date_format(self.ends_on)}"

    def is_open(self, at: datetime | None = None) -> bool:
        """May be asked for at this moment (now)."""
        at = at or timezone.now()
        return self.state == OfferState.PUBLISHED and self.opens_at <= at and not self.is_over(at)

    def is_over(self, at: datetime | None = None) -> bool:
        """The season has ended."""
        return self.ends_on < timezone.localtime(at or timezone.now()).date()

    def weeks(self, after: date | None = None) -> list["Week"]:
        """The weeks of the season from the one after `after` (today) on."""
        first = max(self.starts_on, (after or timezone.localdate()) + timedelta(days=1))
        monday = first - timedelta(days=first.weekday())
        if monday + timedelta(days=4) < first:
            monday += timedelta(weeks=1)
        count = max(0, (self.ends_on - monday).days // 7 + 1)
        return [Week(monday + timedelta(weeks=number)) for number in range(count)]

    @transition(
        state,
        source=[OfferState.DRAFT, OfferState.CLOSED],
        target=OfferState.PUBLISHED,
        label=_("Publish"),
        done=_("The offer is published; municipalities can ask for a visit when it opens."),
        permission=permissions.may_run_offer,
        primary=True,
    )
    def publish(self, step: Step) -> None:
        """Municipalities see it."""

    @transition(
        state,
        source=OfferState.PUBLISHED,
        target=OfferState.CLOSED,
        label=_("Close for requests"),
        done=_("The offer takes no more requests; those in line keep their place."),
        permission=permissions.may_run_offer,
    )
    def close_requests(self, step: Step) -> None:
        """No more requests; those made stand."""


class Week:
    """An ISO week, named by the year and number of its Monday's week: `2026-W49`."""

    def __init__(self, monday: date) -> None:
        self.monday = monday

    @classmethod
    def of(cls, code: str) -> "Week":
        """The week of a code; raises ValueError if there is none."""
        year, _w, number = code.partition("-W")
        return cls(date.fromisocalendar(int(year), int(number), 1))

    @property
    def code(self) -> str:
        """`2026-W49`."""
        year, number, _day = self.monday.isocalendar()
        return f"{year}-W{number:02}"

    @property
    def label(self) -> str:
        """`Week 49 (30 November – 4 December 2026)`."""
        return label_of(self, self)


def label_of(first: Week, last: Week) -> str:
    """The weeks from one to another in words: `Weeks 49–51 (30 November – 18 December 2026)`."""
    facts = {
        "number": first.monday.isocalendar().week,
        "last": last.monday.isocalendar().week,
        "begin": date_format(first.monday, "MONTH_DAY_FORMAT"),
        "end": date_format(last.monday + timedelta(days=4)),
    }
    if first.monday == last.monday:
        return gettext("Week %(number)s (%(begin)s – %(end)s)") % facts
    return gettext("Weeks %(number)s–%(last)s (%(begin)s – %(end)s)") % facts


def spans(weeks: list[Week]) -> list[str]:
    """Weeks in order, those that follow each other as one span."""
    runs: list[list[Week]] = []
    for week in weeks:
        if runs and week.monday - runs[-1][-1].monday == timedelta(weeks=1):
            runs[-1].append(week)
        else:
            runs.append([week])
    return [label_of(run[0], run[-1]) for run in runs]


def quarter_of(day: date) -> str:
    """`2026-Q4`."""
    return f"{day.year}-Q{(day.month - 1) // 3 + 1}"
