"""The digest: people who chose it get one mail a day with all of it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.base import ContentFile

from engagements.notices import outbox, services
from engagements.notices.models import OutboxMessage, Preference
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def _tell(user: Any, key: str, **more: Any) -> None:
    services.notify([user], key=key, subject=f"Emne {key}", body="Tekst", address="/konto/beskeder/", **more)


def test_one_mail_a_day_holds_everything() -> None:
    person, other = UserFactory(), UserFactory()
    services.choose_mail(person, mail=Preference.Mail.DIGEST)
    for key in ("1", "2", "3"):
        _tell(person, key)
    _tell(other, "1")
    outbox.send_waiting()
    assert [message.to for message in mail.outbox] == [[other.email]]
    assert services.gather_digests(day=TODAY) == 1
    outbox.send_waiting()
    digest = mail.outbox[1]
    assert digest.to == [person.email]
    assert all(f"Emne {key}" in digest.body for key in "123")
    _tell(person, "4")
    assert services.gather_digests(day=TODAY) == 0, "the second one waits for tomorrow"
    assert services.gather_digests(day=TODAY + timedelta(days=1)) == 1
    outbox.send_waiting()
    assert "Emne 4" in mail.outbox[2].body
    assert "Emne 3" not in mail.outbox[2].body


def test_a_mail_with_an_attachment_does_not_wait_for_the_digest() -> None:
    person = UserFactory()
    services.choose_mail(person, mail=Preference.Mail.DIGEST)
    _tell(person, "1", attachment=ContentFile(b"x", name="kvittering.pdf"))
    outbox.send_waiting()
    assert len(mail.outbox) == 1


def test_giving_up_the_digest_sends_what_waits() -> None:
    person = UserFactory()
    services.choose_mail(person, mail=Preference.Mail.DIGEST)
    _tell(person, "1")
    services.choose_mail(person, mail=Preference.Mail.AT_ONCE)
    outbox.send_waiting()
    assert len(mail.outbox) == 1
    assert OutboxMessage.objects.get().state == OutboxMessage.State.SENT
