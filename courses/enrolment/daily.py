"""What happens by the calendar: offers and requests not answered, seats released, answers no longer needed."""

from datetime import date

from django.utils import timezone

from . import policies, services


def run(day: date) -> str:
    """Settle what the worker has not settled, and delete answers to the questions of runs long over."""
    settled = services.settle_due()
    deleted = policies.delete_answers(at=timezone.now())
    return f"{settled} runs settled, {deleted} answers to questions deleted"
