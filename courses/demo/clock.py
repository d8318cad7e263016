"""Days and hours of the demonstration, counted from today."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from django.utils import timezone

DAY = timedelta(days=1)
_now = timezone.now
"""The clock itself, also while something is done as if it were then."""


@contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    """Do something as if it were then: the clock is Django's, which every rule of the portal asks."""
    with patch("django.utils.timezone.now", lambda: moment):
        yield moment


def hour(days: int, clock: int = 9) -> datetime:
    """A full hour so many days from today, on the next weekday where that is a Saturday or Sunday."""
    local = timezone.localtime(_now()) + days * DAY
    local += max(0, 7 - local.weekday()) % 7 * DAY if local.weekday() > 4 else timedelta(0)
    return timezone.make_aware(local.replace(hour=clock, minute=0, second=0, microsecond=0, tzinfo=None))
