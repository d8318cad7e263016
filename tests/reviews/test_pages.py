"""The pages of a review: who sees what, recording with and without a script, budgets and bad input."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from engagements import models as m
from engagements.lifecycle import move
from engagements.reviews import services
from engagements.reviews.models import Case, Review
from tests import factories as f
from tests.reviews.test_results import answered

pytestmark = pytest.mark.django_db
CPR = "010190-1234"


@pytest.fixture
def consultant() -> Any:
    return f.StaffFactory()


@pytest.fixture
def review(consultant: Any) -> Any:
    return f.ReviewFactory(engagement=f.EngagementFactory(team=[consultant]), cases=3)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def client(consultant: Any) -> Client:
    return signed_in(consultant)


def address(review: Review, page: str, *args: Any) -> str:
    return reverse(f"reviews:{page}", args=[review.engagement.case_no, review.pk, *args])


def case_data(case: Case, **changes: Any) -> dict[str, Any]:
    return {
        "version": case.version,
        "case_type": "family",
        "age_band": "6-11",
        "decision_year": case.decision_year,
        "note": "",
    } | changes


PAGES = [("detail",), ("grid",), ("case", 1), ("results",), ("move", "close")]


@pytest.mark.parametrize("page", PAGES)
def test_only_team_and_lead_open_the_pages(review: Review, consultant: Any, page: tuple[Any, ...]) -> None:
    url = address(review, *page)
    assert signed_in(consultant).get(url).status_code == 200
    lead = signed_in(f.StaffFactory(group="lead")).get(url).status_code
    assert lead == (409 if page[0] == "move" else 200)
    leader = f.MembershipFactory(municipality=review.engagement.municipality).user
    for stranger in (
        f.UserFactory(),
        f.StaffFactory(),
        f.StaffFactory(group="analyst"),
        leader,
        f.MembershipFactory().user,
    ):
        assert signed_in(stranger).get(url).status_code == 404
    assert Client().get(url).status_code == 302


@pytest.mark.parametrize("page", PAGES)
def test_a_disqualified_member_of_the_team_sees_nothing(review: Review, consultant: Any, page: tuple[Any, ...]) -> None:
    m.Disqualification.objects.create(
        user=consultant,
        municipality=review.engagement.municipality,
        valid_from=timezone.localdate() - timedelta(days=1),
    )
    assert signed_in(consultant).get(address(review, *page)).status_code == 404


def test_the_municipality_reads_shared_results_but_no_single_case(review: Review, consultant: Any) -> None:
    answered(review, review.requirements.first(), met=8, not_met=2)
    leader = f.MembershipFactory(municipality=review.engagement.municipality).user
    move(review, "close", by=consultant)
    listed = reverse("reviews:list", args=[review.engagement.case_no])
    assert address(review, "results") not in signed_in(leader).get(listed).content.decode()
    services.share([review], by=consultant)
    page = signed_in(leader).get(address(review, "results"))
    assert page.status_code == 200
    assert "S-01" not in page.content.decode()
    assert address(review, "grid") not in page.content.decode()
    for hidden in (("detail",), ("grid",), ("case", 1)):
        assert signed_in(leader).get(address(review, *hidden)).status_code == 404
    caseworker = f.MembershipFactory(municipality=review.engagement.municipality, role="caseworker").user
    assert signed_in(caseworker).get(address(review, "results")).status_code == 404


def test_a_review_of_another_engagement_is_not_found_under_this_one(
    client: Client, consultant: Any, review: Review
) -> None:
    other = f.ReviewFactory(engagement=f.EngagementFactory(team=[consultant]), cases=1)
    url = reverse("reviews:detail", args=[review.engagement.case_no, other.pk])
    assert client.get(url).status_code == 404


def test_opening_proposes_the_central_requirements(client: Client, consultant: Any) -> None:
    standard = f.RequirementFactory(code="UND-24T")
    other = f.RequirementFactory()
    engagement = f.EngagementFactory(team=[consultant])
    url = reverse("reviews:open", args=[engagement.case_no])
    page = client.get(url).content.decode()
    assert f'value="{standard.pk}" id="requirement-{standard.pk}" checked' in page
    assert f'value="{other.pk}" id="requirement-{other.pk}" checked' not in page
    given = {
        "kind": "baseline",
        "planned_cases": 5,
        "usual_year": 2024,
        "usual_case_type": "placement",
        "requirements": [standard.pk, other.pk],
    }
    assert client.post(url, given).status_code == 302
    opened = Review.objects.get(engagement=engagement)
    assert opened.cases.count() == 5
    assert opened.cases.first().case_type == "placement"


def test_opening_without_requirements_or_with_a_cpr_number_keeps_what_was_typed(
    client: Client, consultant: Any
) -> None:
    chosen = f.RequirementFactory()
    url = reverse("reviews:open", args=[f.EngagementFactory(team=[consultant]).case_no])
    given = {"kind": "baseline", "planned_cases": 7, "usual_year": 2024, "usual_case_type": "family"}
    assert client.post(url, given).status_code == 422
    page = client.post(url, given | {"period": f"Sag {CPR}", "requirements": [chosen.pk]})
    assert page.status_code == 422
    assert 'value="7"' in page.content.decode()
    assert f'id="requirement-{chosen.pk}" checked' in page.content.decode()
    assert not Review.objects.exists()


def test_a_case_is_recorded_without_a_script_and_leads_to_the_next(client: Client, review: Review) -> None:
    case, wanted = review.cases.first(), review.requirements.first()
    answer = client.post(
        address(review, "case", 1),
        case_data(case, **{f"answer-{wanted.pk}": "partly", "note": "Plan mangler", "then": "next"}),
    )
    assert answer.status_code == 302
    assert answer.url == address(review, "case", 2)
    case.refresh_from_db()
    assert case.answers.get().verdict == "partly"
    assert case.note == "Plan mangler"
    page = client.get(address(review, "case", 1)).content.decode()
    assert 'value="partly"' in page
    assert "checked" in page
    assert "§ 2" in page


def test_a_cpr_number_in_the_note_keeps_everything_else(client: Client, review: Review) -> None:
    case, wanted = review.cases.first(), review.requirements.first()
    page = client.post(
        address(review, "case", 1), case_data(case, **{f"answer-{wanted.pk}": "met", "note": f"Se {CPR} i journalen"})
    )
    assert page.status_code == 422
    text = page.content.decode()
    assert "i journalen" in text
    assert page.context["form"][f"answer-{wanted.pk}"].value() == "met"
    assert not case.answers.exists()
    assert CPR not in " ".join(str(error) for error in page.context["form"].errors.values())


def test_two_consultants_at_one_case_see_both_versions(client: Client, review: Review) -> None:
    case, wanted = review.cases.first(), review.requirements.first()
    colleague = f.StaffFactory()
    m.TeamMember.objects.create(engagement=review.engagement, user=colleague, competence="social")
    opened_at = case_data(case)
    services.record_case(
        case,
        expected_version=case.version,
        by=colleague,
        case_type="placement",
        age_band="0-5",
        decision_year=2025,
        answers={wanted.pk: "not_met"},
    )
    page = client.post(address(review, "case", 1), opened_at | {f"answer-{wanted.pk}": "met"})
    assert page.status_code == 422
    differences = {one.label: (one.yours, one.stored) for one in page.context["form"].conflict.differences}
    assert wanted.title in differences
    assert case.answers.get().verdict == "not_met"
    again = case_data(case, version=page.context["form"]["version"].value())
    assert client.post(address(review, "case", 1), again | {f"answer-{wanted.pk}": "met"}).status_code == 302
    assert case.answers.get().verdict == "met"


def test_the_lead_reads_a_case_but_cannot_save_it(review: Review) -> None:
    lead = signed_in(f.StaffFactory(group="lead"))
    page = lead.get(address(review, "case", 1)).content.decode()
    assert "disabled" in page
    assert (
        lead.post(address(review, "case", 1), case_data(review.cases.first(), case_type="placement")).status_code != 302
    )
    assert review.cases.first().case_type == "family"


def test_an_unconfirmed_law_is_marked(client: Client, review: Review) -> None:
    marker = "Ikke juridisk bekræftet"
    assert marker in client.get(address(review, "case", 1)).content.decode()
    assert marker in client.get(address(review, "grid")).content.decode()


def save_cell(client: Client, review: Review, **given: Any) -> Any:
    return client.post(address(review, "answer"), {"case": 1, "verdict": "met", "seen": ""} | given)


def test_a_cell_is_saved_and_a_colleagues_answer_is_told(client: Client, review: Review) -> None:
    wanted = review.requirements.first()
    assert save_cell(client, review, requirement=wanted.pk).json()["verdict"] == "met"
    clash = save_cell(client, review, requirement=wanted.pk, verdict="not_met")
    assert clash.status_code == 409
    assert clash.json()["verdict"] == "met"
    assert clash.json()["message"]
    assert save_cell(client, review, requirement=wanted.pk, verdict="not_met", seen="met").status_code == 200
    assert 'class="v3">3<' in client.get(address(review, "grid")).content.decode()


@pytest.mark.parametrize(
    "given", [{"case": 99}, {"case": "x"}, {"case": "9" * 5000}, {"requirement": "x"}, {"verdict": "?"}, {"case": "-1"}]
)
def test_a_wrong_cell_is_refused(client: Client, review: Review, given: dict[str, Any]) -> None:
    reply = save_cell(client, review, **({"requirement": review.requirements.first().pk} | given))
    assert reply.status_code == 422
    assert reply.json()["message"]


def test_a_cell_of_a_closed_review_is_refused(client: Client, review: Review, consultant: Any) -> None:
    move(review, "close", by=consultant)
    reply = save_cell(client, review, requirement=review.requirements.first().pk)
    assert reply.status_code == 409
    assert "grid-form" not in client.get(address(review, "grid")).content.decode().replace(
        'getElementById("grid-form")', ""
    )


def filled(consultant: Any, cases: int, requirements: int) -> Review:
    review: Review = f.ReviewFactory(
        engagement=f.EngagementFactory(team=[consultant]),
        requirements=f.RequirementFactory.create_batch(requirements),
        cases=cases,
    )
    for requirement in review.requirements.all():
        answered(review, requirement, met=cases // 2, partly=cases - cases // 2)
    return review


@pytest.mark.parametrize("page", ["grid", "detail", "results"])
@pytest.mark.parametrize("size", [(5, 5), (20, 39)])
def test_pages_take_few_queries_and_stay_small_at_any_size(
    consultant: Any, page: str, size: tuple[int, int], django_assert_max_num_queries: Any
) -> None:
    review = filled(consultant, *size)
    client = signed_in(consultant)
    client.get(address(review, page))
    with django_assert_max_num_queries(15 if page == "detail" else 12):
        html = client.get(address(review, page)).content
    assert len(html) < 100_000


def test_a_case_with_39_requirements_stays_small(consultant: Any) -> None:
    review = filled(consultant, 2, 39)
    assert len(signed_in(consultant).get(address(review, "case", 1)).content) < 100_000


def test_results_come_as_a_spreadsheet_without_hidden_numbers(client: Client, review: Review) -> None:
    one, two, _ = review.requirements.all()
    answered(review, one, met=8, partly=2)
    answered(review, two, met=3)
    book = load_workbook(BytesIO(client.get(address(review, "results") + "?format=xlsx").content))
    rows = {row[0]: row for row in book.active.iter_rows(values_only=True)}
    assert rows[one.code][3:6] == (8, 10, 0.8)
    assert rows[two.code][3] is None
    assert rows[two.code][5:] == (None,) * 8
    text = b"".join(client.get(address(review, "results") + "?format=csv").streaming_content).decode()
    assert one.code in text
    assert client.get(address(review, "results") + "?format=exe").status_code == 200


def test_before_and_after_stand_on_the_status_measurement(client: Client, review: Review) -> None:
    requirement = review.requirements.first()
    answered(review, requirement, met=11, not_met=9)
    status = f.ReviewFactory(engagement=review.engagement, kind="status", requirements=[requirement])
    answered(status, requirement, met=17, not_met=3)
    (found, *_rest) = client.get(address(status, "results")).context["comparisons"]
    assert found.change.is_clear


def test_closing_and_a_substitute_case_by_button(client: Client, review: Review) -> None:
    assert client.post(address(review, "add_case")).status_code == 302
    assert review.cases.count() == 4
    assert client.post(address(review, "move", "close")).status_code == 302
    review.refresh_from_db()
    assert review.state == "closed"
    assert client.post(address(review, "add_case")).status_code == 302
    assert review.cases.count() == 4


def test_the_sample_is_changed_while_recording(client: Client, review: Review) -> None:
    kept = review.requirements.first()
    answered(review, review.requirements.last(), met=2)
    page = client.get(address(review, "edit"))
    assert page.status_code == 200
    given = {"version": 1, "drawn_at_random": "on", "register_size": 60, "period": "2025", "requirements": [kept.pk]}
    assert client.post(address(review, "edit"), given).status_code == 302
    review.refresh_from_db()
    assert (review.drawn_at_random, review.register_size, review.requirements.get()) == (True, 60, kept)
    assert not m.Answer.objects.filter(case__review=review).exists()
    assert client.post(address(review, "edit"), given).status_code == 422


@pytest.mark.parametrize("language", ["da", "en"])
def test_pages_speak_both_languages(review: Review, consultant: Any, language: str) -> None:
    client = signed_in(consultant)
    prefix = "" if language == "da" else "/en"
    assert client.get(prefix + address(review, "results")).status_code == 200
