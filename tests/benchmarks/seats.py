"""Attempts a second for the seats of a run by 16 processes, beside a bare transaction that does no more than the race needs."""

import time
from multiprocessing.synchronize import Barrier
from statistics import median
from typing import Any

from tests.courses import racing
from tests.courses.racing import PATIENCE, Outcome

PROCESSES, ATTEMPTS, SEATS, ROUNDS, WARM_UP = 16, 400, 100, 5, 3


def measure() -> str:
    """One line: attempts a second through the service and bare, in turns, and their ratio (more is better)."""
    from django.db import connection

    from tests import databases
    from tests import factories as f
    from tests.courses.crowd import crowd

    rates: dict[Any, list[float]] = {service: [], bare: []}
    with databases.apart("bench-apart") as name:
        people = [person.pk for person in crowd(ATTEMPTS)]
        connection.close()
        for warm in (False, *[True] * ROUNDS):
            for way, found in rates.items():
                run, other = f.RunFactory(capacity=SEATS), f.RunFactory(capacity=SEATS)
                connection.close()
                given = [(run.pk, other.pk, people[number::PROCESSES]) for number in range(PROCESSES)]
                outcomes = racing.together(name, way, given)
                assert not [fault for outcome in outcomes for fault in outcome.faults]
                assert run.enrolments.filter(state="seated").count() == SEATS
                began, ended = (min(one.began for one in outcomes), max(one.ended for one in outcomes))
                if warm:
                    found.append(ATTEMPTS / (ended - began))
    ours, floor = median(rates[service]), median(rates[bare])
    return f"{'enrolments, 16 at once for 100 seats':38} {ours:8.1f} /s {floor:9.1f} /s   {ours / floor:5.2f} x   {ROUNDS} rounds"


def service(run: int, other: int, people: list[int], start: Barrier) -> Outcome:
    """With permission, audit entry, reason, notice and mail."""
    from courses.enrolment import services

    return _all(run, other, people, start, lambda on, person: services.enrol(on, [person], by=person))


def bare(run: int, other: int, people: list[int], start: Barrier) -> Outcome:
    """Lock the run, count, insert."""
    from django.db import transaction
    from django.utils import timezone

    from courses.models import Enrolment, Run

    def one(on: Any, person: Any) -> None:
        with transaction.atomic():
            locked = Run.objects.select_for_update().get(pk=on.pk)
            taken = Enrolment.objects.filter(run=locked, state="seated").count()
            state = "seated" if taken < locked.capacity else "waiting"
            Enrolment.objects.create(run=locked, person=person, state=state, queued_at=timezone.now())

    return _all(run, other, people, start, one)


def _all(run: int, other: int, people: list[int], start: Barrier, one: Any) -> Outcome:
    """Attempts on `run`; before them some on `other`, for a process of the site has served many requests before."""
    from courses.models import Run
    from engagements.users.models import User

    on, found = Run.objects.get(pk=run), list(User.objects.filter(pk__in=people))
    warm = Run.objects.get(pk=other)
    for person in found[:WARM_UP]:
        one(warm, person)
    start.wait(PATIENCE)
    began = time.monotonic()
    for person in found:
        one(on, person)
    return Outcome(len(found), [], [], began, time.monotonic())
