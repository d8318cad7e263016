"""Telling people: rows are written in the caller's transaction, mails leave after commit (see `outbox`)."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.urls import reverse, translate_url
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import ngettext

from engagements.batching import Computed, insert, pipelined
from engagements.records.models import Document

from .attachments import MadeWhenSent
from .models import Notice, OutboxMessage, Preference

if TYPE_CHECKING:
    from engagements.users.models import User

type Text = str | Promise | Callable[[], str]
"""A text or address: plain, lazy, or a function called while the recipient's language is active."""
type Attachment = Document | File[bytes] | MadeWhenSent


@dataclass(frozen=True, eq=False)
class _Told:
    """What one `notify` says. It waits among the hooks of the transaction, so that a savepoint that is rolled back
    takes it along, and is written when the gathering ends."""

    people: "dict[int, User]"
    texts: dict[str, tuple[str, str, str]]
    key: str
    attachment: Attachment | None
    fresh: bool

    def __call__(self) -> None:
        """Nothing is left to do at commit."""


_gathering: ContextVar[bool] = ContextVar("gathering", default=False)


@contextmanager
def gathered() -> Iterator[list[Notice]]:
    """Write what `notify` says within the block together when it ends: few queries, however many are told.

    Belongs to the caller's transaction, or makes one. If the block raises, nobody is told; what is said in a savepoint
    that is rolled back falls with it. A gathering within another joins it. The list yielded holds the notices made
    once the outermost block has ended.
    """
    made: list[Notice] = []
    if _gathering.get():
        yield made
        return
    connection = transaction.get_connection()
    with nullcontext() if connection.in_atomic_block else transaction.atomic():
        token = _gathering.set(True)
        try:
            yield made
        finally:
            _gathering.reset(token)
            hooks = connection.run_on_commit
            told = [function for _savepoints, function, _robust in hooks if isinstance(function, _Told)]
            connection.run_on_commit = [hook for hook in hooks if not isinstance(hook[1], _Told)]
        made += _write(told)


def notify(
    users: "Iterable[User]",
    *,
    key: str,
    subject: Text,
    body: Text,
    address: Text | models.Model = "",
    attachment: Attachment | None = None,
    fresh: bool = False,
) -> list[Notice]:
    """Tell people something, in the app and by mail, each in the own language; returns the notices made now.

    The rows belong to the caller's transaction: if it is rolled back, nobody is told. `key` names the event: the same
    key tells the same person once, however often it is called. `address` is a path on this site or the thing the
    notice is about. A mail with an attachment leaves at once even for those who chose the daily digest. `fresh` says
    that the key is of this moment: earlier notices need not be looked up, nor the primary keys of the new ones read.
    Within `gathered` the notices are made later, and none is returned.
    """
    people = {user.pk: user for user in users if user.is_active}
    if not people:
        return []
    texts = {
        language: _rendered(language, subject, body, address)
        for language in {user.language for user in people.values()}
    }
    if isinstance(attachment, File) and not isinstance(attachment, ContentFile):
        attachment = ContentFile(attachment.read(), name=attachment.name)  # the caller may close it before it is stored
    with gathered() as made:
        transaction.on_commit(_Told(people, texts, key, attachment, fresh))
    return made


_ITS_NOTICE = Computed(
    f"(SELECT id FROM {Notice._meta.db_table} WHERE recipient_id = %s AND key = %s)",  # noqa: S608
    lambda row: [row.notice.recipient_id, row.key],
)
_IN_DIGEST = Computed(
    f"(%s AND EXISTS (SELECT 1 FROM {Preference._meta.db_table} WHERE user_id = %s AND mail = %s))",  # noqa: S608
    lambda row: [not row.attachment, row.notice.recipient_id, str(Preference.Mail.DIGEST)],
)


@transaction.atomic(savepoint=False)
def _write(told: list[_Told]) -> list[Notice]:
    wanted: dict[tuple[int, str], tuple[_Told, User]] = {}
    for said in told:
        for user in said.people.values():
            wanted.setdefault((user.pk, said.key), (said, user))
    if known := [pair for pair, (said, _user) in wanted.items() if not said.fresh]:
        had = Notice.objects.filter(recipient__in={pk for pk, _key in known}, key__in={key for _pk, key in known})
        for pair in had.values_list("recipient", "key"):
            wanted.pop(pair, None)
    if not wanted:
        return []
    # Sorted, so that transactions that tell the same people wait for each other in one order.
    rows = [wanted[pair] for pair in sorted(wanted, key=lambda pair: pair[0])]
    notices = [
        Notice(recipient=user, key=said.key, subject=title[:200], body=text[:4000], address=path)
        for said, user in rows
        for title, text, path in [said.texts[user.language]]
    ]
    # Another transaction may tell the same people of the same event at this moment: its notice is taken as it is, and
    # the mail it wrote stays the only one.
    taken_as_it_is = "ON CONFLICT (recipient_id, key) DO UPDATE SET key = EXCLUDED.key"
    stored = {said: _store(said.attachment) for said in dict.fromkeys(said for said, _user in rows)}
    mails = [
        OutboxMessage(
            key=said.key,
            notice=notice,
            to=user.email,
            language=user.language,
            subject=notice.subject,
            body=notice.body,
            address=notice.address,
            attachment=stored[said],
        )
        for (said, user), notice in zip(rows, notices, strict=True)
    ]
    with pipelined():
        insert(notices, then=taken_as_it_is, keyed=not all(said.fresh for said, _user in rows))
        insert(mails, computed={"notice_id": _ITS_NOTICE, "in_digest": _IN_DIGEST}, then="ON CONFLICT DO NOTHING")
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
    if isinstance(attachment, MadeWhenSent):
        return attachment.name
    folder = timezone.localdate().strftime("outbox/%Y")
    return str(default_storage.save(f"{folder}/{attachment.name}", attachment))


class _Waking:
    """Wakes the worker once for a transaction, however many mails it wrote."""

    done = False

    def __call__(self) -> None:
        from .tasks import wake

        if not self.done:
            wake()
            self.done = True


def send_after_commit() -> None:
    """Have the worker send the outbox once the transaction has been committed."""
    hooks = (function for _savepoints, function, _robust in transaction.get_connection().run_on_commit)
    waking = next((hook for hook in hooks if isinstance(hook, _Waking) and not hook.done), None)
    # Said each time, done once: a savepoint that is rolled back takes along only what was said in it.
    transaction.on_commit(waking or _Waking(), robust=True)


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
        with gathered() as notices:
            for key, message in function(day):
                notify(
                    message.users,
                    key=f"reminder:{key}",
                    subject=message.subject,
                    body=message.body,
                    address=message.address,
                    attachment=message.attachment,
                )
        made += len(notices)
    return made
