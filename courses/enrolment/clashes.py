"""Double bookings: other enrolments of a person with sessions at the same time."""

from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, Q

from courses.runs.models import Run, Session
from engagements.users.models import User

from .models import Enrolment


def clashes_of(people: Iterable[User], run: Run) -> dict[int, list[Enrolment]]:
    """By primary key of the person: active enrolments on other runs of which a session overlaps one of this run."""
    ours = Session.objects.filter(run=run, starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at"))
    overlapping = Session.objects.filter(Exists(ours), run=OuterRef("run"))
    rows = (
        Enrolment.objects.active()
        .filter(
            Q(run__starts_at__lt=run.ends_at, run__ends_at__gt=run.starts_at),
            ~Q(run=run),
            Exists(overlapping),
            person__in=[person.pk for person in people],
        )
        .select_related("run__course", "person")
        .order_by(F("run__starts_at"), "pk")
    )
    found: dict[int, list[Enrolment]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(row)
    return found


def clashes(person: User, run: Run) -> list[Enrolment]:
    """The same for one person."""
    return clashes_of([person], run).get(person.pk, [])
