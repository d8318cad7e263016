"""Lines over years: the own municipality against neighbours and country."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .dots import Part
from .figure import NARROW, WIDE, Drawing, Figure, Table, Text, Tick
from .measure import Scale, spread, steps, text_width, wrap
from .words import number

LINE = 15.0
"""Height of a line of label text."""


@dataclass(frozen=True)
class Series:
    """Values by year; a year without a value (hidden or not counted) breaks the line."""

    name: str
    values: tuple[float | None, ...]
    part: Part = Part.OTHER


@dataclass(frozen=True)
class Line:
    """A series drawn: stretches without a break, a dot at the last value, and its label."""

    part: Part
    stretches: tuple[tuple[tuple[float, float], ...], ...]
    end: tuple[float, float]
    label: Text


@dataclass(frozen=True)
class Lines(Drawing):
    """Geometry of the lines."""

    left: float
    right: float
    base: float
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    lines: tuple[Line, ...]
    unit: Text


def lines(
    years: Sequence[int],
    series: Sequence[Series],
    *,
    title: str,
    unit: str,
    decimals: int = 0,
    description: str = "",
    source: str = "",
) -> Figure:
    """One line for each series over `years` (at least one), labelled at its end."""
    if not years or any(len(item.values) != len(years) for item in series):
        raise ValueError("each series has a value or None for every year")
    return Figure(
        title=title,
        description=description or "; ".join(filter(None, (_told(years, item, decimals) for item in series))),
        table=Table(
            (_("Year"), *(item.name for item in series)),
            tuple((str(year), *(_cell(item.values[i], decimals) for item in series)) for i, year in enumerate(years)),
        ),
        template="charts/lines.svg",
        wide=layout(years, series, unit=unit, decimals=decimals, width=WIDE),
        narrow=layout(years, series, unit=unit, decimals=decimals, width=NARROW),
        source=source,
    )


def _cell(value: float | None, decimals: int) -> str:
    return _("hidden") if value is None else number(value, decimals)


def _told(years: Sequence[int], item: Series, decimals: int) -> str:
    known = [(year, value) for year, value in zip(years, item.values, strict=True) if value is not None]
    if not known:
        return ""
    return _("%(name)s: from %(first)s in %(start)s to %(last)s in %(end)s") % {
        "name": item.name,
        "first": number(known[0][1], decimals),
        "start": known[0][0],
        "last": number(known[-1][1], decimals),
        "end": known[-1][0],
    }


def layout(years: Sequence[int], series: Sequence[Series], *, unit: str, decimals: int, width: float) -> Lines:
    """Place the lines in a box of this width, with room for the labels to the right."""
    shown = [item for item in series if any(value is not None for value in item.values)]
    known = [value for item in shown for value in item.values if value is not None]
    marks = steps(min(0, *known, 0), max(known, default=1), most=6)
    words = [f"{item.name} {number(_last(item)[1], decimals)}" for item in shown]
    most = width * 0.32
    room = min(max((text_width(word, 13.5) for word in words), default=0), most) + 16
    left = 14 + max(text_width(number(mark, _places(mark, decimals)), 12) for mark in marks)
    right, top, base = width - room, 30.0, 30 + min(240.0, width * 0.55)
    across = Scale(years[0], years[-1], left + 6, right)
    up = Scale(marks[0], marks[-1], base, top)
    labels = [wrap(word, room - 14, 13.5) for word in words]
    places = _label_places([up(_last(item)[1]) for item in shown], labels, top, base)
    every = max(1, round((text_width("2000", 12) + 10) * len(years) / max(right - left, 1) + 0.5))
    return Lines(
        width=width,
        height=base + 26,
        left=left,
        right=right,
        base=base,
        across=tuple(Tick(across(year), str(year)) for year in years if (years[-1] - year) % every == 0),
        up=tuple(Tick(up(mark), number(mark, _places(mark, decimals))) for mark in marks),
        lines=tuple(
            Line(
                item.part,
                _stretches(
                    [(across(year), None if v is None else up(v)) for year, v in zip(years, item.values, strict=True)]
                ),
                (across(years[_last(item)[0]]), up(_last(item)[1])),
                Text(right + 10, place, label),
            )
            for item, label, place in zip(shown, labels, places, strict=True)
        ),
        unit=Text(0, 14, wrap(unit, width, 12, most=1)),
    )


def _places(mark: float, decimals: int) -> int:
    return 0 if mark == int(mark) else max(decimals, 1)


def _last(item: Series) -> tuple[int, float]:
    """Index and value of the last year with a value."""
    return next((i, value) for i, value in reversed(list(enumerate(item.values))) if value is not None)


def _label_places(ends: Sequence[float], labels: Sequence[tuple[str, ...]], top: float, base: float) -> list[float]:
    """First baselines of the labels, apart from each other by the height of the tallest."""
    tallest = max((len(label) for label in labels), default=1)
    return [place + 4 for place in spread(ends, tallest * LINE + 2, top, base - (tallest - 1) * LINE)]


def _stretches(points: Sequence[tuple[float, float | None]]) -> tuple[tuple[tuple[float, float], ...], ...]:
    found: list[list[tuple[float, float]]] = [[]]
    for x, y in points:
        if y is None:
            found.append([])
        else:
            found[-1].append((x, y))
    return tuple(tuple(stretch) for stretch in found if stretch)
