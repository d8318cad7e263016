"""Background work: sending the outbox."""

from django.tasks import task

from . import outbox


@task(backend="worker")
def send_outbox() -> int:
    """Send what is due, and come back when a mail that failed may be tried again."""
    run = outbox.send_waiting()
    again = outbox.next_attempt() if run.paused else None
    if again is not None and send_outbox.get_backend().supports_defer:
        send_outbox.using(run_after=again).enqueue()
    return run.sent
