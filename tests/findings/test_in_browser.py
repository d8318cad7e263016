"""From suggestion to published report in a real browser, without JavaScript where people write."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from engagements.findings import documents
from tests.browsing import NewPage, axe_clean

from .story import Story, tell

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def story(monkeypatch: pytest.MonkeyPatch) -> Story:
    monkeypatch.setattr(documents, "report_pdf", lambda facts: b"%PDF-1.7 not really")
    return tell(severity="critical")


def address(story: Story, name: str, *args: Any) -> str:
    return reverse(f"findings:{name}", args=[story.engagement.case_no, *args])


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("list", ()),
        ("suggestions", ()),
        ("finding_create", ()),
        ("finding", (1,)),
        ("recommendations", ()),
        ("recommendation", (1,)),
        ("recommendation_change", (1,)),
        ("reports", ()),
        ("report", ("analysis",)),
        ("report_texts", ("analysis",)),
        ("report_draft", ("analysis",)),
        ("report_lock", ("analysis",)),
    ],
)
def test_pages_are_accessible(new_page: NewPage, story: Story, name: str, args: tuple[Any, ...]) -> None:
    page = new_page(story.consultant)
    page.goto(address(story, name, *args))
    axe_clean(page)


def test_a_finding_is_written_locked_and_published_without_javascript(new_page: NewPage, story: Story) -> None:
    page = new_page(story.consultant, javascript=False)
    page.goto(address(story, "finding_create"))
    page.get_by_label("styrke", exact=True).check()
    page.get_by_label("Tema").select_option("opfølgning")
    page.get_by_label("juridisk").check()
    page.get_by_label("Titel").fill("Opfølgningen er begyndt")
    page.get_by_label("Det fandt vi").fill("I alle sager er datoen aftalt.")
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_role("heading", name="Opfølgningen er begyndt")).to_be_visible()
    page.goto(address(story, "report_lock", "analysis"))
    page.get_by_role("button", name="Lås som version").click()
    expect(page.get_by_text("Venter på lederen af Task Forcen")).to_be_visible()

    lead = new_page(story.lead, javascript=False)
    lead.goto(address(story, "report", "analysis"))
    lead.get_by_role("link", name="Se igennem og frigiv").click()
    expect(lead.get_by_role("heading", name="Først til direktøren")).to_be_visible()
    lead.get_by_role("button", name="Frigiv til kommunen").click()

    reader = new_page(story.leader)
    reader.goto(address(story, "report", "analysis"))
    expect(reader.get_by_text("Opfølgningen er begyndt")).to_be_visible()
    axe_clean(reader)
