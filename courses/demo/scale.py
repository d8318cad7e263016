"""Many runs with many people, for measuring; written in bulk and not through the services."""

from datetime import timedelta

from django.utils import timezone

from courses.catalogue.models import Course
from courses.completion.models import Attendance
from courses.enrolment.models import Enrolment, EnrolmentState
from courses.runs.models import Run, RunState, Session
from engagements.municipalities.models import Municipality
from engagements.people import demo as people
from engagements.people.models import Role
from engagements.users.models import User

FIRST = 20_000
SEATED = 40


def add(count: int) -> int:
    """Add runs held in earlier years until there are `count`, each with forty participants; returns how many are new."""
    wanted = [f"2019-{FIRST + number}" for number in range(count)]
    known = set(Run.objects.filter(reference__in=wanted).values_list("reference", flat=True))
    courses = list(Course.objects.order_by("pk"))
    now = timezone.now()
    runs = Run.objects.bulk_create(
        Run(
            reference=reference,
            course=courses[number % len(courses)],
            state=RunState.PUBLISHED,
            starts_at=now - timedelta(days=400 + number % 900),
            ends_at=now - timedelta(days=400 + number % 900) + timedelta(hours=6),
            opens_at=now - timedelta(days=1500),
            closes_at=now - timedelta(days=1400),
            cancel_until=now - timedelta(days=1400),
            capacity=SEATED + 5,
            taken=SEATED,
        )
        for number, reference in enumerate(wanted)
        if reference not in known
    )
    sessions = Session.objects.bulk_create(
        Session(run=run, starts_at=run.starts_at, ends_at=run.ends_at, place="Odense") for run in runs
    )
    people_there = _people()[:SEATED]
    rows = Enrolment.objects.bulk_create(
        Enrolment(
            run=run,
            person=person,
            municipality=place,
            role=Role.CASEWORKER,
            state=EnrolmentState.SEATED,
            queued_at=run.opens_at,
            seated_at=run.opens_at,
            completed_at=None if number % 9 == 0 else run.ends_at,
        )
        for run in runs
        for number, (place, person) in enumerate(people_there)
    )
    session_of = {session.run_id: session for session in sessions}
    Attendance.objects.bulk_create(
        Attendance(enrolment=row, session=session_of[row.run_id], present=row.completed_at is not None) for row in rows
    )
    return len(runs)


def _people() -> list[tuple[Municipality, User]]:
    places = Municipality.objects.filter(slug__in=people.DOMAINS)
    return [(place, person) for place in places for person in people.colleagues(place)]
