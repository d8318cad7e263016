"""Background work: what the clock does to seats between two acts of people."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.tasks import task


@task(backend="worker")
def settle_run(run: int) -> int:
    """Expire what was not answered in time and release seats on this run, if that is due."""
    from . import services

    return services.settle_due(only=run)


def settle_at(run: int, moment: datetime) -> None:
    """Look at the run again at this moment, where the worker can wait; `manage.py daily` does so in any case."""
    if settle_run.get_backend().supports_defer:
        transaction.on_commit(partial(settle_run.using(run_after=moment).enqueue, run), robust=True)
