"""The frozen content of a report: every fact it states, as it was when the version was locked.

The content is plain JSON and the only source of the PDF and of what the municipality reads; later changes of findings,
names, laws or rates do not reach it. `FORMAT` changes when its shape does, so that old versions can still be read.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from engagements.requirements.models import RequirementVersion
from engagements.reviews.models import Answer, Review
from engagements.reviews.results import compare, results

from .models import Finding, Recommendation
from .readiness import contents_of

if TYPE_CHECKING:
    from engagements.users.models import User

    from .models import Report

FORMAT = 1


def freeze(report: "Report", *, number: int, by: "User", at: datetime) -> dict[str, Any]:
    """The facts of the report now."""
    engagement = report.engagement
    wanted = [Review.Kind.BASELINE] if report.kind == report.Kind.ANALYSIS else list(Review.Kind)
    closed = engagement.reviews.filter(kind__in=wanted, state=Review.State.CLOSED)
    reviews = list(closed.order_by("created_at", "pk"))
    frozen_reviews = [_review(review) for review in reviews]
    findings = contents_of(report, Finding).select_related("requirement").order_by("number")
    recommendations = contents_of(report, Recommendation).prefetch_related("findings").order_by("number")
    day = timezone.localtime(at).date()
    return {
        "format": FORMAT,
        "number": number,
        "kind": report.kind,
        "locked_at": at.isoformat(),
        "locked_by": str(by),
        "texts": {name: getattr(report, name).strip() for name in ("summary", "background", "conclusion")},
        "engagement": {
            "case_no": engagement.case_no,
            "shown_case_no": engagement.shown_case_no,
            "offer": engagement.offer.title_da,
            "focus": engagement.focus,
            "starts_on": engagement.starts_on.isoformat(),
        },
        "municipality": {
            "code": engagement.municipality.code,
            "name": engagement.municipality.name,
            "full_name": engagement.municipality.full_name,
            "council_name": engagement.municipality.council_name,
            "is_fictional": engagement.municipality.is_fictional,
        },
        "team": _team(report, day),
        "reviews": frozen_reviews,
        "changes": _changes(reviews),
        "findings": [_finding(finding, frozen_reviews, day.year) for finding in findings],
        "recommendations": [_recommendation(recommendation) for recommendation in recommendations],
    }


def comparable(content: dict[str, Any]) -> dict[str, Any]:
    """The content without what differs between two freezings of the same facts."""
    return {key: value for key, value in content.items() if key not in ("locked_at", "locked_by", "number")}


def critical(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The critical findings."""
    return [finding for finding in content["findings"] if finding["severity"] == Finding.Severity.CRITICAL]


def _team(report: "Report", day: Any) -> list[dict[str, Any]]:
    members = report.engagement.team.current(day).select_related("user__staff_profile__agency")
    members = members.prefetch_related("user__staff_profile__agency__names")
    rows = []
    for member in members:
        profile = getattr(member.user, "staff_profile", None)
        rows.append(
            {
                "name": str(member.user),
                "title": profile.title if profile else "",
                "agency": profile.agency.name_on(day) if profile else "",
                "competence": member.competence,
            }
        )
    return rows


def _review(review: Review) -> dict[str, Any]:
    used = _versions_used(review)
    years = sorted(review.cases.values_list("decision_year", flat=True).distinct())
    return {
        "pk": review.pk,
        "kind": review.kind,
        "period": review.period,
        "cases": review.cases.count(),
        "years": years,
        "drawn_at_random": review.drawn_at_random,
        "register_size": review.register_size,
        "closed_at": review.closed_at.isoformat() if review.closed_at else "",
        "results": [_result(row, used.get(row.requirement.pk, [])) for row in results(review)],
    }


def _versions_used(review: Review) -> dict[int, list[RequirementVersion]]:
    """The wordings that judged cases of this review, by requirement."""
    judged = Answer.objects.filter(case__review=review).values("requirement_version")
    found: dict[int, list[RequirementVersion]] = {}
    for version in RequirementVersion.objects.filter(pk__in=judged).order_by("valid_from"):
        found.setdefault(version.requirement_id, []).append(version)
    return found


def _result(row: Any, versions: list[RequirementVersion]) -> dict[str, Any]:
    interval = row.interval
    return {
        "code": row.requirement.code,
        "title_da": row.requirement.title_da,
        "title_en": row.requirement.title_en,
        "theme": row.requirement.theme,
        "must": row.requirement.must,
        "comparable": row.requirement.comparable,
        "x": row.x,
        "n": row.n,
        "shown": row.shown,
        "low": round(interval.low, 6) if interval else None,
        "high": round(interval.high, 6) if interval else None,
        "partly": row.partly,
        "not_met": row.not_met,
        "not_documented": row.not_documented,
        "law": [_law(version) for version in versions],
    }


def _law(version: RequirementVersion) -> dict[str, Any]:
    return {
        "law": version.law,
        "paragraph": version.paragraph,
        "deadline": version.deadline_text,
        "valid_from": version.valid_from.isoformat(),
        "confirmed_by": version.confirmed_by,
        "confirmed_on": version.confirmed_on.isoformat() if version.confirmed_on else "",
    }


def _changes(reviews: Sequence[Review]) -> list[dict[str, Any]]:
    """Before and after (the newest of each), for the requirements that law and numbers allow to be compared."""
    newest = {review.kind: review for review in reviews}
    before, after = newest.get(Review.Kind.BASELINE), newest.get(Review.Kind.STATUS)
    if before is None or after is None:
        return []
    return [
        {
            "code": row.requirement.code,
            "title_da": row.requirement.title_da,
            "title_en": row.requirement.title_en,
            "theme": row.requirement.theme,
            "before": [row.before.x, row.before.n],
            "after": [row.after.x, row.after.n],
            "difference": round(row.change.difference, 6),
            "low": round(row.change.low, 6),
            "high": round(row.change.high, 6),
        }
        for row in compare(before, after)
        if row.before and row.after and row.change
    ]


def _finding(finding: Finding, reviews: list[dict[str, Any]], year: int) -> dict[str, Any]:
    result = _result_behind(finding, reviews)
    law = result["law"] if result else []
    if finding.requirement and not law:
        law = [_law(version) for version in finding.requirement.versions.for_year(year)]
    return {
        "pk": finding.pk,
        "number": finding.number,
        "theme": finding.theme,
        "competence": finding.competence,
        "polarity": finding.polarity,
        "severity": finding.severity,
        "title": finding.title,
        "text": finding.text,
        "example": finding.example,
        "cause": finding.cause,
        "code": finding.requirement.code if finding.requirement else "",
        "requirement_da": finding.requirement.title_da if finding.requirement else "",
        "requirement_en": finding.requirement.title_en if finding.requirement else "",
        "law": law,
        "x": result["x"] if result and result["shown"] else None,
        "n": result["n"] if result and result["shown"] else None,
    }


def _result_behind(finding: Finding, reviews: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The result the finding builds on: its own review's, else the newest."""
    if finding.requirement is None:
        return None
    own = [review for review in reviews if finding.review_id in (None, review["pk"])]
    rows = [row for review in own for row in review["results"] if row["code"] == finding.requirement.code]
    return rows[-1] if rows else None


def _recommendation(recommendation: Recommendation) -> dict[str, Any]:
    return {
        "pk": recommendation.pk,
        "number": recommendation.number,
        "kind": recommendation.kind,
        "competence": recommendation.competence,
        "title": recommendation.title,
        "text": recommendation.text,
        "findings": sorted(finding.number for finding in recommendation.findings.all()),
    }
