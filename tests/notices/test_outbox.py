"""The outbox: one mail per event and person, whatever crashes, refuses or rolls back."""

import smtplib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core import mail
from django.core.files.base import ContentFile
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements import lifecycle
from engagements.notices import outbox, services
from engagements.notices.models import Notice, OutboxMessage
from engagements.users.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
State = OutboxMessage.State


def _tell(*users: User, key: str = "k", **more: Any) -> list[Notice]:
    return services.notify(users, key=key, subject="Emne", body="Tekst", **({"address": "/konto/beskeder/"} | more))


def _state() -> str:
    return OutboxMessage.objects.get().state


class Breaking(EmailBackend):
    """A mail server that fails in the way the test says."""

    on_open: Exception | None = None
    on_send: BaseException | None = None

    def open(self) -> bool:
        if self.on_open:
            raise self.on_open
        return True

    def send_messages(self, messages: Any) -> int:
        if self.on_send:
            raise self.on_send
        return super().send_messages(messages)


@pytest.fixture
def server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`server(on_open=…, on_send=…)` decides how the mail server fails from now on."""
    settings.MAILERS = {"default": {"BACKEND": "tests.notices.test_outbox.Breaking"}}

    def fails(*, on_open: Exception | None = None, on_send: BaseException | None = None) -> None:
        monkeypatch.setattr(Breaking, "on_open", on_open)
        monkeypatch.setattr(Breaking, "on_send", on_send)

    return fails


def test_a_notice_is_mailed_once_with_link_text_and_html(django_capture_on_commit_callbacks: Any) -> None:
    person = UserFactory()
    with django_capture_on_commit_callbacks(execute=True):
        _tell(person)
        _tell(person)
    [message] = mail.outbox
    assert message.to == [person.email]
    assert "http://localhost" in message.body
    assert "/konto/beskeder/" in message.body
    assert "<h1>Emne</h1>" in message.alternatives[0].content
    assert _state() == State.SENT
    outbox.send_waiting()
    assert len(mail.outbox) == 1


def test_each_person_reads_the_own_language(django_capture_on_commit_callbacks: Any) -> None:
    dane, guest = UserFactory(language="da"), UserFactory(language="en")
    with django_capture_on_commit_callbacks(execute=True):
        services.notify([dane, guest], key="k", subject=lambda: _("Home"), body="x", address="/konto/beskeder/")
    addresses = dict(Notice.objects.values_list("recipient", "address"))
    assert addresses == {dane.pk: "/konto/beskeder/", guest.pk: "/en/konto/beskeder/"}


@pytest.mark.django_db(transaction=True)
def test_a_rollback_tells_nobody() -> None:
    person = UserFactory()
    with transaction.atomic():
        _tell(person)
        transaction.set_rollback(True)
    assert not Notice.objects.exists()
    assert not OutboxMessage.objects.exists()
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_nothing_leaves_before_the_commit() -> None:
    person = UserFactory()
    with transaction.atomic():
        _tell(person)
        assert mail.outbox == []
    assert len(mail.outbox) == 1


def test_a_crash_between_claim_and_send_is_shown_and_not_repeated() -> None:
    _tell(UserFactory())
    assert outbox.claim() is not None  # the process dies here
    outbox.send_waiting()
    assert _state() == State.SENDING, "it may still be under way"
    with time_machine.travel(timezone.now() + outbox.ABANDONED_AFTER + timedelta(seconds=1)):
        outbox.send_waiting()
    assert _state() == State.UNCERTAIN
    assert mail.outbox == []


def test_a_crash_while_sending_is_shown_and_not_repeated(server: Callable[..., None]) -> None:
    server(on_send=SystemExit())
    _tell(UserFactory())
    with pytest.raises(SystemExit):
        outbox.send_waiting()
    assert _state() == State.SENDING
    server()
    with time_machine.travel(timezone.now() + outbox.ABANDONED_AFTER + timedelta(seconds=1)):
        outbox.send_waiting()
    assert _state() == State.UNCERTAIN
    assert mail.outbox == []


def test_staff_may_send_an_uncertain_mail_again_and_it_keeps_its_message_id(
    django_capture_on_commit_callbacks: Any,
) -> None:
    _tell(UserFactory())
    row = OutboxMessage.objects.get()
    OutboxMessage.objects.update(state=State.UNCERTAIN)
    stranger, keeper = UserFactory(), UserFactory()
    keeper.user_permissions.add(Permission.objects.get(codename="look_after_outbox"))
    with pytest.raises(lifecycle.MoveRefused):
        lifecycle.move(row, "resend", by=stranger)
    with django_capture_on_commit_callbacks(execute=True):
        lifecycle.move(row, "resend", by=keeper)
    [message] = mail.outbox
    assert message.extra_headers["Message-ID"] == f"<{row.message_id}@taskforce.example>"
    assert _state() == State.SENT


def test_an_unreachable_server_is_tried_again_later_and_given_up_in_the_end(server: Callable[..., None]) -> None:
    server(on_open=ConnectionRefusedError("refused"))
    _tell(UserFactory())
    now = timezone.now()
    for pause in outbox.PAUSES:
        with time_machine.travel(now, tick=False):
            assert outbox.send_waiting() == (0, 1)
            assert outbox.send_waiting() == (0, 0), "not before the pause is over"
            assert outbox.next_attempt() == timezone.now() + pause
        now += pause
    with time_machine.travel(now, tick=False):
        outbox.send_waiting()
    assert _state() == State.FAILED
    assert OutboxMessage.objects.get().attempts == len(outbox.PAUSES) + 1


def test_a_server_that_comes_back_gets_the_mail_once(server: Callable[..., None]) -> None:
    server(on_open=ConnectionRefusedError("refused"))
    _tell(UserFactory())
    outbox.send_waiting()
    server()
    with time_machine.travel(timezone.now() + outbox.PAUSES[0] + timedelta(seconds=1)):
        outbox.send_waiting()
        outbox.send_waiting()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (smtplib.SMTPRecipientsRefused({"a@b.c": (550, b"no such user")}), State.FAILED),
        (smtplib.SMTPRecipientsRefused({"a@b.c": (451, b"greylisted")}), State.WAITING),
        (smtplib.SMTPDataError(452, b"full"), State.WAITING),
        (smtplib.SMTPServerDisconnected("gone"), State.UNCERTAIN),
        (TimeoutError(), State.UNCERTAIN),
    ],
)
def test_the_servers_answer_decides_what_becomes_of_a_mail(
    server: Callable[..., None], fault: Exception, state: str
) -> None:
    server(on_send=fault)
    _tell(UserFactory())
    outbox.send_waiting()
    assert _state() == state


def test_one_mail_that_cannot_be_made_does_not_stop_the_others() -> None:
    broken, whole = UserFactory(), UserFactory()
    _tell(broken)
    OutboxMessage.objects.update(attachment="outbox/2026/missing.pdf")
    _tell(whole)
    outbox.send_waiting()
    assert [message.to for message in mail.outbox] == [[whole.email]]
    assert OutboxMessage.objects.get(to=broken.email).state == State.FAILED


def test_an_attachment_is_stored_once_and_sent_to_all() -> None:
    _tell(UserFactory(), UserFactory(), attachment=ContentFile(b"%PDF-", name="kvittering.pdf"))
    assert OutboxMessage.objects.values("attachment").distinct().count() == 1
    outbox.send_waiting()
    assert [message.attachments[0].content for message in mail.outbox] == [b"%PDF-", b"%PDF-"]


def test_people_without_an_account_get_one_mail_per_event() -> None:
    for _n in range(2):
        services.send_mail_to("Ny@Example.org", key="invitation:1", subject="Emne", body="Tekst", address="/x/")
    outbox.send_waiting()
    assert [message.to for message in mail.outbox] == [["ny@example.org"]]


def test_inactive_people_are_not_told() -> None:
    assert _tell(UserFactory(is_active=False)) == []


def test_the_demonstration_says_so_in_every_mail(settings: Any) -> None:
    settings.DEMONSTRATION = True
    _tell(UserFactory())
    outbox.send_waiting()
    [message] = mail.outbox
    assert message.body.startswith("Demonstration")
    assert "Demonstration" in message.alternatives[0].content
