"""The start pages: each role lands in the right place and reads what awaits it, at a price that does not grow."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engagements import models as m
from engagements.users.models import User
from tests.factories import (
    ActionFactory,
    ApplicationFactory,
    BriefingFactory,
    EngagementFactory,
    MembershipFactory,
    MunicipalityFactory,
    RecommendationFactory,
    ReportFactory,
    ReviewFactory,
    RoundFactory,
    StaffFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def context_of(client: Client, user: User, address: str) -> Any:
    """What the page was made of."""
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200
    return response.context


def of_municipality(municipality: m.Municipality) -> str:
    """The municipality's start page."""
    return reverse("home:municipality", args=[municipality.code])


def test_everyone_lands_on_the_own_start_page(client: Client) -> None:
    leader, consultant, nobody = MembershipFactory(), StaffFactory(), UserFactory()
    for user, end in (
        (leader.user, of_municipality(leader.municipality)),
        (consultant, reverse("home:workplace")),
        (nobody, reverse("home:municipalities")),
    ):
        client.force_login(user)
        response = client.get(reverse("home:start"), follow=True)
        assert response.request["PATH_INFO"] == end
        assert response.status_code == 200


def test_the_anonymous_are_asked_to_sign_in_and_come_back(client: Client) -> None:
    for name in ("start", "municipalities", "workplace"):
        response = client.get(reverse(f"home:{name}"))
        assert response.status_code == 302
        assert f"next={reverse(f'home:{name}')}" in response.url


def test_a_person_in_two_municipalities_chooses(client: Client) -> None:
    first = MembershipFactory()
    second = MembershipFactory(user=first.user, role="council")
    client.force_login(first.user)
    text = client.get(reverse("home:municipalities")).content.decode()
    for membership in (first, second):
        assert of_municipality(membership.municipality) in text


def test_a_strangers_municipality_does_not_exist_for_others(client: Client) -> None:
    address = of_municipality(MembershipFactory().municipality)
    for user in (MembershipFactory().user, StaffFactory(group="lead"), MembershipFactory(approved_at=None).user):
        client.force_login(user)
        assert client.get(address).status_code == 404


def test_what_awaits_the_municipality_stands_first_and_by_date(client: Client) -> None:
    leader = MembershipFactory()
    engagement = EngagementFactory(municipality=leader.municipality)
    RecommendationFactory(engagement=engagement, published=True)
    ActionFactory(engagement=engagement, overdue=True)
    m.Milestone.objects.create(
        engagement=engagement, title="Selvevaluering", due_on=timezone.localdate(), side="municipality"
    )
    MembershipFactory(municipality=leader.municipality, approved_at=None)
    found = context_of(client, leader.user, of_municipality(leader.municipality))["waiting"]
    assert [item.due_on for item in found] == sorted(
        (item.due_on for item in found if item.due_on),
    ) + [None] * sum(item.due_on is None for item in found)
    assert found[0].due_on == timezone.localdate() - timedelta(days=10)
    assert len(found) == 4
    assert all(item.mine for item in found)


def test_only_leaders_are_asked_to_answer_those_who_want_to_join(client: Client) -> None:
    coordinator = MembershipFactory(role="coordinator")
    MembershipFactory(municipality=coordinator.municipality, approved_at=None)
    assert context_of(client, coordinator.user, of_municipality(coordinator.municipality))["waiting"] == []


def test_an_open_round_offers_to_begin_an_application_until_one_is_begun(client: Client) -> None:
    leader, opened = MembershipFactory(), RoundFactory()
    RoundFactory(closed=True)
    address = of_municipality(leader.municipality)
    assert context_of(client, leader.user, address)["rounds"] == [(opened, None)]
    ApplicationFactory(municipality=leader.municipality, round=opened)
    assert context_of(client, leader.user, address)["rounds"] == []


def test_an_open_round_is_not_offered_to_a_municipality_whose_engagement_of_the_kind_runs(client: Client) -> None:
    leader, opened = MembershipFactory(), RoundFactory()
    engagement = EngagementFactory(municipality=leader.municipality, offer=opened.offer)
    client.force_login(leader.user)
    html = client.get(of_municipality(leader.municipality)).content.decode()
    assert reverse("applications:begin") not in html
    assert f"I har et igangværende forløb af denne slags (sagsnr. {engagement.shown_case_no})" in html
    m.Engagement.objects.update(state="closed")
    assert reverse("applications:begin") in client.get(of_municipality(leader.municipality)).content.decode()


def test_the_council_reads_briefing_and_published_reports_and_nothing_of_the_casework(client: Client) -> None:
    council = MembershipFactory(role="council")
    engagement = EngagementFactory(municipality=council.municipality)
    ReportFactory(engagement=engagement)
    published = ReportFactory(engagement=engagement, kind="status", published_at=timezone.now(), state="published")
    briefing = BriefingFactory(engagement=engagement, state="released", released_at=timezone.now())
    BriefingFactory(engagement=engagement, number=2)
    context = context_of(client, council.user, of_municipality(council.municipality))
    assert context["reports"] == [published]
    assert context["briefing"] == briefing
    assert context["engagements"] == []
    assert "waiting" not in context


