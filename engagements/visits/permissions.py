"""Who may do what with offers and visits."""

from typing import TYPE_CHECKING, Any

from engagements.people import permissions as who
from engagements.people.models import CASEWORK_ROLES, Role

if TYPE_CHECKING:
    from .models import LearningPoint, Visit, VisitMaterial
    from .models_offers import VisitOffer

READERS = (*CASEWORK_ROLES, Role.CASEWORKER)
"""Those in a municipality who follow its visits."""
ON_TEAMS = (who.LEARNING, who.LEGAL, who.SOCIAL, who.LEAD)
"""Staff who may be put on the team of a visit."""


def runs_visits(user: Any) -> bool:
    """The learning team and the lead, who make offers and plan the visits."""
    return who.is_staff_of(user, who.LEARNING, who.LEAD)


def may_run_offer(offer: "VisitOffer", user: Any) -> bool:
    """Make, change, publish and close offers."""
    return runs_visits(user)


def may_ask(user: Any) -> bool:
    """Ask for a visit somewhere: leaders and coordinators."""
    return bool(who.municipalities_of(user, Role.LEADER, Role.COORDINATOR))


def may_run(visit: "Visit", user: Any) -> bool:
    """Accept, plan, hold and note: the learning team and the lead, unless *inhabil* for the municipality."""
    return runs_visits(user) and visit.municipality_id not in who.disqualified_for(user)


def may_accept(visit: "Visit", user: Any) -> bool:
    """Give a request its place."""
    return may_run(visit, user)


def works_on(visit: "Visit", user: Any) -> bool:
    """Either side of the visit: the municipality's leaders and coordinators, its team, and those who run visits."""
    return who.works_for(user, visit.municipality_id) or may_run(visit, user) or is_on_team(visit, user)


def is_on_team(visit: "Visit", user: Any) -> bool:
    """One of those who visit, and not *inhabil*."""
    if not who.is_task_force(user) or visit.municipality_id in who.disqualified_for(user):
        return False
    return any(member.user_id == user.pk for member in visit.team.all())


def may_cancel(visit: "Visit", user: Any) -> bool:
    """Either side may, with a reason."""
    return who.works_for(user, visit.municipality_id) or may_run(visit, user)


def may_change_request(visit: "Visit", user: Any) -> bool:
    """The municipality's leaders and coordinators, until the visit is planned."""
    return who.works_for(user, visit.municipality_id) and visit.state in ("requested", "accepted")


def may_ask_to_move(visit: "Visit", user: Any) -> bool:
    """Ask for another time: the municipality's leaders and coordinators, until the visit begins."""
    return who.works_for(user, visit.municipality_id) and visit.state == "planned" and not visit.has_begun


def may_move(visit: "Visit", user: Any) -> bool:
    """Give a planned visit another time, or keep the time it has: those who run visits, and its team."""
    return visit.state == "planned" and (may_run(visit, user) or is_on_team(visit, user))


def may_follow_up(visit: "Visit", user: Any) -> bool:
    """Write learning points and close: both sides."""
    return works_on(visit, user)


def reads_in_full(visit: "Visit", user: Any) -> bool:
    """The problem, preparation, material and learning points: own people, the visit's team, those who run visits."""
    return who.has_role(user, visit.municipality_id, *READERS) or may_run(visit, user) or is_on_team(visit, user)


def reads_internal(visit: "Visit", user: Any) -> bool:
    """The team's own note."""
    return may_run(visit, user) or is_on_team(visit, user)


def may_note(visit: "Visit", user: Any) -> bool:
    """Write the team's own note."""
    return reads_internal(visit, user)


def may_remove(material: "VisitMaterial", user: Any) -> bool:
    """Take a file away: whoever added it and still works on the visit, and those who run visits."""
    own = material.added_by_id == user.pk and works_on(material.visit, user)
    return own or may_run(material.visit, user)


def may_work_on_point(point: "LearningPoint", user: Any) -> bool:
    """Tick a learning point done or make it an action: the municipality's leaders and coordinators."""
    return who.works_for(user, point.visit.municipality_id)


def sees_planning(user: Any) -> bool:
    """The season plan with workload: those who run visits, and the consultants who may be on a team."""
    return who.is_staff_of(user, *ON_TEAMS)


def sees_coverage(user: Any) -> bool:
    """Which municipalities have had a visit: all staff."""
    return who.is_task_force(user)
