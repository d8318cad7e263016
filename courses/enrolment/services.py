"""What people do about seats. Every act locks the run, recounts, and lets those who wait move up before it ends.

The run is always locked first and its enrolments after it, so that two acts never wait for each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.runs.models import MOST_SEATS, Allotment, Question, Run, RunState
from engagements.lifecycle import MoveRefused, move, record, record_all
from engagements.municipalities.models import Municipality
from engagements.notices.services import gathered
from engagements.users.models import User

from . import messages, permissions
from .arrivals import Arrival, Refused, arrivals, require_open
from .board import Board, candidate_for, lock, move_rows, promote, trace, write_traces
from .models import Cause, Enrolment, EnrolmentState, Party, QuestionAnswer, Reason
from .seating import Candidate, Verdict, allot, can_ever_fit, in_turn

type Answers = Mapping[int, Mapping[int, str]]
"""Answers to the run's questions: primary key of the person → primary key of the question → text."""


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
    at: datetime | None = None,
) -> list[Enrolment]:
    """Enrol people on a run: each is seated, waits, or waits for the own leader's approval.

    Returns one enrolment a person, in order; a person named twice counts once, and one who is enrolled already keeps
    that enrolment. With `together` the group gets seats for all or waits as one; with `fewer` only those who get a
    seat now are enrolled. `at` is the arrival of the request, which the times of the run are compared with.
    Raises Refused when enrolment is not open or somebody may not be enrolled by `by`; then nobody is.
    """
    at = at or timezone.now()
    unique = list({person.pk: person for person in people}.values())
    require_open(run, at)  # answers most late requests without the lock
    coming = arrivals(run, unique, by=by, municipality=municipality, in_training=in_training)
    run = lock(run)
    require_open(run, at)
    already = {row.person_id: row for row in run.enrolments.active().filter(person__in=unique)}
    new = [one for one in coming if one.person.pk not in already]
    with gathered():
        board = _up_to_date(run, at)
        rows = _add(board, new, by=by, together=together, fewer=fewer) if new else []
        if rows:
            _keep_answers(run, rows, answers or {})
            board.write()
            record_all(rows, "enrolled", by=by, entries=[{"to": row.state} for row in rows])
            messages.enrolled(run, rows, by=by, waiting=board.waiting)
    already |= {row.person_id: row for row in rows}
    return [already[person.pk] for person in unique if person.pk in already]


def _add(board: Board, new: Sequence[Arrival], *, by: User, together: bool, fewer: bool) -> list[Enrolment]:
    """Put the new ones last in line and let the rules give the seats."""
    run, group = board.run, together and len(new) > 1
    party = Party.objects.create(run=run, together=group, created_by=by) if len(new) > 1 else None
    rows = [_arrived(run, one, party, by, board.at) for one in new]
    asking = [row for row in rows if row.state == EnrolmentState.WAITING]
    if group:
        _refuse_impossible(board, [candidate_for(row) for row in rows])
    before = board.waiting
    # A group in which somebody awaits approval waits until that is answered.
    verdicts = [] if group and len(asking) < len(rows) else _allot_new(board, asking)
    seated = [verdict.candidate.ref for verdict in verdicts if verdict.seated]
    for row in seated:
        row.state, row.seated_at = EnrolmentState.SEATED, board.at
    board.note(verdicts)
    if fewer:
        rows = [row for row in rows if row.state != EnrolmentState.WAITING]
    board.waiting += sum(row.state == EnrolmentState.WAITING for row in rows)
    Enrolment.objects.bulk_create(rows)
    said = {id(verdict.candidate.ref): verdict for verdict in verdicts}
    traces, place = [], before
    for row in rows:
        verdict = said.get(id(row))
        facts = dict(verdict.facts) if verdict else {"capacity": run.capacity, "taken": board.total}
        reason = verdict.reason if verdict else Reason.TOGETHER
        if row.state == EnrolmentState.REQUESTED:
            reason = Reason.APPROVAL
        elif row.state == EnrolmentState.WAITING:
            place += 1
            facts["place"] = place
        traces.append(trace(row, Cause.ENROLLED, reason, facts, board.at))
    write_traces(traces)
    return rows


