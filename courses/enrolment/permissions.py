"""Who may enrol whom, approve, answer, cancel and see enrolments."""

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from courses.catalogue.permissions import administers
from courses.runs.models import Kind
from courses.runs.permissions import may_hold, may_organise
from engagements.people import permissions as who
from engagements.people.models import WORKING_ROLES

if TYPE_CHECKING:
    from .models import Enrolment


def visible(user: Any) -> Q:
    """The enrolments a user may see, as a condition."""
    if not getattr(user, "is_authenticated", False):
        return Q(pk__in=())
    if administers(user):
        return Q()
    found = Q(person=user) | Q(municipality__in=who.municipalities_of(user, *WORKING_ROLES))
    found |= Q(run__in=user.teaching.values("run"))
    if who.arranges_meetings(user):
        found |= Q(run__kind=Kind.MEETING)
    return found


def acts_for_municipality(enrolment: "Enrolment", user: Any) -> bool:
    """A leader or coordinator of the municipality the person was enrolled from."""
    return enrolment.municipality_id is not None and who.works_for(user, enrolment.municipality_id)


def may_approve(enrolment: "Enrolment", user: Any) -> bool:
    """A leader or coordinator of the municipality, but never oneself."""
    if enrolment.person_id == user.pk:
        return False
    return acts_for_municipality(enrolment, user)


def may_answer(enrolment: "Enrolment", user: Any) -> bool:
    """Take or decline an offered seat: the person, the own leader or coordinator, the organiser."""
    return enrolment.person_id == user.pk or acts_for_municipality(enrolment, user) or may_organise(enrolment.run, user)


def may_cancel(enrolment: "Enrolment", user: Any) -> bool:
    """The same people cancel."""
    return may_answer(enrolment, user)


def may_hand_over(enrolment: "Enrolment", user: Any) -> bool:
    """Give the seat to a colleague: who belongs to the municipality and has the seat, its leaders, the organiser."""
    own = enrolment.person_id == user.pk and enrolment.municipality_id in who.municipalities_of(user)
    return own or acts_for_municipality(enrolment, user) or may_organise(enrolment.run, user)


def may_see_answers(enrolment: "Enrolment", user: Any) -> bool:
    """Answers to the run's questions (diet, access): the person and the organiser, not the municipality."""
    return enrolment.person_id == user.pk or may_organise(enrolment.run, user)


__all__ = [
    "acts_for_municipality",
    "may_answer",
    "may_approve",
    "may_cancel",
    "may_hand_over",
    "may_hold",
    "may_organise",
    "may_see_answers",
    "visible",
]
