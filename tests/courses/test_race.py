"""Seats under contention: processes of their own, all at once, and a control that shows what the lock is for."""

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from courses.enrolment import services
from courses.enrolment.board import Board, candidate_for
from courses.enrolment.models import HOLDING, Trace
from courses.enrolment.seating import refusal
from courses.models import Enrolment, Run
from engagements.models import Notice, OutboxMessage
from engagements.users.models import User
from tests import factories as f
from tests.rounds import rounds

from . import racing
from .crowd import crowd
from .racing import Attempt

PROCESSES, ATTEMPTS, SEATS = 16, 400, 100
QUOTA = 8
TWICE, REGRETTED, CANCELLED = 30, 20, 40


@pytest.fixture(scope="module")
def people(database: str) -> list[User]:
    """Caseworkers of ten municipalities."""
    return crowd(ATTEMPTS - TWICE)


@pytest.fixture(scope="module")
def organiser(database: str) -> User:
    found: User = f.StaffFactory(group="courses", email="organiser@example.org")
    return found


def plans(people: list[User], organiser: User, chance: random.Random) -> list[list[Attempt]]:
    """400 attempts dealt to the processes, with what organisers, the clock and second thoughts do in between."""
    regretting, staying = people[:REGRETTED], people[REGRETTED:]
    wanted = [Attempt("enrol", person.pk) for person in staying + chance.sample(staying, TWICE)]
    wanted += [Attempt("regret", person.pk) for person in regretting]
    chance.shuffle(wanted)
    dealt = [wanted[number::PROCESSES] for number in range(PROCESSES)]
    for plan in chance.choices(dealt, k=CANCELLED):
        at = chance.randrange(5, len(plan))
        who = chance.choice([attempt.who for attempt in plan[:at] if attempt.act == "enrol"])
        plan.insert(at, Attempt("cancel", who))
    for place, number in ((3, 75), (6, 60), (9, 85), (12, 80), (16, SEATS)):
        dealt[0].insert(place, Attempt("capacity", organiser.pk, number))
    for plan in dealt[1:4]:
        plan.insert(chance.randrange(10, 15), Attempt("release", organiser.pk))
    for plan in dealt[4:8]:
        plan.insert(chance.randrange(5, 20), Attempt("settle", organiser.pk))
    return dealt


@pytest.mark.soak
@pytest.mark.parametrize("attempt", range(rounds(soak=50)))
def test_four_hundred_attempts_by_sixteen_processes_fill_exactly_the_seats(
    attempt: int, database: str, people: list[User], organiser: User
) -> None:
    chance = random.Random(attempt)
    chance.shuffle(people)
    # Every other time the clock releases the seats, some way into the race.
    release_at = timezone.now() + (timedelta(seconds=2) if attempt % 2 else timedelta(days=1))
    run = f.RunFactory(capacity=60, quota=QUOTA, release_at=release_at)
    dealt = plans(people, organiser, chance)
    outcomes = racing.together(database, racing.attempts, [(run.pk, plan) for plan in dealt])
    assert [fault for outcome in outcomes for fault in outcome.faults] == []
    assert {code for outcome in outcomes for code in outcome.refused} <= {"below_taken"}
    services.release(run, by=organiser)

    run = Run.objects.get(pk=run.pk)
    rows = list(run.enrolments.order_by("pk").select_related("person"))
    assert run.capacity == SEATS
    holding_exactly(run, rows)
    wanted = {attempt.who for plan in dealt for attempt in plan if attempt.act == "enrol"}
    assert {row.person_id for row in rows} == wanted
    every_seat_was_given_in_order(run, rows)
    each_was_told_once(rows)


def holding_exactly(run: Run, rows: list[Enrolment]) -> None:
    """Every seat is taken, nobody is in twice, and the rules find nobody who waits and may have a seat."""
    held = [row for row in rows if row.holds_seat]
    assert len(held) == run.capacity == run.taken
    active = Counter(row.person_id for row in rows if row.is_active)
    assert set(active.values()) == {1}
    board = Board(run, timezone.now())
    waiting = [candidate_for(row) for row in rows if row.state == "waiting"]
    assert waiting
    assert all(refusal(board.rules, board.taken, [one]) for one in waiting)


def every_seat_was_given_in_order(run: Run, rows: list[Enrolment]) -> None:
    """Replay the traces: never too many, and nobody got a seat before somebody in line who might have had it."""
    by_key = {row.pk: row for row in rows}
    state: dict[int, str] = {}
    held: Counter[Any] = Counter()
    for trace in Trace.objects.filter(enrolment__run=run).order_by("pk"):
        row = by_key[trace.enrolment_id]
        before, state[row.pk] = state.get(row.pk), trace.state
        held[row.municipality_id] += (trace.state in HOLDING) - (before in HOLDING)
        if trace.state not in HOLDING or before in HOLDING:
            continue
        assert held.total() <= trace.facts["capacity"]
        quota = trace.facts.get("quota")
        assert quota is None or held[row.municipality_id] <= quota
        passed = [by_key[pk] for pk, then in state.items() if then == "waiting" and pk < row.pk]
        assert all(quota is not None and held[one.municipality_id] >= quota for one in passed)
    assert {row.pk: row.state for row in rows} == state
    entries = ModelLogEntry.objects.filter(
        action="courses.enrolment.enrolled", object_id__in=[str(row.pk) for row in rows]
    )
    assert entries.count() == len(rows)


def each_was_told_once(rows: list[Enrolment]) -> None:
    """A notice and one mail for each thing that happened, and none for what was rolled back."""
    expected: set[tuple[int, str]] = set()
    for trace in Trace.objects.filter(enrolment__in=rows).select_related("enrolment"):
        expected.add((trace.enrolment.person_id, f"enrolment:{trace.enrolment_id}:{trace.state}"))
    first = min(row.pk for row in rows)
    of_this_run = [
        notice
        for notice in Notice.objects.filter(key__startswith="enrolment:")
        if int(notice.key.split(":")[1]) >= first
    ]
    assert {(notice.recipient_id, notice.key) for notice in of_this_run} == expected
    mails = OutboxMessage.objects.filter(key__in=[notice.key for notice in of_this_run])
    assert sorted(mails.values_list("notice", flat=True)) == sorted(notice.pk for notice in of_this_run)


@pytest.mark.parametrize(("locked", "seated"), [(True, SEATS), (False, SEATS - 1 + PROCESSES)])
def test_the_last_seat_is_given_once_and_without_the_lock_to_all_who_counted(
    locked: bool, seated: int, database: str, people: list[User], organiser: User
) -> None:
    run = f.RunFactory(capacity=SEATS)
    services.enrol(run, people[: SEATS - 1], by=organiser)
    last = people[SEATS - 1 : SEATS - 1 + PROCESSES]
    meeting = racing.CONTEXT.Barrier(PROCESSES)
    outcomes = racing.together(database, racing.one_seat, [(run.pk, one.pk, locked, meeting) for one in last])
    assert [fault for outcome in outcomes for fault in outcome.faults] == []
    assert run.enrolments.holding().count() == seated
