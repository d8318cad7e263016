"""Telling people: rows are written in the caller's transaction, mails leave after commit (see `outbox`)."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.urls import reverse, translate_url
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import ngettext

from engagements.records.models import Document

from .models import Notice, OutboxMessage, Preference

if TYPE_CHECKING:
    from engagements.users.models import User

type Text = str | Promise | Callable[[], str]
"""A text or address: plain, lazy, or a function called while the recipient's language is active."""
type Attachment = Document | File[bytes]


@transaction.atomic
def notify(
    users: "Iterable[User]",
    *,
    key: str,
    subject: Text,
    body: Text,
    address: Text | models.Model = "",
    attachment: Attachment | None = None,
) -> list[Notice]:
    """Tell people something, in the app and by mail, each in the own language; returns the notices made now.

    The rows belong to the caller's transaction: if it is rolled back, nobody is told. `key` names the event: the same
    key tells the same person once, however often it is called. `address` is a path on this site or the thing the
    notice is about. A mail with an attachment leaves at once even for those who chose the daily digest.
    """
    people = {user.pk: user for user in users if user.is_active}
    for pk in Notice.objects.filter(key=key, recipient__in=people).values_list("recipient", flat=True):
        del people[pk]
    if not people:
        return []
    spoken = {user.language for user in people.values()}
    texts = {language: _rendered(language, subject, body, address) for language in spoken}
    Notice.objects.bulk_create(
        [
            Notice(recipient=user, key=key, subject=title[:200], body=text[:4000], address=path)
            for user in people.values()
            for title, text, path in [texts[user.language]]
        ],
        # Another transaction may tell the same people of the same event at this moment.
        ignore_conflicts=True,
    )
    notices = list(Notice.objects.filter(key=key, recipient__in=people, mail__isnull=True))
    gathered = set(
        Preference.objects.filter(user__in=people, mail=Preference.Mail.DIGEST).values_list("user", flat=True)
    )
    stored = _store(attachment)
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                key=key,
                notice=notice,
                to=people[notice.recipient_id].email,
                language=people[notice.recipient_id].language,
                subject=notice.subject,
                body=notice.body,
                address=notice.address,
                attachment=stored,
                in_digest=notice.recipient_id in gathered and not stored,
            )
            for notice in notices
        ],
        ignore_conflicts=True,
    )
    send_after_commit()
    return notices


@transaction.atomic
def send_mail_to(
    email: str,
    *,
    key: str,
    subject: Text,
    body: Text,
    address: Text | models.Model = "",
    language: str = "da",
    attachment: Attachment | None = None,
) -> OutboxMessage:
    """Send a mail to an address that need not belong to a user; the same key reaches an address once."""
    title, text, path = _rendered(language, subject, body, address)
    message, _made = OutboxMessage.objects.get_or_create(
        to=email.lower(),
        key=key,
        defaults={
            "language": language,
            "subject": title[:200],
            "body": text[:20000],
            "address": path,
            "attachment": _store(attachment),
        },
    )
    send_after_commit()
    return message


def _rendered(language: str, subject: Text, body: Text, address: Text | models.Model) -> tuple[str, str, str]:
    # A path made while another language was active is moved to the recipient's before that one is activated.
    path = translate_url(str(address), language) if isinstance(address, str | Promise) and address else ""
    with translation.override(language):
        if isinstance(address, models.Model):
            path = address.get_absolute_url()  # type: ignore[attr-defined]
        elif callable(address):
            path = address()
        title = subject() if callable(subject) else str(subject)
        text = body() if callable(body) else str(body)
    return " ".join(title.split()), text.strip(), path


def _store(attachment: Attachment | None) -> str:
    """The name of the attachment in the private storage; a case's document is not copied."""
    if attachment is None:
        return ""
    if isinstance(attachment, Document):
        return str(attachment.file.name)
    folder = timezone.localdate().strftime("outbox/%Y")
    return str(default_storage.save(f"{folder}/{attachment.name}", attachment))


def send_after_commit() -> None:
    """Have the worker send the outbox once the transaction has been committed."""
    from .tasks import send_outbox

    transaction.on_commit(partial(send_outbox.enqueue), robust=True)


@transaction.atomic
def gather_digests(*, day: date) -> int:
    """Make one mail of all that waits for each person who chose the digest; at most one a day. Returns how many."""
    waiting = OutboxMessage.objects.filter(state=OutboxMessage.State.WAITING, in_digest=True)
    key = f"digest:{day.isoformat()}"
    had = set(OutboxMessage.objects.filter(key=key).values_list("to", flat=True))
    made = 0
    for to in sorted(set(waiting.values_list("to", flat=True)) - had):
        rows = list(waiting.filter(to=to).select_for_update())
        if not rows:
            continue
        language = rows[-1].language
        with translation.override(language):
            subject = ngettext("Today's digest: %(n)s notice", "Today's digest: %(n)s notices", len(rows))
            subject %= {"n": len(rows)}
            body = "\n\n———\n\n".join(_entry(row) for row in rows)
            path = reverse("notices:list")
        digest = OutboxMessage.objects.create(
            key=key, to=to, language=language, subject=subject, body=body[:20000], address=path
        )
        OutboxMessage.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=OutboxMessage.State.GATHERED, gathered_in=digest, sent_at=timezone.now()
        )
        made += 1
    if made:
        send_after_commit()
    return made


def _entry(row: OutboxMessage) -> str:
    link = f"\n\n{settings.SITE_URL}{row.address}" if row.address else ""
    return f"{row.subject}\n\n{row.body}{link}"


@transaction.atomic
def choose_mail(user: "User", *, mail: str) -> Preference:
    """Choose between a mail at once and the digest; what waits for a digest leaves now when it is given up."""
    preference, _made = Preference.objects.update_or_create(user=user, defaults={"mail": mail})
    if mail == Preference.Mail.AT_ONCE:
        OutboxMessage.objects.filter(to=user.email, in_digest=True, state=OutboxMessage.State.WAITING).update(
            in_digest=False
        )
        send_after_commit()
    return preference


def mark_read(notices: "models.QuerySet[Notice]", *, at: Any = None) -> int:
    """Note that these have been opened; returns how many were new."""
    return notices.filter(read_at__isnull=True).update(read_at=at or timezone.now())


def unread_count(user: Any) -> int:
    """How many notices the person has not opened."""
    return Notice.objects.visible_to(user).unread().count() if user.is_authenticated else 0


def remind(*, day: date) -> int:
    """Run every room's reminders of the day (see `registry.reminder`); each key reminds a person once."""
    from .registry import reminders

    made = 0
    for function in reminders():
        for key, message in function(day):
            made += len(
                notify(
                    message.users,
                    key=f"reminder:{key}",
                    subject=message.subject,
                    body=message.body,
                    address=message.address,
                    attachment=message.attachment,
                )
            )
    return made