def _allot_new(board: Board, rows: list[Enrolment]) -> list[Verdict]:
    """Verdicts on rows not yet saved: those who wait were served a moment ago, so only the new are looked at."""
    if board.at >= board.run.starts_at:
        return []
    return allot(board.rules, board.taken, [candidate_for(row) for row in rows])


def _arrived(run: Run, one: Arrival, party: Party | None, by: User, at: datetime) -> Enrolment:
    row = Enrolment(
        run=run,
        person=one.person,
        municipality_id=one.home,
        role=one.role,
        state=EnrolmentState.WAITING,
        party=party,
        in_training=one.in_training,
        queued_at=at,
        created_by=by,
    )
    if one.approve_within is not None:
        row.state = EnrolmentState.REQUESTED
        row.answer_by = min(at + one.approve_within, run.closes_at)
    return row


def _refuse_impossible(board: Board, group: list[Candidate]) -> None:
    if not can_ever_fit(board.rules, group) and not (board.run.release_at and len(group) <= board.rules.capacity):
        raise Refused(
            _("A group of %(size)s can never sit together on this run; enrol as many as fit, or fewer at a time.")
            % {"size": len(group)},
            code="too_many",
        )


def _keep_answers(run: Run, rows: list[Enrolment], answers: Answers) -> None:
    """Save the answers given by the people now enrolled; the text is guarded like all others."""
    if not answers:
        return
    questions = {question.pk: question for question in Question.objects.filter(run=run)}
    kept = [
        QuestionAnswer(enrolment=row, question=questions[pk], text=text.strip())
        for row in rows
        for pk, text in answers.get(row.person_id, {}).items()
        if pk in questions and text.strip()
    ]
    for answer in kept:
        answer.clean_fields(exclude=["enrolment", "question"])
    QuestionAnswer.objects.bulk_create(kept)


def _up_to_date(run: Run, at: datetime) -> Board:
    """The board after what the clock has done: offers and requests not answered in time, and the release of seats."""
    board = Board(run, at)
    due = board.answers_due is not None and board.answers_due <= at
    release_due = run.released_at is None and run.release_at is not None and run.release_at <= at
    if not due and not release_due:
        return board
    if due:
        _expire(run, at)
    if release_due:
        _mark_released(run, by=None, at=run.release_at or at)
    board = Board(run, at)
    _settle(board, Cause.RELEASED if release_due else Cause.EXPIRED, by=None)
    return board


def _settle(board: Board, cause: Cause, *, by: User | None) -> list[Enrolment]:
    """Let those who wait move up, count, and tell them."""
    up = promote(board, cause, by=by)
    board.write()
    if up:
        messages.moved_up(board.run, up)
        schedule(board.run, board.at)
    return up


def _expire(run: Run, at: datetime) -> None:
    overdue = run.enrolments.filter(
        answer_by__lte=at, state__in=[EnrolmentState.REQUESTED, EnrolmentState.OFFERED]
    ).select_related("person")
    asked = {row.pk for row in overdue if row.state == EnrolmentState.REQUESTED}
    rows = move_rows([_on(run, row) for row in overdue], "expire", at)
    write_traces([trace(row, Cause.EXPIRED, Reason.ENDED, {}, at) for row in rows])
    messages.expired(run, [row for row in rows if row.pk in asked], [row for row in rows if row.pk not in asked])


def _mark_released(run: Run, *, by: User | None, at: datetime) -> None:
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


def _locked(enrolment: Enrolment, at: datetime) -> tuple[Enrolment, Board]:
    """The enrolment and the board of its run, both as they are now, the run locked."""
    run = lock(enrolment.run)
    board = _up_to_date(run, at)
    row = run.enrolments.select_related("person", "party").get(pk=enrolment.pk)
    row.run = run
    return row, board


def _must(allowed: bool) -> None:
    if not allowed:
        raise Refused(_("You are not allowed to do this. Nothing has been changed."), code="not_allowed")


def _returned(enrolment: Enrolment, row: Enrolment) -> Enrolment:
    """Give the caller's own object the new state too."""
    enrolment.refresh_from_db()
    enrolment.run = row.run
    return enrolment


