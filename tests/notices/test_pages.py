"""One's notices and the staff's outbox."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from engagements.notices import services
from engagements.notices.models import Notice, OutboxMessage
from engagements.users.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _tell(user: User, key: str = "k") -> Notice:
    [notice] = services.notify([user], key=key, subject=f"Emne {key}", body="Tekst", address="/konto/")
    return notice


def test_opening_a_notice_marks_it_read_and_leads_on() -> None:
    notice = _tell(UserFactory())
    assert services.unread_count(notice.recipient) == 1
    answer = _signed_in(notice.recipient).get(reverse("notices:open", args=[notice.pk]))
    assert answer.url == "/konto/"
    assert services.unread_count(notice.recipient) == 0


def test_nobody_sees_or_opens_the_notices_of_another() -> None:
    notice = _tell(UserFactory())
    client = _signed_in(UserFactory())
    assert notice.subject not in client.get(reverse("notices:list")).content.decode()
    assert client.get(reverse("notices:open", args=[notice.pk])).status_code == 404
    client.post(reverse("notices:mark_all_read"))
    assert services.unread_count(notice.recipient) == 1


def test_all_can_be_marked_as_read_at_once() -> None:
    user = UserFactory()
    for key in "123":
        _tell(user, key)
    _signed_in(user).post(reverse("notices:mark_all_read"))
    assert services.unread_count(user) == 0


def test_the_list_costs_the_same_for_many(django_assert_max_num_queries: Any) -> None:
    user = UserFactory()
    client = _signed_in(user)
    _tell(user)
    client.get(reverse("notices:list"))
    with django_assert_max_num_queries(12) as few:
        client.get(reverse("notices:list"))
    for n in range(60):
        _tell(user, str(n))
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("notices:list"))


def test_only_those_who_look_after_the_outbox_see_it_and_resend() -> None:
    _tell(UserFactory())
    OutboxMessage.objects.update(state="uncertain")
    row = OutboxMessage.objects.get()
    keeper = UserFactory()
    keeper.user_permissions.add(Permission.objects.get(codename="look_after_outbox"))
    addresses = [reverse("notices:outbox"), row.get_absolute_url(), reverse("notices:move", args=[row.pk, "resend"])]
    assert [_signed_in(UserFactory()).get(address).status_code for address in addresses] == [404, 404, 404]
    client = _signed_in(keeper)
    assert [client.get(address).status_code for address in addresses] == [200, 200, 200]
    assert row.body not in client.get(row.get_absolute_url()).content.decode()
    client.post(addresses[2])
    row.refresh_from_db()
    assert row.state == "waiting"
