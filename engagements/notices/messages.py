"""A mail put back in line by a person leaves at once."""

from typing import Any

from django.dispatch import receiver

from engagements.lifecycle import moved

from .models import OutboxMessage
from .services import send_after_commit


@receiver(moved, sender=OutboxMessage, dispatch_uid="engagements.notices.resend")
def send_again(sender: type[OutboxMessage], name: str, **kwargs: Any) -> None:
    """Have the worker look at the outbox."""
    if name == "resend":
        send_after_commit()
