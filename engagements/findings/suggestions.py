"""Findings suggested from a closed case review; nothing is saved until a consultant has edited and accepted them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import override

from engagements.programme.models import Competence
from engagements.requirements.models import Requirement
from engagements.reviews.results import results

from .models import Finding

if TYPE_CHECKING:
    from engagements.reviews.models import Review

WEAK_BELOW = 0.8
MAJOR_BELOW = 0.6
STRONG_FROM = 0.9


@dataclass(frozen=True)
class Suggestion:
    """A finding somebody might want to write, in the language of the report."""

    requirement: Requirement
    polarity: str
    severity: str
    title: str
    text: str
    x: int
    n: int
    written: bool

    @property
    def initial(self) -> dict[str, object]:
        """What the form of a new finding is filled with."""
        return {
            "requirement": self.requirement.pk,
            "theme": self.requirement.theme,
            "competence": Competence.LEGAL,
            "polarity": self.polarity,
            "severity": self.severity,
            "title": self.title,
            "text": self.text,
        }


def suggest_findings(review: "Review") -> list[Suggestion]:
    """A weakness where few cases meet the requirement, a strength where nearly all do; hidden rates suggest nothing.

    The severity is at most *major*: that a finding is critical is for a person to say.
    """
    written = set(Finding.objects.filter(review=review).values_list("requirement", flat=True))
    found = []
    with override("da"):  # the report is written in Danish, whatever language the consultant reads
        for row in results(review):
            if not row.shown or not row.n:
                continue
            rate = row.x / row.n
            if rate >= STRONG_FROM:
                polarity, severity = Finding.Polarity.STRENGTH, ""
            elif rate < WEAK_BELOW:
                polarity = Finding.Polarity.WEAKNESS
                severity = Finding.Severity.MAJOR if rate < MAJOR_BELOW else Finding.Severity.MINOR
            else:
                continue
            found.append(
                Suggestion(
                    requirement=row.requirement,
                    polarity=polarity,
                    severity=severity,
                    title=_title(row.requirement.title_da, row.x, row.n),
                    text=_text(row, polarity),
                    x=row.x,
                    n=row.n,
                    written=row.requirement.pk in written,
                )
            )
    return found


def _title(requirement: str, x: int, n: int) -> str:
    ending = ": " + _("met in %(x)s of %(n)s cases") % {"x": x, "n": n}
    room = 160 - len(ending)
    return (requirement if len(requirement) <= room else requirement[: room - 1].rstrip() + "…") + ending


def _text(row: object, polarity: str) -> str:
    counts = {name: getattr(row, name) for name in ("x", "n", "partly", "not_met", "not_documented")}
    sentences = [_("The requirement was met in %(x)s of the %(n)s cases in which it could be assessed.") % counts]
    if polarity == Finding.Polarity.WEAKNESS:
        parts = [
            (counts["partly"], _("partly met in %(count)s")),
            (counts["not_met"], _("not met in %(count)s")),
            (counts["not_documented"], _("not documented in %(count)s")),
        ]
        named = [text % {"count": count} for count, text in parts if count]
        if named:
            last = named.pop()
            listed = _("%(first)s and %(last)s") % {"first": ", ".join(named), "last": last} if named else last
            sentences.append(_("It was %(listed)s.") % {"listed": listed})
    return " ".join(sentences)
