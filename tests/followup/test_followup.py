"""The municipality answers, plans, reports; the team verifies; nobody approves what they reported themselves."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engagements.design.versions import StaleError
from engagements.followup import services
from engagements.followup.models import Action, Reply
from engagements.lifecycle import MoveRefused, move, moves_for
from engagements.notices.models import Notice
from engagements.people.models import Disqualification
from tests.factories import (
    ActionFactory,
    EngagementFactory,
    MembershipFactory,
    RecommendationFactory,
    StaffFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def legal() -> Any:
    return StaffFactory()


@pytest.fixture
def engagement(legal: Any) -> Any:
    return EngagementFactory(team=[legal])


@pytest.fixture
def leader(engagement: Any) -> Any:
    return MembershipFactory(municipality=engagement.municipality, role="leader").user


@pytest.fixture
def recommendation(engagement: Any) -> Any:
    return RecommendationFactory(engagement=engagement, published=True)


def plan(recommendation: Any, leader: Any, **kwargs: Any) -> Action:
    due = timezone.localdate() + timedelta(days=30)
    title = kwargs.pop("title", "Indfør fast dagsorden")
    return services.plan_action(recommendation, title=title, owner="Chefen", due_on=due, by=leader, **kwargs)


def test_a_recommendation_that_is_not_published_takes_no_action(engagement: Any, leader: Any) -> None:
    with pytest.raises(MoveRefused):
        plan(RecommendationFactory(engagement=engagement), leader)


def test_actions_are_numbered_within_the_engagement(recommendation: Any, leader: Any) -> None:
    assert [plan(recommendation, leader, title=f"Tiltag {letter}").number for letter in "abc"] == [1, 2, 3]


def test_an_action_sent_twice_is_planned_once(recommendation: Any, leader: Any) -> None:
    first = plan(recommendation, leader)
    assert plan(recommendation, leader) == first
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        assert plan(recommendation, leader) != first


def test_a_caseworker_cannot_reply(recommendation: Any, engagement: Any) -> None:
    caseworker = MembershipFactory(municipality=engagement.municipality, role="caseworker").user
    with pytest.raises(MoveRefused):
        services.reply_to(recommendation, stance="follow", by=caseworker)
    assert not Reply.objects.exists()


def test_a_colleagues_reply_is_not_overwritten_silently(recommendation: Any, leader: Any) -> None:
    first = services.reply_to(recommendation, stance="follow", by=leader)
    services.reply_to(recommendation, stance="partly", text="Fra en kollega", by=leader, version=first.version)
    with pytest.raises(StaleError):
        services.reply_to(recommendation, stance="decline", text="Nej", by=leader, version=first.version)
    assert Reply.objects.get().stance == "partly"


def test_of_two_first_replies_the_second_does_not_overwrite(recommendation: Any, leader: Any) -> None:
    services.reply_to(recommendation, stance="follow", by=leader)
    with pytest.raises(StaleError):
        services.reply_to(recommendation, stance="decline", text="Nej", by=leader)
    assert Reply.objects.get().stance == "follow"


def test_a_cpr_number_is_refused_whoever_calls_the_service(recommendation: Any, leader: Any) -> None:
    with pytest.raises(ValidationError):
        services.reply_to(recommendation, stance="follow", text="Om 010203-1234", by=leader)
    with pytest.raises(ValidationError):
        plan(recommendation, leader, text="Om 010203-1234")
    action = plan(recommendation, leader)
    with pytest.raises(ValidationError):
        services.change_action(action, version=action.version, by=leader, effect="Om 010203-1234")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("referat.txt", b"Drengen 010111-1234 har"),
        ("010111-1234.txt", b"Dagsorden"),
        ("side.txt", b"<html><script>alert(1)</script></html>"),
    ],
)
def test_a_file_that_may_not_be_kept_is_refused_whoever_calls_the_service(
    recommendation: Any, leader: Any, name: str, content: bytes
) -> None:
    action = plan(recommendation, leader)
    with pytest.raises(ValidationError):
        services.report_done(action, evidence="Indført.", file=SimpleUploadedFile(name, content), by=leader)
    action.refresh_from_db()
    assert action.state == "planned"
    assert not action.evidence.exists()


def test_reporting_done_keeps_the_evidence_and_tells_the_team(recommendation: Any, leader: Any, legal: Any) -> None:
    action = services.report_done(plan(recommendation, leader), evidence="Dagsordenen er indført.", by=leader)
    assert action.state == "reported"
    assert action.evidence.get().text == "Dagsordenen er indført."
    assert Notice.objects.filter(recipient=legal).count() == 1


def test_a_consultant_who_has_become_disqualified_is_told_of_nothing(
    recommendation: Any, leader: Any, legal: Any
) -> None:
    Disqualification.objects.create(user=legal, municipality=recommendation.engagement.municipality)
    services.report_done(plan(recommendation, leader), evidence="Dagsordenen er indført.", by=leader)
    assert not Notice.objects.filter(recipient=legal).exists()


def test_reporting_done_without_words_changes_nothing(recommendation: Any, leader: Any) -> None:
    action = plan(recommendation, leader)
    with pytest.raises(MoveRefused):
        services.report_done(action, evidence="  ", by=leader)
    action.refresh_from_db()
    assert action.state == "planned"
    assert not action.evidence.exists()


def test_the_team_verifies_while_the_engagement_runs(recommendation: Any, leader: Any, legal: Any) -> None:
    action = services.report_done(plan(recommendation, leader), evidence="Indført.", by=leader)
    assert "verify" not in {found.name for found in moves_for(action, leader)}
    assert move(action, "verify", by=legal).state == "verified"


def test_another_consultant_cannot_verify(recommendation: Any, leader: Any) -> None:
    action = services.report_done(plan(recommendation, leader), evidence="Indført.", by=leader)
    with pytest.raises(MoveRefused):
        move(action, "verify", by=StaffFactory(group="social", agency="social"))


def test_after_closing_the_controller_verifies_but_not_what_they_reported(
    recommendation: Any, leader: Any, legal: Any
) -> None:
    engagement = recommendation.engagement
    action = services.report_done(plan(recommendation, leader), evidence="Indført.", by=leader)
    type(engagement).objects.filter(pk=engagement.pk).update(state="closed")
    action = Action.objects.get(pk=action.pk)
    MembershipFactory(municipality=engagement.municipality, role="controller", user=leader)
    other = MembershipFactory(municipality=engagement.municipality, role="controller").user
    for refused in (leader, legal):
        with pytest.raises(MoveRefused):
            move(Action.objects.get(pk=action.pk), "verify", by=type(refused).objects.get(pk=refused.pk))
    assert move(action, "verify", by=other).state == "verified"


def test_a_returned_action_may_be_reported_again(recommendation: Any, leader: Any, legal: Any) -> None:
    action = services.report_done(plan(recommendation, leader), evidence="Indført.", by=leader)
    move(action, "send_back", by=legal, note="Vedlæg dagsordenen.")
    services.report_done(action, evidence="Her er den.", by=leader)
    assert action.evidence.count() == 2


def test_overdue_means_past_the_date_and_not_reported(engagement: Any) -> None:
    late = ActionFactory(engagement=engagement, overdue=True)
    ActionFactory(engagement=engagement, overdue=True, state="reported")
    ActionFactory(engagement=engagement)
    assert list(Action.objects.overdue()) == [late]
    assert late.days_overdue == 10


def test_a_stranger_gets_404_everywhere(client: Client, recommendation: Any, leader: Any) -> None:
    action = plan(recommendation, leader)
    client.force_login(MembershipFactory().user)
    case_no = action.engagement.case_no
    for name, args in [
        ("engagement", [case_no]),
        ("action", [case_no, action.number]),
        ("reply", [case_no, recommendation.number]),
        ("new_action", [case_no, recommendation.number]),
        ("change", [case_no, action.number]),
        ("report_done", [case_no, action.number]),
        ("move", [case_no, action.number, "verify"]),
    ]:
        assert client.get(reverse(f"followup:{name}", args=args)).status_code == 404, name


def test_a_cpr_number_in_the_evidence_is_refused_and_the_rest_kept(
    client: Client, recommendation: Any, leader: Any
) -> None:
    action = plan(recommendation, leader)
    client.force_login(leader)
    url = reverse("followup:report_done", args=[action.engagement.case_no, action.number])
    response = client.post(url, {"evidence": "Talt med barnet 010203-1234 om dagsordenen"})
    page = response.content.decode()
    assert "Talt med barnet" in page
    summary = page.split("error-summary", 1)[1].split("<form", 1)[0]
    assert "010203" not in summary
    action.refresh_from_db()
    assert action.state == "planned"


def test_a_second_click_reports_once(client: Client, recommendation: Any, leader: Any) -> None:
    action = plan(recommendation, leader)
    client.force_login(leader)
    url = reverse("followup:report_done", args=[action.engagement.case_no, action.number])
    for _ in range(2):
        assert client.post(url, {"evidence": "Indført i januar."}).status_code == 302
    assert action.evidence.count() == 1


def test_the_form_shows_both_versions_when_a_colleague_changed_the_action(
    client: Client, recommendation: Any, leader: Any
) -> None:
    action = plan(recommendation, leader)
    services.change_action(action, version=1, by=leader, title="Kollegaens titel")
    client.force_login(leader)
    url = reverse("followup:change", args=[action.engagement.case_no, action.number])
    fields = {"title": "Min titel", "owner": "Chefen", "due_on": action.due_on.isoformat(), "version": 1}
    response = client.post(url, fields)
    assert response.status_code == 409
    page = response.content.decode()
    assert "Kollegaens titel" in page
    assert "Min titel" in page
    assert Action.objects.get(pk=action.pk).title == "Kollegaens titel"


@pytest.mark.parametrize("rows", [25, 250])
def test_the_list_takes_the_same_few_queries_at_any_size(
    client: Client, leader: Any, recommendation: Any, django_assert_max_num_queries: Any, rows: int
) -> None:
    due = timezone.localdate()
    Action.objects.bulk_create(
        Action(
            engagement=recommendation.engagement,
            recommendation=recommendation,
            number=number,
            title="x",
            owner="y",
            due_on=due,
            original_due_on=due,
        )
        for number in range(1, rows + 1)
    )
    client.force_login(leader)
    client.get(reverse("followup:list"))
    with django_assert_max_num_queries(12):
        assert client.get(reverse("followup:list")).status_code == 200


def test_the_engagements_tab_takes_few_queries_however_many_recommendations(
    client: Client, leader: Any, engagement: Any, django_assert_max_num_queries: Any
) -> None:
    for recommendation in RecommendationFactory.create_batch(12, engagement=engagement, published=True):
        plan(recommendation, leader)
    client.force_login(leader)
    client.get(reverse("followup:engagement", args=[engagement.case_no]))
    with django_assert_max_num_queries(16):
        client.get(reverse("followup:engagement", args=[engagement.case_no]))
