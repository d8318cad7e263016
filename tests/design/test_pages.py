"""The sample pages in a browser: accessible, quiet, usable without JavaScript, safe against a double click."""

import os

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from engagements.lifecycle import move, record
from tests import factories as f
from tests.browsing import WIDTHS, NewPage, axe_clean

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _looks_right(page: Page, name: str) -> None:
    axe_clean(page)
    if folder := os.environ.get("SCREENSHOTS"):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 1200, "height": 900})


def test_every_sample_page_is_accessible_and_quiet(new_page: NewPage) -> None:
    consultant = f.StaffFactory(first_name="Anne", last_name="Holm")
    round_ = f.RoundFactory()
    first = f.ApplicationFactory(submitted=True, round=round_, municipality=f.MunicipalityFactory(name="Korsbæk"))
    for name in ("Nordager", "Sundkøbing", "Lillehavn"):
        f.ApplicationFactory(
            round=round_,
            municipality=f.MunicipalityFactory(name=name),
            reason="Kommunen har et klart formål, og ledelsen bakker op om forløbet.",
        )
    f.ApplicationFactory.create_batch(60, round=round_)
    move(first, "start_assessment", by=consultant)
    move(first, "ask_for_more", by=consultant, note="Bilaget om organisationen mangler.")
    record(first, "withdraw", by=consultant, note="Ring til kommunen.", internal=True)
    action = f.ActionFactory(title="Ny praksis for børnesamtaler")

    page = new_page(consultant)
    page.goto("/")
    _looks_right(page, "form")
    page.get_by_role("button", name="Gem og fortsæt").click()
    expect(page.locator(".error-summary")).to_be_focused()
    _looks_right(page, "form-errors")
    page.goto("/ansoegninger/?sort=municipality")
    _looks_right(page, "list")
    page.goto("/ansoegninger/?text=findes+ikke&since=x")
    _looks_right(page, "list-empty")
    page.goto(f"/ansoegninger/{first.reference}/?internal")
    _looks_right(page, "thing")
    page.goto(f"/ansoegninger/{first.reference}/skridt/ask_for_more/")
    _looks_right(page, "move-not-now")
    type(first).objects.filter(pk=first.pk).update(state="submitted")
    page.reload()
    page.locator("main form button").click()
    _looks_right(page, "move")
    page.goto(f"/tiltag/{action.pk}/")
    type(action).objects.filter(pk=action.pk).update(version=2, title="Børnesamtaler før hver afgørelse")
    page.locator("#id_owner").fill("Fagchefen")
    page.get_by_role("button", name="Gem og fortsæt").click()
    _looks_right(page, "conflict")
    page.goto("/findes/ikke/")
    _looks_right(page, "not-found")


def test_the_messages_after_a_save_are_accessible(page: Page) -> None:
    _fill(page)
    expect(page.locator(".alert-success")).to_be_visible()
    _looks_right(page, "messages")


def test_a_form_is_sent_and_the_menu_opens_without_javascript(new_page: NewPage) -> None:
    page = new_page(f.MembershipFactory().user, width=375, javascript=False)
    _fill(page)
    expect(page.locator(".alert-success")).to_be_visible()
    page.locator(".menu > summary").click()
    expect(page.locator(".menu-panel form button")).to_be_visible()


def test_a_double_click_sends_a_form_once(page: Page) -> None:
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    _fill(page, send=False)
    page.get_by_role("button", name="Gem og fortsæt").dblclick()
    expect(page.locator(".alert-success")).to_be_visible()
    assert len(posts) == 1


def test_a_draft_saves_itself_every_20_seconds_and_on_leaving(new_page: NewPage) -> None:
    action = f.ActionFactory(title="Begyndt")
    page = new_page(f.UserFactory())
    page.clock.install()
    page.goto(f"/tiltag/{action.pk}/")
    page.locator("#id_title").fill("Skrevet uden at gemme")
    with page.expect_response("**/kladde/") as saved:
        page.clock.run_for(21_000)
    assert saved.value.status == 200
    expect(page.locator("[data-autosave-status]")).to_contain_text("Gemt kl. ")
    assert _title(action) == "Skrevet uden at gemme"

    page.locator("#id_title").fill("Skrevet og forladt")
    page.goto("/ansoegninger/")
    kept = (
        f"fetch('/tiltag/{action.pk}/').then(answer => answer.text()).then(html => html.includes('Skrevet og forladt'))"
    )
    page.wait_for_function(kept)


def test_a_form_saved_by_itself_can_still_be_saved_by_hand(new_page: NewPage) -> None:
    action = f.ActionFactory(title="Begyndt")
    page = new_page(f.UserFactory())
    page.clock.install()
    page.goto(f"/tiltag/{action.pk}/")
    page.locator("#id_title").fill("Første")
    with page.expect_response("**/kladde/"):
        page.clock.run_for(21_000)
    page.locator("#id_title").fill("Anden")
    page.get_by_role("button", name="Gem og fortsæt").click()
    expect(page.locator("h1")).to_be_visible()
    assert _title(action) == "Anden"


def _title(action: object) -> str:
    connection.close()  # see what the server's thread has committed
    return str(type(action).objects.get(pk=action.pk).title)  # type: ignore[attr-defined]


def _fill(page: Page, send: bool = True) -> None:
    page.goto("/")
    page.locator("#id_title").fill("Baggrund")
    page.locator("#id_text").fill("Tekst")
    page.locator("#id_day").fill("2026-12-01")
    page.locator("#id_kind_0").check()
    page.locator("#id_one").select_option("k")
    page.locator("#id_agree").check()
    if send:
        page.get_by_role("button", name="Gem og fortsæt").click()
