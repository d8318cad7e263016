"""What every answer carries: a strict content policy on our pages, one sign-in for all doors."""

import pytest
from django.test import Client

from engagements.users.models import User


def _policy(client: Client, address: str) -> dict[str, list[str]]:
    header = client.get(address).headers["Content-Security-Policy"]
    return {name: rest for name, *rest in (part.split() for part in header.split(";"))}


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/konto/login/", "/en/konto/login/", "/findes-ikke/"])
def test_our_pages_run_and_fetch_nothing_but_our_own(client: Client, address: str) -> None:
    policy = _policy(client, address)
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == ["'self'"]
    assert policy["frame-ancestors"] == ["'none'"]
    assert not any("unsafe" in word or "http" in word for words in policy.values() for word in words)


@pytest.mark.django_db
def test_the_editor_has_a_policy_of_its_own_that_still_names_no_other_host(client: Client) -> None:
    client.force_login(User.objects.create_superuser("editor@example.org"))
    policy = _policy(client, "/cms/")
    assert "'unsafe-inline'" in policy["script-src"]
    assert not any("http" in word for words in policy.values() for word in words)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("door", "leads_to"),
    [
        ("/cms/login/?next=/cms/pages/", "/konto/login/?next=/cms/pages/"),
        ("/_util/login/?next=/a/", "/konto/login/?next=/a/"),
        ("/cms/password_reset/", "/konto/password/reset/"),
        ("/cms/logout/", "/konto/logout/"),
    ],
)
def test_every_door_leads_to_the_one_sign_in(client: Client, door: str, leads_to: str) -> None:
    assert client.get(door).headers["Location"] == leads_to


@pytest.mark.django_db
def test_answers_are_not_framed_sniffed_or_leaked(client: Client) -> None:
    headers = client.get("/konto/login/").headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
