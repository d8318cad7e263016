"""Who may do what with replies and actions."""

from typing import TYPE_CHECKING, Any

from engagements.people import permissions as who
from engagements.people.models import CASEWORK_ROLES, Role
from engagements.programme.permissions import is_on_team, may_steer

if TYPE_CHECKING:
    from engagements.programme.models import Engagement

    from .models import Action, Evidence


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


def may_read(engagement: "Engagement", user: Any) -> bool:
    """Read the actions: the municipality's own people, the team and the lead."""
    own = who.has_role(user, engagement.municipality_id, *CASEWORK_ROLES, Role.CASEWORKER)
    return own or may_steer(engagement, user)


def may_change(action: "Action", user: Any) -> bool:
    """Change what is planned while it is not reported done."""
    return may_work(action, user) and action.state in ("planned", "in_progress")


def verifies(engagement: "Engagement", user: Any) -> bool:
    """One of those who verify here, whoever reported."""
    if engagement.state in engagement.RUNNING:
        return is_on_team(engagement, user)
    return who.has_role(user, engagement.municipality_id, Role.CONTROLLER)


def may_fetch_evidence(evidence: "Evidence", user: Any) -> bool:
    """Whoever reads the action."""
    return may_read(evidence.action.engagement, user)
