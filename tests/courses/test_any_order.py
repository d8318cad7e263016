"""Whatever happens to the seats of two runs, in any order: never too many, and no free seat beside one who may have it."""

import os
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from courses.enrolment import organising, services
from courses.enrolment.arrivals import Refused
from courses.enrolment.board import Board
from courses.enrolment.models import ACTIVE, HOLDING, Trace
from courses.enrolment.seating import refusal, units
from courses.models import Enrolment, Party, Policy, Run
from engagements.models import Municipality
from engagements.people.models import Role
from engagements.users.models import User
from tests import factories as f
from tests.rounds import IN_CI, rounds

TOWNS, COLLEAGUES = 3, 4
SOAKING = "ROUNDS" in os.environ

towns = st.integers(0, TOWNS - 1)
which_run = st.integers(0, 1)
picked = st.integers(0, 50)
"""Which of the rows that qualify; counted round."""


class World:
    """Three municipalities, one of which approves enrolments, each with a leader and four colleagues."""

    def __init__(self) -> None:
        self.organiser: User = f.StaffFactory(group="courses")
        self.towns: list[Municipality] = [f.MunicipalityFactory() for _ in range(TOWNS)]
        self.leaders: list[User] = [f.MembershipFactory(municipality=town).user for town in self.towns]
        self.people: list[list[User]] = [
            [f.MembershipFactory(municipality=town, role=Role.CASEWORKER).user for _ in range(COLLEAGUES)]
            for town in self.towns
        ]
        self.course = f.CourseFactory()
        Policy.objects.create(municipality=self.towns[0], approval_required=True, answer_days=3)


