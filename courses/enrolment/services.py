"""What people do about seats. Every act locks the run, recounts, and lets those who wait move up before it ends.

Acts of those who enrol are here; `organising` has those of the organiser, and both are called from this module.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.runs.models import Run
from engagements.batching import pipelined
from engagements.lifecycle import move, record, record_all
from engagements.municipalities.models import Municipality
from engagements.notices.services import gathered
from engagements.users.models import User

from . import messages, permissions
from .adding import Answers, add, arrived, keep_answers
from .arrivals import Refused, arrivals, require_open
from .board import Board, candidate_for, lock, lock_and_count, trace, write_traces
from .models import Cause, Enrolment, EnrolmentState, Party, Reason
from .organising import cancel_run, look_again, release, set_capacity, set_shares
from .seating import allot, in_turn
from .settling import fresh, locked_board, make_move, must, on, returned, schedule, settle, settle_due, up_to_date


@transaction.atomic
def enrol(
    run: Run,
    people: Iterable[User],
    *,
    by: User,
    together: bool = False,
    fewer: bool = False,
    municipality: Municipality | None = None,
    in_training: Iterable[User] = (),
    answers: Answers | None = None,
    approved: bool = False,
    at: datetime | None = None,
) -> list[Enrolment]:
    """Enrol people on a run: each is seated, waits, or waits for the own leader's approval.

    Returns one enrolment a person, in order; a person named twice counts once, and one who is enrolled already keeps
    that enrolment. With `together` the group gets seats for all or waits as one; with `fewer` only those who get a
    seat now are enrolled; with `approved` the own leaders have said yes before. `at` is the arrival of the request,
    which the times of the run are compared with.
    Raises Refused when enrolment is not open or somebody may not be enrolled by `by`; then nobody is.
    """
    at = at or timezone.now()
    unique = list({person.pk: person for person in people}.values())
    require_open(run, at)  # answers most late requests without the lock
    coming = arrivals(run, unique, by=by, municipality=municipality, in_training=in_training, approved=approved)
    asking = [person.pk for person in unique]
    run, counts = lock_and_count(run, at, asking=asking)
    require_open(run, at)
    with gathered():
        board = up_to_date(run, at, counts=counts, asking=asking)
        already = (
            {row.person_id: row for row in run.enrolments.active().filter(person__in=unique)} if board.known else {}
        )
        new = [one for one in coming if one.person.pk not in already]
        with pipelined():
            rows = add(board, new, by=by, together=together, fewer=fewer) if new else []
            keep_answers(run, rows, answers or {})
            record_all(rows, "enrolled", by=by, entries=[{"to": row.state} for row in rows])
        board.write()
        if rows:
            messages.enrolled(run, rows, by=by, waiting=board.waiting)
            if any(row.answer_by for row in rows):
                schedule(run, at)
    already |= {row.person_id: row for row in rows}
    return [already[person.pk] for person in unique if person.pk in already]


@transaction.atomic
def cancel(enrolment: Enrolment, *, by: User, note: str = "", at: datetime | None = None) -> Enrolment:
    """The person does not come, or declines an offer; the next in line moves up. Cancelling twice changes nothing more.

    After the run's `cancel_until` whoever has a seat gives a reason in `note`. Raises Refused without it, when the run
    is over, or when `by` may not.
    """
    at = at or timezone.now()
    with gathered():
        row, board = locked_board(enrolment, at)
        if row.is_active:
            must(permissions.may_cancel(row, by))
            if at >= board.run.ends_at:
                raise Refused(_("The run is over; nothing can be cancelled any more."), code="over")
            if row.state == EnrolmentState.SEATED and at > board.run.cancel_until and not note.strip():
                raise Refused(
                    _("The date for cancelling has passed: write the reason, so that the organiser can plan."),
                    code="reason",
                )
            row = move(row, "cancel", by=by, note=note, at=at)
            row.run = board.run
            write_traces([trace(row, Cause.CANCELLED, Reason.ENDED, {}, at)])
            messages.cancelled(board.run, row, by=by)
            if row.late:
                messages.late(board.run, row, by=by)
            settle(fresh(board), Cause.CANCELLED, by=by)
    return returned(enrolment, row)


@transaction.atomic
def approve(enrolment: Enrolment, *, by: User, at: datetime | None = None) -> Enrolment:
    """The own leader lets the person go; the seat follows if there is one. Approving twice changes nothing more."""
    at = at or timezone.now()
    with gathered():
        row, board = locked_board(enrolment, at)
        if row.state in (EnrolmentState.REQUESTED, EnrolmentState.EXPIRED, EnrolmentState.REJECTED):
            row = make_move(row, "approve", by=by, at=at)
            facts = {"capacity": board.run.capacity, "taken": board.total}
            write_traces([trace(row, Cause.APPROVED, Reason.LINE, facts, at)])
            board = fresh(board)
            messages.approved(board.run, row, by=by)
            settle(board, Cause.APPROVED, by=by)
            if not _is_up(row):
                _say_why_not(board, row)
    return returned(enrolment, row)


def _is_up(row: Enrolment) -> bool:
    return Enrolment.objects.holding().filter(pk=row.pk).exists()


def _say_why_not(board: Board, row: Enrolment) -> None:
    """Replace *others came first* by the rule that stands in the way, where one does."""
    verdicts = allot(board.rules, board.taken, board.line())
    found = next((verdict for verdict in verdicts if verdict.candidate.ref.pk == row.pk), None)
    reason, facts = (found.reason, found.facts) if found else (Reason.TOGETHER, {})
    write_traces([trace(row, Cause.APPROVED, reason, facts | {"place": board.waiting}, board.at)])


@transaction.atomic
def reject(enrolment: Enrolment, *, by: User, note: str = "", at: datetime | None = None) -> Enrolment:
    """The own leader says no; a group that waited for the answer may now fit."""
    at = at or timezone.now()
    with gathered():
        row, board = locked_board(enrolment, at)
        if row.state != EnrolmentState.REJECTED:
            row = make_move(row, "reject", by=by, note=note, at=at)
            write_traces([trace(row, Cause.REJECTED, Reason.ENDED, {}, at)])
            messages.rejected(board.run, row, by=by, note=note)
            settle(fresh(board), Cause.REJECTED, by=by)
    return returned(enrolment, row)


@transaction.atomic
def accept_offer(enrolment: Enrolment, *, by: User, at: datetime | None = None) -> Enrolment:
    """Yes to an offered seat; a second yes changes nothing more. Raises Refused when the offer has ended."""
    at = at or timezone.now()
    with gathered():
        row, board = locked_board(enrolment, at)
        if row.state != EnrolmentState.SEATED:
            row = make_move(row, "accept", by=by, at=at)
            facts = {"capacity": board.run.capacity, "taken": board.total}
            write_traces([trace(row, Cause.ACCEPTED, Reason.NEXT, facts, at)])
            messages.accepted(board.run, row, by=by)
    return returned(enrolment, row)


@transaction.atomic
def swap(enrolment: Enrolment, person: User, *, by: User, at: datetime | None = None) -> Enrolment:
    """Hand the seat over to a colleague of the same municipality until the run begins; returns the colleague's enrolment."""
    at = at or timezone.now()
    with gathered():
        row, board = locked_board(enrolment, at)
        run = board.run
        must(permissions.may_hand_over(row, by))
        if row.state != EnrolmentState.SEATED or at >= run.starts_at:
            raise Refused(_("Only a seat can be handed over, and only until the run begins."), code="no_seat")
        if run.enrolments.active().filter(person=person).exists():
            raise Refused(_("%(name)s is already enrolled on this run.") % {"name": person}, code="already")
        own = row.person_id == by.pk
        one = arrivals(run, [person], by=by, municipality=row.municipality, in_training=[], hands_over=own)[0]
        if one.home != row.municipality_id:
            raise Refused(_("The seat can only go to a colleague in the same municipality."), code="elsewhere")
        if one.approve_within is not None:
            raise Refused(
                _(
                    "In your municipality a leader approves enrolments: ask a leader or coordinator to hand the seat over."
                ),
                code="approval",
            )
        row = make_move(row, "cancel", by=by, at=at)
        run.enrolments.filter(pk=row.pk).update(late=False)  # nobody is missing
        new = arrived(run, one, row.party, by, at)
        new.state, new.answer_by, new.seated_at = EnrolmentState.SEATED, None, at
        new.moved_from = row
        new.save()
        facts = {"capacity": run.capacity, "taken": board.total}
        write_traces(
            [
                trace(row, Cause.SWAPPED, Reason.ENDED, {}, at),
                trace(new, Cause.SWAPPED, Reason.FREE, facts, at),
            ]
        )
        record(new, "swapped", by=by)
        fresh(board).write()
        messages.swapped(run, row, new, by=by)
    return new


