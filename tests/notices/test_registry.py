"""Rooms say in messages.py who is told what; here with moves of the outbox itself, which every test has."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from engagements import lifecycle
from engagements.lifecycle import Step, moved
from engagements.notices import registry, services
from engagements.notices.models import Notice, OutboxMessage, Preference
from engagements.notices.registry import Tell
from engagements.users.models import User
from tests.factories import MembershipFactory, MunicipalityFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper() -> User:
    """One who may settle mails."""
    user = UserFactory()
    user.user_permissions.add(Permission.objects.get(codename="look_after_outbox"))
    return User.objects.get(pk=user.pk)


@pytest.fixture
def mail() -> OutboxMessage:
    """A mail that failed."""
    services.send_mail_to("x@example.org", key="k", subject="Emne", body="Tekst")
    OutboxMessage.objects.update(state="failed")
    return OutboxMessage.objects.get()


@pytest.fixture
def told(keeper: User) -> Iterator[list[Any]]:
    """What a room says is yielded by a function connected for the length of the test."""
    messages: list[Any] = []

    def after_settling(obj: OutboxMessage, step: Step) -> list[Any]:
        return messages

    registry.on_move(OutboxMessage, "settle")(after_settling)
    yield messages
    moved.disconnect(sender=OutboxMessage, dispatch_uid=f"{after_settling.__module__}.{after_settling.__qualname__}")


def test_those_named_are_told_after_the_move_but_not_the_one_who_made_it(
    mail: OutboxMessage, keeper: User, told: list[Any]
) -> None:
    other = UserFactory()
    told += [Tell([other, keeper], "Afsluttet", "Tekst"), ([keeper], "Kvittering", "Tekst", "", None, True)]
    lifecycle.move(mail, "settle", by=keeper)
    assert set(Notice.objects.values_list("recipient", "subject")) == {
        (other.pk, "Afsluttet"),
        (keeper.pk, "Kvittering"),
    }


def test_a_move_that_is_refused_or_rolled_back_tells_nobody(mail: OutboxMessage, keeper: User, told: list[Any]) -> None:
    told.append(Tell([UserFactory()], "Afsluttet", "Tekst"))
    with pytest.raises(lifecycle.MoveRefused):
        lifecycle.move(mail, "settle", by=UserFactory())
    with transaction.atomic():
        lifecycle.move(mail, "settle", by=keeper)
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_the_daily_run_reminds_once_and_gathers_the_digest() -> None:
    leader = MembershipFactory()
    services.choose_mail(leader.user, mail=Preference.Mail.DIGEST)
    MembershipFactory(municipality=leader.municipality, approved_at=None, role="caseworker")
    MembershipFactory(municipality=MunicipalityFactory(), approved_at=None)
    type(leader).objects.filter(approved_at=None).update(created_at=timezone.now() - timedelta(days=4))
    for _n in range(2):
        call_command("daily", verbosity=0)
    assert Notice.objects.filter(recipient=leader.user).count() == 1
    assert OutboxMessage.objects.filter(key__startswith="digest:", to=leader.user.email).count() == 1


def test_no_reminder_before_its_day() -> None:
    leader = MembershipFactory()
    MembershipFactory(municipality=leader.municipality, approved_at=None, role="caseworker")
    assert services.remind(day=timezone.localdate()) == 0
