"""Days of work: deadlines that are given in working days are counted here."""

from datetime import date, datetime, timedelta

from django.utils import timezone


def working_days_after(at: datetime, count: int) -> date:
    """The date `count` working days (Monday to Friday) after the local date of `at`."""
    day = timezone.localtime(at).date()
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day
