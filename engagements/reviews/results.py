"""What a review shows: a rate for each requirement with its count and interval, by theme, and before against after."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count
from django.utils.translation import gettext as _

from engagements.charts.bars import HATCH_BELOW, HIDE_BELOW, Rate, bars
from engagements.charts.figure import Figure
from engagements.requirements.models import GUIDEPOSTS, Law, Requirement, Theme

from . import rates
from .models import ASSESSED, Answer, Review, Verdict
from .rates import Change, Interval


@dataclass(frozen=True)
class RequirementResult:
    """One requirement in one review: `x` of `n` assessed cases meet it; partly met and not documented do not."""

    requirement: Requirement
    x: int
    n: int
    interval: Interval | None
    partly: int = 0
    not_met: int = 0
    not_documented: int = 0
    not_applicable: int = 0
    not_assessable: int = 0
    laws: frozenset[str] = frozenset()

    @property
    def shown(self) -> bool:
        """Whether enough cases were assessed to show a rate."""
        return self.n >= HIDE_BELOW

    @property
    def hatched(self) -> bool:
        """Shown, but with so few cases that it is drawn hatched."""
        return self.shown and self.n < HATCH_BELOW

    @property
    def left_out(self) -> int:
        """Cases where the requirement is not applicable or not assessable."""
        return self.not_applicable + self.not_assessable

    @property
    def rate(self) -> float | None:
        """The share that meets the requirement, None if it is not shown."""
        return self.x / self.n if self.shown else None


@dataclass(frozen=True)
class ThemeResult:
    """All answers under one theme; they come from the same cases, so they have no interval."""

    theme: str
    label: str
    x: int
    n: int
    is_guidepost: bool
    results: tuple[RequirementResult, ...]

    @property
    def shown(self) -> bool:
        """Whether there are enough answers to show a share."""
        return self.n >= HIDE_BELOW

    @property
    def rate(self) -> float | None:
        """The share of the answers that say *met*, None if it is not shown."""
        return self.x / self.n if self.shown else None


@dataclass(frozen=True)
class Comparison:
    """A requirement before and after; `change` is None when they cannot be compared, and `reason` says why."""

    requirement: Requirement
    before: RequirementResult | None
    after: RequirementResult | None
    change: Change | None = None
    reason: str = ""
    verdict: str = field(default="")


def results(review: Review) -> list[RequirementResult]:
    """Each of the review's requirements in order, with counts and interval; two queries.

    The interval is Wilson's, narrowed by the register where cases were drawn at random from a known one.
    """
    counted: dict[int, Counter[str]] = {}
    laws: dict[int, set[str]] = {}
    rows = (
        Answer.objects.filter(case__review=review)
        .values_list("requirement", "verdict", "requirement_version__law")
        .annotate(count=Count("pk"))
        .order_by()
    )
    for requirement, verdict, law, count in rows:
        counted.setdefault(requirement, Counter())[verdict] += count
        if verdict in ASSESSED:
            laws.setdefault(requirement, set()).add(law)
    register = review.register_size if review.drawn_at_random else None
    return [
        _result(requirement, counted.get(requirement.pk, Counter()), frozenset(laws.get(requirement.pk, ())), register)
        for requirement in review.requirements.all()
    ]


def _result(
    requirement: Requirement, counts: Counter[str], laws: frozenset[str], register: int | None
) -> RequirementResult:
    n = sum(counts[verdict] for verdict in ASSESSED)
    x = counts[Verdict.MET]
    return RequirementResult(
        requirement=requirement,
        x=x,
        n=n,
        interval=rates.wilson(x, n, register=max(register, n) if register else None),
        partly=counts[Verdict.PARTLY],
        not_met=counts[Verdict.NOT_MET],
        not_documented=counts[Verdict.NOT_DOCUMENTED],
        not_applicable=counts[Verdict.NOT_APPLICABLE],
        not_assessable=counts[Verdict.NOT_ASSESSABLE],
        laws=laws,
    )


def by_theme(found: Iterable[RequirementResult]) -> list[ThemeResult]:
    """The results gathered under their themes, in the order of the themes."""
    groups: dict[str, list[RequirementResult]] = {}
    for result in found:
        groups.setdefault(result.requirement.theme, []).append(result)
    return [
        ThemeResult(
            theme=theme.value,
            label=str(theme.label),
            x=sum(result.x for result in groups[theme]),
            n=sum(result.n for result in groups[theme]),
            is_guidepost=theme in GUIDEPOSTS,
            results=tuple(groups[theme]),
        )
        for theme in Theme
        if theme in groups
    ]


def guideposts(found: Iterable[RequirementResult]) -> list[ThemeResult]:
    """The four guideposts that the review has requirements under."""
    return [group for group in by_theme(found) if group.is_guidepost]


def compare(baseline: Review, status: Review) -> list[Comparison]:
    """Every requirement of either review before and after, with the change where law and numbers allow one."""
    before = {result.requirement.pk: result for result in results(baseline)}
    after = {result.requirement.pk: result for result in results(status)}
    requirements = {result.requirement.pk: result.requirement for result in (*before.values(), *after.values())}
    ordered = sorted(requirements.values(), key=lambda requirement: (requirement.order, requirement.code))
    return [_comparison(requirement, before.get(requirement.pk), after.get(requirement.pk)) for requirement in ordered]


def _comparison(
    requirement: Requirement, before: RequirementResult | None, after: RequirementResult | None
) -> Comparison:
    if before is None or after is None:
        return Comparison(requirement, before, after, reason=_("Only part of one of the two reviews."))
    if not before.shown or not after.shown:
        return Comparison(
            requirement, before, after, reason=_("Fewer than 5 cases were assessed in one of the reviews.")
        )
    if not requirement.comparable and len(before.laws | after.laws) > 1:
        reason = _("The law has changed (%(laws)s), so before and after do not measure the same.") % {
            "laws": _(" and ").join(str(law.label) for law in Law if law in before.laws | after.laws)
        }
        return Comparison(requirement, before, after, reason=reason)
    change = rates.change(after.x, after.n, before.x, before.n)
    return Comparison(requirement, before, after, change, verdict=_verdict(change))


def _verdict(change: Change) -> str:
    if not change.is_clear:
        return _("Too few cases to tell")
    return _("Progress") if change.difference > 0 else _("Setback")


def results_figure(found: Sequence[RequirementResult], *, source: str = "") -> Figure:
    """The bars of a review, grouped by theme; the title says where the fewest cases meet the law."""
    return bars(
        [
            Rate(
                result.requirement.title,
                result.x,
                result.n,
                result.interval.low if result.interval else None,
                result.interval.high if result.interval else None,
                group=theme.label[:1].upper() + theme.label[1:],
            )
            for theme in by_theme(found)
            for result in theme.results
        ],
        title=headline(found),
        source=source,
    )


def headline(found: Sequence[RequirementResult]) -> str:
    """The finding in a sentence: the requirement that the smallest share of the cases meets."""
    shown = [result for result in found if result.shown]
    if not shown:
        return _("Too few cases have been assessed to show shares")
    lowest = min(shown, key=lambda result: (result.rate, -result.n))
    if lowest.x == lowest.n:
        return _("Every requirement was met in all the cases assessed")
    return _("“%(title)s” is met least often: in %(x)s of %(n)s cases") % {
        "title": lowest.requirement.title,
        "x": lowest.x,
        "n": lowest.n,
    }


def cautions(review: Review, cases: int) -> list[str]:
    """The sentences that stand with every figure of a review of this many cases."""
    found = [
        _(
            "The figures describe the %(cases)s cases read. They are too few to say anything general about the casework of %(name)s."
        )
        % {"cases": cases, "name": review.engagement.municipality.full_name}
    ]
    if not review.drawn_at_random:
        found.append(
            _("The cases were not drawn at random, so the intervals only show how much chance means with so few cases.")
        )
    return found
