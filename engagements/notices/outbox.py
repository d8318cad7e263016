"""Sending what the outbox holds.

Each row is claimed (waiting → sending, committed) before the mail server is spoken to, and carries the same Message-ID
at every attempt. A process that dies in between leaves the row in *sending*; the next run makes it *uncertain*, and a
person decides: nothing is sent twice blindly, and nothing is lost.
"""

import logging
import smtplib
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import parseaddr
from pathlib import PurePath
from typing import Any, NamedTuple

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from .attachments import is_made, make
from .models import OutboxMessage

logger = logging.getLogger(__name__)
State = OutboxMessage.State

ABANDONED_AFTER = timedelta(minutes=10)
"""A send that has lasted this long belongs to a process that died."""
PAUSES = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=3), timedelta(hours=12)]
"""How long to wait after the first, second, … failed attempt; after the last one the mail has failed."""


class _Transient(Exception):
    """The mail server did not take the mail, and may take it later."""


class _Refused(Exception):
    """The mail server will never take this mail."""


class Run(NamedTuple):
    """What a run did: mails sent, and mails paused because the server could not take them now."""

    sent: int
    paused: int


def send_waiting() -> Run:
    """Send every mail that is due. Several may run at once: each row is claimed by one of them."""
    give_up_abandoned()
    ends: Counter[str] = Counter()
    with _Post() as post:
        while (message := claim()) is not None:
            ends[_deliver(message, post)] += 1
    return Run(sent=ends[State.SENT], paused=ends[State.WAITING])


def give_up_abandoned() -> int:
    """Rows that a dead process left in *sending* become *uncertain*: shown to staff, not repeated."""
    limit = timezone.now() - ABANDONED_AFTER
    return OutboxMessage.objects.filter(state=State.SENDING, claimed_at__lt=limit).update(state=State.UNCERTAIN)


def claim() -> OutboxMessage | None:
    """Take the oldest mail that is due; committed before anything is sent, and never by two at once."""
    with transaction.atomic(durable=True):
        for pk in OutboxMessage.objects.due().values_list("pk", flat=True)[:20]:
            mine = OutboxMessage.objects.due().filter(pk=pk).update(state=State.SENDING, claimed_at=timezone.now())
            if mine:
                return OutboxMessage.objects.get(pk=pk)
    return None


def next_attempt() -> datetime | None:
    """When the next paused mail is due, if any."""
    return (
        OutboxMessage.objects.filter(state=State.WAITING, in_digest=False, not_before__gt=timezone.now())
        .order_by("not_before")
        .values_list("not_before", flat=True)
        .first()
    )


class _Post:
    """One connection to the mail server for a whole run, opened anew after a fault."""

    def __init__(self) -> None:
        self.connection: Any = None

    def __enter__(self) -> "_Post":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        if self.connection is not None:
            with suppress(Exception):
                self.connection.close()
        self.connection = None

    def send(self, mail: EmailMultiAlternatives) -> None:
        """Hand the mail over. Anything but _Transient and _Refused means: it may or may not have arrived."""
        if self.connection is None:
            connection = mailers.default
            try:
                connection.open()
            except (OSError, smtplib.SMTPException) as error:
                raise _Transient(str(error)) from error
            self.connection = connection
        try:
            self.connection.send_messages([mail])
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _text in error.recipients.values()]
            raise (_Refused if all(code >= 500 for code in codes) else _Transient)(_first(error.recipients)) from error
        except smtplib.SMTPResponseException as error:
            reason = f"{error.smtp_code} {error.smtp_error!r}"
            raise (_Refused if error.smtp_code >= 500 else _Transient)(reason) from error


def _first(recipients: dict[str, tuple[int, bytes]]) -> str:
    code, text = next(iter(recipients.values()))
    return f"{code} {text!r}"


def _deliver(message: OutboxMessage, post: _Post) -> str:
    changes: dict[str, Any]
    try:
        mail = compose(message)
    except Exception as error:
        # Nothing has left the house: a person must look at this row, and the others go on.
        logger.exception("Mail %s could not be composed", message.message_id)
        changes = {"state": State.FAILED, "last_error": str(error)[:300]}
    else:
        try:
            post.send(mail)
        except _Transient as error:
            post.close()
            changes = _after_fault(message, str(error))
        except _Refused as error:
            post.close()
            changes = {"state": State.FAILED, "last_error": str(error)[:300]}
        except Exception as error:
            logger.exception("Mail %s may or may not have been sent", message.message_id)
            post.close()
            changes = {"state": State.UNCERTAIN, "last_error": str(error)[:300]}
        else:
            changes = {"state": State.SENT, "sent_at": timezone.now(), "last_error": ""}
    changes["attempts"] = message.attempts + 1
    OutboxMessage.objects.filter(pk=message.pk, state=State.SENDING).update(**changes)
    return str(changes["state"])


def _after_fault(message: OutboxMessage, reason: str) -> dict[str, Any]:
    if message.attempts >= len(PAUSES):
        return {"state": State.FAILED, "last_error": reason[:300]}
    return {
        "state": State.WAITING,
        "not_before": timezone.now() + PAUSES[message.attempts],
        "last_error": reason[:300],
    }


def compose(message: OutboxMessage) -> EmailMultiAlternatives:
    """The mail itself: text and simple HTML with link and footer, in the recipient's language."""
    context = {
        "message": message,
        "link": f"{settings.SITE_URL}{message.address}" if message.address else "",
        "SITE_NAME": settings.SITE_NAME,
        "SITE_URL": settings.SITE_URL,
        "DEMONSTRATION": settings.DEMONSTRATION,
        "LANGUAGE_CODE": message.language,
    }
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    with translation.override(message.language):
        mail = EmailMultiAlternatives(
            subject=message.subject,
            body=render_to_string("email/message.txt", context),
            to=[message.to],
            headers={"Message-ID": f"<{message.message_id}@{domain}>", "Auto-Submitted": "auto-generated"},
        )
        mail.attach_alternative(render_to_string("email/message.html", context), "text/html")
    name = str(message.attachment or "")
    if is_made(name):
        with translation.override(message.language):
            part = make(name, message.to)
        if part is not None:
            mail.attach(part.in_mail())
    elif name:
        with message.attachment.open("rb") as file:
            mail.attach(PurePath(name).name, file.read())
    return mail
