"""The runs one organises, on the workplace: what is under way and ahead, and how it stands."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.catalogue.permissions import administers
from courses.enrolment.models import EnrolmentState
from courses.runs.models import Run
from courses.runs.permissions import organises_some
from courses.runs.standing import Standing, standing

AHEAD = 8
"""Runs named on the start page; the others stand on the organisers' list."""


@dataclass(frozen=True)
class Organised:
    """A run with where it stands and how many wait."""

    run: Run
    standing: Standing
    waiting: int


def of(user: Any) -> dict[str, Any]:
    """What the workplace shows those who organise runs; nothing for others."""
    if not organises_some(user):
        return {}
    now = timezone.now()
    waits = Count("enrolments", filter=Q(enrolments__state=EnrolmentState.WAITING))
    rows = Run.objects.organised_by(user).upcoming(now).select_related("course").annotate(waits=waits)
    ways = [(_("Runs"), reverse("runs:list")), (_("Reports on courses"), reverse("courses:reports"))]
    if administers(user):
        ways.insert(1, (_("Look after the catalogue"), reverse("catalogue:desk")))
    return {
        "organised": [Organised(run, standing(run, now), run.waits) for run in rows[:AHEAD]],
        "organises": ways,
    }
