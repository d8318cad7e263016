"""The rules of the seats, as properties over any line."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from courses.enrolment.seating import Candidate, Rules, Verdict, allot, refusal, units

HOMES = st.sampled_from([None, 1, 2, 3])
CANDIDATES = st.lists(
    st.builds(Candidate, st.integers(), HOMES, st.booleans(), st.none() | st.integers(1, 3)), max_size=14
)


@st.composite
def rules(draw: st.DrawFn) -> Rules:
    capacity = draw(st.integers(1, 12))
    quota = draw(st.none() | st.integers(1, 6))
    at_most = draw(st.dictionaries(st.integers(1, 3), st.integers(0, 6), max_size=3))
    reserved = draw(st.dictionaries(st.integers(1, 3), st.integers(0, 4), max_size=3))
    for home, seats in reserved.items():
        most = at_most.get(home, quota)
        reserved[home] = seats if most is None else min(seats, most)
    if sum(reserved.values()) > capacity:
        reserved = {}
    return Rules(capacity, quota, at_most, reserved, draw(st.booleans()), draw(st.booleans()), draw(st.booleans()))


def seated(verdicts: list[Verdict]) -> list[Candidate]:
    return [verdict.candidate for verdict in verdicts if verdict.seated]


@given(rules(), CANDIDATES)
def test_nobody_gets_a_seat_over_capacity_quota_or_anothers_reservation(rules: Rules, line: list[Candidate]) -> None:
    held = Counter(one.home for one in seated(allot(rules, {}, line)))
    assert held.total() + rules.withheld(held) <= rules.capacity
    for home, count in held.items():
        most = rules.most_for(home)
        assert most is None or count <= most


@given(rules(), CANDIDATES)
def test_no_seat_is_free_beside_somebody_who_may_have_it(rules: Rules, line: list[Candidate]) -> None:
    verdicts = allot(rules, {}, line)
    held = Counter(one.home for one in seated(verdicts))
    left = [verdict.candidate for verdict in verdicts if not verdict.seated]
    assert [unit for unit in units(left, training_last=False) if refusal(rules, held, unit) is None] == []


@given(rules(), CANDIDATES)
def test_everybody_is_answered_once_and_a_group_with_one_voice(rules: Rules, line: list[Candidate]) -> None:
    verdicts = allot(rules, {}, line)
    assert Counter(map(id, (verdict.candidate for verdict in verdicts))) == Counter(map(id, line))
    for group in {one.group for one in line} - {None}:
        assert len({verdict.seated for verdict in verdicts if verdict.candidate.group == group}) == 1


@given(st.integers(0, 10), CANDIDATES)
def test_without_special_rules_the_first_in_line_are_in(capacity: int, line: list[Candidate]) -> None:
    alone = [Candidate(one.ref, one.home) for one in line]
    assert seated(allot(Rules(capacity), {}, alone)) == alone[:capacity]


def test_a_seat_that_becomes_free_goes_to_the_municipality_with_the_fewest_where_seats_are_spread() -> None:
    line = [Candidate("a", 1), Candidate("b", 1), Candidate("c", 2)]
    verdicts = allot(Rules(4, spread=True), {1: 2}, line)
    assert [one.ref for one in seated(verdicts)] == ["c", "a"]


def test_reserved_seats_wait_for_their_municipality() -> None:
    line = [Candidate("other", 2), Candidate("own", 1)]
    verdicts = allot(Rules(2, reserved={1: 1}), {2: 1}, line)
    assert [(one.candidate.ref, one.reason) for one in verdicts] == [("other", "reserved"), ("own", "free")]


def test_a_group_that_does_not_fit_is_passed_over_as_a_whole() -> None:
    line = [Candidate("a", 1, group=9), Candidate("b", 1, group=9), Candidate("c", 1)]
    verdicts = allot(Rules(3), {2: 2}, line)
    assert [(one.candidate.ref, one.reason) for one in verdicts] == [
        ("a", "together"),
        ("b", "together"),
        ("c", "free"),
    ]


def test_caseworkers_in_training_come_after_the_others() -> None:
    line = [Candidate("trainee", 1, in_training=True), Candidate("other", 1)]
    assert [one.ref for one in seated(allot(Rules(1, training_last=True), {}, line))] == ["other"]
