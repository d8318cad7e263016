"""The demonstration's findings: complete, in the words of the counts, and told once."""

import pytest

from engagements.findings import demo, documents
from engagements.findings.models import Finding, Report
from tests import factories as f

from .story import answered_review

pytestmark = pytest.mark.django_db

CODES = ("UND-24T", "INV-SAMT", "BFU-4M", "OPF-3M", "HPL-MAAL")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "report_pdf", lambda facts: b"%PDF-1.7 not really")


def test_the_analysis_and_the_status_report_are_told_from_their_reviews_and_only_once() -> None:
    consultant, _lead = f.StaffFactory(), f.StaffFactory(group="lead")
    engagement = f.EngagementFactory(team=[consultant])
    requirements = [f.RequirementFactory(code=code, theme="inddragelse") for code in CODES]
    for kind, met in (("baseline", [8, 9, 12, 15, 19]), ("status", [17, 18, 18, 19, 20])):
        review = answered_review(engagement, met, kind=kind, requirements=requirements)
        demo.fill(engagement, review, 1)
        demo.publish(engagement, "analysis" if kind == "baseline" else "status")
    told = Finding.objects.count()
    demo.fill(engagement, review, 1)
    demo.publish(engagement, "status")
    assert Finding.objects.count() == told
    assert set(Report.objects.values_list("state", flat=True)) == {"published"}
    assert "8 af de 20 sager" in Finding.objects.get(requirement__code="UND-24T", review__kind="baseline").text
    assert Report.objects.get(kind="status").versions.get().content["changes"]
