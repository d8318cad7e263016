"""Who notes attendance, issues and revokes certificates, reads and gives evaluations."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from courses.runs.permissions import may_hold, may_organise

if TYPE_CHECKING:
    from courses.runs.models import Run, Session

    from .models import Certificate

EVALUATION_OPEN = timedelta(days=21)
"""How long after a run its participants may evaluate it."""


def may_revoke(certificate: "Certificate", user: Any) -> bool:
    """The organiser of the run, who cannot revoke the own certificate."""
    return certificate.person_id != user.pk and may_organise(certificate.enrolment.run, user)


def can_be_noted(session: "Session", at: datetime) -> bool:
    """Attendance is noted from the day of the session on, on a run that is held."""
    return session.run.state == session.run.State.PUBLISHED and (
        timezone.localdate(at) >= timezone.localdate(session.starts_at)
    )


def can_be_concluded(run: "Run", at: datetime) -> bool:
    """Certificates are issued when the run is over."""
    return run.state == run.State.PUBLISHED and run.ends_at <= at


def can_be_evaluated(run: "Run", at: datetime) -> bool:
    """From its end on, for three weeks."""
    return run.state == run.State.PUBLISHED and run.ends_at <= at < run.ends_at + EVALUATION_OPEN


__all__ = ["can_be_concluded", "can_be_evaluated", "can_be_noted", "may_hold", "may_organise", "may_revoke"]
