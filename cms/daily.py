"""Housekeeping of the site: sessions that have ended, and results of background work older than a fortnight."""

from datetime import date, timedelta

from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

KEPT = timedelta(days=14)


def run(day: date) -> str:
    """Safe to run again."""
    call_command("clearsessions")
    removed, _ = DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEPT).delete()
    return f"ended sessions and {removed} old task results removed"
