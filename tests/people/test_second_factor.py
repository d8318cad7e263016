"""Two-step sign-in: set up on our page, asked for at every door."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.test import Client
from django.urls import reverse

from engagements.users.models import User
from tests.factories import PASSWORD, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def user() -> User:
    """A person with a confirmed address."""
    user = UserFactory()
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return user


def _sign_in(client: Client, user: User) -> Any:
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})


def _sure_it_is_them(client: Client) -> None:
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def _code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_the_page_shows_square_code_and_key_and_turns_it_on(user: User) -> None:
    client = Client()
    _sign_in(client, user)
    _sure_it_is_them(client)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    assert f"<strong>{secret}</strong>" in page.content.decode()
    assert "data:image/svg+xml" in page.content.decode()
    client.post(reverse("mfa_activate_totp"), {"code": _code(secret)})
    assert set(Authenticator.objects.values_list("type", flat=True)) == {"totp", "recovery_codes"}
    codes = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert codes.count("<code>") == 10


def test_the_second_factor_is_not_changed_without_the_password_once_more(user: User) -> None:
    client = Client()
    _sign_in(client, user)
    assert client.get(reverse("mfa_activate_totp")).url.startswith(reverse("account_reauthenticate"))


def test_the_password_alone_opens_no_door_when_it_is_on(user: User) -> None:
    TOTP.activate(user, SECRET)
    client = Client()
    assert _sign_in(client, user).url == reverse("mfa_authenticate")
    assert client.get(reverse("people:account")).status_code == 302
    assert client.get("/cms/").status_code == 302
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200
    client.post(reverse("mfa_authenticate"), {"code": _code(SECRET)})
    assert client.get(reverse("people:account")).status_code == 200


def test_changes_of_the_account_are_mailed_in_the_persons_language(user: User) -> None:
    User.objects.filter(pk=user.pk).update(language="da")
    client = Client()
    _sign_in(client, user)
    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "en-helt-ny-kode", "password2": "en-helt-ny-kode"},
    )
    [message] = mail.outbox
    assert message.subject == "Adgangskoden er skiftet"
    assert "<h1>Adgangskoden er skiftet</h1>" in message.alternatives[0].content


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_signup",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "account_email_verification_sent",
        "account_inactive",
    ],
)
def test_every_page_of_sign_in_is_in_the_houses_frame(name: str) -> None:
    page = Client().get(reverse(name)).content.decode()
    assert page.count("<h1>") == 1
    assert 'class="header"' in page


@pytest.mark.parametrize(
    "name",
    [
        "account_logout",
        "account_email",
        "account_change_password",
        "account_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
    ],
)
def test_every_page_of_the_account_is_in_the_houses_frame(name: str, user: User) -> None:
    client = Client()
    _sign_in(client, user)
    _sure_it_is_them(client)
    page = client.get(reverse(name)).content.decode()
    assert page.count("<h1>") == 1
    assert 'class="header"' in page


@pytest.mark.parametrize("name", ["mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_index"])
def test_pages_with_the_second_factor_on_are_too(name: str, user: User) -> None:
    client = Client()
    _sign_in(client, user)
    _sure_it_is_them(client)
    TOTP.activate(user, SECRET)
    page = client.get(reverse(name)).content.decode()
    assert page.count("<h1>") == 1
    assert 'class="header"' in page


@pytest.mark.parametrize("name", ["home:workplace", "notices:outbox", "notices:list", "wagtailadmin_home"])
def test_staff_without_the_second_factor_only_reach_the_account(name: str, settings: Any) -> None:
    settings.MFA_REQUIRED_FOR_STAFF = True
    client = Client()
    client.force_login(StaffFactory(group="lead"))
    answer: Any = client.get(reverse(name))
    assert (answer.status_code, getattr(answer, "url", "")) == (302, reverse("mfa_activate_totp"))
    assert client.get(reverse("people:account")).status_code == 200
