"""What a report still lacks before it can be locked."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.reviews.models import Review

from .models import Finding, Recommendation

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from .models import Report


@dataclass(frozen=True)
class Check:
    """One line of the checklist; only what is `needed` stands in the way of locking."""

    text: "str | Promise"
    fulfilled: bool
    needed: bool = True
    where: str = ""  # name of the page that mends it: findings, recommendations, texts or reviews


def checklist(report: "Report") -> list[Check]:
    """Everything a good report has, in the order of the work."""
    findings = list(contents_of(report, Finding).values_list("pk", "polarity", "severity"))
    recommendations = contents_of(report, Recommendation)
    polarities = {polarity for _pk, polarity, _severity in findings}
    answered = set(recommendations.values_list("findings", flat=True))
    serious = {pk for pk, _polarity, severity in findings if severity in ("critical", "major")}
    reviews = list(Review.objects.filter(engagement=report.engagement).values_list("kind", "state"))
    wanted = "status" if report.kind == report.Kind.STATUS else "baseline"
    return [
        Check(_("The case review is closed."), (wanted, "closed") in reviews, needed=False, where="reviews"),
        Check(_("No case review is still being recorded."), all(state == "closed" for _kind, state in reviews), False, "reviews"),
        Check(_("At least one strength is described."), "strength" in polarities, where="findings"),
        Check(_("At least one weakness is described."), "weakness" in polarities, where="findings"),
        Check(_("At least one recommendation is made."), recommendations.exists(), where="recommendations"),
        Check(_("Every critical or major weakness has a recommendation."), serious <= answered, False, "recommendations"),
        Check(_("The summary is written."), bool(report.summary.strip()), where="texts"),
        Check(_("The conclusion is written."), bool(report.conclusion.strip()), needed=False, where="texts"),
    ]  # fmt: skip


def problems(report: "Report") -> list[Check]:
    """What stands in the way of locking."""
    return [check for check in checklist(report) if check.needed and not check.fulfilled]


def contents_of[M: (Finding, Recommendation)](report: "Report", model: type[M]) -> models.QuerySet[M]:
    """The findings or recommendations that go into the report."""
    return model.objects.filter(engagement=report.engagement_id, report_kind=report.kind)
