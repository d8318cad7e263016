"""A municipality's rule about approval, and the deletion of what the run no longer needs to know."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from courses.runs.models import Run
from courses.runs.words import DELETED_AFTER_DAYS
from engagements.lifecycle import record
from engagements.municipalities.models import Municipality
from engagements.people.models import WORKING_ROLES
from engagements.people.services import people_of
from engagements.users.models import User

from .models import Policy, QuestionAnswer


@transaction.atomic
def change_policy(municipality: Municipality, *, approval_required: bool, answer_days: int, by: User) -> Policy:
    """Say whether a leader approves enrolments, and in how many days; it applies to enrolments from now on."""
    Municipality.objects.select_for_update().get(pk=municipality.pk)
    policy = Policy.objects.filter(municipality=municipality).first() or Policy(municipality=municipality)
    before = (policy.approval_required, policy.answer_days) if policy.pk else None
    policy.approval_required, policy.answer_days = approval_required, answer_days
    policy.full_clean()
    policy.save()
    if before != (approval_required, answer_days):
        record(policy, "changed", by=by, approval_required=approval_required, answer_days=answer_days)
    return policy


def leaders_who_approve(municipality: Municipality | None) -> QuerySet[User]:
    """Leaders and coordinators who approve enrolments from the municipality; nobody where it does not ask for that."""
    if municipality is None or not Policy.objects.filter(municipality=municipality, approval_required=True).exists():
        return User.objects.none()
    return people_of(municipality, *WORKING_ROLES)


@transaction.atomic
def delete_answers(*, at: datetime) -> int:
    """Delete the answers nobody needs since a fortnight: the run or the enrolment ended then; returns how many."""
    before = at - timedelta(days=DELETED_AFTER_DAYS)
    gone = QuestionAnswer.objects.filter(
        Q(enrolment__run__ends_at__lt=before)
        | Q(enrolment__ended_at__lt=before),  # a cancelled run ends its enrolments
    )
    counts = dict(gone.order_by().values_list("enrolment__run").annotate(Count("pk")))
    for run in Run.objects.filter(pk__in=counts):
        record(run, "questions_deleted", by=None, count=counts[run.pk])
    return gone.delete()[0]
