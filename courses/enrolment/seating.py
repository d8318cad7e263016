"""Who gets a free seat: the rules, without a database.

Seats are given in one pass along the line, and whoever may not have a seat is passed over with a reason. One pass is
enough: giving a seat never makes room for somebody who was passed over, because quotas only fill up, and a reserved
seat that is used stops being withheld by exactly the one that is taken.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

FREE, NEXT, FULL, QUOTA, RESERVED, TRAINING, TOGETHER = (
    "free",
    "next",
    "full",
    "quota",
    "reserved",
    "training",
    "together",
)

type Home = int | None
"""Primary key of the municipality a person is enrolled from; None for people without one, who have no quota."""


@dataclass(frozen=True)
class Rules:
    """The seats of a run at one moment; `quota`, `at_most` and `reserved` are empty once the seats are released.

    `training_waits`: caseworkers in training get no seat yet. `training_last`: they come after the others in line.
    `spread`: municipalities with the fewest seats come first.
    """

    capacity: int
    quota: int | None = None
    at_most: Mapping[int, int] = field(default_factory=dict)
    reserved: Mapping[int, int] = field(default_factory=dict)
    training_waits: bool = False
    training_last: bool = False
    spread: bool = False

    def most_for(self, home: Home) -> int | None:
        """How many seats people from this municipality may have; None for no limit."""
        return None if home is None else self.at_most.get(home, self.quota)

    def withheld(self, taken: Mapping[Home, int]) -> int:
        """Seats reserved for municipalities and not used by them."""
        return sum(max(0, seats - taken.get(home, 0)) for home, seats in self.reserved.items())


@dataclass(frozen=True)
class Candidate:
    """Somebody in line; those with the same `group` get seats together or not at all. `ref` comes back in the verdict."""

    ref: Any
    home: Home
    in_training: bool = False
    group: int | None = None


@dataclass(frozen=True)
class Verdict:
    """What the rules say of one candidate, with the facts they looked at."""

    candidate: Candidate
    seated: bool
    reason: str
    facts: dict[str, int]


type Unit = Sequence[Candidate]


def units(line: Iterable[Candidate], *, training_last: bool) -> list[Unit]:
    """The line as units that get seats at once: single people and groups, a group where its first member stands."""
    found: dict[object, list[Candidate]] = {}
    for number, candidate in enumerate(line):
        key = ("alone", number) if candidate.group is None else ("group", candidate.group)
        found.setdefault(key, []).append(candidate)
    in_order: list[Unit] = list(found.values())
    if training_last:
        in_order.sort(key=_any_in_training)  # stable: the order of arrival is kept within both halves
    return in_order


def _any_in_training(unit: Unit) -> bool:
    return any(candidate.in_training for candidate in unit)


def allot(rules: Rules, taken: Mapping[Home, int], line: Iterable[Candidate]) -> list[Verdict]:
    """Give the free seats to those in line, in order; one verdict for each, in the order they were looked at.

    `taken` counts the seats held now by municipality. Nobody gets a seat that would exceed the capacity, the
    municipality's quota, or eat into seats reserved for others; whoever may have one of the free seats gets it.
    """
    held = Counter(taken)
    verdicts = []
    for unit in _in_turn(rules, held, units(line, training_last=rules.training_last)):
        reason = refusal(rules, held, unit)
        for candidate in unit:
            if reason is None:
                held[candidate.home] += 1
            verdicts.append(
                Verdict(candidate, reason is None, reason or FREE, _facts(rules, held, candidate, len(unit)))
            )
    return verdicts


def in_turn(rules: Rules, taken: Mapping[Home, int], line: Iterable[Candidate]) -> list[Candidate]:
    """The line in the order in which the rules look at it now."""
    waiting = units(line, training_last=rules.training_last)
    return [candidate for unit in _in_turn(rules, Counter(taken), waiting) for candidate in unit]


def _in_turn(rules: Rules, held: Counter[Home], waiting: list[Unit]) -> Iterator[Unit]:
    if not rules.spread:
        yield from waiting
        return
    left = list(waiting)
    while left:
        following = min(
            range(len(left)),
            key=lambda at: (rules.training_last and _any_in_training(left[at]), held[left[at][0].home], at),
        )
        yield left.pop(following)


def refusal(rules: Rules, held: Mapping[Home, int], unit: Unit) -> str | None:
    """Why the unit may not have seats now; None if it may."""
    if rules.training_waits and _any_in_training(unit):
        return TRAINING
    total = sum(held.values())
    if total >= rules.capacity:
        return FULL
    joined = Counter(candidate.home for candidate in unit)
    after = Counter(held)
    after.update(joined)
    for home in joined:
        most = rules.most_for(home)
        if most is not None and after[home] > most:
            return QUOTA if held.get(home, 0) >= most else TOGETHER
    if total + len(unit) > rules.capacity:
        return TOGETHER
    before, load = total + rules.withheld(held), total + len(unit) + rules.withheld(after)
    # A seat taken by those it is reserved for leaves the load as it is, also where too many were reserved.
    if load > rules.capacity and load > before:
        alone = len(unit) == 1 or all(refusal(rules, held, [candidate]) for candidate in unit)
        return RESERVED if alone else TOGETHER
    return None


def _facts(rules: Rules, held: Counter[Home], candidate: Candidate, size: int) -> dict[str, int]:
    facts = {"capacity": rules.capacity, "taken": sum(held.values())}
    most = rules.most_for(candidate.home)
    if most is not None:
        facts |= {"quota": most, "used": held[candidate.home]}
    if withheld := rules.withheld(held):
        facts["reserved"] = withheld
    if size > 1:
        facts["size"] = size
    return facts


def can_ever_fit(rules: Rules, unit: Unit) -> bool:
    """Whether the unit would get seats on an empty run under these rules."""
    return refusal(rules, {}, [*unit]) in (None, TRAINING)
