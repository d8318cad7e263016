"""Recording a review: cases, the law of each case's year, and two people at the same case."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from engagements import models as m
from engagements.design.versions import StaleError
from engagements.lifecycle import MoveRefused, move
from engagements.reviews import services
from engagements.reviews.models import Answer, Case, Review
from tests import factories as f

pytestmark = pytest.mark.django_db
CPR = "010190-1234"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def consultant() -> Any:
    return f.StaffFactory()


@pytest.fixture
def engagement(consultant: Any) -> Any:
    return f.EngagementFactory(team=[consultant])


@pytest.fixture
def review(engagement: Any) -> Any:
    return f.ReviewFactory(engagement=engagement, cases=2)


def record(case: Case, by: Any, answers: dict[int, str], **changes: Any) -> Case:
    given: dict[str, Any] = {
        "expected_version": case.version,
        "case_type": "family",
        "age_band": "6-11",
        "decision_year": case.decision_year,
    }
    return services.record_case(case, by=by, answers=answers, **(given | changes))


def test_opening_makes_anonymous_cases(engagement: Any, consultant: Any) -> None:
    wanted = f.RequirementFactory.create_batch(2)
    review = services.open_review(
        engagement=engagement, kind="baseline", requirements=wanted, by=consultant, usual_year=2023
    )
    assert [case.code for case in review.cases.all()][:2] == ["S-01", "S-02"]
    assert review.cases.count() == 20
    assert {case.decision_year for case in review.cases.all()} == {2023}
    assert set(review.requirements.all()) == set(wanted)


def test_only_the_team_of_a_running_engagement_opens(engagement: Any, consultant: Any) -> None:
    with pytest.raises(MoveRefused, match="team"):
        services.open_review(engagement=engagement, kind="baseline", requirements=[], by=f.StaffFactory())
    engagement.state = "closed"
    engagement.save()
    with pytest.raises(MoveRefused, match="running"):
        services.open_review(engagement=engagement, kind="baseline", requirements=[], by=consultant)


def test_a_second_review_of_the_kind_waits_for_the_first(review: Any, consultant: Any) -> None:
    with pytest.raises(MoveRefused, match="already"):
        services.open_review(engagement=review.engagement, kind="baseline", requirements=[], by=consultant)
    services.open_review(engagement=review.engagement, kind="status", requirements=[], by=consultant)


def test_a_register_smaller_than_the_sample_is_refused(engagement: Any, consultant: Any) -> None:
    with pytest.raises(ValidationError, match="register"):
        services.open_review(
            engagement=engagement, kind="baseline", requirements=[], by=consultant, planned_cases=20, register_size=19
        )


def test_the_year_picks_the_law_and_a_changed_year_picks_again(review: Any, consultant: Any) -> None:
    case = review.cases.first()
    one, two, _ = review.requirements.all()
    record(case, consultant, {one.pk: "met", two.pk: "partly"})
    assert {answer.requirement_version.law for answer in case.answers.all()} == {"barnets lov"}
    case.refresh_from_db()
    record(case, consultant, {}, decision_year=2022)
    assert {answer.requirement_version.law for answer in case.answers.all()} == {"serviceloven"}
    assert sorted(case.answers.values_list("verdict", flat=True)) == ["met", "partly"]


def test_an_answer_the_other_law_does_not_ask_is_dropped(review: Any, consultant: Any) -> None:
    case = review.cases.first()
    wanted = m.Requirement.objects.create(code="NYT-1", theme="udredning", title_da="Nyt", title_en="New")
    m.RequirementVersion.objects.create(
        requirement=wanted, law="barnets lov", valid_from=date(2024, 1, 1), paragraph="§ 3", published_at=timezone.now()
    )
    review.requirements.add(wanted)
    record(case, consultant, {wanted.pk: "met"})
    assert case.answers.get().verdict == "met"
    case.refresh_from_db()
    record(case, consultant, {wanted.pk: "met"}, decision_year=2022)
    assert not case.answers.exists()


def test_a_stale_case_is_not_overwritten(review: Any, consultant: Any) -> None:
    case = review.cases.first()
    wanted = review.requirements.first()
    record(case, consultant, {wanted.pk: "met"})
    with pytest.raises(StaleError):
        record(case, consultant, {wanted.pk: "not_met"}, expected_version=1)
    assert case.answers.get().verdict == "met"


def test_a_cpr_number_in_the_note_is_refused(review: Any, consultant: Any) -> None:
    case = review.cases.first()
    with pytest.raises(ValidationError) as refused:
        record(case, consultant, {}, note=f"Barnet {CPR}")
    assert CPR not in str(refused.value)


def test_a_year_in_the_future_is_refused(review: Any, consultant: Any) -> None:
    with pytest.raises(ValidationError, match="future"):
        record(review.cases.first(), consultant, {}, decision_year=2090)


def test_a_cell_is_answered_changed_and_taken_away(review: Any, consultant: Any) -> None:
    case, wanted = review.cases.first(), review.requirements.first()
    services.record_answer(case=case, requirement=wanted, verdict="met", seen="", by=consultant)
    services.record_answer(case=case, requirement=wanted, verdict="partly", seen="met", by=consultant)
    assert case.answers.get().verdict == "partly"
    assert services.record_answer(case=case, requirement=wanted, verdict="", seen="partly", by=consultant) is None
    assert not case.answers.exists()


def test_a_cell_somebody_else_answered_is_not_overwritten(review: Any, consultant: Any) -> None:
    case, wanted = review.cases.first(), review.requirements.first()
    services.record_answer(case=case, requirement=wanted, verdict="met", seen="", by=consultant)
    with pytest.raises(services.CellTaken) as taken:
        services.record_answer(case=case, requirement=wanted, verdict="not_met", seen="", by=consultant)
    assert taken.value.answer.verdict == "met"
    assert case.answers.get().verdict == "met"


def test_the_same_answer_twice_is_no_conflict(review: Any, consultant: Any) -> None:
    case, wanted = review.cases.first(), review.requirements.first()
    for _ in range(2):
        services.record_answer(case=case, requirement=wanted, verdict="met", seen="", by=consultant)
    assert Answer.objects.filter(case=case).count() == 1


def test_a_cell_saved_makes_an_open_form_of_the_case_stale(review: Any, consultant: Any) -> None:
    case, wanted = review.cases.first(), review.requirements.first()
    services.record_answer(case=case, requirement=wanted, verdict="met", seen="", by=consultant)
    with pytest.raises(StaleError):
        record(case, consultant, {wanted.pk: "not_met"}, expected_version=1)


@pytest.mark.parametrize("verdict", ["perfect", "7", "met "])
def test_an_unknown_verdict_is_refused(review: Any, consultant: Any, verdict: str) -> None:
    with pytest.raises(ValueError, match="verdict"):
        services.record_answer(
            case=review.cases.first(), requirement=review.requirements.first(), verdict=verdict, seen="", by=consultant
        )


def test_a_requirement_of_another_review_is_refused(review: Any, consultant: Any) -> None:
    with pytest.raises(ValueError, match="law"):
        services.record_answer(
            case=review.cases.first(), requirement=f.RequirementFactory(), verdict="met", seen="", by=consultant
        )


def test_others_than_the_team_cannot_record(review: Any) -> None:
    case, wanted = review.cases.first(), review.requirements.first()
    for stranger in (f.StaffFactory(), f.StaffFactory(group="lead"), f.UserFactory()):
        with pytest.raises(MoveRefused, match="team"):
            services.record_answer(case=case, requirement=wanted, verdict="met", seen="", by=stranger)
        with pytest.raises(MoveRefused, match="team"):
            record(case, stranger, {wanted.pk: "met"})


def test_a_closed_review_does_not_change_until_the_lead_reopens_it(review: Any, consultant: Any) -> None:
    move(review, "close", by=consultant)
    case = Case.objects.filter(review=review).first()
    with pytest.raises(MoveRefused, match="closed"):
        record(case, consultant, {})
    with pytest.raises(MoveRefused):
        move(review, "reopen", by=consultant, note="Fejl")
    move(review, "reopen", by=f.StaffFactory(group="lead"), note="Fejl i S-02")
    assert review.closed_at is None
    record(Case.objects.filter(review=review).first(), consultant, {})


def test_a_page_opened_before_the_review_was_closed_records_nothing_after(review: Any, consultant: Any) -> None:
    opened_before = review.cases.select_related("review").get(number=1)
    move(review, "close", by=consultant)
    with pytest.raises(MoveRefused):
        services.record_answer(case=opened_before, requirement=1, verdict="met", seen="", by=consultant)


def test_a_substitute_case_gets_the_next_number(review: Any, consultant: Any) -> None:
    case = services.add_case(review, by=consultant)
    assert (case.code, case.is_reserve) == ("S-03", True)


def test_results_are_shared_once_recorded(review: Any, consultant: Any) -> None:
    leader = f.MembershipFactory(municipality=review.engagement.municipality).user
    services.share([review], by=consultant)
    assert not Review.objects.visible_to(leader).exists()
    move(review, "close", by=consultant)
    assert not Review.objects.visible_to(leader).exists()
    services.share([review], by=consultant)
    assert Review.objects.visible_to(f.UserFactory._meta.model.objects.get(pk=leader.pk)).get() == review
    assert not Review.objects.worked_on_by(leader).exists()
    assert not Review.objects.visible_to(f.MembershipFactory().user).exists()
