"""Why an enrolment is in or not, in words: from the stored traces and the line as it stands now."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.runs.models import Run

from .board import Board, candidate_for
from .models import Enrolment, EnrolmentState, Reason, Trace
from .seating import in_turn


@dataclass(frozen=True)
class Chapter:
    """One moment at which the seats were looked at: when, what caused it, the state then, and why."""

    at: datetime
    cause: str
    state: str
    why: str


def explain(enrolment: Enrolment, *, place: int | None = None) -> list[str]:
    """Why the enrolment is where it is, and what happens next; `place` in line saves asking for it again."""
    newest = enrolment.traces.order_by("-at", "-pk").first()
    return explained(enrolment, newest, place=place)


def explained(enrolment: Enrolment, newest: Trace | None, *, place: int | None = None) -> list[str]:
    """The same for one whose newest trace is known."""
    lines = [because(newest)] if newest else []
    if enrolment.state == EnrolmentState.WAITING:
        place = places(enrolment.run).get(enrolment.pk, 0) if place is None else place
        if place:
            lines.append(_("Number %(place)s on the waiting list now.") % {"place": place})
        lines.append(_next(enrolment.run))
    elif enrolment.state in (EnrolmentState.OFFERED, EnrolmentState.REQUESTED) and enrolment.answer_by:
        lines.append(_("An answer is needed by %(when)s.") % {"when": _moment(enrolment.answer_by)})
    return lines


def _next(run: Run) -> str:
    if run.promotion == run.Promotion.OFFER:
        return ngettext(
            "When it is this enrolment's turn, the seat is offered, with %(n)s hour to answer.",
            "When it is this enrolment's turn, the seat is offered, with %(n)s hours to answer.",
            run.offer_hours,
        ) % {"n": run.offer_hours}
    return _("When it is this enrolment's turn, it gets the seat at once, and a notice is sent.")


def story(enrolment: Enrolment) -> list[Chapter]:
    """Every time the seats were looked at for this enrolment, the newest first."""
    rows = enrolment.traces.order_by("-at", "-pk")
    return [Chapter(row.at, row.get_cause_display(), row.get_state_display(), because(row)) for row in rows]


def newest_traces(rows: Iterable[Enrolment]) -> dict[int, Trace]:
    """The newest trace of each of these enrolments, in one query."""
    found = Trace.objects.filter(enrolment__in=[row.pk for row in rows]).order_by("at", "pk")
    return {trace.enrolment_id: trace for trace in found}


def because(trace: Trace) -> str:
    """The reason as a sentence with the facts of that moment."""
    facts = {"capacity": 0, "taken": 0, "quota": 0, "used": 0, "reserved": 0, "size": 0} | trace.facts
    reserved, quota = facts["reserved"], facts["quota"]
    sentences: dict[str, Callable[[], str]] = {
        Reason.FREE: lambda: _("There was a free seat: %(taken)s of %(capacity)s seats were then taken."),
        Reason.NEXT: lambda: _("A seat became free, and this enrolment was the next in line that could have it."),
        Reason.FULL: lambda: _("All %(capacity)s seats were taken."),
        Reason.QUOTA: lambda: ngettext(
            "The municipality may have %(quota)s seat until the seats are released, and had used it.",
            "The municipality may have %(quota)s seats until the seats are released, and had used them.",
            quota,
        ),
        Reason.RESERVED: lambda: ngettext(
            "The last %(reserved)s seat was reserved for another municipality.",
            "The last %(reserved)s seats were reserved for other municipalities.",
            reserved,
        ),
        Reason.TRAINING: lambda: _("Caseworkers in training wait until the seats are released."),
        Reason.TOGETHER: lambda: _together(facts),
        Reason.LINE: lambda: _("Others stood before in line."),
        Reason.APPROVAL: lambda: _("A leader in the municipality must approve first."),
        Reason.ENDED: lambda: _("The enrolment has ended."),
    }
    said = sentences.get(trace.reason, trace.get_reason_display)
    return str(said()) % facts


def _together(facts: dict[str, int]) -> str:
    if not facts["size"]:
        return _("The group wants to sit together, and not everyone in it was ready for a seat.")
    return _("The group of %(size)s wants to sit together, and there were not seats for all of it.")


def _moment(value: datetime) -> str:
    return date_format(timezone.localtime(value), "DATETIME_FORMAT")


def places(run: Run, *, at: datetime | None = None) -> dict[int, int]:
    """Place on the waiting list from 1 by primary key of the enrolment, in the order the rules look at the line now."""
    rows = [candidate_for(row) for row in run.enrolments.in_line().select_related("party")]
    if not rows:
        return {}
    board = Board(run, at or timezone.now())
    order = in_turn(board.rules, board.taken, rows)
    return {candidate.ref.pk: place for place, candidate in enumerate(order, 1)}