@transaction.atomic
def cancel(enrolment: Enrolment, *, by: User, note: str = "", at: datetime | None = None) -> Enrolment:
    """The person does not come, or declines an offer; the next in line moves up. Cancelling twice changes nothing more.

    After the run's `cancel_until` whoever has a seat gives a reason in `note`. Raises Refused without it, when the run
    is over, or when `by` may not.
    """
    at = at or timezone.now()
    with gathered():
        row, board = _locked(enrolment, at)
        if row.is_active:
            _must(permissions.may_cancel(row, by))
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
            _settle(_fresh(board), Cause.CANCELLED, by=by)
    return _returned(enrolment, row)


def _fresh(board: Board) -> Board:
    return Board(board.run, board.at)


@transaction.atomic
def approve(enrolment: Enrolment, *, by: User, at: datetime | None = None) -> Enrolment:
    """The own leader lets the person go; the seat follows if there is one. Approving twice changes nothing more."""
    at = at or timezone.now()
    with gathered():
        row, board = _locked(enrolment, at)
        if row.state in (EnrolmentState.REQUESTED, EnrolmentState.EXPIRED, EnrolmentState.REJECTED):
            row = _moved(row, "approve", by=by, at=at)
            facts = {"capacity": board.run.capacity, "taken": board.total}
            write_traces([trace(row, Cause.APPROVED, Reason.LINE, facts, at)])
            board = _fresh(board)
            messages.approved(board.run, row, by=by)
            _settle(board, Cause.APPROVED, by=by)
            if not _is_up(row):
                _say_why_not(board, row)
    return _returned(enrolment, row)


def _is_up(row: Enrolment) -> bool:
    return Enrolment.objects.holding().filter(pk=row.pk).exists()


def _say_why_not(board: Board, row: Enrolment) -> None:
    """Replace *others came first* by the rule that stands in the way, where one does."""
    verdicts = allot(board.rules, board.taken, board.line())
    found = next((verdict for verdict in verdicts if verdict.candidate.ref.pk == row.pk), None)
    reason, facts = (found.reason, found.facts) if found else (Reason.TOGETHER, {})
    write_traces([trace(row, Cause.APPROVED, reason, facts | {"place": board.waiting}, board.at)])


def _moved(row: Enrolment, name: str, *, by: User, note: str = "", at: datetime) -> Enrolment:
    """Make a move and keep the run that is locked; what the lifecycle refuses is refused here."""
    run = row.run
    try:
        row = move(row, name, by=by, note=note, at=at)
    except MoveRefused as refused:
        raise Refused(str(refused), code="not_allowed") from refused
    row.run = run
    return row


@transaction.atomic
def reject(enrolment: Enrolment, *, by: User, note: str = "", at: datetime | None = None) -> Enrolment:
    """The own leader says no; a group that waited for the answer may now fit."""
    at = at or timezone.now()
    with gathered():
        row, board = _locked(enrolment, at)
        if row.state != EnrolmentState.REJECTED:
            row = _moved(row, "reject", by=by, note=note, at=at)
            write_traces([trace(row, Cause.REJECTED, Reason.ENDED, {}, at)])
            messages.rejected(board.run, row, by=by, note=note)
            _settle(_fresh(board), Cause.REJECTED, by=by)
    return _returned(enrolment, row)


@transaction.atomic
def accept_offer(enrolment: Enrolment, *, by: User, at: datetime | None = None) -> Enrolment:
    """Yes to an offered seat; a second yes changes nothing more. Raises Refused when the offer has ended."""
    at = at or timezone.now()
    with gathered():
        row, board = _locked(enrolment, at)
        if row.state != EnrolmentState.SEATED:
            row = _moved(row, "accept", by=by, at=at)
            facts = {"capacity": board.run.capacity, "taken": board.total}
            write_traces([trace(row, Cause.ACCEPTED, Reason.NEXT, facts, at)])
            messages.accepted(board.run, row, by=by)
    return _returned(enrolment, row)


