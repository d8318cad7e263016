"""The grid by keyboard and the case form without JavaScript, in a real browser, with two people at once."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from engagements import models as m
from engagements.reviews import demo, services
from engagements.reviews.models import Review
from tests import factories as f
from tests.browsing import NewPage, axe_clean

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def consultant() -> Any:
    return f.StaffFactory(first_name="Anne", last_name="Holm")


@pytest.fixture
def review(consultant: Any) -> Review:
    return f.ReviewFactory(engagement=f.EngagementFactory(team=[consultant]), cases=3)


def address(review: Review, page: str, *args: Any) -> str:
    return reverse(f"reviews:{page}", args=[review.engagement.case_no, review.pk, *args])


def test_a_case_is_answered_with_one_key_each(new_page: NewPage, consultant: Any, review: Review) -> None:
    page = new_page(consultant)
    page.goto(address(review, "grid"))
    cell = page.locator("#grid tbody td[tabindex='0']")
    cell.focus()
    for key in ("1", "3", "4"):
        page.keyboard.press(key)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("6")
    expect(page.locator("#grid-now")).to_contain_text("S-03")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Home")
    expect(page.locator("#grid-now")).to_contain_text("barnets lov", ignore_case=True)
    page.keyboard.press("Delete")
    expect(page.locator("#grid")).to_have_attribute("aria-busy", "false", timeout=30_000)
    page.reload()
    expect(page.locator("#grid tbody tr").nth(0).locator("td")).to_have_text(["2025", "", "3", "4"])
    expect(page.locator("#grid tbody tr").nth(2).locator("td")).to_have_text(["2025", "6", "", ""])
    axe_clean(page)


def test_a_colleagues_answer_is_shown_and_replaced_only_on_purpose(
    new_page: NewPage, consultant: Any, review: Review
) -> None:
    colleague = f.StaffFactory(first_name="Birte", last_name="Lund")
    m.TeamMember.objects.create(engagement=review.engagement, user=colleague, competence="social")
    page = new_page(consultant, quiet=False)
    page.goto(address(review, "grid"))
    case, requirement = review.cases.get(number=1), review.requirements.first()
    services.record_answer(case=case, requirement=requirement, verdict="met", seen="", by=colleague)
    cell = page.locator("#grid tbody tr").nth(0).locator("td").nth(1)
    cell.focus()
    page.keyboard.press("3")
    expect(page.locator("#grid-now")).to_contain_text("Birte Lund")
    expect(cell).to_have_text("1")
    page.keyboard.press("3")
    expect(page.locator("#grid")).to_have_attribute("aria-busy", "false", timeout=30_000)
    assert case.answers.get().verdict == "not_met"


def test_cases_are_recorded_without_javascript(new_page: NewPage, consultant: Any, review: Review) -> None:
    page = new_page(consultant, javascript=False)
    page.goto(address(review, "grid"))
    page.get_by_role("link", name="S-01").click()
    groups = page.locator(".verdicts")
    for i in range(3):
        groups.nth(i).get_by_text("Delvist opfyldt").click()
    page.get_by_role("button", name="Gem og gå til næste sag").click()
    expect(page.get_by_role("heading", level=2)).to_contain_text("S-02")
    assert set(review.cases.get(number=1).answers.values_list("verdict", flat=True)) == {"partly"}


def test_the_pages_are_accessible_at_both_widths(new_page: NewPage, consultant: Any, review: Review) -> None:
    demo.fill(review, 5, by=consultant)
    page = new_page(consultant)
    listed = reverse("reviews:list", args=[review.engagement.case_no])
    for url in (
        listed,
        listed + "ny/",
        address(review, "detail"),
        address(review, "edit"),
        address(review, "case", 2),
        address(review, "results"),
    ):
        page.goto(url)
        axe_clean(page)
