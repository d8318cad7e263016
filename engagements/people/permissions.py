"""Who a person is: the questions every other room asks."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from .models import CASEWORK_ROLES, SIGNING_ROLES, WORKING_ROLES, Disqualification, Invitation, Membership, Role

if TYPE_CHECKING:
    from engagements.municipalities.models import Municipality

LEAD = "lead"
LEGAL = "legal"
SOCIAL = "social"
LEARNING = "learning"
COURSES = "courses"
NETWORK = "network"
ANALYST = "analyst"
ADMINISTRATORS = "administrators"
EDITORS = "editors"
APPROVERS = "approvers"
GROUPS = (LEAD, LEGAL, SOCIAL, LEARNING, COURSES, NETWORK, ANALYST, ADMINISTRATORS, EDITORS, APPROVERS)
HOSTS = "hosts"
"""Whoever hosts the leaders' network for a round, such as KL: a guest, of the Task Force in nothing else."""
SITE_EDITORS = (LEAD, COURSES, NETWORK, ADMINISTRATORS, EDITORS, APPROVERS)
CASE_STAFF = frozenset({LEAD, LEGAL, SOCIAL})
"""Groups that work with applications and engagements."""


def _remembered[R](ask: Callable[[Any], R]) -> Callable[[Any], R]:
    """Ask the database once per user object, which lives as long as a request."""

    @wraps(ask)
    def answer(user: Any) -> R:
        key = f"_{ask.__name__}"
        if key not in user.__dict__:
            user.__dict__[key] = ask(user)
        found: R = user.__dict__[key]
        return found

    return answer


@_remembered
def groups_of(user: Any) -> frozenset[str]:
    """Names of the user's staff groups."""
    if not user.is_authenticated:
        return frozenset()
    return frozenset(user.groups.values_list("name", flat=True))


@_remembered
def roles_of(user: Any) -> dict[int, frozenset[str]]:
    """The user's active roles by primary key of the municipality."""
    if not user.is_authenticated:
        return {}
    found: dict[int, set[str]] = {}
    for municipality, role in Membership.objects.active().filter(user=user).values_list("municipality", "role"):
        found.setdefault(municipality, set()).add(role)
    return {municipality: frozenset(roles) for municipality, roles in found.items()}


@_remembered
def disqualified_for(user: Any) -> frozenset[int]:
    """Primary keys of the municipalities the user, a member of staff, is *inhabil* for today."""
    if not groups_of(user) & set(GROUPS):
        return frozenset()
    today = timezone.localdate()
    rows = Disqualification.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=today), user=user, valid_from__lte=today
    )
    return frozenset(rows.values_list("municipality", flat=True))


def is_staff_of(user: Any, *groups: str) -> bool:
    """Whether the user is in one of these staff groups."""
    return bool(groups_of(user) & set(groups))


def is_host(user: Any) -> bool:
    """Whether the user hosts the leaders' network, which is no key to anything else."""
    return is_staff_of(user, HOSTS)


def arranges_meetings(user: Any) -> bool:
    """The network's editor and its host."""
    return is_staff_of(user, NETWORK, HOSTS)


def is_case_staff(user: Any) -> bool:
    """Lead, legal or social-professional consultant."""
    return bool(groups_of(user) & CASE_STAFF)


def edits_site(user: Any) -> bool:
    """Whether the user has the CMS, as `people.reference` gives it to groups; asked on every page, so without a query."""
    return bool(user.is_superuser) or is_staff_of(user, *SITE_EDITORS)


def is_lead(user: Any) -> bool:
    """The lead of the Task Force."""
    return LEAD in groups_of(user)


def is_task_force(user: Any) -> bool:
    """Anyone on the Task Force's side."""
    return bool(groups_of(user) & set(GROUPS))


def has_role(user: Any, municipality: "Municipality | int", *roles: str) -> bool:
    """Whether the user has one of these roles in the municipality now."""
    pk = municipality if isinstance(municipality, int) else municipality.pk
    return bool(roles_of(user).get(pk, frozenset()) & set(roles))


def municipalities_of(user: Any, *roles: str) -> list[int]:
    """Primary keys of the municipalities where the user has one of these roles (any role if none is named)."""
    return [pk for pk, have in roles_of(user).items() if not roles or have & set(roles)]


def works_for(user: Any, municipality: "Municipality | int") -> bool:
    """Leader or coordinator there."""
    return has_role(user, municipality, *WORKING_ROLES)


def may_enrol_for(municipality: "Municipality", user: Any) -> bool:
    """Leaders and coordinators enrol colleagues of their own municipality, also such as have no account yet."""
    return works_for(user, municipality)


def signs_for(user: Any, municipality: "Municipality | int") -> bool:
    """Director or named deputy there."""
    return has_role(user, municipality, *SIGNING_ROLES)


def follows_cases_of(user: Any, municipality: "Municipality | int") -> bool:
    """Reads applications and engagements there in full."""
    return has_role(user, municipality, *CASEWORK_ROLES)


def may_manage_people(municipality: "Municipality", user: Any) -> bool:
    """Leaders invite, approve and end memberships of their own municipality; administrators of all."""
    return has_role(user, municipality, Role.LEADER) or is_staff_of(user, ADMINISTRATORS)


def may_see_people(municipality: "Municipality", user: Any) -> bool:
    """Everyone who belongs to the municipality sees who else does, and so does the Task Force's case staff."""
    if municipalities_of(user) and municipality.pk in municipalities_of(user):
        return True
    return (is_case_staff(user) or is_staff_of(user, ADMINISTRATORS)) and municipality.pk not in disqualified_for(user)


def may_accept(invitation: Invitation, user: Any) -> bool:
    """Only the person whose address, the main one or another confirmed one, the invitation went to."""
    if not user.is_authenticated:
        return False
    email = invitation.email.lower()
    return user.email.lower() == email or user.emailaddress_set.filter(email__iexact=email, verified=True).exists()


def may_approve(membership: Membership, user: Any) -> bool:
    """Approve or decline a person who asks to join: those who manage people there, but never oneself."""
    return membership.user_id != user.pk and may_manage_people(membership.municipality, user)
