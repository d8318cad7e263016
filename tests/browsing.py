"""Fixtures for tests in a real browser: a server, people signed in, accessibility and console checks."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright
from pytest_django.live_server_helper import LiveServer

from engagements.users.models import User

WIDTHS = (1200, 375)
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}

type NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def live_server() -> Iterator[LiveServer]:
    """The site on a free port, static files straight from their sources."""
    server = LiveServer("localhost", start=False)
    server.thread.static_handler = StaticFilesHandler
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium, or Playwright's own."""
    # Playwright's loop runs in this thread; Django would take that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def new_page(browser: Browser, live_server: LiveServer) -> Iterator[NewPage]:
    """Makes a page in a browser of its own: `new_page(user, width=375, javascript=False, language="en")`.

    After the test no page may have logged an error or asked another host for anything.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def make(
        user: User | None = None,
        *,
        width: int = 1200,
        javascript: bool = True,
        language: str = "da",
        quiet: bool = True,
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            locale="da-DK" if language == "da" else "en-GB",
            timezone_id=settings.TIME_ZONE,
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        contexts.append(context)
        if user is not None:
            sign_in(context, live_server, user)
        page = context.new_page()
        if quiet:
            _listen(page, live_server, faults)
        return page

    yield make
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page for someone who is not signed in."""
    return new_page()


def sign_in(context: BrowserContext, server: LiveServer, user: User) -> None:
    """Give this browser the user's session without going through the form."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": server.url}])


def axe_clean(page: Page, *, widths: tuple[int, ...] = WIDTHS) -> None:
    """No accessibility violation and no sideways scrolling at any of the widths."""
    before = page.viewport_size
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page, options=AXE)
        assert not found.response["violations"], f"{page.url} at {width} px\n{found.generate_report()}"
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, f"{page.url} scrolls sideways by {over} px at {width} px"
    if before:
        page.set_viewport_size(before)


def _listen(page: Page, server: LiveServer, faults: list[str]) -> None:
    def console(message: object) -> None:
        text = str(getattr(message, "text", message))
        # A page that is refused (409, 422) is an answer, not a fault; a missing picture or script is one.
        own_answer = text.startswith("Failed to load resource") and message.location["url"] == page.url  # type: ignore[attr-defined]
        if getattr(message, "type", "error") == "error" and not own_answer:
            faults.append(f"{page.url}: {text}")

    def requested(request: Request) -> None:
        if not request.url.startswith((server.url, "data:", "blob:", "about:")):
            faults.append(f"{page.url} asked for {request.url}")

    page.on("console", console)
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on("request", requested)
