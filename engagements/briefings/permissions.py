"""Who may do what with a briefing."""

from typing import TYPE_CHECKING, Any

from engagements.people import permissions as who
from engagements.programme.permissions import is_on_team

if TYPE_CHECKING:
    from .models import Briefing


def may_write(briefing: "Briefing", user: Any) -> bool:
    """Write and send to the director: the team."""
    return is_on_team(briefing.engagement, user)


def may_release(briefing: "Briefing", user: Any) -> bool:
    """Release to the council: the director or a named deputy."""
    return who.signs_for(user, briefing.engagement.municipality_id)
