"""What the start pages and the overview count in engagements: one question to the database for all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, IntegerField, Min, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from engagements.findings.models import Recommendation
from engagements.followup.models import UNDONE, Action, ActionState
from engagements.programme.models import Engagement, Milestone

PREFIX = "counted_"
"""Annotations may not be called like the model's own relations."""


@dataclass(frozen=True)
class Counts:
    """Numbers of one engagement; `late` means past the date and not done."""

    milestones: int
    milestones_reached: int
    milestones_late: int
    recommendations: int
    recommendations_answered: int
    actions: int
    actions_verified: int
    actions_late: int
    actions_reported: int
    oldest_late_action: date | None


def counts_of(engagements: Iterable[Engagement]) -> dict[int, Counts]:
    """The numbers by primary key; engagements that have been asked about before are not asked about again."""
    found = list(engagements)
    asked = [engagement.pk for engagement in found if "_counts" not in engagement.__dict__]
    if asked:
        rows = {
            row.pop("pk"): Counts(**{name.removeprefix(PREFIX): value for name, value in row.items()})
            for row in _rows(asked)
        }
        for engagement in found:
            if engagement.pk in rows:
                engagement.__dict__["_counts"] = rows[engagement.pk]
    return {engagement.pk: engagement.__dict__["_counts"] for engagement in found}


def _rows(asked: list[int]) -> Iterable[Any]:
    today = timezone.localdate()
    published = Recommendation.objects.published()
    kept = Action.objects.exclude(state=ActionState.DROPPED)
    late = kept.filter(state__in=UNDONE, due_on__lt=today)
    numbers = {
        "milestones": _number(Milestone.objects.all()),
        "milestones_reached": _number(Milestone.objects.filter(reached_on__isnull=False)),
        "milestones_late": _number(Milestone.objects.filter(reached_on=None, due_on__lt=today)),
        "recommendations": _number(published),
        "recommendations_answered": _number(published.filter(Q(reply__isnull=False))),
        "actions": _number(kept),
        "actions_verified": _number(kept.filter(state=ActionState.VERIFIED)),
        "actions_late": _number(late),
        "actions_reported": _number(kept.filter(state=ActionState.REPORTED)),
        "oldest_late_action": Subquery(_by_engagement(late).annotate(found=Min("due_on")).values("found")),
    }
    return (
        Engagement.objects.filter(pk__in=asked)
        .order_by()
        .values("pk", **{f"{PREFIX}{name}": number for name, number in numbers.items()})
    )


def _by_engagement[T: Model](rows: QuerySet[T]) -> Any:
    return rows.filter(engagement=OuterRef("pk")).order_by().values("engagement")


def _number[T: Model](rows: QuerySet[T]) -> Coalesce:
    counted = _by_engagement(rows).annotate(found=Count("pk")).values("found")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
