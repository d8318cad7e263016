"""What is done with a briefing: its facts frozen, its release."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

if TYPE_CHECKING:
    from .models import Briefing


def working_days_after(at: datetime, count: int) -> date:
    """The date `count` working days (Monday to Friday) after the local date of `at`."""
    day = timezone.localtime(at).date()
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def freeze(briefing: "Briefing") -> dict[str, Any]:
    """The facts the council will read, as they are now."""
    return {}
