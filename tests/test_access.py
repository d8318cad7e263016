"""Walks every address of ours with every role; see tests/access.py for the table."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django.plugin import DjangoDbBlocker

from .access import ROWS
from .roles import ADMIN, ANALYST, ANONYMOUS, COURSES, LEAD, NETWORK, ROLES, Row
from .world import World, build

OURS = ("engagements.", "courses.", "cms.")
SIGN_IN = "/konto/login/"


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One world for the whole walk; every step is taken back, and so is the world in the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def clients(world: World, django_db_blocker: DjangoDbBlocker) -> dict[str, Client]:
    """A browser for each role, signed in."""
    found = {role: Client(raise_request_exception=False) for role in ROLES}
    with django_db_blocker.unblock():
        for role, user in world.users.items():
            found[role].force_login(user)
    return found


def _names(resolver: URLResolver, namespace: str = "", ours: bool = True) -> Iterator[str]:
    """The names of the addresses declared in our own packages; an address without a name is told by its route."""
    for pattern in resolver.url_patterns:
        if str(pattern.pattern) == "cms/":
            continue  # Wagtail's screens are one rule, below
        if isinstance(pattern, URLResolver):
            module = getattr(pattern.urlconf_name, "__name__", "")
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _names(pattern, inner, ours if not module else module.startswith(OURS))
        elif ours and _is_ours(pattern):
            yield f"{namespace}{pattern.name or pattern.pattern}"


def _is_ours(pattern: URLPattern) -> bool:
    # The root sends the frameworks' own sign-in pages to ours; tests/settings sees to those.
    if pattern.name is None and pattern.lookup_str == "django.views.generic.base.RedirectView":
        return False
    return not pattern.lookup_str.startswith("wagtail.")


def test_every_address_of_ours_is_in_the_table() -> None:
    declared = set(_names(get_resolver()))
    named = [row.name for row in ROWS]
    assert sorted(declared - set(named)) == [], "name these in tests/access.py"
    assert sorted(set(named) - declared) == [], "these are no longer addresses"
    assert len(named) == len(set(named)), "named twice"


@pytest.mark.parametrize("row", [row for row in ROWS if row.tested_in], ids=lambda row: row.name)
def test_a_rule_of_its_own_is_tested_where_the_table_says(row: Row) -> None:
    assert (settings.BASE_DIR / "tests" / row.tested_in.removeprefix("tests/")).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("row", [row for row in ROWS if not row.tested_in], ids=lambda row: row.name)
def test_each_role_gets_what_the_table_says(row: Row, world: World, clients: dict[str, Client]) -> None:
    address = reverse(row.name, args=row.args(world))
    found = {role: _answer(clients[role], address) for role in ROLES}
    expected = {role: "seen" if role in row.roles else "not found" for role in ROLES}
    if ANONYMOUS not in row.roles:
        expected[ANONYMOUS] = f"sign in and come back to {address}"
    assert found == expected


def _answer(client: Client, address: str) -> str:
    with transaction.atomic():
        response = client.get(address)
        transaction.set_rollback(True)
    if response.status_code == 404:
        return "not found"
    if response.status_code in {301, 302}:
        to, _, query = response.headers["Location"].partition("?")
        return f"sign in and come back to {query.removeprefix('next=')}" if to == SIGN_IN else "seen"
    return "seen" if response.status_code == 200 else f"status {response.status_code}"


@pytest.mark.django_db
def test_the_cms_is_for_those_who_edit(clients: dict[str, Client]) -> None:
    address = reverse("wagtailadmin_home")
    inside = {role for role in ROLES if clients[role].get(address).status_code == 200}
    assert inside == {COURSES, LEAD, ADMIN, NETWORK, ANALYST}  # the analyst keeps the published shares
    assert clients[ANONYMOUS].get(address).headers["Location"] == f"{SIGN_IN}?next={address}"
