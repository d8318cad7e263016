"""Who may do what with an application."""

from typing import TYPE_CHECKING, Any

from engagements.people import permissions as who
from engagements.people.models import Role

if TYPE_CHECKING:
    from .models import Application


def may_begin(municipality_pk: int, user: Any) -> bool:
    """Begin an application: leaders and coordinators."""
    return who.works_for(user, municipality_pk)


def may_edit(application: "Application", user: Any) -> bool:
    """Fill its sections: leaders and coordinators of the municipality, while it is open for changes."""
    return application.is_editable and who.works_for(user, application.municipality_id)


def may_submit(application: "Application", user: Any) -> bool:
    """Submit: a leader."""
    return who.has_role(user, application.municipality_id, Role.LEADER)


def may_sign(application: "Application", user: Any) -> bool:
    """Sign off: the director or a named deputy."""
    return who.signs_for(user, application.municipality_id)


def may_withdraw(application: "Application", user: Any) -> bool:
    """Take back: a leader or the director."""
    return who.has_role(user, application.municipality_id, Role.LEADER, Role.DIRECTOR)


def may_handle(application: "Application", user: Any) -> bool:
    """Read and assess for the Task Force."""
    return who.is_case_staff(user) and application.municipality_id not in who.disqualified_for(user)


def may_assess(application: "Application", agency: str, user: Any) -> bool:
    """Fill one agency's assessment: that agency's consultants."""
    return may_handle(application, user) and agency in who.groups_of(user)


def may_decide(application: "Application", user: Any) -> bool:
    """Accept, wait-list, decline: the lead."""
    return who.is_lead(user) and application.municipality_id not in who.disqualified_for(user)
