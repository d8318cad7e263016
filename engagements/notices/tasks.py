"""Background work: sending the outbox."""

from django.db import connection
from django.tasks import TaskResultStatus, task
from django.utils import timezone
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.models import DBTaskResult, get_date_max

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
    if not (isinstance(backend, DatabaseBackend) and _one_waits(backend.alias)):
        send_outbox.enqueue()


def _one_waits(backend: str) -> bool:
    """Asked after every transaction that tells somebody something, hence by hand."""
    query = f"""
        SELECT 1 FROM {DBTaskResult._meta.db_table}
        WHERE status = %s AND task_path = %s AND queue_name = %s AND backend_name = %s AND (run_after <= %s OR run_after = %s)
        LIMIT 1
    """  # noqa: S608
    now, at_once = (connection.ops.adapt_datetimefield_value(moment) for moment in (timezone.now(), get_date_max()))
    what = [TaskResultStatus.READY, send_outbox.module_path, send_outbox.queue_name, backend]
    with connection.cursor() as cursor:
        cursor.execute(query, [*what, now, at_once])
        return cursor.fetchone() is not None
