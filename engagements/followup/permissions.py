"""Who may do what with replies and actions."""

from typing import TYPE_CHECKING, Any

from engagements.people import permissions as who
from engagements.people.models import Role
from engagements.programme.permissions import is_on_team

if TYPE_CHECKING:
    from engagements.programme.models import Engagement

    from .models import Action


def may_reply(engagement: "Engagement", user: Any) -> bool:
    """Answer recommendations and plan actions: leaders and coordinators."""
    return who.works_for(user, engagement.municipality_id)


def may_work(action: "Action", user: Any) -> bool:
    """Change, start, report and drop an action: leaders and coordinators."""
    return who.works_for(user, action.engagement.municipality_id)


def may_verify(action: "Action", user: Any) -> bool:
    """The team while the engagement runs, the municipality's controller after; never who reported it."""
    if action.reported_by_id == user.pk:
        return False
    engagement = action.engagement
    if engagement.state in engagement.RUNNING:
        return is_on_team(engagement, user)
    return who.has_role(user, engagement.municipality_id, Role.CONTROLLER)
