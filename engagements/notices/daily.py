"""The day's reminders, the digests, and mails that nobody has come back for."""

from datetime import date

from . import services
from .models import OutboxMessage
from .outbox import give_up_abandoned


def run(day: date) -> str:
    """Remind, gather, and have the worker send what is due; says what was done."""
    reminded = services.remind(day=day)
    gathered = services.gather_digests(day=day)
    give_up_abandoned()
    services.send_after_commit()
    troubled = OutboxMessage.objects.troubled().count()
    return f"{reminded} reminders, {gathered} digests, {troubled} mails that need a person"
