"""Background work: sending the outbox."""

from django.tasks import task
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.models import DBTaskResult

from . import outbox


@task(backend="worker")
def send_outbox() -> int:
    """Send what is due, and come back when a mail that failed may be tried again."""
    run = outbox.send_waiting()
    again = outbox.next_attempt() if run.paused else None
    if again is not None and send_outbox.get_backend().supports_defer:
        send_outbox.using(run_after=again).enqueue()
    return run.sent


def wake() -> None:
    """Have the worker send what has been committed by now.

    A task that waits and has not begun serves as well: it will begin after this moment and see all of it.
    """
    backend = send_outbox.get_backend()
    if isinstance(backend, DatabaseBackend):
        waiting = DBTaskResult.objects.ready().filter(backend_name=backend.alias, queue_name=send_outbox.queue_name)
        if waiting.filter(task_path=send_outbox.module_path).exists():
            return
    send_outbox.enqueue()
