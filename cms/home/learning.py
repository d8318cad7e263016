"""Courses on the start pages: one's own next run, who of the municipality goes where, and what awaits an answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.enrolment.models import Enrolment, EnrolmentState
from courses.runs.models import Run
from engagements.municipalities.models import Municipality
from engagements.people import permissions as who
from engagements.programme.overview import Waiting

from .waiting import MUNICIPALITY

AT_MOST = 3
"""Runs named on a start page; the others stand on the courses' own pages."""


@dataclass
class OurRun:
    """A coming run with how many of the municipality have a seat or wait."""

    run: Run
    seated: int = 0
    waiting: int = 0


class Ahead:
    """The enrolments on runs that are not over which concern a reader of a municipality's start page, in one query."""

    def __init__(self, municipality: Municipality, user: Any) -> None:
        self.municipality, self.user = municipality, user
        self.works = who.works_for(user, municipality)
        concerns = Q(person=user) | (Q(municipality=municipality) if self.works else Q(pk__in=()))
        rows = Enrolment.objects.active().filter(concerns, run__ends_at__gt=timezone.now())
        self.rows = list(rows.select_related("person", "run__course").order_by("run__starts_at", "run", "pk"))

    @property
    def own(self) -> list[Enrolment]:
        """The person's own, the next run first."""
        return [row for row in self.rows if row.person_id == self.user.pk][:AT_MOST]

    @property
    def ours(self) -> list[OurRun]:
        """For those who enrol others: the next runs on which somebody from the municipality is."""
        found: dict[int, OurRun] = {}
        for row in self.rows:
            if self.works and row.municipality_id == self.municipality.pk:
                one = found.setdefault(row.run_id, OurRun(row.run))
                one.seated += row.holds_seat
                one.waiting += row.state == EnrolmentState.WAITING
        return list(found.values())[:AT_MOST]

    def waiting(self) -> Iterator[Waiting]:
        """Enrolments a leader approves, and seats that are kept until somebody answers."""
        for row in self.rows:
            asked, offered = row.state == EnrolmentState.REQUESTED, row.state == EnrolmentState.OFFERED
            if not offered and not (asked and self.works and row.person_id != self.user.pk):
                continue
            facts = {"name": row.person, "run": row.run.title}
            yield Waiting(
                text=(
                    _("Approve %(name)s's enrolment: %(run)s") % facts
                    if asked
                    else _("Take or decline the seat offered to %(name)s: %(run)s") % facts
                ),
                address=row.get_absolute_url(),
                side=MUNICIPALITY,
                due_on=timezone.localdate(row.answer_by) if row.answer_by else None,
                about=self.municipality.name,
                mine=True,
            )
