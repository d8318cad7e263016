"""Courses on the start pages: one's own next run, who of the municipality goes where, and what awaits an answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.enrolment.models import ACTIVE, HOLDING, Enrolment, EnrolmentState
from courses.runs.models import Run
from engagements.municipalities.models import Municipality
from engagements.people import permissions as who
from engagements.programme.overview import Waiting

from .waiting import MUNICIPALITY

AHEAD = 3
"""Runs named on a start page; the others stand on the courses' own pages."""


@dataclass(frozen=True)
class OurRun:
    """A coming run with how many of the municipality have a seat or wait."""

    run: Run
    seated: int
    waiting: int


def own_next(user: Any) -> list[Enrolment]:
    """The person's own enrolments on runs that are not over, the next first."""
    rows = Enrolment.objects.active().filter(person=user, run__ends_at__gt=timezone.now())
    return list(rows.select_related("run__course").order_by("run__starts_at", "pk")[:AHEAD])


def ours_next(municipality: Municipality, user: Any) -> list[OurRun]:
    """For those who enrol others: the next runs on which somebody from the municipality is."""
    if not who.works_for(user, municipality):
        return []
    from_here = Q(enrolments__municipality=municipality)
    runs = (
        Run.objects.upcoming()
        .filter(from_here, enrolments__state__in=ACTIVE)
        .select_related("course")
        .annotate(
            ours=Count("enrolments", filter=from_here & Q(enrolments__state__in=HOLDING)),
            waits=Count("enrolments", filter=from_here & Q(enrolments__state=EnrolmentState.WAITING)),
        )
    )
    return [OurRun(run, run.ours, run.waits) for run in runs.order_by("starts_at", "pk")[:AHEAD]]


def in_courses(municipality: Municipality, user: Any) -> Iterator[Waiting]:
    """Enrolments a leader approves, and seats that are kept until somebody answers."""
    works = who.works_for(user, municipality)
    rows = Enrolment.objects.visible_to(user).filter(
        municipality=municipality, state__in=[EnrolmentState.REQUESTED, EnrolmentState.OFFERED]
    )
    for row in rows.select_related("person", "run__course").order_by("answer_by")[:12]:
        facts = {"name": row.person, "run": row.run.title}
        asked = row.state == EnrolmentState.REQUESTED
        own = row.person_id == user.pk
        if asked and (own or not works):
            continue
        yield Waiting(
            text=(
                _("Approve %(name)s's enrolment: %(run)s") % facts
                if asked
                else _("Take or decline the seat offered to %(name)s: %(run)s") % facts
            ),
            address=row.get_absolute_url(),
            side=MUNICIPALITY,
            due_on=timezone.localdate(row.answer_by) if row.answer_by else None,
            about=municipality.name,
            mine=True,
        )
