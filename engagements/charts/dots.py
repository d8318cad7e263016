"""The dot plot: every municipality as a dot, one of them marked, with the value of the whole country."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from math import hypot

from django.utils.translation import gettext as _

from .figure import NARROW, WIDE, Drawing, Figure, Table, Text, Tick
from .measure import Scale, inside, steps, text_width, wrap
from .words import number


class Part(StrEnum):
    """What a dot or line stands for."""

    OWN = "own"
    NEIGHBOUR = "neighbour"
    COUNTRY = "country"
    OTHER = "other"


@dataclass(frozen=True)
class Value:
    """A named value; None is hidden and not drawn."""

    name: str
    value: float | None
    part: Part = Part.OTHER


@dataclass(frozen=True)
class Dot:
    """A placed dot; neighbours are drawn as squares standing on a corner, so that they differ without colour."""

    x: float
    y: float
    radius: float
    part: Part
    label: str


@dataclass(frozen=True)
class DotPlot(Drawing):
    """Geometry of the dot plot."""

    dots: tuple[Dot, ...]
    ticks: tuple[Tick, ...]
    top: float
    base: float
    country: Text | None
    country_at: float | None
    own: Text | None
    own_dot: Dot | None
    unit: Text
    has_neighbours: bool

    @property
    def own_width(self) -> float:
        """Room the own label takes; the line of the country does not run through it."""
        return text_width(self.own.line, 14) if self.own else 0

    @property
    def own_left(self) -> float:
        """Where that room begins."""
        return self.own.x - self.own_width / 2 if self.own else 0


def dot_plot(
    values: Sequence[Value],
    *,
    title: str,
    unit: str,
    country: float | None = None,
    decimals: int = 1,
    description: str = "",
    source: str = "",
) -> Figure:
    """A dot for each value along one axis; `unit` says what is counted, `country` draws a line for the whole country."""
    ranked = sorted(values, key=lambda item: (item.value is None, -(item.value or 0), item.name))
    rows = [(item.name, _("hidden") if item.value is None else number(item.value, decimals)) for item in ranked]
    if country is not None:
        rows.append((_("The whole country"), number(country, decimals)))
    shown = [item for item in values if item.value is not None]
    return Figure(
        title=title,
        description=description or "; ".join(f"{name}: {value}" for name, value in rows if _is_told(name, shown)),
        table=Table((_("Municipality"), unit), tuple(rows)),
        template="charts/dots.svg",
        wide=layout(shown, unit=unit, country=country, decimals=decimals, width=WIDE),
        narrow=layout(shown, unit=unit, country=country, decimals=decimals, width=NARROW),
        source=source,
    )


def _is_told(name: str, shown: Sequence[Value]) -> bool:
    """The description names the marked municipality and the country; the rest stands in the table."""
    return name == _("The whole country") or any(item.name == name and item.part == Part.OWN for item in shown)


def layout(shown: Sequence[Value], *, unit: str, country: float | None, decimals: int, width: float) -> DotPlot:
    """Place the dots in a box of this width; the height follows from how many share a value."""
    every = [item.value for item in shown if item.value is not None] + ([country] if country is not None else [])
    marks = steps(min(every, default=0), max(every, default=1), most=7 if width > 500 else 5)
    across = Scale(marks[0], marks[-1], 22, width - 22)
    swarm = _swarm(shown, across, radius=4.5 if width > 500 else 4, decimals=decimals)
    reach = max((abs(dot.y) + dot.radius for dot in swarm), default=5)
    top, centre = 44.0, 44 + reach + 6
    base = centre + reach + 8
    dots = tuple(Dot(dot.x, dot.y + centre, dot.radius, dot.part, dot.label) for dot in swarm)
    own = next((dot for dot in dots if dot.part == Part.OWN), None)
    note = wrap(unit, width - 16, 12)
    told = _("The whole country %(value)s") % {"value": number(country, decimals)} if country is not None else ""
    return DotPlot(
        width=width,
        height=base + 40 + 15 * len(note) + (18 if any(dot.part == Part.NEIGHBOUR for dot in dots) else 0),
        dots=dots,
        ticks=tuple(Tick(across(mark), number(mark, 0 if mark == int(mark) else decimals)) for mark in marks),
        top=top,
        base=base,
        country=Text(inside(across(country), told, 12.5, 4, width - 4), 14, (told,), "middle")
        if country is not None
        else None,
        country_at=across(country) if country is not None else None,
        own=Text(inside(own.x, own.label, 14, 4, width - 4), 34, (own.label,), "middle") if own else None,
        own_dot=own,
        unit=Text(8, base + 38, note),
        has_neighbours=any(dot.part == Part.NEIGHBOUR for dot in dots),
    )


def _swarm(shown: Sequence[Value], across: Scale, *, radius: float, decimals: int) -> list[Dot]:
    """Dots around the line y = 0, each as near to it as those already placed allow; the marked one lies on it."""
    rank = {Part.OWN: 0, Part.NEIGHBOUR: 1}
    placed: list[Dot] = []
    for item in sorted(shown, key=lambda item: (rank.get(item.part, 2), item.value, item.name)):
        size = radius + 2 if item.part == Part.OWN else radius + 1 if item.part == Part.NEIGHBOUR else radius
        x = across(item.value or 0)
        near = [dot for dot in placed if abs(dot.x - x) < dot.radius + size]
        y = next(y for y in _offsets(size) if all(hypot(dot.x - x, dot.y - y) >= dot.radius + size for dot in near))
        placed.append(Dot(x, y, size, item.part, f"{item.name} {number(item.value or 0, decimals)}"))
    return placed


def _offsets(radius: float) -> Iterator[float]:
    """0, then ever farther down and up in turn."""
    for i in count():
        yield (i + 1) // 2 * radius / 2 * (1 if i % 2 else -1)
