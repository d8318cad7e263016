"""Days and hours of the demonstration, counted from today."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from django.utils import timezone

DAY = timedelta(days=1)
FRIDAY = 4
_now = timezone.now
"""The clock itself, also while something is done as if it were then."""


@contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    """Do something as if it were then: the clock is Django's, which every rule of the portal asks."""
    with patch("django.utils.timezone.now", lambda: moment):
        yield moment


def hour(days: int, clock: int = 9) -> datetime:
    """A full hour so many days from today; for a Saturday or Sunday the Monday, or the Friday if that Monday is ahead
    and the day was to be behind us.
    """
    today = timezone.localtime(_now()).replace(hour=clock, minute=0, second=0, microsecond=0, tzinfo=None)
    day = today + days * DAY
    if day.weekday() > FRIDAY:
        day += (7 - day.weekday()) * DAY
        if days < 0 and timezone.make_aware(day) > _now():
            day -= 3 * DAY
    return timezone.make_aware(day)
