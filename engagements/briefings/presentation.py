"""The frozen facts in the words of the page and the PDF."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from engagements.programme.models import PhaseKind
from engagements.requirements.models import Law, Must
from engagements.reviews.models import Review

if TYPE_CHECKING:
    from .models import Briefing


def page_context(briefing: "Briefing") -> dict[str, Any]:
    """Everything the council's page shows."""
    facts = briefing.facts
    review = facts["review"]
    return {
        "briefing": briefing,
        "facts": facts,
        "name": facts["municipality"]["full_name"],
        "frozen_on": date.fromisoformat(facts["frozen_on"]),
        "offer": facts["offer"][_language()],
        "phase": _phase(facts["phase"]),
        "review": review,
        "review_kind": Review.Kind(review["kind"]).label if review else "",
        "counts": [_count(row) for row in facts["counts"]],
        "unmet": [_count(row) for row in facts["unmet"]],
        "unconfirmed": any(not row["confirmed_by"] for row in facts["unmet"]),
        "musts": [_must(row) for row in facts["musts"]],
        "changes": [_change(row) for row in facts["changes"]],
        "actions": [{**row, "due_on": date.fromisoformat(row["due_on"])} for row in facts["actions"]],
        "published_on": date.fromisoformat(facts["report"]["published_on"]) if facts["report"] else None,
        "questions": briefing.question_lines,
        "title": _("Briefing to the council: %(name)s") % {"name": facts["municipality"]["full_name"]},
    }


def _language() -> str:
    return "en" if get_language() == "en" else "da"


def _title(row: dict[str, Any]) -> str:
    return str(row[f"title_{_language()}"])


def _count(row: dict[str, Any]) -> dict[str, Any]:
    """`Talk with the child before a decision` – 12 of the 20 cases – § 5, stk. 3 of the Children's Act."""
    law = Law(row["law"]).label if row["law"] else ""
    # A paragraph of another act names that act itself.
    basis = f"{row['paragraph']}, {law}" if row["paragraph"].startswith("§") else row["paragraph"]
    return {**row, "title": _title(row), "basis": basis, "confirmed": bool(row["confirmed_by"])}


def _must(row: dict[str, Any]) -> dict[str, Any]:
    label = Must(row["must"]).label
    return {"label": label, "title": _title(row) if "code" in row else "", **row}


def _phase(phase: dict[str, Any]) -> dict[str, Any]:
    if not phase:
        return {}
    return {**phase, "label": PhaseKind(phase["kind"]).label, "ends_on": date.fromisoformat(phase["ends_on"])}


def _change(row: dict[str, Any]) -> dict[str, Any]:
    """Progress, decline, or too few cases to tell: an interval that holds zero says nothing."""
    if row["low"] > 0:
        verdict = _("progress")
    elif row["high"] < 0:
        verdict = _("decline")
    else:
        verdict = _("too few cases to tell")
    return {**row, "title": _title(row), "verdict": verdict}