class Seats(RuleBasedStateMachine):
    """Everything people, organisers and the clock do to two runs of a course."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.block = transaction.atomic()
        self.block.__enter__()
        self.at = timezone.now()
        self.held: dict[int, Counter[Any]] = {}
        self.holders: set[int] = set()
        self.runs: list[Run] = []
        self.behind = False

    def teardown(self) -> None:
        """Leave no row behind."""
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize(
        capacities=st.tuples(st.integers(1, 4), st.integers(1, 3)),
        quota=st.none() | st.integers(1, 3),
        promotion=st.sampled_from(Run.Promotion.values),
        order=st.sampled_from(Run.Order.values),
        training_last=st.booleans(),
        released=st.booleans(),
    )
    def plan(
        self,
        capacities: tuple[int, int],
        quota: int | None,
        promotion: str,
        order: str,
        training_last: bool,
        released: bool,
    ) -> None:
        """One run with rules of every kind, and a plain one."""
        rules = {"promotion": promotion, "waiting_order": order, "training_last": training_last, "quota": quota}
        release_at = self.at + timedelta(days=5) if released else None
        self.runs = [
            f.RunFactory(course=self.world.course, capacity=capacities[0], release_at=release_at, **rules),
            f.RunFactory(course=self.world.course, capacity=capacities[1]),
        ]
        self.look()

    def look(self) -> None:
        """Remember who holds seats, to see in the next step who has gained one."""
        rows = Enrolment.objects.holding().values_list("run", "municipality", "pk")
        self.held = {run.pk: Counter(home for one, home, _pk in rows if one == run.pk) for run in self.runs}
        self.holders = {pk for _run, _home, pk in rows}

    def act(self, does: Callable[[], object]) -> None:
        """Do it; a refusal is an answer, and leaves everything as it was."""
        before = list(Enrolment.objects.order_by("pk").values())
        self.look()
        try:
            does()
        except Refused:
            assert list(Enrolment.objects.order_by("pk").values()) == before

    def pick(self, number: int, *states: str) -> Enrolment | None:
        """One of the rows in these states."""
        rows = list(Enrolment.objects.filter(run__in=self.runs, state__in=states).order_by("pk"))
        return rows[number % len(rows)] if rows else None

    def leader_of(self, row: Enrolment) -> User:
        """A fresh object, as each request has one."""
        found = next(one for one, town in enumerate(self.world.towns) if town.pk == row.municipality_id)
        return self.world.leaders[found]

    @rule(run=which_run, town=towns, who=st.integers(0, COLLEAGUES - 1), in_training=st.booleans())
    def enrol_oneself(self, run: int, town: int, who: int, in_training: bool) -> None:
        """One person."""
        person = self.world.people[town][who]
        training = [person] if in_training else []
        self.enrol(run, [person], by=person, in_training=training)

    @rule(
        run=which_run,
        town=towns,
        size=st.integers(2, 3),
        first=st.integers(0, COLLEAGUES - 1),
        together=st.booleans(),
        fewer=st.booleans(),
        by_leader=st.booleans(),
    )
    def enrol_several(
        self, run: int, town: int, size: int, first: int, together: bool, fewer: bool, by_leader: bool
    ) -> None:
        """Colleagues by their leader, or people of two municipalities by the organiser."""
        group = [self.world.people[town][(first + step) % COLLEAGUES] for step in range(size)]
        by = self.world.leaders[town]
        if not by_leader:
            group[-1], by = self.world.people[(town + 1) % TOWNS][first], self.world.organiser
        how = {"together": together, "fewer": fewer and not together}
        self.enrol(run, group, by=by, **how)

    def enrol(self, run: int, people: list[User], *, by: User, fewer: bool = False, **how: Any) -> None:
        """Whoever is not refused is enrolled afterwards."""

        def does() -> None:
            rows = services.enrol(self.runs[run], people, by=by, fewer=fewer, at=self.at, **how)
            assert fewer or [row.person_id for row in rows] == [person.pk for person in people]
            for row in rows:
                stored = Enrolment.objects.get(pk=row.pk)
                assert stored.is_active
                assert stored.state == row.state

        self.act(does)

    @rule(number=picked, yes=st.booleans())
    def answer_a_request(self, number: int, yes: bool) -> None:
        """The own leader approves or refuses."""
        if row := self.pick(number, "requested"):
            answer = services.approve if yes else services.reject
            self.act(lambda: answer(row, by=self.leader_of(row), at=self.at))

    @rule(number=picked)
    def cancel(self, number: int) -> None:
        """Whoever has or awaits a seat."""
        if row := self.pick(number, *ACTIVE):
            self.act(lambda: services.cancel(row, by=row.person, note="Syg", at=self.at))

    @rule(number=picked, yes=st.booleans())
    def answer_an_offer(self, number: int, yes: bool) -> None:
        """Take the seat, or let it go."""
        if row := self.pick(number, "offered"):
            answer = services.accept_offer if yes else services.cancel
            self.act(lambda: answer(row, by=row.person, at=self.at))

    @rule(number=picked, colleague=st.integers(0, COLLEAGUES - 1))
    def swap(self, number: int, colleague: int) -> None:
        """Hand the seat to a colleague."""
        if row := self.pick(number, "seated"):
            leader = self.leader_of(row)
            person = self.world.people[self.world.leaders.index(leader)][colleague]
            self.act(lambda: services.swap(row, person, by=leader, at=self.at))

    @rule(number=picked, wait=st.booleans())
    def transfer(self, number: int, wait: bool) -> None:
        """To the other run."""
        if row := self.pick(number, *ACTIVE):
            other = next(run for run in self.runs if run.pk != row.run_id)
            self.act(lambda: services.transfer(row, other, by=self.leader_of(row), wait=wait, at=self.at))

    @rule(number=picked)
    def split(self, number: int) -> None:
        """A group no longer waits for seats side by side."""
        parties = list(Party.objects.filter(run__in=self.runs, together=True).order_by("pk"))
        if parties:
            party = parties[number % len(parties)]
            self.act(lambda: services.split(party, by=self.world.organiser, at=self.at))

    @rule(run=which_run, capacity=st.integers(1, 6))
    def set_capacity(self, run: int, capacity: int) -> None:
        """More or fewer seats."""
        self.act(lambda: organising.set_capacity(self.runs[run], capacity, by=self.world.organiser, at=self.at))

    @rule(
        run=which_run,
        quota=st.none() | st.integers(1, 3),
        shares=st.dictionaries(towns, st.tuples(st.none() | st.integers(1, 3), st.integers(0, 1)), max_size=2),
    )
    def set_shares(self, run: int, quota: int | None, shares: dict[int, tuple[int | None, int]]) -> None:
        """Quotas and reserved seats."""
        rows = [(self.world.towns[town], most, reserved) for town, (most, reserved) in shares.items()]
        by = self.world.organiser
        self.act(lambda: organising.set_shares(self.runs[run], quota=quota, shares=rows, by=by, at=self.at))

    @rule(run=which_run)
    def release(self, run: int) -> None:
        """Let unused seats go."""
        self.act(lambda: organising.release(self.runs[run], by=self.world.organiser, at=self.at))

    @rule(hours=st.sampled_from([1, 30, 75, 130, 400]), behind=st.booleans())
    def pass_time(self, hours: int, behind: bool) -> None:
        """The clock goes on; the worker does what is due at once, or only after the next act."""
        self.at += timedelta(hours=hours)
        self.behind = behind
        self.act(lambda: None if behind else services.settle_due(self.at))

    @invariant()
    def rules_hold(self) -> None:
        """On both runs."""
        if self.behind:
            self.behind = False
            return
        services.settle_due(self.at)
        for run in self.runs:
            self.runs[self.runs.index(run)] = now = Run.objects.select_related("course").get(pk=run.pk)
            check(now, self.at, self.held[run.pk], self.holders)


def check(run: Run, at: datetime, held: Counter[Any], holders: set[int]) -> None:
    """`held` and `holders`: who had seats before the step."""
    rows = list(run.enrolments.order_by("pk").select_related("party"))
    board = Board(run, at)
    counters_are_true(run, board, rows)
    gained = [row for row in rows if row.holds_seat and row.pk not in holders and row.moved_from_id not in holders]
    seats_given_keep_the_rules(board, held, gained)
    groups_sit_together(rows)
    nobody_waits_beside_a_seat(board, at)
    for row in gained:
        assert not [
            one.pk
            for one in rows
            if one.pk < row.pk
            and (one.state, one.municipality_id, one.in_training) == ("waiting", row.municipality_id, row.in_training)
            and not (one.party and one.party.together)
        ]
    last = {trace.enrolment_id: trace.state for trace in Trace.objects.filter(enrolment__run=run).order_by("pk")}
    assert last == {row.pk: row.state for row in rows}


def counters_are_true(run: Run, board: Board, rows: list[Enrolment]) -> None:
    """Nobody is in twice, and the run knows its seats."""
    assert run.taken == sum(row.state in HOLDING for row in rows) <= run.capacity
    assert run.withheld == min(board.rules.withheld(board.taken), run.capacity)
    active = Counter(row.person_id for row in rows if row.is_active)
    assert not active or max(active.values()) == 1


def seats_given_keep_the_rules(board: Board, held: Counter[Any], gained: list[Enrolment]) -> None:
    """Seats given in this step respect the quota and the seats reserved for others as they are now."""
    rules, taken = board.rules, board.taken
    for row in gained:
        home = row.municipality_id
        assert not (rules.training_waits and row.in_training)
        if taken[home] <= held[home]:
            continue
        most = rules.most_for(home)
        assert most is None or taken[home] <= most
        if taken[home] > rules.reserved.get(home or 0, 0):
            assert board.total + rules.withheld(taken) <= rules.capacity


def groups_sit_together(rows: list[Enrolment]) -> None:
    """Of a group that asked for it, all hold seats or none."""
    groups: dict[int, set[bool]] = {}
    for row in rows:
        if row.party and row.party.together and row.is_active:
            groups.setdefault(row.party.pk, set()).add(row.holds_seat)
    assert all(len(found) == 1 for found in groups.values())


def nobody_waits_beside_a_seat(board: Board, at: datetime) -> None:
    """Each who waits is refused by a rule, until the run begins."""
    if at >= board.run.starts_at:
        return
    for unit in units(board.line(), training_last=board.rules.training_last):
        assert refusal(board.rules, board.taken, unit)


@pytest.mark.soak
@pytest.mark.django_db
def test_whatever_happens_in_any_order_the_rules_of_the_seats_hold() -> None:
    world = World()
    run_state_machine_as_test(
        lambda: Seats(world),
        settings=settings(
            max_examples=rounds(soak=500) if SOAKING else 4 * IN_CI,
            stateful_step_count=40 if SOAKING else 16,
            derandomize=not SOAKING,
            database=None,
        ),
    )
