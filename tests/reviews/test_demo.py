"""Demonstration answers are complete, follow the shares, and are the same for the same seed."""

import pytest

from engagements.reviews import demo, sheet
from engagements.reviews.models import Review
from engagements.reviews.results import results
from tests import factories as f

pytestmark = pytest.mark.django_db


def answers(review: Review) -> list[tuple[str, str]]:
    return [(line.case.code, cell.verdict) for line in sheet.load(review).lines for cell in line.cells]


def test_every_cell_is_answered_and_the_seed_decides() -> None:
    review = f.ReviewFactory(cases=20)
    first = answers(demo.fill(review, 7))
    assert sheet.load(review).missing == 0
    assert answers(demo.fill(review, 7)) == first
    assert answers(demo.fill(review, 8)) != first


def test_the_shares_are_followed() -> None:
    high, low = f.RequirementFactory.create_batch(2)
    review = f.ReviewFactory(requirements=[high, low], cases=60)
    demo.fill(review, 1, {high.code: 0.95, low.code: 0.1})
    good, bad = results(review)
    assert good.rate > 0.8
    assert bad.rate < 0.3


def test_cases_before_2024_are_judged_by_the_old_law() -> None:
    review = f.ReviewFactory(cases=6)
    demo.fill(review, 1, years=(2022,))
    assert all(result.laws == {"serviceloven"} for result in results(review) if result.n)
