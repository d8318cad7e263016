"""People in their browsers: what a story told in a real browser is made of."""

import io
import os
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import mail
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from engagements.people import demo as people
from tests.browsing import NewPage

PICTURES = Path(__file__).parents[2] / "docs" / "screenshots"


class Story:
    """The people, each with a browser of their own, and what they share: the post and the camera."""

    def __init__(self, new_page: NewPage) -> None:
        self._new_page = new_page
        self._pages: dict[str, Page] = {}

    def page(self, email: str, *, javascript: bool = True) -> Page:
        """The person's browser, signed in; opened the first time it is asked for."""
        key = f"{email} {javascript}"
        if key not in self._pages:
            page = self._pages[key] = self._new_page(javascript=javascript)
            page.goto("/konto/login/")
            sign_in(page, email)
        return self._pages[key]

    def page_from_mail(self, email: str, address: str) -> Page:
        """A browser of the person's own in which nobody is signed in yet, opened at an address from a mail."""
        page = self._pages[f"{email} True"] = self._new_page()
        page.goto(address)
        return page

    def leader(self) -> Page:
        """The leader of the municipality."""
        return self.page("leader@sundkoebing.example")

    def director(self) -> Page:
        """Its director."""
        return self.page("director@sundkoebing.example")

    def legal(self, *, javascript: bool = True) -> Page:
        """The legal consultant of the Task Force."""
        return self.page("legal@taskforce.example", javascript=javascript)

    def lead(self) -> Page:
        """The lead of the Task Force."""
        return self.page("lead@taskforce.example")


def sign_in(page: Page, email: str) -> None:
    """Through the form, as a person does."""
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(people.PASSWORD)
    press(page, "Log ind", within=page.get_by_role("main"))
    expect(page.get_by_role("button", name="Log ud").first).to_be_visible()


def press(page: Page, name: str, *, within: Locator | None = None) -> None:
    """A button with exactly this name."""
    (within or page.get_by_role("main")).get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str | re.Pattern[str]) -> None:
    """A link of the page's own part; a name is exact."""
    page.locator("main, .thing-header, .tab-container").get_by_role("link", name=name, exact=True).first.click()


def tab(page: Page, name: str) -> None:
    """A tab of an engagement."""
    page.locator(".tab-container").get_by_role("link", name=name, exact=True).click()
    expect(page.locator(".tab-container [aria-current=page]")).to_have_text(name)


def says(page: Page, text: str | re.Pattern[str]) -> None:
    """The page says this somewhere one can read it."""
    expect(page.get_by_text(text).filter(visible=True).first).to_be_visible()


def fill(page: Page, **values: Any) -> None:
    """Answer the form's fields by name, whatever kind of field each is."""
    for name, value in values.items():
        field = page.get_by_role("main").locator(f"[name={name}]")
        kind = field.first.evaluate("field => field.tagName === 'SELECT' ? 'select' : field.type")
        if kind in ("radio", "checkbox"):
            chosen = {True: ["yes"], False: ["no"]}.get(value) if isinstance(value, bool) else value
            for one in chosen if isinstance(chosen, list) else [chosen]:
                page.get_by_role("main").locator(f"[name={name}][value='{one}']").check()
        elif kind == "select":
            field.select_option(value)
        else:
            field.fill(str(value))


def pdf(page: Page, link: Locator) -> PdfReader:
    """The PDF behind a link, fetched with the person's own session."""
    answer = page.request.get(str(link.get_attribute("href")))
    assert answer.ok, answer.status
    body = answer.body()
    assert body.startswith(b"%PDF")
    return PdfReader(io.BytesIO(body))


def post(to: str, subject: str) -> Any:
    """The newest mail to this person with these words in its subject."""
    found = [one for one in mail.outbox if one.to == [to] and subject in one.subject]
    assert found, [(one.to, one.subject) for one in mail.outbox]
    return found[-1]


def link_in(message: Any) -> str:
    """The address in a mail, as a path of this server."""
    return re.search(re.escape(settings.SITE_URL) + r"(\S+)", message.body)[1]  # type: ignore[index]


def picture(page: Page, name: str, *, height: int = 1200) -> None:
    """Take the README's picture of this page, when asked for."""
    if os.environ.get("SCREENSHOTS") == "1":
        PICTURES.mkdir(parents=True, exist_ok=True)
        before = page.viewport_size
        page.set_viewport_size({"width": 1200, "height": height})
        page.evaluate("window.scrollTo(0, 0)")
        page.screenshot(path=PICTURES / f"{name}.png")
        page.set_viewport_size(before or {"width": 1200, "height": 900})
