"""The day's work: ask the participants of runs that are over what they were like."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from courses.runs.models import Run

from .messages import ask_for_evaluation
from .permissions import EVALUATION_OPEN
from .services import evaluation_questions

ASKED_WITHIN = timedelta(days=7)
"""A day or two may be missed, but nobody is asked about a run long past."""


def run(day: date) -> str:
    """Ask for evaluations; each participant of a run is asked once, however often this is called."""
    dawn = timezone.make_aware(datetime.combine(day, time.min))
    over = Run.objects.published().filter(ends_at__lt=dawn, ends_at__gte=dawn - min(ASKED_WITHIN, EVALUATION_OPEN))
    asked = 0
    for one in over.select_related("course"):
        evaluation_questions(one)
        asked += ask_for_evaluation(one)
    return f"{asked} asked to evaluate"
