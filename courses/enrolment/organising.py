"""What the organiser does to the seats of a run: their number, the shares of municipalities, release, cancelling the run."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.runs.models import MOST_SEATS, Allotment, Run, RunState
from courses.runs.services import change_run
from engagements.lifecycle import MoveRefused, move, record
from engagements.municipalities.models import Municipality
from engagements.notices.services import gathered
from engagements.users.models import User

from . import messages, permissions
from .arrivals import Refused
from .board import Board, lock, move_rows, trace, write_traces
from .models import Cause, Enrolment, Reason
from .settling import fresh, mark_released, must, on, schedule, settle, up_to_date

type Share = tuple[Municipality, int | None, int]
"""A municipality, at most how many seats (None: as the others), and how many are reserved for it."""


@transaction.atomic
def set_capacity(run: Run, capacity: int, *, by: User, at: datetime | None = None) -> Run:
    """Change the number of seats; with more of them those who wait move up. Raises Refused outside the bounds.

    The bounds: 1 to 2000, not below the run's fewest participants, and not below the seats that are taken.
    """
    at = at or timezone.now()
    with gathered():
        locked = lock(run)
        must(permissions.may_organise(locked, by))
        board = up_to_date(locked, at)
        _refuse_capacity(board, capacity, minimum=locked.minimum)
        if capacity != locked.capacity:
            record(locked, "capacity_changed", by=by, **{"from": locked.capacity, "to": capacity})
            locked.capacity = capacity
            Run.objects.filter(pk=run.pk).update(capacity=capacity)
            settle(fresh(board), Cause.CAPACITY, by=by)
    run.refresh_from_db()
    return run


def _refuse_capacity(board: Board, capacity: int, *, minimum: int) -> None:
    if not 1 <= capacity <= MOST_SEATS:
        raise Refused(_("The number of seats must be between 1 and %(most)s.") % {"most": MOST_SEATS}, code="capacity")
    if capacity < board.total:
        raise Refused(
            ngettext(
                "%(taken)s seat is taken; the number of seats cannot be lower.",
                "%(taken)s seats are taken; the number of seats cannot be lower.",
                board.total,
            )
            % {"taken": board.total},
            code="below_taken",
        )
    if capacity < minimum:
        raise Refused(_("The fewest participants cannot be more than the seats."), code="below_minimum")


@transaction.atomic
def set_shares(
    run: Run,
    *,
    quota: int | None,
    shares: Iterable[Share],
    by: User,
    at: datetime | None = None,
) -> Run:
    """Set the quota of every municipality and the shares of some: (municipality, at most or None, reserved).

    Raises Refused when more seats would be reserved than there are. Seats already given stay given.
    """
    at = at or timezone.now()
    with gathered():
        locked = lock(run)
        must(permissions.may_organise(locked, by))
        up_to_date(locked, at)
        count = _write_shares(locked, quota, shares)
        record(locked, "changed", by=by, quota=quota, shares=count)
        settle(Board(locked, at), Cause.CAPACITY, by=by)
    run.refresh_from_db()
    return run


def _write_shares(run: Run, quota: int | None, shares: Iterable[Share]) -> int:
    rows = [Allotment(run=run, municipality=who, at_most=most, reserved=reserved) for who, most, reserved in shares]
    if sum(row.reserved for row in rows) > run.capacity:
        raise Refused(_("More seats are reserved than there are."), code="reserved")
    if quota is not None and quota < 1:
        raise Refused(_("A quota is at least one seat."), code="quota")
    Allotment.objects.filter(run=run).delete()
    for row in rows:
        row.full_clean(exclude=["run"])
    Allotment.objects.bulk_create(rows)
    run.quota = quota
    Run.objects.filter(pk=run.pk).update(quota=quota)
    return len(rows)


@transaction.atomic
def change_seats(
    run: Run,
    *,
    version: int,
    by: User,
    capacity: int,
    quota: int | None,
    shares: Iterable[Share],
    at: datetime | None = None,
    **rules: Any,
) -> list[Enrolment]:
    """Change seats, shares and rules (fields of the run) together, then let those move up who may; returns them.

    Everything is written before anyone moves up, so nobody gets a seat by a rule that is on its way out. Raises Refused
    as the single acts do, StaleError if someone saved the run since `version`.
    """
    at = at or timezone.now()
    with gathered():
        locked = lock(run)
        must(permissions.may_organise(locked, by))
        board = up_to_date(locked, at)
        before = locked.capacity
        _refuse_capacity(board, capacity, minimum=rules.get("minimum", locked.minimum))
        # While fewest participants and seats change one after the other, the larger number of seats fits both.
        Run.objects.filter(pk=run.pk).update(capacity=max(before, capacity))
        change_run(locked, version=version, by=by, **rules)
        Run.objects.filter(pk=run.pk).update(capacity=capacity)
        locked.capacity = capacity
        if capacity != before:
            record(locked, "capacity_changed", by=by, **{"from": before, "to": capacity})
        _write_shares(locked, quota, shares)
        schedule(locked, at)
        up = settle(Board(locked, at), Cause.CAPACITY, by=by)
    run.refresh_from_db()
    return up


@transaction.atomic
def look_again(run: Run, *, by: User | None = None, at: datetime | None = None) -> list[Enrolment]:
    """After the run's rules were changed: count anew, let those who may have a seat move up, and return them."""
    at = at or timezone.now()
    with gathered():
        locked = lock(run)
        up_to_date(locked, at)
        schedule(locked, at)
        return settle(Board(locked, at), Cause.CAPACITY, by=by)


@transaction.atomic
def release(run: Run, *, by: User | None = None, at: datetime | None = None) -> list[Enrolment]:
    """Let quotas and reserved seats go now; returns those who moved up. Releasing twice changes nothing more."""
    at = at or timezone.now()
    with gathered():
        locked = lock(run)
        must(by is None or permissions.may_organise(locked, by))
        up_to_date(locked, at)
        up: list[Enrolment] = []
        if locked.released_at is None:
            mark_released(locked, by=by, at=at)
            up = settle(Board(locked, at), Cause.RELEASED, by=by)
    run.refresh_from_db()
    return up


@transaction.atomic
def cancel_run(
    run: Run, *, by: User, note: str, offers: Sequence[Run] = (), at: datetime | None = None
) -> list[Enrolment]:
    """Cancel the run with a reason, end every enrolment and tell everyone, with other runs they may choose.

    Returns the enrolments that were ended. Raises Refused when the run is over.
    """
    at = at or timezone.now()
    with gathered():
        locked = lock(run)
        if locked.state == RunState.CANCELLED:
            return []
        must(permissions.may_organise(locked, by))
        if at >= locked.ends_at:
            raise Refused(_("The run is over; it can no longer be cancelled."), code="over")
        try:
            locked = move(locked, "cancel", by=by, note=note, at=at)
        except MoveRefused as refused:
            raise Refused(str(refused), code="reason") from refused
        rows = [on(locked, row) for row in locked.enrolments.active().select_related("person")]
        held = {row.pk for row in rows if row.holds_seat}
        rows = move_rows(rows, "withdraw", at)
        write_traces([trace(row, Cause.RUN_CANCELLED, Reason.ENDED, {}, at) for row in rows])
        Board(locked, at).write()
        messages.run_cancelled(locked, rows, held=held, offers=list(offers))
    run.refresh_from_db()
    return rows
