"""The arithmetic of a plan: whole months, phases end to end, and the standard milestones in them."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from .models import Milestone, MilestoneKind, PhaseKind

STANDARD_MONTHS = (
    (PhaseKind.START, 2),
    (PhaseKind.ANALYSIS, 5),
    (PhaseKind.DEVELOPMENT, 16),
    (PhaseKind.MEASUREMENT, 1),
)
"""Used for an offer that has no plan template."""


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later; the last day of that month where it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Span:
    """A phase's place in the plan; both days belong to it."""

    kind: str
    starts_on: date
    ends_on: date


def spans(starts_on: date, months: Iterable[tuple[str, int]]) -> list[Span]:
    """Phases end to end from `starts_on`; every border is counted from the start, so that month ends do not drift."""
    found: list[Span] = []
    passed = 0
    for kind, length in months:
        first = add_months(starts_on, passed)
        passed += length
        found.append(Span(kind, first, add_months(starts_on, passed) - timedelta(days=1)))
    return found


@dataclass(frozen=True)
class Place:
    """Where in a phase a standard milestone lies, and whom it awaits: days after its start, or its end."""

    kind: str
    phase: str
    side: str
    days: int | None


_OURS, _THEIRS = Milestone.Side.TASK_FORCE, Milestone.Side.MUNICIPALITY
PLACES = (
    Place(MilestoneKind.KICK_OFF, PhaseKind.START, _OURS, 14),
    Place(MilestoneKind.SELF_EVALUATION, PhaseKind.START, _THEIRS, None),
    Place(MilestoneKind.CASE_REVIEW, PhaseKind.ANALYSIS, _OURS, 60),
    Place(MilestoneKind.REPORT, PhaseKind.ANALYSIS, _OURS, None),
    Place(MilestoneKind.COUNCIL, PhaseKind.DEVELOPMENT, _OURS, 30),
    Place(MilestoneKind.DEVELOPMENT_PLAN, PhaseKind.DEVELOPMENT, _THEIRS, 60),
    Place(MilestoneKind.STATUS_MEASUREMENT, PhaseKind.MEASUREMENT, _OURS, 14),
    Place(MilestoneKind.STATUS_REPORT, PhaseKind.MEASUREMENT, _OURS, None),
)


def milestone_dates(phases: Iterable[Span]) -> list[tuple[Place, date]]:
    """The standard milestones of these phases, never on a Saturday or Sunday nor outside their phase."""
    by_kind = {span.kind: span for span in phases}
    found = []
    for place in PLACES:
        if span := by_kind.get(place.phase):
            wished = span.ends_on if place.days is None else span.starts_on + timedelta(days=place.days)
            found.append((place, _weekday(min(wished, span.ends_on))))
    return sorted(found, key=lambda item: item[1])


def _weekday(day: date) -> date:
    """The Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))