@transaction.atomic
def swap(enrolment: Enrolment, person: User, *, by: User, at: datetime | None = None) -> Enrolment:
    """Hand the seat over to a colleague of the same municipality until the run begins; returns the colleague's enrolment."""
    at = at or timezone.now()
    with gathered():
        row, board = _locked(enrolment, at)
        run = board.run
        _must(permissions.may_cancel(row, by))
        if row.state != EnrolmentState.SEATED or at >= run.starts_at:
            raise Refused(_("Only a seat can be handed over, and only until the run begins."), code="no_seat")
        if run.enrolments.active().filter(person=person).exists():
            raise Refused(_("%(name)s is already enrolled on this run.") % {"name": person}, code="already")
        one = arrivals(run, [person], by=by, municipality=row.municipality, in_training=[])[0]
        if one.home != row.municipality_id:
            raise Refused(_("The seat can only go to a colleague in the same municipality."), code="elsewhere")
        row = _moved(row, "cancel", by=by, at=at)
        new = _arrived(run, one, row.party, by, at)
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
        _fresh(board).write()
        messages.swapped(run, row, new, by=by)
    return new


@transaction.atomic
def transfer(enrolment: Enrolment, run: Run, *, by: User, wait: bool = False, at: datetime | None = None) -> Enrolment:
    """Move the person to another run; the next in line gets the seat left behind. Returns the new enrolment.

    With `wait` the person goes on the other run's waiting list where it is full; without, that is refused and the
    present seat kept.
    """
    at = at or timezone.now()
    for one in sorted([enrolment.run, run], key=lambda one: one.pk):
        lock(one)
    with gathered():
        row, board = _locked(enrolment, at)
        if row.run_id == run.pk or not row.is_active:
            raise Refused(_("The enrolment has ended, or is on that run already."), code="ended")
        _must(permissions.may_cancel(row, by))
        if run.enrolments.active().filter(person=row.person).exists():
            raise Refused(_("%(name)s is already enrolled on that run.") % {"name": row.person}, code="already")
        new = enrol(run, [row.person], by=by, municipality=row.municipality, at=at)[0]
        if row.holds_seat and not new.holds_seat and not wait:
            raise Refused(_("There is no free seat on that run; the present seat is kept."), code="full")
        new.moved_from = row
        new.save(update_fields=["moved_from"])
        record(new, "moved", by=by)
        row = _moved(row, "cancel", by=by, at=at)
        write_traces([trace(row, Cause.MOVED, Reason.ENDED, {}, at)])
        _settle(_fresh(board), Cause.MOVED, by=by)
    return new


@transaction.atomic
def split(party: Party, *, by: User, at: datetime | None = None) -> Party:
    """A group no longer asks to sit together: each stands alone in line, where the group stood."""
    at = at or timezone.now()
    with gathered():
        run = lock(party.run)
        board = _up_to_date(run, at)
        party = Party.objects.get(pk=party.pk)
        members = list(party.members.active().select_related("person"))
        _must(bool(members) and all(permissions.may_cancel(_on(run, row), by) for row in members))
        if party.together:
            party.together = False
            party.save(update_fields=["together"])
            record_all(members, "split", by=by, entries=[{} for _row in members])
            board = _fresh(board)
            facts = {"capacity": run.capacity, "taken": board.total}
            waiting = [row for row in members if row.state == EnrolmentState.WAITING]
            write_traces([trace(row, Cause.SPLIT, Reason.LINE, facts, at) for row in waiting])
            _settle(board, Cause.SPLIT, by=by)
    return party


def _on(run: Run, row: Enrolment) -> Enrolment:
    row.run = run
    return row


@transaction.atomic
def set_capacity(run: Run, capacity: int, *, by: User, at: datetime | None = None) -> Run:
    """Change the number of seats; with more of them those who wait move up. Raises Refused outside the bounds.

    The bounds: 1 to 2000, not below the run's fewest participants, and not below the seats that are taken.
    """
    at = at or timezone.now()
    if not 1 <= capacity <= MOST_SEATS:
        raise Refused(_("The number of seats must be between 1 and %(most)s.") % {"most": MOST_SEATS}, code="capacity")
    with gathered():
        locked = lock(run)
        _must(permissions.may_organise(locked, by))
        board = _up_to_date(locked, at)
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
        if capacity < locked.minimum:
            raise Refused(_("The fewest participants cannot be more than the seats."), code="below_minimum")
        if capacity != locked.capacity:
            record(locked, "capacity_changed", by=by, **{"from": locked.capacity, "to": capacity})
            locked.capacity = capacity
            Run.objects.filter(pk=run.pk).update(capacity=capacity)
            _settle(_fresh(board), Cause.CAPACITY, by=by)
    run.refresh_from_db()
    return run


