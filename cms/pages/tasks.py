"""Background work of the pages: what an editor has set the clock for."""

from datetime import datetime
from functools import partial

from django.core.management import call_command
from django.db import transaction
from django.tasks import task
from django.utils import timezone


@task(backend="worker")
def publish_due() -> None:
    """Publish and take down what is due; again does no harm."""
    call_command("publish_scheduled", verbosity=0)


def publish_at(moment: datetime | None) -> None:
    """Look again at this moment, where the worker can wait; `manage.py daily` does so in any case."""
    if moment is not None and moment > timezone.now() and publish_due.get_backend().supports_defer:
        transaction.on_commit(partial(publish_due.using(run_after=moment).enqueue), robust=True)
