"""The pages of an engagement and both start pages in a real browser: accessible at both widths, usable without script."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from engagements import models as m
from engagements.programme import services
from tests import factories as f
from tests.browsing import NewPage, axe_clean

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lead() -> Any:
    return f.StaffFactory(group="lead")


@pytest.fixture
def engagement(lead: Any) -> m.Engagement:
    """Half a year old, with a team, notes, a document and actions."""
    consultant = f.StaffFactory(first_name="Anne", last_name="Holm")
    engagement = services.open_engagement(
        municipality=f.MunicipalityFactory(name="Korsbæk", slug="korsbaek"),
        offer=f.OfferFactory(),
        case_no="2026-0012",
        focus="Inddragelse af barnet",
        starts_on=timezone.localdate() - timedelta(days=180),
        by=lead,
    )
    services.add_to_team(engagement, user=consultant, competence="legal", by=lead)
    services.write_note(engagement, text="Aftal møde med den nye chef.", internal=True, by=lead)
    f.ActionFactory(engagement=engagement, overdue=True)
    f.ReportFactory(engagement=engagement, state="published", published_at=timezone.now())
    f.ApplicationFactory(in_assessment=True)
    return engagement


def test_the_tabs_of_an_engagement_stand_on_one_line_for_the_team(new_page: NewPage, engagement: m.Engagement) -> None:
    page = new_page(engagement.team.get().user)
    page.set_viewport_size({"width": 1200, "height": 900})
    page.goto(reverse("engagements:plan", args=[engagement.case_no]))
    tabs = page.locator(".tab-list li")
    assert tabs.count() == 9
    assert len({tabs.nth(place).bounding_box()["y"] for place in range(9)}) == 1


def test_every_page_of_an_engagement_is_accessible_to_the_lead(
    new_page: NewPage, lead: Any, engagement: m.Engagement
) -> None:
    page = new_page(lead)
    case = engagement.case_no
    milestone = engagement.milestones.last()
    assert milestone is not None
    addresses = [
        *(reverse(f"engagements:{name}", args=[case]) for name in ("detail", "plan", "team", "documents", "history")),
        *(reverse(f"engagements:{name}", args=[case]) for name in ("join_team", "add_document", "write_note")),
        reverse("engagements:phase", args=[case, "start"]),
        reverse("engagements:reach_milestone", args=[case, milestone.pk]),
        reverse("engagements:list"),
        reverse("engagements:portfolio"),
        reverse("home:workplace"),
    ]
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        axe_clean(page)


def test_the_municipalitys_start_page_and_the_search_are_accessible(
    new_page: NewPage, engagement: m.Engagement
) -> None:
    leader = f.MembershipFactory(municipality=engagement.municipality).user
    f.RoundFactory()
    page = new_page(leader)
    for address in (reverse("home:municipality", args=[engagement.municipality.code]), "/soeg/?q=korsb%C3%A6k"):
        page.goto(address)
        axe_clean(page)
    expect(page.get_by_role("link", name="Korsbæk Kommune", exact=True)).to_be_visible()


def test_a_milestone_is_added_and_reached_without_script_and_mistakes_are_shown(
    new_page: NewPage, lead: Any, engagement: m.Engagement
) -> None:
    page = new_page(lead, javascript=False)
    page.goto(reverse("engagements:plan", args=[engagement.case_no]))
    page.get_by_role("link", name="Tilføj en milepæl").click()
    page.get_by_label("Titel").fill("Temadag for ledere")
    page.get_by_role("button", name="Gem").click()
    expect(page.locator(".error-summary, .alert-error").first).to_be_visible()
    expect(page.get_by_label("Titel")).to_have_value("Temadag for ledere")
    page.get_by_label("Dato").fill("2027-01-15")
    page.get_by_label("Afventer").first.select_option("municipality")
    page.get_by_role("button", name="Gem").click()
    row = page.get_by_role("row", name="Temadag for ledere")
    row.get_by_role("link", name="Markér som nået").click()
    page.get_by_role("button", name="Markér som nået").click()
    expect(page.get_by_role("row", name="Temadag for ledere")).to_contain_text("Nået")
