"""Moving the dates of a run: who is told, in which words, and the act itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.runs.models import Run
from courses.runs.services import Changes, SessionPlan, plan_sessions
from engagements.notices.services import gathered
from engagements.users.models import User

from . import messages_dates
from .board import lock
from .models import Enrolment, EnrolmentState
from .organising import look_again


@dataclass(frozen=True)
class Told:
    """People in the same state who are told."""

    label: str
    people: list[User]


def told(run: Run) -> list[Told]:
    """Whom a change of the run concerns: by state of the enrolment, then the teachers who have an account."""
    by_state: dict[str, list[User]] = {}
    for row in _concerned(run):
        by_state.setdefault(row.state, []).append(row.person)
    order = [EnrolmentState.SEATED, EnrolmentState.OFFERED, EnrolmentState.WAITING, EnrolmentState.REQUESTED]
    found = [Told(str(state.label), by_state[state]) for state in order if state in by_state]
    if teaching := messages_dates.teachers_of(run):
        found.append(Told(_("teachers"), teaching))
    return found


def _concerned(run: Run) -> list[Enrolment]:
    rows = run.enrolments.active().select_related("person").order_by("person__first_name", "person__last_name")
    return list(rows)


def _answers_before(run: Run) -> None:
    """An offer is answered before the run begins, and a request before enrolment closes: also on an earlier day."""
    rows = run.enrolments.exclude(answer_by=None)
    rows.filter(state=EnrolmentState.OFFERED, answer_by__gt=run.starts_at).update(answer_by=run.starts_at)
    rows.filter(state=EnrolmentState.REQUESTED, answer_by__gt=run.closes_at).update(answer_by=run.closes_at)


@transaction.atomic
def move_dates(
    run: Run,
    plans: Iterable[SessionPlan],
    *,
    by: User,
    note: str = "",
    deadlines: Mapping[str, datetime | None] | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> Changes:
    """Make the sessions be `plans`, tell everyone concerned, and send those with a seat the new calendar file.

    Raises what `plan_sessions` raises. Nothing changed tells nobody.
    """
    at = at or timezone.now()
    with gathered():
        lock(run)
        changes = plan_sessions(run, plans, by=by, note=note, deadlines=deadlines, version=version)
        if changes:
            rows = _concerned(run)
            for row in rows:
                row.run = run
            messages_dates.dates_moved(run, changes, rows, by=by, note=note)
        if changes or deadlines:
            _answers_before(run)
            look_again(run, by=by, at=at)
    return changes
