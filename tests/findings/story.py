"""An engagement in which a review is closed and findings are written: the scene of this room's tests."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from engagements import models as m
from engagements.findings import services
from engagements.users.models import User
from tests import factories as f

STANDARD = {"theme": "inddragelse", "competence": "legal"}


@dataclass
class Story:
    """The people and things of the scene."""

    engagement: m.Engagement
    review: m.Review
    consultant: User
    lead: User
    leader: User
    director: User
    strength: m.Finding
    weakness: m.Finding
    recommendation: m.Recommendation
    report: m.Report


def answered_review(
    engagement: m.Engagement, met: list[int], cases: int = 20, requirements: Any = None, **traits: Any
) -> m.Review:
    """A closed review: requirement number i is met in `met[i]` of the cases, the rest not."""
    requirements = requirements or f.RequirementFactory.create_batch(len(met))
    review = f.ReviewFactory(engagement=engagement, requirements=requirements, cases=cases, **traits)
    for requirement, count in zip(requirements, met, strict=True):
        version = requirement.versions.get(law="barnets lov")
        m.Answer.objects.bulk_create(
            m.Answer(
                case=case,
                requirement=requirement,
                requirement_version=version,
                verdict="met" if number < count else "not_met",
            )
            for number, case in enumerate(review.cases.order_by("number"))
        )
    m.Review.objects.filter(pk=review.pk).update(state="closed", closed_at=timezone.now())
    review.refresh_from_db()
    return review


def tell(severity: str = "major") -> Story:
    """Everything that a report needs."""
    consultant, lead = f.StaffFactory(), f.StaffFactory(group="lead")
    engagement = f.EngagementFactory(team=[consultant])
    people = {
        role: f.MembershipFactory(municipality=engagement.municipality, role=role).user
        for role in ("leader", "director")
    }
    review = answered_review(engagement, [12, 19])
    low, high = review.requirements.order_by("pk")
    weakness = services.write_finding(
        engagement=engagement,
        by=consultant,
        review=review,
        requirement=low,
        polarity="weakness",
        severity=severity,
        title="Børnesamtaler mangler",
        text="Der mangler samtaler i otte sager.",
        **STANDARD,
    )
    strength = services.write_finding(
        engagement=engagement,
        by=consultant,
        review=review,
        requirement=high,
        polarity="strength",
        title="Tydelige begrundelser",
        text="Begrundelserne er klare.",
        **STANDARD,
    )
    recommendation = services.write_recommendation(
        engagement=engagement,
        by=consultant,
        findings=[weakness],
        kind="must",
        competence="legal",
        title="Tal med barnet forud for afgørelsen",
        text="Indfør en fast arbejdsgang.",
    )
    report = services.begin_report(engagement=engagement, kind="analysis", by=consultant)
    services.change_report(report=report, by=consultant, version=report.version, summary="Kommunen er på vej.")
    return Story(
        engagement, review, consultant, lead, people["leader"], people["director"], strength, weakness,
        recommendation, report,
    )  # fmt: skip
