"""Writing findings and recommendations."""

import pytest
from django.core.exceptions import ValidationError

from engagements.design.versions import StaleError
from engagements.findings import services
from engagements.findings.models import Finding, Recommendation
from engagements.findings.suggestions import suggest_findings
from tests import factories as f

from .story import STANDARD, answered_review, tell

pytestmark = pytest.mark.django_db


def test_findings_are_numbered_within_their_engagement() -> None:
    one, two = f.EngagementFactory(), f.EngagementFactory()
    by = f.StaffFactory()
    facts = {"polarity": "strength", "text": "T", **STANDARD}
    places = ((one, "A"), (one, "B"), (two, "A"))
    numbers = [services.write_finding(engagement=e, by=by, title=title, **facts).number for e, title in places]
    assert numbers == [1, 2, 1]


def test_a_weakness_without_severity_is_refused() -> None:
    with pytest.raises(ValidationError, match="alvor"):
        services.write_finding(
            engagement=f.EngagementFactory(), by=f.StaffFactory(), polarity="weakness", title="T", text="T", **STANDARD
        )


def test_a_cpr_number_in_a_finding_is_refused_and_not_repeated() -> None:
    with pytest.raises(ValidationError) as refusal:
        services.write_finding(
            engagement=f.EngagementFactory(),
            by=f.StaffFactory(),
            polarity="strength",
            title="T",
            text="Barnet 010203-1234 blev hørt.",
            **STANDARD,
        )
    assert "text" in refusal.value.message_dict
    assert "010203" not in str(refusal.value)
    assert not Finding.objects.exists()


def test_an_old_version_of_a_finding_does_not_overwrite_a_newer() -> None:
    story = tell()
    opened = story.weakness.version
    services.change_finding(finding=story.weakness, by=story.consultant, version=opened, title="Først")
    mine = Finding.objects.get(pk=story.weakness.pk)
    with pytest.raises(StaleError):
        services.change_finding(finding=mine, by=story.lead, version=opened, title="Sidst")
    assert Finding.objects.get(pk=story.weakness.pk).title == "Først"


def test_a_finding_behind_a_recommendation_is_not_deleted() -> None:
    story = tell()
    with pytest.raises(ValidationError):
        services.delete_finding(finding=story.weakness, by=story.consultant)
    services.delete_finding(finding=story.strength, by=story.consultant)
    assert list(Finding.objects.all()) == [story.weakness]


def test_what_is_published_is_neither_changed_nor_deleted() -> None:
    recommendation = f.RecommendationFactory(published=True)
    finding = recommendation.findings.get()
    by = f.StaffFactory()
    with pytest.raises(ValidationError):
        services.change_finding(finding=finding, by=by, version=finding.version, title="Nyt")
    with pytest.raises(ValidationError):
        services.delete_recommendation(recommendation=recommendation, by=by)
    assert Recommendation.objects.filter(pk=recommendation.pk).exists()


def test_a_recommendation_rests_on_findings_of_its_own_engagement() -> None:
    engagement, by = f.EngagementFactory(), f.StaffFactory()
    facts = {"kind": "may", "competence": "social", "title": "T", "text": "T"}
    for findings in ([], [f.FindingFactory()]):
        with pytest.raises(ValidationError):
            services.write_recommendation(engagement=engagement, by=by, findings=findings, **facts)


def test_a_recommendation_moves_one_place_up() -> None:
    engagement, by = f.EngagementFactory(), f.StaffFactory()
    finding = f.FindingFactory(engagement=engagement)
    facts = {"kind": "may", "competence": "social", "text": "T", "findings": [finding]}
    for title in "ABC":
        services.write_recommendation(engagement=engagement, by=by, title=title, **facts)
    services.put_before(recommendation=Recommendation.objects.get(title="C"), by=by)
    assert list(engagement.recommendations.values_list("title", "number")) == [("A", 1), ("C", 2), ("B", 3)]
    services.put_before(recommendation=Recommendation.objects.get(title="A"), by=by)
    assert [row.title for row in engagement.recommendations.all()] == ["A", "C", "B"]


def test_suggestions_name_low_and_high_rates_with_their_counts_and_leave_out_the_rest() -> None:
    review = answered_review(f.EngagementFactory(), [8, 14, 17, 20])
    found = suggest_findings(review)
    assert [(one.polarity, one.severity, one.x, one.n) for one in found] == [
        ("weakness", "major", 8, 20),
        ("weakness", "minor", 14, 20),
        ("strength", "", 20, 20),
    ]
    assert "8 af 20" in found[0].title
    assert "8 af de 20 sager" in found[0].text


def test_a_rate_of_fewer_than_five_cases_suggests_nothing() -> None:
    assert suggest_findings(answered_review(f.EngagementFactory(), [0], cases=4)) == []


def test_a_finding_already_written_from_a_requirement_is_marked() -> None:
    story = tell()
    assert [one.written for one in suggest_findings(story.review)] == [True, True]


def test_a_finding_or_recommendation_sent_twice_is_written_once() -> None:
    author = f.StaffFactory()
    engagement = f.EngagementFactory(team=[author])
    facts = {
        "theme": "inddragelse",
        "competence": "legal",
        "polarity": "strength",
        "title": "Familien inddrages",
        "text": "Familien blev inddraget i alle de sager, vi læste.",
    }
    first = services.write_finding(engagement=engagement, by=author, **facts)
    assert services.write_finding(engagement=engagement, by=author, **facts) == first
    wanted = {"kind": "may", "competence": "legal", "title": "Fortsæt", "text": "Hold fast i det, der virker."}
    made = services.write_recommendation(engagement=engagement, by=author, findings=[first], **wanted)
    assert services.write_recommendation(engagement=engagement, by=author, findings=[first], **wanted) == made
    assert (Finding.objects.count(), Recommendation.objects.count()) == (1, 1)
