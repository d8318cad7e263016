"""Seats given up after the date for it: who, when and why, for those who plan the run."""

from dataclasses import dataclass
from datetime import datetime

from wagtail.log_actions import registry

from courses.runs.models import Kind, Run
from courses.runs.permissions import may_organise
from engagements.lifecycle import action_name
from engagements.people import permissions as who
from engagements.people.services import staff
from engagements.users.models import User

from .models import Enrolment


@dataclass(frozen=True)
class Late:
    """One cancellation after the date, with the reason that was asked for."""

    enrolment: Enrolment
    at: datetime | None
    reason: str


def late_cancellations(run: Run) -> list[Late]:
    """The newest first; the reasons are the notes of the audit log. A seat handed over to a colleague is not among them."""
    rows = list(run.enrolments.filter(late=True).select_related("person", "municipality").order_by("-ended_at", "-pk"))
    if not rows:
        return []
    log = registry.get_log_model_for_model(Enrolment).objects.get_for_model(Enrolment)
    entries = log.filter(action=action_name(Enrolment, "cancel"), object_id__in=[str(row.pk) for row in rows])
    reasons = {
        entry.object_id: str((entry.data or {}).get("note", "")) for entry in entries.order_by("timestamp", "pk")
    }
    return [Late(row, row.ended_at, reasons.get(str(row.pk), "")) for row in rows]


def organisers_of(run: Run) -> list[User]:
    """Whoever planned the run and still may; else those who organise runs of its kind."""
    planner = run.created_by
    if planner is not None and planner.is_active and may_organise(run, planner):
        return [planner]
    return list(staff(*((who.NETWORK, who.HOSTS) if run.kind == Kind.MEETING else (who.COURSES,))))
