"""Every page in the access table, seen by someone who may see it: accessible at both widths, light, quiet and named."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from .access import ROWS
from .browsing import NewPage, axe_clean
from .roles import ANONYMOUS, LEAD, LEADER, ROLES, TEAM, Row
from .world import World, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PREFERRED = (LEAD, LEADER, TEAM, *ROLES)  # who sees most of a page
HEAVIEST = 100_000  # bytes of HTML

ROOMS: dict[str, list[Row]] = {}
for _row in ROWS:
    if _row.roles:
        ROOMS.setdefault(_row.name.partition(":")[0], []).append(_row)


@pytest.mark.parametrize("room", ROOMS)
def test_every_page_of_the_room_is_accessible_light_and_quiet(room: str, new_page: NewPage) -> None:
    world = build()
    pages = {}
    for row in ROOMS[room]:
        role = next(role for role in PREFERRED if role in row.roles)
        if role not in pages:
            pages[role] = new_page(None if role == ANONYMOUS else world.users[role])
        _visit(pages[role], row, world)


FRAMEWORK = ("/", "/en/", "/konto/login/", "/konto/signup/", "/konto/password/reset/", "/konto/logout/")


def test_the_front_page_and_the_sign_in_pages_are_too(page: Page) -> None:
    for address in FRAMEWORK:
        _check(page, address, address)


def _visit(page: Page, row: Row, world: World) -> None:
    _check(page, reverse(row.name, args=row.args(world)), row.name)


def _check(page: Page, address: str, name: str) -> None:
    answer = page.request.get(address, max_redirects=3)
    assert answer.status == 200, name
    if "text/html" not in answer.headers["content-type"]:
        return  # a file
    assert len(answer.body()) < HEAVIEST, name
    page.goto(answer.url)
    assert page.title().partition(" – ")[0].strip(), f"{name} has no title"
    assert page.locator("h1").count() == 1, f"{name} has no heading of its own, or several"
    axe_clean(page)
