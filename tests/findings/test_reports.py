"""Locking, publishing and the PDF."""

import copy
import io
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from pypdf import PdfReader

from engagements.findings import content, documents, services
from engagements.findings.models import Finding, Recommendation, Report, ReportVersion
from engagements.lifecycle import MoveRefused, move
from engagements.notices.models import Notice
from tests import factories as f

from .story import STANDARD, answered_review, tell

pytestmark = pytest.mark.django_db

NOT_A_PDF = b"%PDF-1.7 not really"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most tests need no real PDF, which takes seconds."""
    monkeypatch.setattr(documents, "report_pdf", lambda facts: NOT_A_PDF)


@pytest.mark.usefixtures("quick")
class TestLocking:
    """Freezing a version."""

    def test_what_is_missing_is_said_and_nothing_is_locked(self) -> None:
        report = f.ReportFactory()
        with pytest.raises(services.NotReady) as lacking:
            services.lock_report(report=report, by=f.StaffFactory())
        assert len(lacking.value.problems) == 4
        report.refresh_from_db()
        assert report.state == Report.State.DRAFT

    def test_a_version_keeps_its_facts_its_file_and_its_checksum(self) -> None:
        story = tell()
        version = services.lock_report(report=story.report, by=story.consultant)
        assert version.number == 1
        assert version.document.internal
        assert len(version.document.sha256) == 64
        assert [row["title"] for row in version.content["findings"]] == [story.weakness.title, story.strength.title]
        assert version.content["findings"][0]["law"][0]["paragraph"] == "§ 2"
        result = version.content["reviews"][0]["results"][0]
        assert (result["x"], result["n"]) == (12, 20)
        assert result["low"] < 0.6 < result["high"]

    def test_a_locked_version_is_neither_changed_nor_deleted(self) -> None:
        story = tell()
        version = services.lock_report(report=story.report, by=story.consultant)
        version.content = {}
        for act in (
            version.save,
            version.delete,
            ReportVersion.objects.all().delete,
            lambda: ReportVersion.objects.update(number=7),
        ):
            with pytest.raises(ValidationError):
                act()
        assert ReportVersion.objects.get().content["findings"]

    def test_later_changes_do_not_reach_the_frozen_facts(self) -> None:
        story = tell()
        version = services.lock_report(report=story.report, by=story.consultant)
        before = copy.deepcopy(version.content)
        move(story.report, "unlock", by=story.consultant, note="Et fund skal rettes.")
        services.change_finding(
            finding=story.weakness, by=story.consultant, version=story.weakness.version, title="Noget andet"
        )
        story.engagement.municipality.name = "Nyt navn"
        story.engagement.municipality.save()
        version.refresh_from_db()
        assert version.content == before
        second = services.lock_report(report=story.report, by=story.consultant)
        assert second.number == 2
        assert second.content["findings"][0]["title"] == "Noget andet"

    def test_nothing_in_a_locked_report_is_changed(self) -> None:
        story = tell()
        services.lock_report(report=story.report, by=story.consultant)
        with pytest.raises(ValidationError):
            services.change_finding(finding=story.weakness, by=story.consultant, version=1, title="Nyt")
        with pytest.raises(ValidationError):
            services.change_report(report=story.report, by=story.consultant, version=2, summary="Nyt")

    def test_a_second_lock_makes_no_second_version(self) -> None:
        story = tell()
        services.lock_report(report=story.report, by=story.consultant)
        with pytest.raises(MoveRefused):
            services.lock_report(report=story.report, by=story.consultant)
        assert story.report.versions.count() == 1

    def test_facts_that_change_while_the_pdf_is_made_are_not_locked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        story = tell()

        def slow(facts: dict[str, Any]) -> bytes:
            Finding.objects.filter(pk=story.strength.pk).update(title="En kollega var her")
            return NOT_A_PDF

        monkeypatch.setattr(documents, "report_pdf", slow)
        with pytest.raises(MoveRefused):
            services.lock_report(report=story.report, by=story.consultant)
        story.report.refresh_from_db()
        assert story.report.state == Report.State.DRAFT
        assert not ReportVersion.objects.exists()

    def test_only_the_team_and_the_lead_lock(self) -> None:
        story = tell()
        for stranger in (f.StaffFactory(), story.leader):
            with pytest.raises(MoveRefused):
                services.lock_report(report=story.report, by=stranger)

    def test_a_new_finding_of_the_status_measurement_goes_into_the_status_report(self) -> None:
        story = tell()
        status = answered_review(story.engagement, [15], kind="status")
        finding = services.write_finding(
            engagement=story.engagement, by=story.consultant, review=status, polarity="strength", title="T", text="T",
            **STANDARD,
        )  # fmt: skip
        assert finding.report_kind == "status"
        version = services.lock_report(report=story.report, by=story.consultant)
        assert finding.pk not in [row["pk"] for row in version.content["findings"]]


@pytest.mark.usefixtures("quick")
class TestPublishing:
    """Letting the municipality read."""

    def test_publishing_opens_report_findings_recommendations_and_file(self) -> None:
        story = tell()
        version = services.lock_report(report=story.report, by=story.consultant)
        assert not Report.objects.visible_to(story.leader).exists()
        services.publish_report(report=story.report, by=story.lead)
        assert Report.objects.visible_to(f.UserFactory._meta.model.objects.get(pk=story.leader.pk)).exists()
        assert Finding.objects.published().count() == 2
        assert Recommendation.objects.published().count() == 1
        version.document.refresh_from_db()
        assert not version.document.internal
        assert ReportVersion.objects.visible_to(story.leader).get().published_by == story.lead

    def test_a_consultant_does_not_publish(self) -> None:
        story = tell()
        services.lock_report(report=story.report, by=story.consultant)
        with pytest.raises(MoveRefused):
            services.publish_report(report=story.report, by=story.consultant)
        assert not Finding.objects.published().exists()

    def test_no_lead_publishes_what_he_or_she_locked(self) -> None:
        story = tell()
        services.lock_report(report=story.report, by=story.lead)
        with pytest.raises(MoveRefused):
            services.publish_report(report=story.report, by=story.lead)
        services.publish_report(report=story.report, by=f.StaffFactory(group="lead"))

    def test_publishing_twice_tells_once(self) -> None:
        story = tell()
        services.lock_report(report=story.report, by=story.consultant)
        services.publish_report(report=story.report, by=story.lead)
        told = Notice.objects.filter(recipient=story.leader).count()
        assert told == 1
        with pytest.raises(MoveRefused):
            services.publish_report(report=story.report, by=story.lead)
        assert Notice.objects.filter(recipient=story.leader).count() == told

    @time_machine.travel(datetime(2026, 11, 20, 9, tzinfo=UTC))  # a Friday
    def test_critical_findings_reach_the_director_before_the_council(self) -> None:
        story = tell(severity="critical")
        council = f.MembershipFactory(municipality=story.engagement.municipality, role="council").user
        services.lock_report(report=story.report, by=story.consultant)
        services.publish_report(report=story.report, by=story.lead)
        subjects = Notice.objects.filter(recipient=story.director).values_list("subject", flat=True)
        assert any("ritiske fund" in subject or "ritical" in subject for subject in subjects)
        assert not Report.objects.visible_to(council).exists()
        with time_machine.travel(datetime(2026, 11, 23, 8, tzinfo=UTC)):
            assert Report.objects.visible_to(council).exists()

    def test_without_critical_findings_the_council_reads_at_once(self) -> None:
        story = tell()
        council = f.MembershipFactory(municipality=story.engagement.municipality, role="council").user
        services.lock_report(report=story.report, by=story.consultant)
        services.publish_report(report=story.report, by=story.lead)
        assert Report.objects.visible_to(council).exists()

    def test_a_published_version_stays_while_a_new_one_is_written(self) -> None:
        story = tell()
        first = services.lock_report(report=story.report, by=story.consultant)
        services.publish_report(report=story.report, by=story.lead)
        move(story.report, "revise", by=story.consultant, note="Et afsnit mangler.")
        services.change_report(
            report=story.report, by=story.consultant, version=story.report.version, summary="En ny sammenfatning."
        )
        second = services.lock_report(report=story.report, by=story.consultant)
        assert list(ReportVersion.objects.visible_to(story.leader)) == [first]
        services.publish_report(report=story.report, by=story.lead)
        assert list(ReportVersion.objects.visible_to(story.leader)) == [second, first]


def _structure_types(reader: PdfReader) -> set[str]:
    found: set[str] = set()
    waiting = [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting.extend(node)
        elif hasattr(node, "get"):
            found.add(str(node.get("/S", "")))
            if "/K" in node:
                waiting.append(node["/K"])
    return found


class TestPdf:
    """The file itself."""

    def test_the_report_is_a_tagged_pdf_with_language_title_outline_and_searchable_text(self) -> None:
        story = tell()
        facts = content.freeze(story.report, number=1, by=story.consultant, at=datetime(2026, 11, 22, 12, tzinfo=UTC))
        pdf = documents.report_pdf(facts)
        reader = PdfReader(io.BytesIO(pdf))
        root = reader.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert str(root["/Lang"]).startswith("da")
        assert "Analyserapport" in reader.metadata.title
        assert len(reader.outline) >= 1
        text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
        for words in (story.weakness.title, story.recommendation.title, "12 af 20", "ikke juridisk bekræftet"):
            assert words in text
        assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/Figure"} <= _structure_types(reader)

    def test_the_same_frozen_facts_give_the_same_text(self) -> None:
        story = tell()
        facts = content.freeze(story.report, number=1, by=story.consultant, at=datetime(2026, 11, 22, 12, tzinfo=UTC))
        first = documents.report_pdf(facts)
        Finding.objects.update(title="Ændret siden")
        again = documents.report_pdf(copy.deepcopy(facts))
        texts = [[page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages] for pdf in (first, again)]
        assert texts[0] == texts[1]