def test_a_report_kept_from_the_council_for_a_while_is_kept_here_too(client: Client) -> None:
    council = MembershipFactory(role="council")
    ReportFactory(
        engagement=EngagementFactory(municipality=council.municipality),
        state="published",
        published_at=timezone.now(),
        council_from=timezone.now() + timedelta(days=3),
    )
    assert context_of(client, council.user, of_municipality(council.municipality))["reports"] == []


def test_a_caseworker_sees_the_engagement_but_no_applications(client: Client) -> None:
    caseworker = MembershipFactory(role="caseworker")
    engagement = EngagementFactory(municipality=caseworker.municipality)
    context = context_of(client, caseworker.user, of_municipality(caseworker.municipality))
    assert context["engagements"] == [engagement]
    assert "applications" not in context


def test_the_workplace_shows_a_consultant_what_is_theirs_to_do(client: Client) -> None:
    consultant = StaffFactory()
    mine, other = EngagementFactory(team=[consultant]), EngagementFactory()
    for engagement in (mine, other):
        ReviewFactory(engagement=engagement, cases=3)
        ActionFactory(engagement=engagement, state="reported", reported_at=timezone.now())
    application = ApplicationFactory(in_assessment=True)
    ApplicationFactory()
    context = context_of(client, consultant, reverse("home:workplace"))
    assert context["mine"] == [mine]
    assert context["queue"] == [application]
    assert [action.engagement for action in context["reported"]] == [mine]
    assert {item.about for item in context["waiting"]} == {mine.municipality.name, application.municipality.name}


def test_the_lead_is_told_to_decide_and_to_publish(client: Client) -> None:
    lead = StaffFactory(group="lead")
    application = ApplicationFactory(in_assessment=True)
    for agency in ("legal", "social"):
        m.Assessment.objects.create(application=application, agency=agency, completed_at=timezone.now())
    ReportFactory(state="locked")
    waiting = context_of(client, lead, reverse("home:workplace"))["waiting"]
    assert len(waiting) == 2
    client.force_login(StaffFactory())
    assert client.get(reverse("home:workplace")).context["waiting"] == []


def test_the_disqualified_find_nothing_of_the_municipality_on_their_workplace(client: Client) -> None:
    lead = StaffFactory(group="lead")
    engagement = EngagementFactory(team=[lead])
    m.Milestone.objects.create(engagement=engagement, title="Rapport", due_on=timezone.localdate())
    ApplicationFactory(submitted=True, municipality=engagement.municipality)
    m.Disqualification.objects.create(user=lead, municipality=engagement.municipality)
    client.force_login(lead)
    assert engagement.municipality.name not in client.get(reverse("home:workplace")).content.decode()


def test_mails_that_could_not_be_confirmed_are_shown_to_the_lead_only(client: Client) -> None:
    m.OutboxMessage.objects.create(to="a@example.org", subject="Brev", body="Tekst", state="uncertain")
    assert context_of(client, StaffFactory(group="lead"), reverse("home:workplace"))["uncertain_mails"] == 1
    assert "uncertain_mails" not in context_of(client, StaffFactory(), reverse("home:workplace"))


@pytest.mark.parametrize("times", [1, 8])
def test_start_pages_cost_the_same_for_much_as_for_little(
    client: Client, times: int, django_assert_max_num_queries: Any
) -> None:
    consultant, leader = StaffFactory(group="lead"), MembershipFactory()
    municipalities = [leader.municipality, *MunicipalityFactory.create_batch(times)]
    for municipality in municipalities:
        engagement = EngagementFactory(municipality=municipality, team=[consultant])
        for _number in range(times):
            ActionFactory(engagement=engagement, overdue=True)
            ActionFactory(engagement=engagement, state="reported", reported_at=timezone.now())
            m.Milestone.objects.create(engagement=engagement, title="Rapport", due_on=timezone.localdate())
            MembershipFactory(municipality=municipality)
            ApplicationFactory(municipality=municipality, in_assessment=True)
        ReviewFactory(engagement=engagement, cases=times)
        ReportFactory(engagement=engagement, state="locked")
        BriefingFactory(engagement=engagement, state="with_director")
    for user, address in (
        (leader.user, of_municipality(leader.municipality)),
        (consultant, reverse("home:workplace")),
    ):
        client.force_login(user)
        client.get(address)
        # One query or two a room that has something to say; what matters is that more rows cost no more.
        with django_assert_max_num_queries(28):
            response = client.get(address)
        assert all(
            len(response.context[name]) <= 12 for name in ("waiting", "actions", "queue") if name in response.context
        )