@transaction.atomic
def transfer(enrolment: Enrolment, run: Run, *, by: User, wait: bool = False, at: datetime | None = None) -> Enrolment:
    """Move the person to another run; the next in line gets the seat left behind. Returns the new enrolment.

    With `wait` the person goes on the other run's waiting list where it is full; without, that is refused and the
    present seat kept. Whoever was let go to one run of a course may go to another: the own leaders are told, and asked
    anew only for another course, for which the present seat is not given up before they have answered.
    """
    at = at or timezone.now()
    for one in sorted([enrolment.run, run], key=lambda one: one.pk):
        lock(one)
    with gathered():
        row, board = locked_board(enrolment, at)
        if row.run_id == run.pk or not row.is_active:
            raise Refused(_("The enrolment has ended, or is on that run already."), code="ended")
        must(permissions.may_cancel(row, by))
        if at >= board.run.starts_at:
            raise Refused(_("The run has begun; the enrolment can no longer be moved."), code="begun")
        if run.enrolments.active().filter(person=row.person).exists():
            raise Refused(_("%(name)s is already enrolled on that run.") % {"name": row.person}, code="already")
        approved = row.state != EnrolmentState.REQUESTED and run.course_id == row.run.course_id is not None
        training = [row.person] if row.in_training else []
        new = enrol(
            run, [row.person], by=by, municipality=row.municipality, in_training=training, approved=approved, at=at
        )[0]
        if row.holds_seat and new.state == EnrolmentState.REQUESTED:
            raise Refused(
                _("A leader in the municipality must approve the other course first; the present seat is kept."),
                code="approval",
            )
        if row.holds_seat and not new.holds_seat and not wait:
            raise Refused(_("There is no free seat on that run; the present seat is kept."), code="full")
        new.moved_from = row
        new.save(update_fields=["moved_from"])
        record(new, "moved", by=by)
        row = make_move(row, "cancel", by=by, at=at)
        row.run.enrolments.filter(pk=row.pk).update(
            late=False
        )  # somebody who comes on another date has not stayed away
        write_traces([trace(row, Cause.MOVED, Reason.ENDED, {}, at)])
        messages.cancelled(board.run, row, by=by)
        messages.moved(row, new, by=by)
        settle(fresh(board), Cause.MOVED, by=by)
    return new


