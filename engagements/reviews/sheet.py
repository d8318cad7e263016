"""The sheet of a review: cases down, requirements across, loaded with two queries however large it is."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F

from engagements.requirements.models import Requirement, RequirementVersion

from .models import Case, Review, Verdict

KEYS = {verdict.value: str(i + 1) for i, verdict in enumerate(Verdict)}
"""The key that gives each verdict, 1 to 6; also what the sheet shows in a cell."""


@dataclass(frozen=True)
class Cell:
    """One requirement in one case; `asked` is whether the law of the case's year asks it."""

    requirement: int
    verdict: str
    asked: bool

    @property
    def key(self) -> str:
        """The key that gave the verdict, nothing if unanswered."""
        return KEYS.get(self.verdict, "")


@dataclass
class Line:
    """One case with its cells in the order of the requirements."""

    case: Case
    cells: list[Cell] = field(default_factory=list)

    @property
    def asked(self) -> int:
        """How many requirements the case's law asks."""
        return sum(cell.asked for cell in self.cells)

    @property
    def answered(self) -> int:
        """How many of those are answered."""
        return sum(cell.asked and bool(cell.verdict) for cell in self.cells)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to answer."""
        return self.answered == self.asked


@dataclass
class Sheet:
    """The whole sheet."""

    review: Review
    requirements: list[Requirement]
    wordings: dict[int, list[RequirementVersion]]
    lines: list[Line]

    @property
    def asked(self) -> int:
        """Cells that can be answered."""
        return sum(line.asked for line in self.lines)

    @property
    def answered(self) -> int:
        """Cells that are answered."""
        return sum(line.answered for line in self.lines)

    @property
    def missing(self) -> int:
        """Cells still to answer."""
        return self.asked - self.answered

    def wordings_used(self) -> Iterator[RequirementVersion]:
        """The wordings that judge at least one of the cases, in the order of the requirements."""
        years = {line.case.decision_year for line in self.lines}
        for requirement in self.requirements:
            for wording in self.wordings[requirement.pk]:
                if any(judges(wording, year) for year in years):
                    yield wording


def judges(wording: RequirementVersion, year: int) -> bool:
    """Whether the wording is the one in force at the end of `year`."""
    day = date(year, 12, 31)
    return wording.valid_from <= day and (wording.valid_until is None or wording.valid_until > day)


def load(review: Review) -> Sheet:
    """The sheet of a review; two queries."""
    wordings: dict[int, list[RequirementVersion]] = {}
    requirements: dict[int, Requirement] = {}
    found = (
        RequirementVersion.objects.published()
        .filter(requirement__in=review.requirements.through.objects.filter(review=review).values("requirement"))
        .select_related("requirement")
        .order_by("requirement__order", "requirement__code", "valid_from")
    )
    for wording in found:
        requirements[wording.requirement_id] = wording.requirement
        wordings.setdefault(wording.requirement_id, []).append(wording)
    cases: dict[int, Case] = {}
    answers: dict[int, dict[int, str]] = {}
    # One row per answer (a case without answers gives one row with none), so that one query brings both.
    rows = review.cases.select_related("recorded_by").annotate(
        asked_pk=F("answers__requirement"), verdict=F("answers__verdict")
    )
    for case in rows:
        cases.setdefault(case.pk, case)
        answers.setdefault(case.pk, {})[case.asked_pk] = case.verdict
    lines = []
    for case in cases.values():  # type: ignore[assignment]
        case.review = review
        cells = [
            Cell(
                pk,
                answers[case.pk].get(pk, ""),
                any(judges(wording, case.decision_year) for wording in wordings[pk]),
            )
            for pk in requirements
        ]
        lines.append(Line(case, cells))
    return Sheet(review, list(requirements.values()), wordings, lines)
