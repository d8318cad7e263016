"""The seats of a run as they are under its lock, and what is written when they change."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from courses.catalogue.models import Course
from courses.runs.models import Allotment, Run
from engagements.batching import from_row, insert, pipelined
from engagements.lifecycle import move_all
from engagements.users.models import User

from .models import ACTIVE, HOLDING, Cause, Enrolment, EnrolmentState, Reason, Trace
from .seating import NEXT, Candidate, Home, Rules, Verdict, allot

type Counts = list[tuple[Any, ...]]
"""Answer of `_counting`: what a board is made from."""

# Queries under the lock that every act makes are written by hand: others wait for them.


def lock(run: Run) -> Run:
    """The run as it is now, locked until the transaction ends; every act of enrolment begins here."""
    course = run.course  # looked up, where it has to be, before anybody waits
    with connection.cursor() as cursor:
        cursor.execute(*_locking(run.pk))
        return _locked(cursor.fetchone(), course)


def lock_and_count(run: Run, at: datetime, *, asking: Sequence[int] = ()) -> tuple[Run, Counts]:
    """The locked run, and what its board is made from; in one exchange with a database that can."""
    course = run.course
    with connection.cursor() as locking, connection.cursor() as counting, pipelined():
        locking.execute(*_locking(run.pk))
        counting.execute(*_counting(run.pk, at, asking))
        row, counts = locking.fetchone(), counting.fetchall()
    return _locked(row, course), counts


def _locking(run: int) -> tuple[str, list[int]]:
    columns = ", ".join(field.column for field in Run._meta.concrete_fields)
    for_update = "FOR UPDATE" if connection.features.has_select_for_update else ""
    return f"SELECT {columns} FROM {Run._meta.db_table} WHERE id = %s {for_update}", [run]  # noqa: S608


def _locked(row: tuple[Any, ...] | None, course: Course | None) -> Run:
    if row is None:
        raise Run.DoesNotExist
    run = from_row(Run, row)
    if course is not None and run.course_id == course.pk:
        run.course = course
    return run


class Board:
    """Counts of a locked run at one moment. Make it only while the lock is held.

    `pending`: there is a request or an offer. `overdue`: one of them was to be answered by now. `known`: somebody of
    whom was asked when the `counts` were made is enrolled.
    """

    def __init__(self, run: Run, at: datetime, *, counts: Counts | None = None) -> None:
        self.run, self.at = run, at
        self.taken: Counter[Home] = Counter()
        self.waiting = 0
        self.overdue = self.known = self.pending = False
        self._shares: list[tuple[int, int | None, int]] = []
        for home, state, first, second, known in count(run, at) if counts is None else counts:
            if state == _SHARE:
                self._shares.append((home, first, second))
                continue
            if state in HOLDING:
                self.taken[home] += first
            elif state == EnrolmentState.WAITING:
                self.waiting += first
            self.pending |= state in (EnrolmentState.REQUESTED, EnrolmentState.OFFERED)
            self.overdue |= bool(second)
            self.known |= bool(known)
        self.rules = self._rules()

    def _rules(self) -> Rules:
        run = self.run
        released = run.is_released(self.at)
        shares = [] if released else self._shares
        return Rules(
            capacity=run.capacity,
            quota=None if released else run.quota,
            at_most={home: most for home, most, _reserved in shares if most is not None},
            reserved={home: reserved for home, _most, reserved in shares if reserved},
            training_waits=run.training_last and run.release_at is not None and not released,
            training_last=run.training_last,
            spread=run.waiting_order == Run.Order.SPREAD,
        )

    @property
    def total(self) -> int:
        """Seats held."""
        return self.taken.total()

    @property
    def has_room(self) -> bool:
        """Whether some seat is free and the run has not begun."""
        return self.total < self.rules.capacity and self.at < self.run.starts_at

    def line(self) -> list[Candidate]:
        """Those who wait, in line; a group in which somebody still awaits approval is not complete and waits too."""
        rows = list(self.run.enrolments.in_line().select_related("person", "party"))
        groups = {row.party_id for row in rows if row.party and row.party.together}
        incomplete = set(
            self.run.enrolments.filter(party__in=groups, state=EnrolmentState.REQUESTED).values_list("party", flat=True)
            if groups
            else ()
        )
        return [candidate_for(row) for row in rows if row.party_id not in incomplete]

    def note(self, verdicts: Iterable[Verdict]) -> None:
        """Count the seats that have been given."""
        self.taken.update(verdict.candidate.home for verdict in verdicts if verdict.seated)

    def write(self) -> None:
        """Keep the run's own counters true."""
        taken, withheld = self.total, min(self.rules.withheld(self.taken), self.rules.capacity)
        if (taken, withheld) != (self.run.taken, self.run.withheld):
            self.run.taken, self.run.withheld = taken, withheld
            query = f"UPDATE {Run._meta.db_table} SET taken = %s, withheld = %s WHERE id = %s"  # noqa: S608
            with connection.cursor() as cursor:
                cursor.execute(query, [taken, withheld, self.run.pk])


