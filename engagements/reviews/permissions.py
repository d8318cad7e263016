"""Who may do what with a case review."""

from typing import TYPE_CHECKING, Any

from engagements.people import permissions as who
from engagements.programme.permissions import is_on_team, may_steer

if TYPE_CHECKING:
    from engagements.programme.models import Engagement

    from .models import Review


def may_open(engagement: "Engagement", user: Any) -> bool:
    """Open a review: the team, while the engagement runs."""
    return engagement.state in engagement.RUNNING and is_on_team(engagement, user)


def may_record(review: "Review", user: Any) -> bool:
    """Record answers and close: the engagement's team."""
    return is_on_team(review.engagement, user)


def may_read_cases(review: "Review", user: Any) -> bool:
    """See single cases and unfinished results: the team and the lead, never the municipality."""
    return may_steer(review.engagement, user)


def may_reopen(review: "Review", user: Any) -> bool:
    """Open again: the lead."""
    return who.is_lead(user) and may_steer(review.engagement, user)
