"""What happens by the calendar: requests still in line when their season has ended are answered."""

from datetime import date

from . import services


def run(day: date) -> str:
    """Safe to run again: a request lapses once."""
    return f"{services.end_seasons(day)} requests for visits lapsed with their season"
