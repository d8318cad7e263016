"""Runs as the catalogue shows them: when, where, how they stand, and what the visitor has to do with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.formats import date_format, get_format
from django.utils.translation import gettext as _

from courses.enrolment.models import Enrolment, EnrolmentState
from courses.runs.models import Run
from courses.runs.standing import Standing, standing


@dataclass(frozen=True)
class ShownRun:
    """A run with its standing, its places in words, and the state of the visitor's own enrolment."""

    run: Run
    standing: Standing
    days: str
    where: str
    mine: str = ""


def show(runs: "Iterable[Run] | QuerySet[Run]", user: Any, at: datetime) -> list[ShownRun]:
    """These runs, with their sessions prefetched, as this visitor sees them; a queryset also tells the own enrolments."""
    if isinstance(runs, QuerySet) and user.is_authenticated:
        own = Enrolment.objects.active().filter(person=user, run=OuterRef("pk"))
        runs = runs.annotate(my_state=Subquery(own.order_by().values("state")[:1]))
    return [ShownRun(run, standing(run, at), days(run), places(run), _mine(run)) for run in runs]


def _mine(run: Run) -> str:
    state = getattr(run, "my_state", None)
    return str(EnrolmentState(state).label) if state else ""


def days(run: Run) -> str:
    """The first and last day, with what they share said once: `16.–17. december 2026`."""
    first, last = timezone.localtime(run.starts_at).date(), timezone.localtime(run.ends_at).date()
    if first == last:
        return date_format(last)
    day, month, _year = get_format("DATE_FORMAT").split()
    if first.year != last.year:
        return f"{date_format(first)} – {date_format(last)}"
    if first.month != last.month:
        return f"{date_format(first, f'{day} {month}')} – {date_format(last)}"
    return f"{date_format(first, day)}–{date_format(last)}"


def places(run: Run) -> str:
    """Each place once, in order; what is held over a link is online."""
    named = [session.place or (_("online") if session.is_online else "") for session in run.sessions.all()]
    return ", ".join(dict.fromkeys(filter(None, named)))


def next_to_join(shown: Iterable[ShownRun]) -> ShownRun | None:
    """The first run one may enrol on, else the first that has not begun, else the first."""
    listed = list(shown)
    takes = (one for one in listed if one.standing.takes_enrolments)
    ahead = (one for one in listed if one.standing.code == "open_soon")
    return next(takes, None) or next(ahead, None) or next(iter(listed), None)
