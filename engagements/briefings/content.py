"""The frozen facts of a briefing: what the council reads, as it was when the briefing was sent to the director.

The numbers come from the locked version of the published report, so the council and the municipality read the same;
the actions are those of the day.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from engagements.findings.models import Report, ReportVersion
from engagements.followup.models import Action, ActionState
from engagements.requirements.models import Must

if TYPE_CHECKING:
    from engagements.programme.models import Engagement

FORMAT = 1
SHOWN_COUNTS = 3
SHOWN_ACTIONS = 3
SHOWN_UNMET = 6


def freeze(engagement: "Engagement") -> dict[str, Any]:
    """The facts now; `report` is empty while nothing is published."""
    version = published_version(engagement)
    report = version.content if version else {}
    review = report["reviews"][-1] if report.get("reviews") else None
    today = timezone.localdate()
    return {
        "format": FORMAT,
        "frozen_on": today.isoformat(),
        "municipality": {
            "name": engagement.municipality.name,
            "full_name": engagement.municipality.full_name,
            "council_name": engagement.municipality.council_name,
            "is_fictional": engagement.municipality.is_fictional,
        },
        "case_no": engagement.shown_case_no,
        "offer": {"da": engagement.offer.title_da, "en": engagement.offer.title_en},
        "phase": _phase(engagement),
        "report": {"kind": version.report.kind, "published_on": _day(version.report.published_at)} if version else {},
        "review": {key: review[key] for key in ("kind", "cases", "period", "drawn_at_random", "years")}
        if review
        else {},
        "counts": _counts(review)[:SHOWN_COUNTS],
        "unmet": _counts(review)[:SHOWN_UNMET],
        "musts": _musts(review),
        "changes": report.get("changes", []),
        "strengths": [row["title"] for row in report.get("findings", []) if row["polarity"] == "strength"][:2],
        "critical": [row["title"] for row in report.get("findings", []) if row["severity"] == "critical"],
        "recommendations": len(report.get("recommendations", [])),
        "actions": _actions(engagement, today),
        "action_counts": _action_counts(engagement, today),
    }


def published_version(engagement: "Engagement") -> ReportVersion | None:
    """The newest locked version of the newest published report."""
    reports = engagement.reports.filter(state=Report.State.PUBLISHED)
    return ReportVersion.objects.filter(report__in=reports).select_related("report").order_by("-locked_at").first()


def _day(at: Any) -> str:
    return timezone.localtime(at).date().isoformat() if at else ""


def _phase(engagement: "Engagement") -> dict[str, Any]:
    """The first phase not finished, as the engagement's own pages say it; the last when all are."""
    phases = list(engagement.phases.all())
    current = next((phase for phase in phases if phase.finished_on is None), phases[-1] if phases else None)
    if current is None:
        return {}
    return {
        "kind": current.kind,
        "number": phases.index(current) + 1,
        "of": len(phases),
        "ends_on": current.ends_on.isoformat(),
    }


def _counts(review: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Requirements of law that were not met in every assessed case, the least met first."""
    rows = [row for row in review["results"] if row["shown"] and row["x"] < row["n"]] if review else []
    rows.sort(key=lambda row: (row["x"] / row["n"], -row["n"]))
    return [_row(row) for row in rows]


def _row(row: dict[str, Any]) -> dict[str, Any]:
    law = row["law"][-1] if row["law"] else {}
    return {
        "code": row["code"],
        "title_da": row["title_da"],
        "title_en": row["title_en"],
        "x": row["x"],
        "n": row["n"],
        "paragraph": law.get("paragraph", ""),
        "law": law.get("law", ""),
        "confirmed_by": law.get("confirmed_by", ""),
    }


def _musts(review: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The four musts, each with the requirement behind it that was met least; those not assessed say so."""
    found = []
    for must in Must:
        rows = [row for row in review["results"] if row["must"] == must and row["shown"]] if review else []
        least = min(rows, key=lambda row: row["x"] / row["n"], default=None)
        found.append({"must": must.value, **(_row(least) if least else {})})
    return found


def _actions(engagement: "Engagement", today: date) -> list[dict[str, Any]]:
    """The open actions most in need of attention: overdue first, then by due date."""
    rows = Action.objects.filter(engagement=engagement).open().order_by("due_on", "number")
    return [
        {
            "number": action.number,
            "title": action.title,
            "owner": action.owner,
            "due_on": action.due_on.isoformat(),
            "days_overdue": max((today - action.due_on).days, 0) if action.state != ActionState.REPORTED else 0,
            "state": action.state,
        }
        for action in rows[:SHOWN_ACTIONS]
    ]


def _action_counts(engagement: "Engagement", today: date) -> dict[str, int]:
    rows = Action.objects.filter(engagement=engagement).exclude(state=ActionState.DROPPED)
    return {
        "total": rows.count(),
        "verified": rows.filter(state=ActionState.VERIFIED).count(),
        "reported": rows.filter(state=ActionState.REPORTED).count(),
        "overdue": rows.overdue(today).count(),
    }
