"""Results: counts, intervals, hidden and hatched rates, themes, and before against after."""

from typing import Any

import pytest
from django.utils import timezone, translation

from engagements.requirements.models import RequirementVersion
from engagements.reviews import results as r
from engagements.reviews.models import Answer, Case, Review
from tests import factories as f

pytestmark = pytest.mark.django_db


def answered(review: Review, requirement: Any, *, year: int = 2025, **verdicts: int) -> None:
    """Answer a requirement in as many cases as wanted of each verdict, making cases as needed."""
    law = "serviceloven" if year < 2024 else "barnets lov"
    version = RequirementVersion.objects.get(requirement=requirement, law=law)
    wanted = [verdict for verdict, count in verdicts.items() for _ in range(count)]
    cases = list(review.cases.all())
    for number in range(len(cases) + 1, len(wanted) + 1):
        cases.append(Case.objects.create(review=review, number=number, decision_year=year))
    Answer.objects.bulk_create(
        Answer(case=case, requirement=requirement, requirement_version=version, verdict=verdict)
        for case, verdict in zip(cases, wanted, strict=False)
    )


@pytest.fixture
def requirement() -> Any:
    return f.RequirementFactory()


def review_of(*requirements: Any, **facts: Any) -> Review:
    return f.ReviewFactory(requirements=list(requirements), **facts)


def test_partly_and_undocumented_count_as_not_met_and_the_rest_is_left_out(requirement: Any) -> None:
    review = review_of(requirement)
    answered(review, requirement, met=12, partly=3, not_met=2, not_documented=1, not_applicable=1, not_assessable=1)
    (result,) = r.results(review)
    assert (result.x, result.n) == (12, 18)
    assert (result.partly, result.not_met, result.not_documented, result.left_out) == (3, 2, 1, 2)
    assert result.interval.low == pytest.approx(0.4375, abs=0.01)
    assert result.rate == pytest.approx(12 / 18)
    assert not result.hatched


@pytest.mark.parametrize(
    ("n", "shown", "hatched"), [(4, False, False), (5, True, True), (9, True, True), (10, True, False)]
)
def test_few_cases_are_hidden_or_hatched(requirement: Any, n: int, shown: bool, hatched: bool) -> None:
    review = review_of(requirement)
    answered(review, requirement, met=n)
    (result,) = r.results(review)
    assert (result.shown, result.hatched) == (shown, hatched)
    assert (result.rate is None) == (not shown)


def test_a_known_register_narrows_the_interval_only_of_a_random_sample(requirement: Any) -> None:
    review = review_of(requirement, register_size=60, drawn_at_random=True)
    answered(review, requirement, met=15, not_met=5)
    assert r.results(review)[0].interval.low == pytest.approx(0.571421, abs=1e-6)
    review.drawn_at_random = False
    assert r.results(review)[0].interval.low == pytest.approx(0.531299, abs=1e-6)


def test_results_take_two_queries(requirement: Any, django_assert_num_queries: Any) -> None:
    review = review_of(requirement, *f.RequirementFactory.create_batch(5))
    answered(review, requirement, met=6)
    with django_assert_num_queries(2):
        assert len(r.results(review)) == 6


def test_themes_gather_answers_and_know_the_guideposts() -> None:
    one, two = f.RequirementFactory.create_batch(2, theme="udredning")
    three = f.RequirementFactory(theme="sagsbehandling")
    review = review_of(one, two, three)
    answered(review, one, met=4, not_met=2)
    answered(review, two, met=1, not_met=5)
    answered(review, three, met=2)
    found = r.by_theme(r.results(review))
    assert [(theme.theme, theme.x, theme.n, theme.shown) for theme in found] == [
        ("udredning", 5, 12, True),
        ("sagsbehandling", 2, 2, False),
    ]
    assert [theme.theme for theme in r.guideposts(r.results(review))] == ["udredning"]


def two_reviews(requirement: Any, before: int, after: int, *, year: int = 2025) -> list[r.Comparison]:
    baseline = review_of(requirement)
    status = review_of(requirement, engagement=baseline.engagement, kind="status")
    answered(baseline, requirement, year=year, met=before, not_met=20 - before)
    answered(status, requirement, met=after, not_met=20 - after)
    return r.compare(baseline, status)


@pytest.mark.parametrize(
    ("before", "after", "verdict"), [(12, 17, "Too few"), (11, 17, "Progress"), (17, 11, "Setback")]
)
def test_a_change_is_only_claimed_when_it_is_clear(requirement: Any, before: int, after: int, verdict: str) -> None:
    with translation.override("en"):
        (found,) = two_reviews(requirement, before, after)
        assert found.verdict.startswith(verdict)
        assert found.change.difference == pytest.approx((after - before) / 20)


def test_no_change_is_shown_across_laws_that_do_not_compare() -> None:
    requirement = f.RequirementFactory(comparable=False)
    (found,) = two_reviews(requirement, 11, 17, year=2022)
    assert found.change is None
    assert found.reason
    (same_law,) = two_reviews(f.RequirementFactory(comparable=False), 11, 17)
    assert same_law.change is not None
    (comparable,) = two_reviews(f.RequirementFactory(), 11, 17, year=2022)
    assert comparable.change is not None


def test_no_change_is_shown_with_too_few_cases_or_only_one_measurement(requirement: Any) -> None:
    other = f.RequirementFactory()
    baseline = review_of(requirement, other)
    status = review_of(requirement, engagement=baseline.engagement, kind="status")
    answered(baseline, requirement, met=4)
    answered(status, requirement, met=10)
    found = r.compare(baseline, status)
    assert [comparison.change for comparison in found] == [None, None]
    assert len({comparison.reason for comparison in found}) == 2


def test_the_headline_names_the_requirement_met_least_often(requirement: Any) -> None:
    other = f.RequirementFactory()
    review = review_of(requirement, other)
    answered(review, requirement, met=15, not_met=5)
    answered(review, other, met=6, not_met=12)
    assert other.title_da in r.headline(r.results(review))
    assert "6" in r.headline(r.results(review))


def test_headlines_of_nothing_and_of_everything(requirement: Any) -> None:
    review = review_of(requirement)
    nothing = r.headline(r.results(review))
    answered(review, requirement, met=20)
    assert r.headline(r.results(review)) != nothing


def test_a_sample_not_drawn_at_random_says_so(requirement: Any) -> None:
    review = review_of(requirement, drawn_at_random=False, created_at=timezone.now())
    assert len(r.cautions(review, 20)) == 2
    review.drawn_at_random = True
    assert len(r.cautions(review, 20)) == 1
    assert review.engagement.municipality.full_name in r.cautions(review, 20)[0]
