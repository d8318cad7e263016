"""Why an enrolment is in or not, in words: from the stored traces and the line as it stands now."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.runs.models import Run

from .board import Board, candidate_for
from .models import Enrolment, EnrolmentState, Reason, Trace
from .seating import allot, in_turn


@dataclass(frozen=True)
class Chapter:
    """One moment at which the seats were looked at: when, what caused it, the state then, and why."""

    at: datetime
    cause: str
    state: str
    why: str


@dataclass(frozen=True)
class Look:
    """How the rules see somebody who waits at this moment: place in line from 1, and what stands in the way."""

    place: int
    reason: str
    facts: dict[str, int]


def look_at(run: Run, *, at: datetime | None = None) -> dict[int, Look]:
    """The waiting list in the order the rules look at it now, by primary key of the enrolment."""
    rows = list(run.enrolments.in_line().select_related("party"))
    if not rows:
        return {}
    board = Board(run, at or timezone.now())
    line = [candidate_for(row) for row in rows]
    grouped = any(candidate.group is not None for candidate in line)
    # A group of which somebody still awaits approval stands in line but is not looked at.
    looked_at = board.line() if grouped else line
    said = {verdict.candidate.ref.pk: verdict for verdict in allot(board.rules, board.taken, looked_at)}
    found = {}
    for place, candidate in enumerate(in_turn(board.rules, board.taken, line), 1):
        verdict = said.get(candidate.ref.pk)
        reason, facts = (verdict.reason, verdict.facts) if verdict else (Reason.TOGETHER, {})
        found[candidate.ref.pk] = Look(place, reason, facts)
    return found


def places(run: Run, *, at: datetime | None = None) -> dict[int, int]:
    """Place on the waiting list from 1 by primary key of the enrolment."""
    return {pk: look.place for pk, look in look_at(run, at=at).items()}


def explain(enrolment: Enrolment) -> list[str]:
    """Why the enrolment is where it is, and what happens next."""
    newest = enrolment.traces.order_by("-at", "-pk").first()
    waits = enrolment.state == EnrolmentState.WAITING
    return explained(enrolment, newest, look_at(enrolment.run).get(enrolment.pk) if waits else None)


def explained(enrolment: Enrolment, newest: Trace | None, look: Look | None) -> list[str]:
    """The same for one whose newest trace, and place in line if it waits, are known; the reason of now comes first."""
    if enrolment.state == EnrolmentState.WAITING:
        return [*_waiting(newest, look), _next(enrolment.run)]
    lines = [because(newest)] if newest else []
    if enrolment.state in (EnrolmentState.OFFERED, EnrolmentState.REQUESTED) and enrolment.answer_by:
        lines.append(_("An answer is needed by %(when)s.") % {"when": _moment(enrolment.answer_by)})
    return lines


def _waiting(newest: Trace | None, look: Look | None) -> Iterator[str]:
    stored = because(newest) if newest else ""
    if look is None:
        yield stored
        return
    now = said(look.reason, look.facts) if look.reason != Reason.FREE else stored
    if newest is None or look.reason in (newest.reason, Reason.FREE):
        yield now
    else:
        yield _("Now: %(why)s") % {"why": now}
        yield f"{_moment(newest.at)}: {stored}"
    yield _("Number %(place)s on the waiting list now.") % {"place": look.place}


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
    return said(trace.reason, trace.facts)


def said(reason: str, known: dict[str, int]) -> str:
    """A reason of the rules as a sentence with its facts."""
    facts = {"capacity": 0, "taken": 0, "quota": 0, "used": 0, "reserved": 0, "size": 0} | known
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
        Reason.BEGUN: lambda: _("No seat became free before the run began."),
    }
    found = sentences.get(reason)
    return found() % facts if found else str(Reason(reason).label)


def _together(facts: dict[str, int]) -> str:
    if not facts["size"]:
        return _("The group wants to sit together, and not everyone in it was ready for a seat.")
    return _("The group of %(size)s wants to sit together, and there were not seats for all of it.")


def _moment(value: datetime) -> str:
    return date_format(timezone.localtime(value), "DATETIME_FORMAT")
