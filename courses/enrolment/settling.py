"""What every act of enrolment shares: the lock, what the clock has done, and those who wait moving up.

The run is always locked first and its enrolments after it, so that two acts never wait for each other.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.runs.models import Run, RunState
from engagements.lifecycle import MoveRefused, move, record
from engagements.notices.services import gathered
from engagements.users.models import User

from . import messages
from .arrivals import Refused
from .board import Board, Counts, count, lock, move_rows, promote, trace, write_traces
from .models import ACTIVE, Cause, Enrolment, EnrolmentState, Reason


def up_to_date(run: Run, at: datetime, *, counts: Counts | None = None, asking: Sequence[int] = ()) -> Board:
    """The board after what the clock has done: offers and requests not answered in time, and the release of seats.

    Once the run has begun nobody moves up any more, and everything that still waits for something ends.
    """
    board = Board(run, at, counts=counts)
    begun = at >= run.starts_at and run.state == RunState.PUBLISHED
    due = board.overdue or (begun and (board.waiting > 0 or board.pending))
    release_due = run.released_at is None and run.release_at is not None and run.release_at <= at
    if not due and not release_due:
        return board
    if due:
        _expire(run, at, begun=begun)
    if release_due:
        mark_released(run, by=None, at=run.release_at or at)
    board = Board(run, at, counts=count(run, at, asking=asking))
    settle(board, Cause.RELEASED if release_due else Cause.EXPIRED, by=None)
    return board


def settle(board: Board, cause: Cause, *, by: User | None) -> list[Enrolment]:
    """Let those who wait move up, count, and tell them."""
    up = promote(board, cause, by=by)
    board.write()
    if up:
        messages.moved_up(board.run, up)
        schedule(board.run, board.at)
    return up


def _expire(run: Run, at: datetime, *, begun: bool) -> None:
    asked_for = run.enrolments.filter(state__in=[EnrolmentState.REQUESTED, EnrolmentState.OFFERED])
    overdue = (asked_for if begun else asked_for.filter(answer_by__lte=at)).select_related("person")
    asked = {row.pk for row in overdue if row.state == EnrolmentState.REQUESTED}
    rows = move_rows([on(run, row) for row in overdue], "expire", at)
    write_traces([trace(row, Cause.EXPIRED, Reason.ENDED, {}, at) for row in rows])
    messages.expired(run, [row for row in rows if row.pk in asked], [row for row in rows if row.pk not in asked])
    if begun:
        waited = move_rows([on(run, row) for row in run.enrolments.in_line().select_related("person")], "close", at)
        write_traces([trace(row, Cause.BEGUN, Reason.BEGUN, {}, at) for row in waited])
        messages.unseated(run, waited)


def mark_released(run: Run, *, by: User | None, at: datetime) -> None:
    run.released_at = at
    Run.objects.filter(pk=run.pk).update(released_at=at)
    record(run, "seats_released", by=by)


def schedule(run: Run, at: datetime) -> None:
    """Have the worker look at the run again when an answer is due or the seats are released."""
    from .tasks import settle_at

    asked = run.enrolments.active().filter(answer_by__gt=at).aggregate(next=Min("answer_by"))["next"]
    released = None if run.is_released(at) else run.release_at
    for moment in filter(None, (asked, released)):
        settle_at(run.pk, moment)


def settle_due(at: datetime | None = None, *, only: int | None = None) -> int:
    """Do what the clock asks for: expire what was not answered, release seats, end the waiting lists of runs that begin.

    Returns on how many runs. `only` is the primary key of a run; without it every run is looked at.
    """
    at = at or timezone.now()
    asked = Enrolment.objects.filter(state__in=[EnrolmentState.REQUESTED, EnrolmentState.OFFERED])
    seatless = Enrolment.objects.filter(state__in=ACTIVE - {EnrolmentState.SEATED})
    runs = Run.objects.published().filter(
        Q(pk__in=asked.filter(answer_by__lte=at).values("run"))
        | Q(starts_at__lte=at, pk__in=seatless.values("run"))
        | Q(release_at__lte=at, released_at__isnull=True, starts_at__gt=at)
    )
    if only is not None:
        runs = runs.filter(pk=only)
    count = 0
    for run in runs.order_by("pk"):
        with transaction.atomic(), gathered():
            up_to_date(lock(run), at)
        count += 1
    return count


def locked_board(enrolment: Enrolment, at: datetime) -> tuple[Enrolment, Board]:
    """The enrolment and the board of its run, both as they are now, the run locked."""
    run = lock(enrolment.run)
    board = up_to_date(run, at)
    row = run.enrolments.select_related("person", "party").get(pk=enrolment.pk)
    row.run = run
    return row, board


def fresh(board: Board) -> Board:
    return Board(board.run, board.at)


def must(allowed: bool) -> None:
    if not allowed:
        raise Refused(_("You are not allowed to do this. Nothing has been changed."), code="not_allowed")


def returned(enrolment: Enrolment, row: Enrolment) -> Enrolment:
    """Give the caller's own object the new state too."""
    enrolment.refresh_from_db()
    enrolment.run = row.run
    return enrolment


def on(run: Run, row: Enrolment) -> Enrolment:
    row.run = run
    return row


def make_move(row: Enrolment, name: str, *, by: User, note: str = "", at: datetime) -> Enrolment:
    """Make a move and keep the run that is locked; what the lifecycle refuses is refused here."""
    run = row.run
    try:
        row = move(row, name, by=by, note=note, at=at)
    except MoveRefused as refused:
        raise Refused(str(refused), code="not_allowed") from refused
    row.run = run
    return row
