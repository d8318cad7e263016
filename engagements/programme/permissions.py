"""Who may do what with an engagement."""

from typing import TYPE_CHECKING, Any

from engagements.people import permissions as who
from engagements.people.models import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engagements.records.models import Document

    from .models import Engagement


def is_on_team(engagement: "Engagement", user: Any) -> bool:
    """A current member of the engagement's team, and not *inhabil*."""
    if engagement.municipality_id in who.disqualified_for(user):
        return False
    remembered = user.__dict__.setdefault("_teams", {})
    if engagement.pk not in remembered:
        on_it = who.is_case_staff(user) and engagement.team.current().filter(user=user).exists()  # type: ignore[attr-defined]
        remembered[engagement.pk] = on_it
    return bool(remembered[engagement.pk])


def remember_teams(engagements: "Iterable[Engagement]", user: Any) -> None:
    """Answer `is_on_team` for these engagements with one question to the database, for pages with many of them."""
    from .models import TeamMember

    remembered = user.__dict__.setdefault("_teams", {})
    asked = [engagement.pk for engagement in engagements]
    mine: set[int] = set()
    if who.is_case_staff(user):
        found = TeamMember.objects.current().filter(user=user, engagement__in=asked)
        mine = set(found.values_list("engagement", flat=True))
    remembered.update({pk: pk in mine for pk in asked})


def may_steer(engagement: "Engagement", user: Any) -> bool:
    """Change plan and team, pause and resume: the team and the lead."""
    if engagement.municipality_id in who.disqualified_for(user):
        return False
    return who.is_lead(user) or is_on_team(engagement, user)


def may_close(engagement: "Engagement", user: Any) -> bool:
    """Close or stop: the lead."""
    return who.is_lead(user) and engagement.municipality_id not in who.disqualified_for(user)


def reads_in_full(engagement: "Engagement", user: Any) -> bool:
    """Own municipality's people who follow cases, the team, the lead."""
    return who.follows_cases_of(user, engagement.municipality_id) or may_steer(engagement, user)


def reads_internal(engagement: "Engagement", user: Any) -> bool:
    """Internal notes: the team and the lead."""
    return may_steer(engagement, user)


def reads_plan(engagement: "Engagement", user: Any) -> bool:
    """The plan with its milestones: those who read in full, and the municipality's caseworkers."""
    return who.has_role(user, engagement.municipality_id, Role.CASEWORKER) or reads_in_full(engagement, user)


def may_fetch_document(document: "Document", user: Any) -> bool:
    """A document of the engagement's case: those who read it in full; an internal one only the team and the lead."""
    from .models import Engagement

    engagement = Engagement.objects.filter(case_no=document.case_no).first()
    if engagement is None:
        return False
    return (reads_internal if document.internal else reads_in_full)(engagement, user)
