"""Who may do what with findings, recommendations and reports."""

from typing import TYPE_CHECKING, Any

from engagements.people import permissions as who
from engagements.programme.permissions import is_on_team, may_steer

if TYPE_CHECKING:
    from engagements.programme.models import Engagement

    from .models import Finding, Recommendation, Report


def may_write(engagement: "Engagement", user: Any) -> bool:
    """Write findings, recommendations and report texts: the team, while the engagement runs."""
    return engagement.state in engagement.RUNNING and is_on_team(engagement, user)


def may_change(obj: "Finding | Recommendation", user: Any) -> bool:
    """Change or delete what is not yet published: the team."""
    return obj.published_at is None and may_write(obj.engagement, user)


def may_lock(report: "Report", user: Any) -> bool:
    """Lock a version, open for changes: the team or the lead."""
    return may_steer(report.engagement, user)


def may_publish(report: "Report", user: Any) -> bool:
    """Approve and publish: the lead, but not a version that he or she locked."""
    if not (who.is_lead(user) and may_steer(report.engagement, user)):
        return False
    return report.versions.order_by("-number").values_list("locked_by", flat=True).first() != user.pk
