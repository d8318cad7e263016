"""Rates and intervals give the published numbers and keep their properties for every count."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engagements.reviews.rates import change, kappa, stratified, t_quantile, two_stage, wilson

EXACT = 5e-7


@st.composite
def counts(draw: st.DrawFn, least: int = 1, most: int = 400) -> tuple[int, int]:
    n = draw(st.integers(least, most))
    return draw(st.integers(0, n)), n


@pytest.mark.parametrize(
    ("x", "n", "low", "high"),
    [(0, 10, 0, 0.277533), (7, 10, 0.396778, 0.892209), (15, 20, 0.531299, 0.888138), (20, 20, 0.838875, 1)],
)
def test_wilson_gives_the_known_limits(x: int, n: int, low: float, high: float) -> None:
    interval = wilson(x, n)
    assert interval is not None
    assert interval.low == pytest.approx(low, abs=EXACT)
    assert interval.high == pytest.approx(high, abs=EXACT)


def test_limits_at_the_ends_are_exact() -> None:
    assert wilson(0, 7).low == 0.0
    assert wilson(7, 7).high == 1.0


def test_no_interval_without_cases_or_when_every_case_was_read() -> None:
    assert wilson(0, 0) is None
    assert wilson(12, 20, register=20) is None


def test_a_small_register_narrows_the_interval() -> None:
    interval = wilson(15, 20, register=60)
    assert (interval.low, interval.high) == (pytest.approx(0.571421, abs=EXACT), pytest.approx(0.870971, abs=EXACT))


@given(counts(), st.integers(1, 500))
def test_wilson_holds_the_rate_and_narrows_with_the_register(pair: tuple[int, int], more: int) -> None:
    x, n = pair
    plain, finite = wilson(x, n), wilson(x, n, register=n + more)
    assert 0 <= plain.low <= x / n <= plain.high <= 1
    assert plain.low - 1e-12 <= finite.low <= x / n <= finite.high <= plain.high + 1e-12


@given(counts())
def test_wilson_is_symmetric_and_widens_with_confidence(pair: tuple[int, int]) -> None:
    x, n = pair
    met, missed = wilson(x, n), wilson(n - x, n)
    assert met.low == pytest.approx(1 - missed.high)
    sure = wilson(x, n, confidence=0.99)
    assert sure.low <= met.low
    assert sure.high >= met.high


@pytest.mark.parametrize(
    ("x", "n", "options"),
    [(-1, 5, {}), (6, 5, {}), (0, -1, {}), (1.5, 5, {}), ("1", 5, {}), (1, 5, {"register": 4})]
    + [(1, 5, {"confidence": level}) for level in (0, 1, 95)],
)
def test_impossible_counts_are_refused(x: int, n: int, options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        wilson(x, n, **options)


def test_change_tells_too_few_from_progress() -> None:
    unclear = change(17, 20, 12, 20)
    assert unclear.difference == pytest.approx(0.25)
    assert (unclear.low, unclear.high) == (pytest.approx(-0.027682, abs=EXACT), pytest.approx(0.484690, abs=EXACT))
    assert not unclear.is_clear
    progress = change(17, 20, 11, 20)
    assert progress.difference == pytest.approx(0.30)
    assert (progress.low, progress.high) == (pytest.approx(0.015282, abs=EXACT), pytest.approx(0.529696, abs=EXACT))
    assert progress.is_clear


@given(counts(), counts())
def test_change_is_the_mirror_of_the_change_back(after: tuple[int, int], before: tuple[int, int]) -> None:
    forward, back = change(*after, *before), change(*before, *after)
    assert -1 <= forward.low <= forward.difference <= forward.high <= 1
    assert forward.low == pytest.approx(-back.high, abs=1e-9)


def test_a_change_from_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="before and after"):
        change(3, 5, 0, 0)


def test_stratified_gives_the_known_estimate() -> None:
    estimate = stratified([(400, 20, 12), (250, 20, 15), (100, 20, 18), (50, 10, 9)])
    assert estimate.rate == pytest.approx(0.703125, abs=EXACT)
    assert estimate.se == pytest.approx(0.063064, abs=EXACT)
    assert estimate.n_effective == pytest.approx(52.4858, abs=5e-5)
    assert (estimate.low, estimate.high) == (pytest.approx(0.569157, abs=EXACT), pytest.approx(0.809388, abs=EXACT))


def test_two_stage_gives_the_known_estimate() -> None:
    estimate = two_stage(
        [
            (6, [(300, 20, 13), (260, 20, 16)]),
            (9, [(120, 15, 9), (90, 15, 12), (110, 15, 11)]),
            (6, [(40, 10, 8), (55, 10, 6)]),
        ]
    )
    assert estimate.rate == pytest.approx(0.710427, abs=EXACT)
    assert estimate.se == pytest.approx(0.039059, abs=EXACT)
    assert estimate.df == 4
    assert (estimate.low, estimate.high) == (pytest.approx(0.601981, abs=EXACT), pytest.approx(0.818874, abs=EXACT))


@st.composite
def rows(draw: st.DrawFn) -> tuple[int, int, int]:
    x, n = draw(counts(least=2, most=60))
    return n + draw(st.integers(0, 300)), n, x


@given(st.lists(rows(), min_size=1, max_size=6))
def test_stratified_stays_between_nought_and_one(strata: list[tuple[int, int, int]]) -> None:
    estimate = stratified(strata)
    assert -1e-12 <= estimate.low <= estimate.rate <= estimate.high <= 1 + 1e-12


@given(st.lists(st.tuples(st.integers(0, 20), st.lists(rows(), min_size=2, max_size=5)), min_size=1, max_size=4))
def test_two_stage_stays_between_nought_and_one(strata: list[tuple[int, list[tuple[int, int, int]]]]) -> None:
    estimate = two_stage([(len(drawn) + more, drawn) for more, drawn in strata])
    assert 0 <= estimate.low <= estimate.rate + 1e-12
    assert estimate.rate - 1e-12 <= estimate.high <= 1
    assert estimate.df == sum(len(drawn) - 1 for _, drawn in strata)


def test_samples_without_variation_still_have_an_interval() -> None:
    estimate = stratified([(100, 10, 10), (100, 10, 10)])
    assert estimate.low < 1
    assert estimate.high == 1


def test_a_full_count_has_no_uncertainty() -> None:
    estimate = stratified([(10, 10, 7), (20, 20, 11)])
    assert estimate.low == estimate.rate == estimate.high


@pytest.mark.parametrize("wrong", [[], [(10, 1, 1)], [(5, 10, 3)], [(10, 5, 6)]])
def test_stratified_refuses_impossible_strata(wrong: list[tuple[int, int, int]]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        stratified(wrong)


@pytest.mark.parametrize("wrong", [[], [(3, [(20, 5, 1)])], [(1, [(20, 5, 1), (20, 5, 1)])]])
def test_two_stage_refuses_impossible_strata(wrong: list[tuple[int, list[tuple[int, int, int]]]]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        two_stage(wrong)


@pytest.mark.parametrize(
    ("df", "quantile"), [(1, 12.706205), (2, 4.302653), (3, 3.182446), (4, 2.776445), (5, 2.570582), (30, 2.042272)]
)
def test_t_quantiles_are_those_of_the_tables(df: int, quantile: float) -> None:
    assert t_quantile(0.975, df) == pytest.approx(quantile, abs=1e-6)


@given(st.floats(0.01, 0.99), st.integers(1, 60))
def test_t_is_symmetric(probability: float, df: int) -> None:
    assume(probability != 0.5)
    assert t_quantile(probability, df) == pytest.approx(-t_quantile(1 - probability, df), rel=1e-6, abs=1e-6)


def test_kappa_gives_the_known_agreement() -> None:
    assert kappa([[18, 2], [3, 7]]) == pytest.approx(0.615385, abs=EXACT)
    assert kappa([[5, 0], [0, 5]]) == 1
    assert kappa([[0, 0], [0, 0]]) is None
    assert kappa([[5, 0], [0, 0]]) is None
    with pytest.raises(ValueError, match="square"):
        kappa([[1, 2]])
