"""Rates of small samples and how sure they are: pure arithmetic on counts, no database.

Formulas and the numbers they must give stand in the tests. A rate counts `x` cases that meet a requirement among `n`
assessed cases; what the caller leaves out of `n` (not applicable, not assessable) is not seen here. Wrong counts
raise ValueError.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, pi, sin, sqrt, tan
from operator import index
from statistics import NormalDist

type Drawn = tuple[int, int, int]
"""Cases in the register, cases drawn, cases that meet the requirement."""


@dataclass(frozen=True)
class Interval:
    """Limits between 0 and 1."""

    low: float
    high: float


@dataclass(frozen=True)
class Change:
    """The later rate minus the earlier one, with its limits (between -1 and 1)."""

    difference: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether zero lies outside the limits; if not, there are too few cases to tell."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Estimate:
    """A rate for many registers at once: standard error, degrees of freedom where t is used, limits."""

    rate: float
    se: float
    df: int | None
    low: float
    high: float
    n_effective: float | None = None
    """Size of the simple random sample that would be equally sure, where Wilson is used."""


def wilson(x: int, n: int, *, register: int | None = None, confidence: float = 0.95) -> Interval | None:
    """Wilson's score interval for `x` of `n`; None if no case was assessed.

    `register` is the number of cases the sample was drawn from: the interval narrows as the sample approaches it, and
    is None when every case was read, since nothing is then uncertain.
    """
    x, n = _counts(x, n)
    if not 0 < confidence < 1:
        raise ValueError("confidence lies between 0 and 1")
    if register is not None and _whole(register) < n:
        raise ValueError("the register cannot be smaller than the sample")
    if n == 0 or register == n:
        return None
    size = n if register is None else n * (register - 1) / (register - n)
    return _wilson(x / n, size, NormalDist().inv_cdf((1 + confidence) / 2))


def _wilson(rate: float, size: float, z: float) -> Interval:
    spread = 1 + z * z / size
    centre = (rate + z * z / (2 * size)) / spread
    half = z * sqrt(max(rate * (1 - rate), 0) / size + z * z / (4 * size * size)) / spread
    low = 0.0 if rate <= 0 else max(0.0, centre - half)
    high = 1.0 if rate >= 1 else min(1.0, centre + half)
    return Interval(min(low, rate), max(high, rate))


def change(x1: int, n1: int, x0: int, n0: int) -> Change:
    """From `x0` of `n0` to `x1` of `n1` in independent samples, with Newcombe's limits built on Wilson's."""
    after, before = wilson(x1, n1), wilson(x0, n0)
    if after is None or before is None:
        raise ValueError("a change needs assessed cases both before and after")
    p1, p0 = x1 / n1, x0 / n0
    difference = p1 - p0
    return Change(
        difference,
        max(-1.0, difference - sqrt((p1 - after.low) ** 2 + (before.high - p0) ** 2)),
        min(1.0, difference + sqrt((after.high - p1) ** 2 + (p0 - before.low) ** 2)),
    )


def stratified(rows: Iterable[Drawn]) -> Estimate:
    """The rate of all registers together when each was sampled: rows of (cases, drawn, meeting), drawn at least 2.

    Wilson's interval on the effective sample size. Where the sample shows no variation inside any stratum, that size
    is unknown and the plain number of cases read is used instead.
    """
    strata = [_drawn(row, least=2) for row in rows]
    if not strata:
        raise ValueError("at least one stratum is needed")
    total = sum(cases for cases, _, _ in strata)
    rate = sum(cases * met / drawn for cases, drawn, met in strata) / total
    variance = sum(
        (cases / total) ** 2 * (1 - drawn / cases) * (met / drawn) * (1 - met / drawn) / (drawn - 1)
        for cases, drawn, met in strata
    )
    if all(cases == drawn for cases, drawn, _ in strata):
        return Estimate(rate, 0.0, None, rate, rate)
    if variance > 0:
        size = rate * (1 - rate) / variance
    else:
        read = sum(drawn for _, drawn, _ in strata)
        size = read * (total - 1) / (total - read)
    limits = _wilson(rate, size, NormalDist().inv_cdf(0.975))
    return Estimate(rate, sqrt(variance), None, limits.low, limits.high, size)


def two_stage(strata: Iterable[tuple[int, Sequence[Drawn]]]) -> Estimate:
    """The national rate when a part of the municipalities was reviewed: pairs of (municipalities, reviewed rows).

    Each stratum needs at least two reviewed municipalities. Ratio estimate with a t interval on the number of reviewed
    municipalities minus the number of strata.
    """
    groups = [(_whole(count), [_drawn(row, least=1) for row in rows]) for count, rows in strata]
    if not groups or any(len(rows) < 2 for _, rows in groups):
        raise ValueError("each stratum needs at least two reviewed municipalities")
    if any(count < len(rows) for count, rows in groups):
        raise ValueError("more municipalities reviewed than there are")
    total = sum(count / len(rows) * cases for count, rows in groups for cases, _, _ in rows)
    rate = sum(count / len(rows) * cases * met / drawn for count, rows in groups for cases, drawn, met in rows) / total
    variance = sum(_between(count, rows, rate) for count, rows in groups) / total**2
    df = sum(len(rows) - 1 for _, rows in groups)
    se = sqrt(variance)
    half = t_quantile(0.975, df) * se
    return Estimate(rate, se, df, max(0.0, rate - half), min(1.0, rate + half))


def _between(count: int, rows: Sequence[Drawn], rate: float) -> float:
    """What the differences between a stratum's municipalities add to the variance of the total."""
    reviewed = len(rows)
    errors = [count / reviewed * cases * (met / drawn - rate) for cases, drawn, met in rows]
    mean = sum(errors) / reviewed
    return (1 - reviewed / count) * reviewed / (reviewed - 1) * sum((error - mean) ** 2 for error in errors)


