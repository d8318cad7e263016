"""The sample pages in a browser: no axe violation at 1200 and 375 px, no console error, usable without JavaScript."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from engagements.lifecycle import move, record
from tests import factories as f

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def _context(browser: Browser, server: LiveServer, user: object = None, **options: object) -> BrowserContext:
    context = browser.new_context(base_url=server.url, locale="da-DK", **options)
    if user is not None:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": server.url}])
    return context


def _check(page: Page, name: str) -> None:
    found = Axe().run(page, options=RULES)
    assert not found.response["violations"], found.generate_report()
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{name} scrolls sideways by {wide} px"
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png", full_page=True)


@pytest.mark.parametrize("width", [1200, 375])
def test_every_sample_page_is_accessible_and_quiet(browser: Browser, live_server: LiveServer, width: int) -> None:
    consultant = f.StaffFactory(first_name="Anne", last_name="Holm")
    round_ = f.RoundFactory()
    first = f.ApplicationFactory(submitted=True, round=round_, municipality=f.MunicipalityFactory(name="Korsbæk"))
    for name in ("Nordager", "Sundkøbing", "Lillehavn"):
        f.ApplicationFactory(
            round=round_,
            municipality=f.MunicipalityFactory(name=name),
            reason="Kommunen har et klart formål, og ledelsen bakker op om forløbet.",
        )
    f.ApplicationFactory.create_batch(250, round=round_)
    move(first, "start_assessment", by=consultant)
    move(first, "ask_for_more", by=consultant, note="Bilaget om organisationen mangler.")
    record(first, "withdraw", by=consultant, note="Ring til kommunen.", internal=True)
    action = f.ActionFactory(title="Ny praksis for børnesamtaler")

    context = _context(browser, live_server, consultant, viewport={"width": width, "height": 800})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))

    page.goto("/")
    _check(page, "form")
    page.get_by_role("button", name="Gem og fortsæt").click()
    expect(page.locator(".error-summary")).to_be_focused()
    _check(page, "form-errors")
    page.goto("/ansoegninger/?sort=municipality")
    _check(page, "list")
    page.goto("/ansoegninger/?text=findes+ikke&since=x")
    _check(page, "list-empty")
    page.goto(f"/ansoegninger/{first.reference}/?internal")
    _check(page, "thing")
    page.goto(f"/ansoegninger/{first.reference}/skridt/ask_for_more/")
    _check(page, "move-not-now")
    type(first).objects.filter(pk=first.pk).update(state="submitted")
    page.reload()
    page.get_by_role("button", name="Bed om").or_(page.get_by_role("button", name="Ask for")).click()
    _check(page, "move")
    page.goto(f"/tiltag/{action.pk}/")
    type(action).objects.filter(pk=action.pk).update(version=2, title="Børnesamtaler før hver afgørelse")
    page.locator("#id_owner").fill("Fagchefen")
    page.get_by_role("button", name="Gem og fortsæt").click()
    _check(page, "conflict")
    page.goto("/findes/ikke/")
    _check(page, "not-found")
    if width < 992:
        page.get_by_text("Menu", exact=True).first.click()
        _check(page, "menu")
    assert [text for text in said if "404" not in text and "422" not in text and "409" not in text] == []


def test_messages_after_a_save(browser: Browser, live_server: LiveServer) -> None:
    page = _context(browser, live_server, viewport={"width": 1200, "height": 800}).new_page()
    _fill(page)
    expect(page.locator(".alert-success")).to_be_visible()
    _check(page, "messages")


def test_a_form_is_sent_and_the_menu_opens_without_javascript(browser: Browser, live_server: LiveServer) -> None:
    user = f.MembershipFactory().user
    phone = {"width": 375, "height": 800}
    page = _context(browser, live_server, user, java_script_enabled=False, viewport=phone).new_page()
    _fill(page)
    expect(page.locator(".alert-success")).to_be_visible()
    page.locator(".menu > summary").click()
    expect(page.locator(".menu-panel form button")).to_be_visible()


def _fill(page: Page) -> None:
    page.goto("/")
    page.locator("#id_title").fill("Baggrund")
    page.locator("#id_text").fill("Tekst")
    page.locator("#id_day").fill("2026-12-01")
    page.locator("#id_kind_0").check()
    page.locator("#id_one").select_option("k")
    page.locator("#id_agree").check()
    page.get_by_role("button", name="Gem og fortsæt").click()
