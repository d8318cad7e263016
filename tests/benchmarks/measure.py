"""Measuring two ways of doing the same thing in turns, so that a busy machine slows both alike."""

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Result:
    """Medians in milliseconds: processor time, or as the clock on the wall says where a server works too."""

    name: str
    ours: float
    floor: float
    rounds: int

    def __str__(self) -> str:
        ratio = f"{self.ours / self.floor:5.2f} x" if self.floor else "    –"
        return f"{self.name:38} {self.ours:9.1f} ms {self.floor:9.1f} ms   {ratio}   {self.rounds} rounds"


def in_turns(name: str, ours: Callable[[], object], floor: Callable[[], object], *, rounds: int) -> Result:
    """Run both once unmeasured, then in turns; processor time of this process."""
    return compare(name, ours, floor, rounds, time.process_time)


def programs_in_turns(name: str, ours: str, floor: str, *, rounds: int) -> Result:
    """The same for two Python programs, each started anew; processor time of the children."""

    def spent() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    def runner(program: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.DEVNULL)

    return compare(name, runner(ours), runner(floor), rounds, spent)


def compare(
    name: str,
    ours: Callable[[], object],
    floor: Callable[[], object],
    rounds: int,
    clock: Callable[[], float],
) -> Result:
    """Run both once unmeasured, then in turns, each timed by this clock."""
    times: dict[Callable[[], object], list[float]] = {ours: [], floor: []}
    ours()
    floor()
    for _ in range(rounds):
        for way, taken in times.items():
            before = clock()
            way()
            taken.append(clock() - before)
    return Result(name, median(times[ours]) * 1000, median(times[floor]) * 1000, rounds)
