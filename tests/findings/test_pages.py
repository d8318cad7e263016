"""The pages of findings and reports."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from engagements.findings import documents, services
from engagements.findings.models import Finding, Recommendation, Report
from engagements.users.models import User
from tests import factories as f

from .story import Story, tell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "report_pdf", lambda facts: b"%PDF-1.7 not really")


@pytest.fixture
def story() -> Story:
    """The scene, before anything is locked."""
    return tell()


def get(client: Client, user: User, name: str, *args: Any, **query: str) -> Any:
    client.force_login(user)
    return client.get(reverse(f"findings:{name}", args=args), query)


def published(story: Story) -> None:
    services.lock_report(report=story.report, by=story.consultant)
    services.publish_report(report=story.report, by=story.lead)


class TestWhoReads:
    """Drafts for the team, what is published for the municipality."""

    def test_a_municipality_sees_no_draft(self, client: Client, story: Story) -> None:
        case_no = story.engagement.case_no
        text = get(client, story.leader, "list", case_no).content.decode()
        assert story.weakness.title not in text
        assert get(client, story.leader, "finding", case_no, story.weakness.number).status_code == 404
        assert get(client, story.leader, "recommendation", case_no, 1).status_code == 404
        assert get(client, story.leader, "report", case_no, "analysis").status_code == 404

    def test_a_locked_report_is_still_closed_to_the_municipality(self, client: Client, story: Story) -> None:
        services.lock_report(report=story.report, by=story.consultant)
        case_no = story.engagement.case_no
        assert get(client, story.leader, "report", case_no, "analysis").status_code == 404
        assert get(client, story.leader, "report_pdf", case_no, "analysis", 1).status_code == 404
        assert get(client, story.consultant, "report_pdf", case_no, "analysis", 1).status_code == 200

    @pytest.mark.parametrize("role", ["leader", "coordinator", "director", "caseworker", "council"])
    def test_the_published_report_is_read_as_page_and_pdf(self, client: Client, story: Story, role: str) -> None:
        person = f.MembershipFactory(municipality=story.engagement.municipality, role=role).user
        published(story)
        case_no = story.engagement.case_no
        page = get(client, person, "report", case_no, "analysis")
        assert story.recommendation.title in page.content.decode()
        file = get(client, person, "report_pdf", case_no, "analysis", 1)
        assert file["Content-Type"] == "application/pdf"

    def test_strangers_find_nothing(self, client: Client, story: Story) -> None:
        published(story)
        case_no = story.engagement.case_no
        for stranger in (f.MembershipFactory(role="council").user, f.StaffFactory(group="social"), f.UserFactory()):
            for name, *args in (("report", "analysis"), ("report_pdf", "analysis", 1), ("list",)):
                assert get(client, stranger, name, case_no, *args).status_code == 404

    def test_the_municipality_answers_from_the_recommendation_s_page(self, client: Client, story: Story) -> None:
        case_no, number = story.engagement.case_no, story.recommendation.number
        reply = reverse("followup:reply", args=[case_no, number])
        assert reply not in get(client, story.consultant, "recommendation", case_no, number).content.decode()
        published(story)
        assert reply in get(client, story.leader, "recommendation", case_no, number).content.decode()
        assert reply not in get(client, story.lead, "recommendation", case_no, number).content.decode()


class TestWriting:
    """Forms."""

    def facts(self, **changes: str) -> dict[str, str]:
        return {
            "polarity": "weakness",
            "severity": "major",
            "theme": "inddragelse",
            "competence": "legal",
            "title": "Et fund",
            "text": "Det står i sagerne.",
            "report_kind": "analysis",
            **changes,
        }

    def test_a_suggestion_is_edited_before_it_is_saved(self, client: Client, story: Story) -> None:
        services.delete_recommendation(recommendation=story.recommendation, by=story.consultant)
        services.delete_finding(finding=story.weakness, by=story.consultant)
        case_no, code = story.engagement.case_no, story.weakness.requirement.code
        suggestions = get(client, story.consultant, "suggestions", case_no).content.decode()
        assert f"requirement={code}" in suggestions
        form = get(client, story.consultant, "finding_create", case_no, review=str(story.review.pk), requirement=code)
        initial = form.context["form"].initial
        assert "12 af 20" in initial["title"]
        assert Finding.objects.count() == 1

    def test_a_cpr_number_is_refused_and_everything_typed_is_kept(self, client: Client, story: Story) -> None:
        client.force_login(story.consultant)
        address = reverse("findings:finding_create", args=[story.engagement.case_no])
        response = client.post(address, self.facts(text="Barnet 010203-1234.", cause="Travlhed på området"))
        text = response.content.decode()
        assert response.status_code == 422
        assert "Travlhed på området" in text
        assert "CPR" in text
        assert not Finding.objects.filter(title="Et fund").exists()

    def test_a_form_opened_before_a_colleague_saved_shows_both(self, client: Client, story: Story) -> None:
        client.force_login(story.consultant)
        address = reverse("findings:finding_change", args=[story.engagement.case_no, story.weakness.number])
        version = client.get(address).context["form"].opened_at
        services.change_finding(finding=story.weakness, by=story.lead, version=version, title="Kollegaens titel")
        response = client.post(address, self.facts(title="Min titel", version=str(version)))
        text = response.content.decode()
        assert "Kollegaens titel" in text
        assert "Min titel" in text
        assert Finding.objects.get(pk=story.weakness.pk).title == "Kollegaens titel"
        again = client.post(address, self.facts(title="Min titel", version=str(version + 1)))
        assert again.status_code == 302
        assert Finding.objects.get(pk=story.weakness.pk).title == "Min titel"

    def test_a_recommendation_is_written_from_a_finding(self, client: Client, story: Story) -> None:
        client.force_login(story.consultant)
        case_no = story.engagement.case_no
        form = get(client, story.consultant, "recommendation_create", case_no, finding=str(story.strength.number))
        assert form.context["form"].initial["findings"] == [story.strength.pk]
        response = client.post(
            reverse("findings:recommendation_create", args=[case_no]),
            {
                "findings": [story.strength.pk],
                "kind": "should",
                "competence": "social",
                "title": "Del erfaringen",
                "text": "Vis begrundelserne frem.",
                "report_kind": "analysis",
            },
        )
        assert response.status_code == 302
        assert Recommendation.objects.get(title="Del erfaringen").findings.get() == story.strength

    def test_what_is_published_has_no_change_or_delete_page(self, client: Client, story: Story) -> None:
        published(story)
        case_no = story.engagement.case_no
        for name in ("finding_change", "finding_delete", "recommendation_change", "recommendation_delete"):
            assert get(client, story.consultant, name, case_no, 1).status_code == 404

    def test_a_finding_in_use_is_not_deleted_and_the_page_says_why(self, client: Client, story: Story) -> None:
        client.force_login(story.consultant)
        address = reverse("findings:finding_delete", args=[story.engagement.case_no, story.weakness.number])
        assert client.post(address).status_code == 409
        assert Finding.objects.filter(pk=story.weakness.pk).exists()

    def test_only_the_team_writes(self, client: Client, story: Story) -> None:
        case_no = story.engagement.case_no
        for person in (story.leader, story.lead, f.StaffFactory()):
            client.force_login(person)
            for name in ("finding_create", "recommendation_create"):
                assert client.post(reverse(f"findings:{name}", args=[case_no]), self.facts()).status_code == 404
            address = reverse("findings:recommendation_up", args=[case_no, 1])
            assert client.post(address).status_code == 404
        assert Finding.objects.count() == 2


class TestReportPages:
    """Locking and publishing by hand."""

    def test_the_checklist_names_what_is_missing(self, client: Client, story: Story) -> None:
        Report.objects.update(summary="")
        client.force_login(story.consultant)
        response = client.post(reverse("findings:report_lock", args=[story.engagement.case_no, "analysis"]))
        assert response.status_code == 409
        assert response.context["refusals"]

    def test_the_municipality_is_shown_before_anything_goes_out(self, client: Client, story: Story) -> None:
        services.lock_report(report=story.report, by=story.consultant)
        text = get(client, story.lead, "report_publish", story.engagement.case_no, "analysis").content.decode()
        assert story.leader.email in text
        assert story.director.email in text
        assert story.recommendation.title in text

    def test_a_double_click_locks_and_publishes_once(self, client: Client, story: Story) -> None:
        case_no = story.engagement.case_no
        for person, name in ((story.consultant, "report_lock"), (story.lead, "report_publish")):
            client.force_login(person)
            address = reverse(f"findings:{name}", args=[case_no, "analysis"])
            assert [client.post(address).status_code for _click in range(2)] == [302, 302]
        story.report.refresh_from_db()
        assert story.report.versions.count() == 1
        assert story.report.state == Report.State.PUBLISHED

    def test_who_may_not_publish_is_told_and_nothing_happens(self, client: Client, story: Story) -> None:
        services.lock_report(report=story.report, by=story.consultant)
        client.force_login(story.consultant)
        response = client.post(reverse("findings:report_publish", args=[story.engagement.case_no, "analysis"]))
        assert response.status_code == 409
        assert not Finding.objects.published().exists()

    def test_a_locked_report_is_opened_with_a_reason(self, client: Client, story: Story) -> None:
        services.lock_report(report=story.report, by=story.consultant)
        client.force_login(story.consultant)
        address = reverse("findings:move", args=[story.engagement.case_no, "analysis", "unlock"])
        assert client.post(address, {"note": ""}).status_code == 422
        assert client.post(address, {"note": "Et tal er forkert."}).status_code == 302
        story.report.refresh_from_db()
        assert story.report.state == Report.State.DRAFT

    def test_the_lock_and_publish_moves_have_no_plain_page(self, client: Client, story: Story) -> None:
        client.force_login(story.lead)
        for name in ("lock", "publish", "nonsense"):
            address = reverse("findings:move", args=[story.engagement.case_no, "analysis", name])
            assert client.post(address).status_code == 404

    def test_a_report_is_begun_once(self, client: Client, story: Story) -> None:
        client.force_login(story.consultant)
        address = reverse("findings:reports", args=[story.engagement.case_no])
        for _click in range(2):
            assert client.post(address, {"kind": "status"}).status_code == 302
        assert client.post(address, {"kind": "nonsense"}).status_code == 404
        assert story.engagement.reports.count() == 2


@pytest.mark.parametrize("name", ["list", "recommendations"])
def test_lists_cost_the_same_with_25_and_250_rows(
    client: Client, name: str, django_assert_max_num_queries: Any
) -> None:
    consultant = f.StaffFactory()
    engagement = f.EngagementFactory(team=[consultant])
    client.force_login(consultant)
    address = reverse(f"findings:{name}", args=[engagement.case_no])
    counts = []
    findings = f.FindingFactory.create_batch(1, engagement=engagement)
    for more in (24, 225):
        if name == "list":
            f.FindingFactory.create_batch(more, engagement=engagement)
        else:
            f.RecommendationFactory.create_batch(more, engagement=engagement, findings=findings)
        client.get(address)
        with django_assert_max_num_queries(12) as captured:
            assert client.get(address).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("query", [{"theme": "<"}, {"page": "x"}, {"sort": "'"}, {"title": "\x00"}, {"format": "exe"}])
def test_nonsense_in_the_address_is_harmless(client: Client, query: dict[str, str]) -> None:
    consultant = f.StaffFactory()
    engagement = f.EngagementFactory(team=[consultant])
    for name in ("list", "recommendations", "suggestions", "finding_create", "recommendation_create"):
        response = get(client, consultant, name, engagement.case_no, **query, review="9" * 30, finding="²")
        assert response.status_code == 200
