"""Findings, recommendations and a report for a fictional municipality of the demonstration."""

import tomllib
from datetime import datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from engagements.people import permissions as who
from engagements.people.services import staff
from engagements.programme.models import Engagement
from engagements.reviews.models import Review
from engagements.reviews.results import RequirementResult, results

from . import services
from .models import Finding, Report, ReportKind, ReportVersion
from .suggestions import MAJOR_BELOW, WEAK_BELOW

if TYPE_CHECKING:
    from engagements.users.models import User

TEXTS = Path(__file__).parent / "data" / "demonstration.toml"
WEAKNESSES, STRENGTHS = 7, 4
CRITICAL_BELOW = 0.5
CAN_BE_CRITICAL = frozenset({"UND-24T", "UND-GEN", "INV-SAMT", "OPF-TIL"})


def fill(engagement: Engagement, review: Review, seed: int) -> list[Finding]:
    """Write the findings that the review's counts call for, a recommendation for each weakness, and the report's texts.

    Nothing is written twice. The report stays a draft: `lock` and `publish` carry it on.
    """
    known = Finding.objects.filter(engagement=engagement, review=review)
    if known.exists():
        return list(known)
    texts = tomllib.loads(TEXTS.read_text("utf-8"))
    author = _author(engagement)
    chance = Random(seed)  # noqa: S311 - the same story each time
    rows = [row for row in results(review) if row.shown and row.requirement.code in texts]
    rows.sort(key=lambda row: ((row.rate or 0), row.requirement.code))
    weak = [row for row in rows if (row.rate or 0) < WEAK_BELOW][:WEAKNESSES] or rows[:1]
    strong = [row for row in reversed(rows) if (row.rate or 0) >= WEAK_BELOW][:STRENGTHS] or rows[-1:]
    kind = services.report_kind_now(engagement, review)
    written = []
    for row in strong:
        own = texts[row.requirement.code]
        written.append(_from_result(engagement, review, row, own, "strong", author))
    for row in weak:
        own = texts[row.requirement.code]
        finding = _from_result(engagement, review, row, own, "weak", author)
        _recommend(finding, own, author)
        written.append(finding)
    if kind == ReportKind.ANALYSIS:
        written.append(_organisation(engagement, review, texts["organisation"], chance, author))
    else:
        _recommend(written[-1], texts["status"], author)
    named = (
        [texts[row.requirement.code]["short"] for row in strong],
        [texts[row.requirement.code]["short"] for row in weak],
    )
    _write_report(engagement, review, kind, texts["report" if kind == ReportKind.ANALYSIS else "status"], named, author)
    return written


def lock(engagement: Engagement, kind: str = "analysis", *, at: datetime | None = None) -> ReportVersion:
    """Lock the report as a consultant of the team; the version it has if that is done."""
    report = Report.objects.get(engagement=engagement, kind=kind)
    done = report.versions.first()
    return done or services.lock_report(report=report, by=_author(engagement), at=at)


def publish(engagement: Engagement, kind: str = "analysis", *, at: datetime | None = None) -> Report:
    """Lock and publish the report as a lead, unless that is done."""
    version = lock(engagement, kind, at=at)
    report = version.report
    if report.published_at is None:
        lead = staff(who.LEAD, about=engagement.municipality).order_by("pk").first()
        assert lead is not None  # noqa: S101 - the demonstration has a lead
        services.publish_report(report=report, by=lead, at=at)
    return report


def _author(engagement: Engagement) -> "User":
    return engagement.team.current().select_related("user").order_by("pk")[0].user


def _from_result(
    engagement: Engagement,
    review: Review,
    row: RequirementResult,
    own: dict[str, Any],
    side: str,
    author: "User",
) -> Finding:
    facts: dict[str, Any] = {
        "review": review,
        "requirement": row.requirement,
        "theme": row.requirement.theme,
        "competence": own["competence"],
        "title": own[f"{side}_title"],
        "text": own[f"{side}_text"].format(x=row.x, n=row.n),
    }
    if side == "strong":
        return services.write_finding(engagement=engagement, by=author, polarity=Finding.Polarity.STRENGTH, **facts)
    rate = row.rate or 0
    if rate < CRITICAL_BELOW and row.requirement.code in CAN_BE_CRITICAL:
        severity = Finding.Severity.CRITICAL
    else:
        severity = Finding.Severity.MAJOR if rate < MAJOR_BELOW else Finding.Severity.MINOR
    return services.write_finding(
        engagement=engagement,
        by=author,
        polarity=Finding.Polarity.WEAKNESS,
        severity=severity,
        example=own["example"],
        cause=own["cause"],
        **facts,
    )


def _recommend(finding: Finding, own: dict[str, Any], author: "User") -> None:
    """Recommend something, unless an earlier report did."""
    if finding.engagement.recommendations.filter(title=own["action_title"]).exists():
        return
    services.write_recommendation(
        engagement=finding.engagement,
        by=author,
        findings=[finding],
        report_kind=finding.report_kind,
        kind=own["action_kind"],
        competence=own["competence"],
        title=own["action_title"],
        text=own["action_text"],
    )


def _organisation(
    engagement: Engagement, review: Review, own: dict[str, Any], chance: Random, author: "User"
) -> Finding:
    """What interviews and documents showed; a third of the municipalities are strong here."""
    strong = chance.random() < 1 / 3
    side = "strong" if strong else "weak"
    finding = services.write_finding(
        engagement=engagement,
        by=author,
        review=review,
        theme=own["theme"],
        competence=own["competence"],
        polarity=Finding.Polarity.STRENGTH if strong else Finding.Polarity.WEAKNESS,
        severity="" if strong else Finding.Severity.MAJOR,
        title=own[f"{side}_title"],
        text=own[f"{side}_text"],
        cause="" if strong else own["cause"],
    )
    if not strong:
        _recommend(finding, own, author)
    return finding


def _write_report(
    engagement: Engagement,
    review: Review,
    kind: str,
    texts: dict[str, str],
    named: tuple[list[str], list[str]],
    author: "User",
) -> None:
    report = services.begin_report(engagement=engagement, kind=kind, by=author)
    municipality = engagement.municipality
    facts = {
        "municipality": municipality.full_name,
        "council": municipality.council_name,
        "cases": review.cases.count(),
        "count": engagement.recommendations.filter(report_kind=kind).count(),
        "strengths": _listed(named[0]) or texts["strengths"],
        "weaknesses": _listed(named[1][:3]) or texts["weaknesses"],
    }
    filled = {name: texts[name].strip().format(**facts) for name in ("summary", "background", "conclusion")}
    services.change_report(report=report, by=author, version=report.version, **filled)


def _listed(words: list[str]) -> str:
    with override("da"):
        return _(" and ").join([part for part in (", ".join(words[:-1]), *words[-1:]) if part])
