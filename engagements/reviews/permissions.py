"""Who may do what with a case review."""

from typing import TYPE_CHECKING, Any

from engagements.people import permissions as who
from engagements.programme.permissions import is_on_team, may_steer

if TYPE_CHECKING:
    from .models import Review


def may_record(review: "Review", user: Any) -> bool:
    """Record answers and close: the engagement's team."""
    return is_on_team(review.engagement, user)


def may_reopen(review: "Review", user: Any) -> bool:
    """Open again: the lead."""
    return who.is_lead(user) and may_steer(review.engagement, user)
