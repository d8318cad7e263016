"""The frozen content of a report made ready for its page and its PDF, in the language of the reader.

Nothing here reads the database: what a version says follows from its content alone.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from engagements.charts.bars import Rate, bars
from engagements.charts.figure import Figure
from engagements.charts.words import number, percent
from engagements.programme.models import Competence
from engagements.requirements.models import Law, Theme
from engagements.reviews.models import Review

from . import content as frozen
from .models import Finding, Recommendation, ReportKind

GOAL = 0.8
"""A requirement met in a smaller share of the cases is named in the chart's title."""


@dataclass(frozen=True)
class LegalBasis:
    """Wordings of the law with the same mark: the lawyer who confirmed them, or nobody."""

    text: str
    confirmed_by: str


@dataclass(frozen=True)
class ResultLine:
    """A requirement's counts in one review."""

    code: str
    title: str
    theme: str
    law: list[LegalBasis]
    x: int
    n: int
    share: float | None
    low: float | None
    high: float | None
    partly: int
    not_met: int
    not_documented: int

    @property
    def shown(self) -> bool:
        """Whether there are enough cases to show the rate."""
        return self.share is not None

    @property
    def interval(self) -> str:
        """`26–64 %`; empty where nothing is uncertain."""
        if self.low is None or self.high is None:
            return ""
        return f"{number(100 * self.low)}–{percent(self.high)}"


@dataclass(frozen=True)
class FindingCard:
    """A finding with its words."""

    number: int
    polarity: str
    polarity_label: str
    severity: str
    severity_label: str
    competence_label: str
    title: str
    text: str
    example: str
    cause: str
    requirement: str
    law: list[LegalBasis]
    x: int | None
    n: int | None


@dataclass(frozen=True)
class ThemeChapter:
    """What was found within one theme."""

    key: str
    title: str
    figure: Figure | None
    strengths: list[FindingCard]
    weaknesses: list[FindingCard]


@dataclass(frozen=True)
class RecommendationLine:
    """A recommendation with its words."""

    pk: int
    number: int
    kind: str
    kind_label: str
    competence_label: str
    title: str
    text: str
    findings: list[int]


@dataclass(frozen=True)
class ChangeLine:
    """Before and after for one requirement, and whether there are enough cases to tell."""

    code: str
    title: str
    before: list[int]
    after: list[int]
    difference: float
    low: float
    high: float
    verdict: str


@dataclass(frozen=True)
class ReviewFacts:
    """What was read: the sample and all its results."""

    kind_label: str
    cases: int
    years: str
    period: str
    drawn_at_random: bool
    register_size: int | None
    requirements: int
    results: list[ResultLine]
    themes: list[tuple[str, list[ResultLine]]]


@dataclass(frozen=True)
class Presentation:
    """A version of a report, ready to be shown."""

    title: str
    kind_label: str
    number: int
    locked_at: datetime
    municipality: dict[str, Any]
    engagement: dict[str, Any]
    texts: dict[str, str]
    team: list[dict[str, Any]]
    reviews: list[ReviewFacts]
    chapters: list[ThemeChapter]
    recommendations: list[RecommendationLine]
    changes: list[ChangeLine]
    strengths: int
    weaknesses: int
    critical: int
    agencies: list[str]

    @property
    def best(self) -> list[ResultLine]:
        """The three requirements met most often."""
        return self._ranked()[:-4:-1]

    @property
    def worst(self) -> list[ResultLine]:
        """The three requirements met least often."""
        return self._ranked()[:3]

    def _ranked(self) -> list[ResultLine]:
        shown = [line for line in self.newest.results if line.shown] if self.newest else []
        ranked = sorted(shown, key=lambda line: (line.share or 0, -line.n, line.code))
        return ranked if len(ranked) >= 2 * 3 else []

    @property
    def newest(self) -> ReviewFacts | None:
        """The review whose rates the chapters show."""
        return self.reviews[-1] if self.reviews else None


def present(content: dict[str, Any]) -> Presentation:
    """The content with labels, charts and chapters."""
    newest = content["reviews"][-1] if content["reviews"] else None
    lines = [_result(row) for row in newest["results"]] if newest else []
    cards = [(row["theme"], _card(row)) for row in content["findings"]]
    findings = [card for _theme, card in cards]
    return Presentation(
        title=title_of(content),
        kind_label=capital(ReportKind(content["kind"]).label),
        number=content["number"],
        locked_at=parse_datetime(content["locked_at"]) or datetime.min,  # noqa: DTZ901 - never, the content has a time
        municipality=content["municipality"],
        engagement=content["engagement"],
        texts=content["texts"],
        team=[row | {"competence_label": Competence(row["competence"]).label} for row in content["team"]],
        reviews=[_review(row) for row in content["reviews"]],
        chapters=[chapter for theme in Theme if (chapter := _chapter(theme, lines, cards, newest))],
        recommendations=[_recommendation(row) for row in content["recommendations"]],
        changes=[_change(row) for row in content["changes"]],
        strengths=sum(card.polarity == Finding.Polarity.STRENGTH for card in findings),
        weaknesses=sum(card.polarity == Finding.Polarity.WEAKNESS for card in findings),
        critical=len(frozen.critical(content)),
        agencies=sorted({row["agency"] for row in content["team"] if row["agency"]}),
    )


def title_of(content: dict[str, Any]) -> str:
    """`Analyserapport om Korsbæk Kommune, version 1`."""
    return _("%(report)s for %(municipality)s, version %(number)s") % {
        "report": capital(ReportKind(content["kind"]).label),
        "municipality": content["municipality"]["full_name"],
        "number": content["number"],
    }


