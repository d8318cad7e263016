"""Who is being enrolled: from which municipality, in which role, by whom, and whether a leader must approve."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import connection
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
    if at >= run.starts_at:
        raise Refused(_("The run has begun; nobody can enrol any more."), code="begun")


def is_leading(person: User, home: Home) -> bool:
    """Whether the person may go where only leaders, coordinators and directors may: by the role in that municipality."""
    return who.is_task_force(person) or (home is not None and who.has_role(person, home, *LEADING))


def _moment(at: datetime) -> str:
    return formats.date_format(timezone.localtime(at), "DATETIME_FORMAT")


def arrivals(
    run: Run,
    people: Sequence[User],
    *,
    by: User,
    municipality: Municipality | None = None,
    in_training: Iterable[User] = (),
    approved: bool = False,
    hands_over: bool = False,
) -> list[Arrival]:
    """The people with what follows from their memberships; raises Refused when one of them may not be enrolled by `by`.

    Everyone may enrol oneself, leaders and coordinators the colleagues of their municipality, organisers anybody. A
    person without any membership, invited a moment ago, counts with the municipality of whoever enrols. With
    `approved` nobody needs a leader's approval any more; with `hands_over` a colleague of `municipality` takes the seat
    of `by`.
    """
    chosen = municipality.pk if municipality else None
    known, approval = _memberships([by.pk, *(person.pk for person in people)])
    theirs = [home for home, roles in known.get(by.pk, {}).items() if roles & WORKING_ROLES]
    training = {person.pk for person in in_training}
    found = []
    for person in people:
        roles = known.get(person.pk, {})
        home = _home(person, roles, by=by, theirs=theirs, chosen=chosen)
        colleague = hands_over and chosen in roles and chosen in known.get(by.pk, {})
        if person.pk != by.pk and home not in theirs and not colleague and not may_organise(run, by):
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
    policies = {} if approved else {home: days for home, days in approval.items() if home not in theirs}
    organiser = any(home in policies for _person, home, _role in found) and may_organise(run, by)
    return [
        Arrival(person, home, role, person.pk in training, None if organiser else policies.get(home))
        for person, home, role in found
    ]


def _memberships(people: Sequence[int]) -> tuple[dict[int, dict[int, set[str]]], dict[Home, timedelta]]:
    """Active roles by person and municipality, and how long a leader may take where one approves.

    Where a municipality has neither leader nor coordinator nobody could approve, and nobody needs to. One query written
    by hand, for everyone who enrols makes it; the rows are those of `Membership.objects.active()`.
    """
    active = "{0}.approved_at IS NOT NULL AND ({0}.ended_on IS NULL OR {0}.ended_on > %s)"
    query = f"""
        SELECT m.user_id, m.municipality_id, m.role, p.answer_days
        FROM {Membership._meta.db_table} m
        JOIN {User._meta.db_table} u ON u.id = m.user_id AND u.is_active
        LEFT JOIN {Policy._meta.db_table} p ON p.municipality_id = m.municipality_id AND p.approval_required
          AND EXISTS (
            SELECT 1 FROM {Membership._meta.db_table} a
            JOIN {User._meta.db_table} v ON v.id = a.user_id AND v.is_active
            WHERE a.municipality_id = p.municipality_id AND a.role IN (%s, %s) AND {active.format("a")}
          )
        WHERE m.user_id IN ({", ".join(["%s"] * len(people))}) AND {active.format("m")}
        ORDER BY m.id
    """  # noqa: S608
    known: dict[int, dict[int, set[str]]] = {}
    approval: dict[Home, timedelta] = {}
    today = connection.ops.adapt_datefield_value(timezone.localdate())
    with connection.cursor() as cursor:
        cursor.execute(query, [*sorted(WORKING_ROLES), today, *people, today])
        for person, home, role, days in cursor.fetchall():
            known.setdefault(person, {}).setdefault(home, set()).add(role)
            if days is not None:
                approval[home] = timedelta(days=days)
    return known, approval


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