def kappa(table: Sequence[Sequence[int]]) -> float | None:
    """Cohen's kappa of two readers: `table[i][j]` cases that the first put in class i and the second in class j.

    None when there is no case or when chance alone explains full agreement.
    """
    size = len(table)
    if not size or any(len(row) != size or any(_whole(cell) < 0 for cell in row) for row in table):
        raise ValueError("the table of agreement is square and holds counts")
    total = sum(map(sum, table))
    if not total:
        return None
    agreed = sum(table[i][i] for i in range(size)) / total
    chance = sum(sum(table[i]) * sum(row[i] for row in table) for i in range(size)) / total**2
    return None if chance >= 1 else (agreed - chance) / (1 - chance)


def t_quantile(probability: float, df: int) -> float:
    """Quantile of Student's t with a whole number of degrees of freedom.

    Halves an interval on the exact finite series of the distribution (Abramowitz and Stegun 26.7.3 and 26.7.4).
    """
    if not 0 < probability < 1 or _whole(df) < 1:
        raise ValueError("a probability between 0 and 1 and at least one degree of freedom are needed")
    if probability < 0.5:
        return -t_quantile(1 - probability, df)
    central = 2 * probability - 1
    low, high = 0.0, pi / 2
    while high - low > 1e-15:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if _t_central(middle, df) < central else (low, middle)
    return sqrt(df) * tan((low + high) / 2)


def _t_central(angle: float, df: int) -> float:
    """The share of t between -√df·tan(angle) and √df·tan(angle)."""
    odd = df % 2
    term = total = cos(angle) if odd else 1.0
    for k in range(2 + odd, df - 1, 2):
        term *= (k - 1) / k * cos(angle) ** 2
        total += term
    if not odd:
        return sin(angle) * total
    if df == 1:
        return 2 * angle / pi
    return 2 / pi * (angle + sin(angle) * total)


def _whole(value: int) -> int:
    try:
        return index(value)
    except TypeError:
        raise ValueError("counts are whole numbers") from None


def _counts(x: int, n: int) -> tuple[int, int]:
    x, n = _whole(x), _whole(n)
    if not 0 <= x <= n:
        raise ValueError("of n cases, from 0 to n can meet a requirement")
    return x, n


def _drawn(row: Drawn, *, least: int) -> Drawn:
    cases, drawn, met = row
    met, drawn = _counts(met, drawn)
    if drawn < least:
        raise ValueError(f"at least {least} case(s) must have been drawn")
    if _whole(cases) < drawn:
        raise ValueError("the register cannot be smaller than the sample")
    return cases, drawn, met