_SHARE = "share"


def count(run: Run, at: datetime, *, asking: Sequence[int] = ()) -> Counts:
    """What a board is made from; `asking` are the primary keys of people of whom it is to know if they are enrolled."""
    with connection.cursor() as cursor:
        cursor.execute(*_counting(run.pk, at, asking))
        return cursor.fetchall()


def _counting(run: int, at: datetime, asking: Sequence[int]) -> tuple[str, list[Any]]:
    """Enrolments by municipality and state, and the shares of the seats, in one query."""
    people = f"person_id IN ({', '.join(['%s'] * len(asking))})" if asking else "1 = 0"
    query = f"""
        SELECT municipality_id, state, COUNT(*),
               SUM(CASE WHEN answer_by <= %s THEN 1 ELSE 0 END), SUM(CASE WHEN {people} THEN 1 ELSE 0 END)
        FROM {Enrolment._meta.db_table} WHERE run_id = %s AND state IN ({", ".join(["%s"] * len(ACTIVE))})
        GROUP BY municipality_id, state
        UNION ALL
        SELECT municipality_id, '{_SHARE}', at_most, reserved, 0 FROM {Allotment._meta.db_table} WHERE run_id = %s
    """  # noqa: S608
    return query, [connection.ops.adapt_datetimefield_value(at), *asking, run, *sorted(ACTIVE), run]


def candidate_for(row: Enrolment) -> Candidate:
    """How the rules see an enrolment."""
    together = row.party is not None and row.party.together
    return Candidate(row, row.municipality_id, row.in_training, row.party_id if together else None)


def promote(board: Board, cause: Cause, *, by: User | None) -> list[Enrolment]:
    """Give the free seats to those who wait, at once or as offers by the run's rule; returns them with their new state.

    Whoever stood before somebody who moved up, and was passed over for another reason than last time, gets a trace.
    """
    if not board.waiting or not board.has_room:
        return []
    verdicts = allot(board.rules, board.taken, board.line())
    up = [verdict for verdict in verdicts if verdict.seated]
    if not up:
        return []
    board.note(verdicts)
    board.waiting -= len(up)
    rows = _move_up(board, [verdict.candidate.ref for verdict in up])
    passed = _passed_over(verdicts)
    write_traces(
        [trace(row, cause, NEXT, verdict.facts, board.at) for row, verdict in zip(rows, up, strict=True)]
        + [trace(verdict.candidate.ref, cause, verdict.reason, verdict.facts, board.at) for verdict in passed]
    )
    return rows


def move_rows(rows: list[Enrolment], name: str, at: datetime) -> list[Enrolment]:
    """Make a move of the system on rows of one run; the run and the people they have stay at hand."""
    at_hand = {row.pk: (row.run, row.person) for row in rows}
    moved = move_all(rows, name, by=None, at=at)
    for row in moved:
        row.run, row.person = at_hand[row.pk]
    return moved


def _move_up(board: Board, rows: list[Enrolment]) -> list[Enrolment]:
    run = board.run
    if run.promotion == Run.Promotion.AT_ONCE:
        return move_rows(rows, "seat", board.at)
    moved = move_rows(rows, "offer", board.at)
    answer_by = min(board.at + timedelta(hours=run.offer_hours), run.starts_at)
    Enrolment.objects.filter(pk__in=[row.pk for row in moved]).update(answer_by=answer_by)
    for row in moved:
        row.answer_by = answer_by
    return moved


def _passed_over(verdicts: Sequence[Verdict]) -> list[Verdict]:
    last = max(number for number, verdict in enumerate(verdicts) if verdict.seated)
    passed = [verdict for verdict in verdicts[:last] if not verdict.seated]
    newest = {
        row.enrolment_id: row.reason
        for row in Trace.objects.filter(enrolment__in=[verdict.candidate.ref.pk for verdict in passed]).order_by("pk")
    }
    return [verdict for verdict in passed if newest.get(verdict.candidate.ref.pk) != verdict.reason]


def trace(row: Enrolment, cause: Cause, reason: str, facts: dict[str, int], at: datetime) -> Trace:
    """Why the enrolment is in the state it has now; not yet saved."""
    return Trace(enrolment=row, at=at, cause=cause, state=row.state, reason=Reason(reason), facts=facts)


def write_traces(rows: list[Trace]) -> None:
    """Save them in the order in which they happened."""
    insert(rows)
