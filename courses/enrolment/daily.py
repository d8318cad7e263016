"""What happens by the calendar: offers and requests that were not answered, and seats that are released."""

from datetime import date

from . import services


def run(day: date) -> str:
    """Settle what the worker has not settled."""
    return f"{services.settle_due()} runs settled"