def capital(text: object) -> str:
    """The text with a capital first letter."""
    return str(text)[:1].upper() + str(text)[1:]


def _in_language(row: dict[str, Any], name: str) -> str:
    return str(row[f"{name}_en" if get_language() == "en" else f"{name}_da"])


def _legal_bases(rows: list[dict[str, Any]]) -> list[LegalBasis]:
    found: list[LegalBasis] = []
    for row in rows:
        text, by = _paragraph(row), row["confirmed_by"]
        if found and found[-1].confirmed_by == by:
            last = found.pop()
            text = last.text if text == last.text else f"{last.text}; {text}"
        found.append(LegalBasis(text, by))
    return found


def _paragraph(row: dict[str, Any]) -> str:
    """`§ 46 i barnets lov`; a paragraph of another act names the act itself."""
    paragraph = str(row["paragraph"]).replace("§ ", "§\u00a0")
    if not paragraph.startswith("§"):
        return paragraph
    return _("%(paragraph)s of %(law)s") % {"paragraph": paragraph, "law": Law(row["law"]).label}


def _result(row: dict[str, Any]) -> ResultLine:
    return ResultLine(
        code=row["code"],
        title=_in_language(row, "title"),
        theme=row["theme"],
        law=_legal_bases(row["law"]),
        share=row["x"] / row["n"] if row["shown"] and row["n"] else None,
        **{name: row[name] for name in ("x", "n", "low", "high", "partly", "not_met", "not_documented")},
    )


def _card(row: dict[str, Any]) -> FindingCard:
    return FindingCard(
        polarity_label=str(Finding.Polarity(row["polarity"]).label),
        severity_label=str(Finding.Severity(row["severity"]).label) if row["severity"] else "",
        competence_label=str(Competence(row["competence"]).label),
        requirement=_in_language(row, "requirement"),
        law=_legal_bases(row["law"]),
        **{
            name: row[name]
            for name in ("number", "polarity", "severity", "title", "text", "example", "cause", "x", "n")
        },
    )


def _chapter(
    theme: Theme, lines: list[ResultLine], cards: list[tuple[str, FindingCard]], review: dict[str, Any] | None
) -> ThemeChapter | None:
    own = [line for line in lines if line.theme == theme]
    found = [card for key, card in cards if key == theme]
    if not own and not found:
        return None
    return ThemeChapter(
        key=theme.value.replace(" ", "-"),
        title=capital(theme.label),
        figure=_figure(own, review) if own and review else None,
        strengths=[card for card in found if card.polarity == Finding.Polarity.STRENGTH],
        weaknesses=[card for card in found if card.polarity == Finding.Polarity.WEAKNESS],
    )


def _figure(lines: list[ResultLine], review: dict[str, Any]) -> Figure:
    rates = [Rate(f"{line.title} ({line.code})", line.x, line.n, line.low, line.high) for line in lines]
    source = _("the Task Force's review of %(cases)s cases decided in %(years)s") % {
        "cases": review["cases"],
        "years": years(review["years"]),
    }
    told = _("Each value stands in the table of results.")
    return bars(rates, title=_figure_title(lines), description=told, source=source)


def _figure_title(lines: list[ResultLine]) -> str:
    """The chart's finding in one sentence."""
    shown = [line for line in lines if line.share is not None]
    low = [line for line in shown if (line.share or 0) < GOAL]
    if not shown:
        return _("Too few cases to show a share")
    if not low:
        return ngettext(
            "The requirement was met in at least 80%% of the cases",
            "All %(count)s requirements were met in at least 80%% of the cases",
            len(shown),
        ) % {"count": len(shown)}
    if len(low) == len(shown):
        return ngettext(
            "The requirement was met in fewer than 80%% of the cases",
            "All %(count)s requirements were met in fewer than 80%% of the cases",
            len(shown),
        ) % {"count": len(shown)}
    return ngettext(
        "%(low)s of %(count)s requirements was met in fewer than 80%% of the cases",
        "%(low)s of %(count)s requirements were met in fewer than 80%% of the cases",
        len(low),
    ) % {"low": len(low), "count": len(shown)}


def _recommendation(row: dict[str, Any]) -> RecommendationLine:
    return RecommendationLine(
        kind_label=str(Recommendation.Kind(row["kind"]).label),
        competence_label=str(Competence(row["competence"]).label),
        **{name: row[name] for name in ("pk", "number", "kind", "title", "text", "findings")},
    )


def _change(row: dict[str, Any]) -> ChangeLine:
    if row["low"] > 0:
        verdict = _("Progress")
    elif row["high"] < 0:
        verdict = _("Setback")
    else:
        verdict = _("Too few cases to tell")
    return ChangeLine(
        title=_in_language(row, "title"),
        verdict=verdict,
        **{name: row[name] for name in ("code", "before", "after", "difference", "low", "high")},
    )


def _review(row: dict[str, Any]) -> ReviewFacts:
    results = [_result(result) for result in row["results"]]
    return ReviewFacts(
        kind_label=capital(Review.Kind(row["kind"]).label),
        years=years(row["years"]),
        requirements=len(results),
        results=results,
        themes=[
            (capital(theme.label), own) for theme in Theme if (own := [line for line in results if line.theme == theme])
        ],
        **{name: row[name] for name in ("cases", "period", "drawn_at_random", "register_size")},
    )


def years(found: list[int]) -> str:
    """`2025`, `2024–2025`."""
    if not found:
        return ""
    return str(found[0]) if found[0] == found[-1] else f"{found[0]}–{found[-1]}"
