"""A newcomer in the network: welcomed, reads, asks, is answered, and finds who can help; on a phone and without JavaScript."""

from typing import Any

import pytest
from playwright.sync_api import expect

from cms.models import DirectoryEntry, LibraryPage, Post, Reading, ThemePage, Thread, Topic, WelcomeStep
from cms.network import reference, services
from engagements.lifecycle import move
from tests.browsing import NewPage, axe_clean
from tests.factories import MeetingFactory, MembershipFactory, StaffFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def other() -> Any:
    """A leader who has been here for long."""
    return MembershipFactory(role="leader", user__first_name="Dorte", user__last_name="Prøve").user


@pytest.fixture
def network(other: Any) -> None:
    """A theme, something to read, a meeting, a thread, and the steps of the welcome."""
    reference.ensure()
    parent, topic = reference.library(), Topic.objects.get(key="ledelse")
    assert parent is not None
    page = LibraryPage(title="De første dage", slug="de-foerste-dage", lead="Fem ting at gøre tidligt.")
    theme = ThemePage(title="Ledelse i praksis", slug="tema", year=2026, lead="Fra ledermøde til afgørelse.")
    for one in (page, theme):
        parent.add_child(instance=one)
        one.topics.add(topic)
        one.save_revision().publish()
    WelcomeStep.objects.create(title="Læs om de første dage", page=page, order=1)
    WelcomeStep.objects.create(title="Vælg, hvad de andre ser", address="/netvaerk/mig/", order=2)
    MeetingFactory(theme="Tilsyn i hverdagen")
    services.start_thread(title="Korte tavlemøder", text="Hvad gør I?", topics=[topic], by=other)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_newcomer_in_the_network(new_page: NewPage, network: None, other: Any, javascript: bool) -> None:
    newcomer = MembershipFactory(role="leader", user__first_name="Karen", user__last_name="Ny").user
    page = new_page(newcomer, width=375 if javascript else 1200, javascript=javascript)

    page.goto("/netvaerk/")
    expect(page.get_by_role("heading", name="Velkommen til netværket")).to_be_visible()
    page.get_by_role("link", name="Læs om de første dage").click()
    page.get_by_role("button", name="Jeg har læst det").click()
    expect(page.get_by_text("Markeret som læst.")).to_be_visible()
    assert Reading.objects.filter(person=newcomer).count() == 1

    page.goto("/netvaerk/mig/")
    page.get_by_text("Vis min e-mailadresse for netværket").click()
    page.get_by_label("Det, jeg kan hjælpe med").fill("Inddragelse af børn")
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_role("link", name=newcomer.email)).to_be_visible()
    assert DirectoryEntry.objects.get(person=newcomer).shows_email

    page.goto("/netvaerk/")
    page.get_by_role("link", name="Start en tråd").click()
    expect(page.get_by_role("heading", name="Ingen sagsoplysninger")).to_be_visible()
    page.get_by_label("Hvad handler det om").fill("Ny i afdelingen")
    page.get_by_label("Dit indlæg").fill("Barnet 010190-1234 venter på svar.")
    page.get_by_role("button", name="Del med netværket").click()
    expect(page.get_by_label("Hvad handler det om")).to_have_value("Ny i afdelingen")
    assert not Thread.objects.filter(started_by=newcomer).exists()
    page.get_by_label("Dit indlæg").fill("Hvad gjorde I først? <b>Tak</b>")
    page.get_by_role("button", name="Del med netværket").click()
    expect(page.get_by_role("heading", name="Ny i afdelingen")).to_be_visible()
    expect(page.get_by_text("Hvad gjorde I først? <b>Tak</b>")).to_be_visible()

    thread = Thread.objects.get(started_by=newcomer)
    services.reply(thread, text="Læs ti sager.", by=other)
    page.goto("/netvaerk/traade/?which=unread")
    page.get_by_role("link", name="Ny i afdelingen").click()
    expect(page.get_by_text("Læs ti sager.")).to_be_visible()
    expect(page.get_by_role("button", name="Følg ikke længere tråden")).to_be_visible()
    page.get_by_label("Dit indlæg").fill("Det gør jeg.")
    page.get_by_role("button", name="Del med netværket").click()
    expect(page.get_by_text("Dit indlæg er delt med netværket.")).to_be_visible()
    assert Post.objects.filter(thread=thread).count() == 3

    page.goto("/netvaerk/")
    page.get_by_role("button", name="Luk velkomsten").click()
    expect(page.get_by_role("heading", name="Velkommen til netværket")).to_have_count(0)


def test_the_pages_of_the_library_and_of_a_member_are_accessible(new_page: NewPage, network: None) -> None:
    page = new_page(MembershipFactory(role="leader").user)
    own = services.start_thread(
        title="Langt ord", text="https://example.org/" + "x" * 300, by=MembershipFactory(role="leader").user
    )
    for address in (
        "/netvaerk/",
        LibraryPage.objects.get().url,
        ThemePage.objects.get().url,
        own.get_absolute_url(),
        f"/netvaerk/indlaeg/{own.posts.get().pk}/anmeld/",
        "/netvaerk/moeder/?when=all",
        "/soeg/?q=ledelse",
    ):
        page.goto(address)
        axe_clean(page)


def test_the_pages_of_the_editor_are_accessible(new_page: NewPage, network: None, other: Any) -> None:
    editor = StaffFactory(agency="social", group="network")
    thread = Thread.objects.get()
    post = thread.posts.get()
    services.edit_post(post, text="Hvad gør I hver uge?", version=post.version, by=other)
    services.report_post(post, reason="Navne", by=editor)
    page = new_page(editor)
    hide = f"/netvaerk/skridt/indlaeg/{post.pk}/hide/"
    for address in ("/netvaerk/anmeldelser/", thread.get_absolute_url(), hide):
        page.goto(address)
        axe_clean(page)
    move(post, "hide", by=editor, note="Navne")
    page.goto(thread.get_absolute_url())
    axe_clean(page)
