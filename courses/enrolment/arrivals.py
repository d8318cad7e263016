"""Who is being enrolled: from which municipality, in which role, by whom, and whether a leader must approve."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from courses.runs.models import Run, RunState
from engagements.municipalities.models import Municipality
from engagements.people import permissions as who
from engagements.people.models import WORKING_ROLES, Membership, Role
from engagements.users.models import User

from .models import Policy
from .permissions import may_organise
from .seating import Home

LEADING = (Role.LEADER, Role.COORDINATOR, Role.DIRECTOR, Role.DEPUTY)
BY_RANK = (*LEADING, Role.CASEWORKER, Role.CONTROLLER, Role.SECRETARY, Role.COUNCIL)


class Refused(ValidationError):
    """The act is not possible; the message is the sentence shown to the person, the code names the rule."""


@dataclass(frozen=True)
class Arrival:
    """A person on the way in; `approve_within` is the time the own leader has, None where nobody needs to approve."""

    person: User
    home: Home
    role: str
    in_training: bool
    approve_within: timedelta | None


def require_open(run: Run, at: datetime) -> None:
    """Enrolment is open at this moment, to the second."""
    if run.state == RunState.CANCELLED:
        raise Refused(_("The run has been cancelled."), code="run_cancelled")
    if run.state != RunState.PUBLISHED:
        raise Refused(_("The run is not published yet."), code="not_published")
    if at < run.opens_at:
        raise Refused(_("Enrolment opens %(when)s.") % {"when": _moment(run.opens_at)}, code="not_open")
    if at >= run.closes_at:
        raise Refused(_("Enrolment closed %(when)s.") % {"when": _moment(run.closes_at)}, code="closed")


def _moment(at: datetime) -> str:
    return formats.date_format(timezone.localtime(at), "DATETIME_FORMAT")


def arrivals(
    run: Run,
    people: Sequence[User],
    *,
    by: User,
    municipality: Municipality | None = None,
    in_training: Iterable[User] = (),
) -> list[Arrival]:
    """The people with what follows from their memberships; raises Refused when one of them may not be enrolled by `by`.

    Everyone may enrol oneself, leaders and coordinators the colleagues of their municipality, organisers anybody. A
    person without any membership, invited a moment ago, counts with the municipality of whoever enrols.
    """
    chosen = municipality.pk if municipality else None
    known = _roles(people, by)
    theirs = who.municipalities_of(by, *WORKING_ROLES)
    training = {person.pk for person in in_training}
    found = []
    for person in people:
        roles = known.get(person.pk, {})
        home = _home(person, roles, by=by, theirs=theirs, chosen=chosen)
        if person.pk != by.pk and home not in theirs and not may_organise(run, by):
            raise Refused(
                _(
                    "You may enrol yourself, and colleagues in a municipality that you work for as leader or coordinator."
                ),
                code="not_allowed",
            )
        role = next((one for one in BY_RANK if one in roles.get(home, ())), "") if home is not None else ""
        if run.audience == Run.Audience.LEADERS and role not in LEADING and not who.is_task_force(person):
            raise Refused(
                _("%(name)s cannot be enrolled: this run is for leaders, coordinators and directors.")
                % {"name": person},
                code="audience",
            )
        found.append((person, home, role))
    policies = _policies({home for _person, home, _role in found if home is not None and home not in theirs})
    organiser = bool(policies) and may_organise(run, by)
    return [
        Arrival(person, home, role, person.pk in training, None if organiser else policies.get(home))
        for person, home, role in found
    ]


def _roles(people: Sequence[User], by: User) -> dict[int, dict[int, set[str]]]:
    """Roles by person and municipality; one's own are remembered for the request."""
    known: dict[int, dict[int, set[str]]] = {}
    others = [person.pk for person in people if person.pk != by.pk]
    if len(others) < len(people):
        known[by.pk] = {home: set(roles) for home, roles in who.roles_of(by).items()}
    if others:
        rows = Membership.objects.active().filter(user__in=others).order_by("pk")
        for person, home, role in rows.values_list("user", "municipality", "role"):
            known.setdefault(person, {}).setdefault(home, set()).add(role)
    return known


def _home(person: User, roles: dict[int, set[str]], *, by: User, theirs: list[int], chosen: Home) -> Home:
    if chosen is not None:
        if roles and chosen not in roles:
            raise Refused(
                _("%(name)s does not belong to the municipality you are enrolling for.") % {"name": person},
                code="elsewhere",
            )
        return chosen
    if roles:
        return next((home for home in theirs if home in roles), next(iter(roles)))
    # Somebody who has just been invited belongs to the municipality of the leader who names them.
    return theirs[0] if theirs and person.pk != by.pk else None


def _policies(homes: set[int]) -> dict[Home, timedelta]:
    """Where a leader approves: how long that may take."""
    if not homes:
        return {}
    rows = Policy.objects.filter(municipality__in=homes, approval_required=True)
    return {home: timedelta(days=days) for home, days in rows.values_list("municipality", "answer_days")}