@transaction.atomic
def set_shares(
    run: Run,
    *,
    quota: int | None,
    shares: Iterable[tuple[Municipality, int | None, int]],
    by: User,
    at: datetime | None = None,
) -> Run:
    """Set the quota of every municipality and the shares of some: (municipality, at most or None, reserved).

    Raises Refused when more seats would be reserved than there are. Seats already given stay given.
    """
    at = at or timezone.now()
    rows = [Allotment(run=run, municipality=who, at_most=most, reserved=reserved) for who, most, reserved in shares]
    with gathered():
        locked = lock(run)
        _must(permissions.may_organise(locked, by))
        _up_to_date(locked, at)
        if sum(row.reserved for row in rows) > locked.capacity:
            raise Refused(_("More seats are reserved than there are."), code="reserved")
        if quota is not None and quota < 1:
            raise Refused(_("A quota is at least one seat."), code="quota")
        Allotment.objects.filter(run=run).delete()
        for row in rows:
            row.full_clean(exclude=["run"])
        Allotment.objects.bulk_create(rows)
        locked.quota = quota
        Run.objects.filter(pk=run.pk).update(quota=quota)
        record(locked, "changed", by=by, quota=quota, shares=len(rows))
        _settle(Board(locked, at), Cause.CAPACITY, by=by)
    run.refresh_from_db()
    return run


@transaction.atomic
def look_again(run: Run, *, by: User | None = None, at: datetime | None = None) -> list[Enrolment]:
    """After the run's rules were changed: count anew, let those who may have a seat move up, and return them."""
    at = at or timezone.now()
    with gathered():
        locked = lock(run)
        _up_to_date(locked, at)
        schedule(locked, at)
        return _settle(Board(locked, at), Cause.CAPACITY, by=by)


@transaction.atomic
def release(run: Run, *, by: User | None = None, at: datetime | None = None) -> list[Enrolment]:
    """Let quotas and reserved seats go now; returns those who moved up. Releasing twice changes nothing more."""
    at = at or timezone.now()
    with gathered():
        locked = lock(run)
        _must(by is None or permissions.may_organise(locked, by))
        _up_to_date(locked, at)
        up: list[Enrolment] = []
        if locked.released_at is None:
            _mark_released(locked, by=by, at=at)
            up = _settle(Board(locked, at), Cause.RELEASED, by=by)
    run.refresh_from_db()
    return up


@transaction.atomic
def cancel_run(
    run: Run, *, by: User, note: str, offers: Sequence[Run] = (), at: datetime | None = None
) -> list[Enrolment]:
    """Cancel the run with a reason, end every enrolment and tell everyone, with other runs they may choose.

    Returns the enrolments that were ended.
    """
    at = at or timezone.now()
    with gathered():
        locked = lock(run)
        if locked.state == RunState.CANCELLED:
            return []
        _must(permissions.may_organise(locked, by))
        try:
            locked = move(locked, "cancel", by=by, note=note, at=at)
        except MoveRefused as refused:
            raise Refused(str(refused), code="reason") from refused
        rows = [_on(locked, row) for row in locked.enrolments.active().select_related("person")]
        held = {row.pk for row in rows if row.holds_seat}
        rows = move_rows(rows, "withdraw", at)
        write_traces([trace(row, Cause.RUN_CANCELLED, Reason.ENDED, {}, at) for row in rows])
        Board(locked, at).write()
        messages.run_cancelled(locked, rows, held=held, offers=list(offers))
    run.refresh_from_db()
    return rows


def settle_due(at: datetime | None = None, *, only: int | None = None) -> int:
    """Do what the clock asks for: expire what was not answered, release seats. Returns on how many runs.

    `only` is the primary key of a run; without it every run is looked at.
    """
    at = at or timezone.now()
    overdue = Enrolment.objects.filter(
        answer_by__lte=at, state__in=[EnrolmentState.REQUESTED, EnrolmentState.OFFERED]
    ).values("run")
    runs = Run.objects.published().filter(
        Q(pk__in=overdue) | Q(release_at__lte=at, released_at__isnull=True, starts_at__gt=at)
    )
    if only is not None:
        runs = runs.filter(pk=only)
    count = 0
    for run in runs.order_by("pk"):
        with transaction.atomic(), gathered():
            _up_to_date(lock(run), at)
        count += 1
    return count


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