@transaction.atomic
def split(party: Party, *, by: User, at: datetime | None = None) -> Party:
    """A group no longer asks to sit together: each stands alone in line, where the group stood."""
    at = at or timezone.now()
    with gathered():
        run = lock(party.run)
        board = up_to_date(run, at)
        party = Party.objects.get(pk=party.pk)
        members = list(party.members.active().select_related("person"))
        must(bool(members) and all(permissions.may_cancel(on(run, row), by) for row in members))
        if party.together:
            party.together = False
            party.save(update_fields=["together"])
            record_all(members, "split", by=by, entries=[{} for _row in members])
            board = fresh(board)
            facts = {"capacity": run.capacity, "taken": board.total}
            waiting = [row for row in members if row.state == EnrolmentState.WAITING]
            write_traces([trace(row, Cause.SPLIT, Reason.LINE, facts, at) for row in waiting])
            settle(board, Cause.SPLIT, by=by)
    return party


def place_in_line(enrolment: Enrolment, *, at: datetime | None = None) -> int:
    """The person's place on the waiting list from 1, in the order the run's rules look at it; 0 when not waiting."""
    if enrolment.state != EnrolmentState.WAITING:
        return 0
    board = Board(enrolment.run, at or timezone.now())
    return place_on(board, enrolment)


def place_on(board: Board, enrolment: Enrolment) -> int:
    """The same, for a page that has the board already."""
    rows = [candidate_for(row) for row in board.run.enrolments.in_line().select_related("party")]
    order = in_turn(board.rules, board.taken, rows)
    return next((place for place, one in enumerate(order, 1) if one.ref.pk == enrolment.pk), 0)


__all__ = [
    "Refused",
    "accept_offer",
    "approve",
    "cancel",
    "cancel_run",
    "enrol",
    "look_again",
    "place_in_line",
    "place_on",
    "reject",
    "release",
    "schedule",
    "set_capacity",
    "set_shares",
    "settle_due",
    "split",
    "swap",
    "transfer",
]
