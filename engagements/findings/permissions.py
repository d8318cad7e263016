"""Who may do what with findings, recommendations and reports."""

from typing import TYPE_CHECKING, Any

from engagements.people import permissions as who
from engagements.programme.permissions import is_on_team, may_steer

if TYPE_CHECKING:
    from engagements.programme.models import Engagement

    from .models import Report


def may_write(engagement: "Engagement", user: Any) -> bool:
    """Write findings, recommendations and report texts: the team."""
    return is_on_team(engagement, user)


def may_lock(report: "Report", user: Any) -> bool:
    """Lock a version: the team or the lead."""
    return may_steer(report.engagement, user)


def may_publish(report: "Report", user: Any) -> bool:
    """Approve and publish: the lead."""
    return who.is_lead(user) and may_steer(report.engagement, user)
