"""The time line of an engagement: phases, milestones and today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .figure import NARROW, WIDE, Drawing, Figure, Table, Text, Tick
from .measure import Scale, inside, lanes, text_width, wrap
from .words import day

THICK = 18.0
LINE = 15.0
BESIDE = 14.0
"""From the middle of a milestone to its label and the edge behind it."""


class Progress(StrEnum):
    """How far a phase is."""

    DONE = "done"
    NOW = "now"
    PLANNED = "planned"

    @property
    def word(self) -> str:
        """The state as the table and the drawing write it."""
        return {
            "done": pgettext("of a phase", "done"),
            "now": pgettext("of a phase", "in progress"),
            "planned": pgettext("of a phase", "planned"),
        }[self.value]


@dataclass(frozen=True)
class Span:
    """A phase from `start` up to `end`."""

    label: str
    start: date
    end: date
    progress: Progress


@dataclass(frozen=True)
class Mark:
    """A milestone."""

    label: str
    on: date
    reached: bool = False


@dataclass(frozen=True)
class Row:
    """A phase drawn."""

    label: Text
    word: Text
    x: float
    y: float
    width: float
    progress: Progress


@dataclass(frozen=True)
class Diamond:
    """A milestone drawn, filled when reached."""

    x: float
    y: float
    label: Text
    reached: bool


@dataclass(frozen=True)
class Gantt(Drawing):
    """Geometry of the time line."""

    top: float
    base: float
    ticks: tuple[Tick, ...]
    rows: tuple[Row, ...]
    diamonds: tuple[Diamond, ...]
    today: float | None
    today_label: Text | None
    thick: float = THICK


def gantt(
    spans: Sequence[Span],
    marks: Sequence[Mark] = (),
    *,
    title: str,
    today: date,
    description: str = "",
    source: str = "",
) -> Figure:
    """Phases one under the other against the calendar (at least one), with milestones below."""
    if not spans:
        raise ValueError("a time line needs at least one phase")
    rows = [(span.label, day(span.start), day(span.end), span.progress.word) for span in spans]
    rows += [
        (mark.label, day(mark.on), "", _("reached") if mark.reached else _("not reached"))
        for mark in sorted(marks, key=lambda mark: mark.on)
    ]
    return Figure(
        title=title,
        description=description
        or "; ".join(f"{name}: {start}–{end} ({word})" for name, start, end, word in rows[: len(spans)]),
        table=Table((_("Phase or milestone"), _("From"), _("Until"), _("State")), tuple(rows)),
        template="charts/gantt.svg",
        wide=layout(spans, marks, today=today, width=WIDE),
        narrow=layout(spans, marks, today=today, width=NARROW),
        source=source,
    )


def layout(spans: Sequence[Span], marks: Sequence[Mark], *, today: date, width: float) -> Gantt:
    """Place phases and milestones; in a narrow box the label stands above its bar."""
    beside = width > 500
    left = 200.0 if beside else 6.0
    first = min([span.start for span in spans] + [mark.on for mark in marks]).replace(day=1)
    last = max([span.end for span in spans] + [mark.on for mark in marks])
    across = Scale(first.toordinal(), last.toordinal(), left, width - 16)
    y, rows = 38.0, []
    for span in spans:
        row = _row(span, across, y, beside=beside)
        rows.append(row)
        y = row.y + THICK + (12 if not beside else max(12.0, (len(row.label.lines) + 1) * LINE - THICK + 8))
    base = y
    diamonds = _diamonds(sorted(marks, key=lambda mark: mark.on), across, base + 22, width)
    foot = max((diamond.y + LINE * (len(diamond.label.lines) - 1) for diamond in diamonds), default=base) + 14
    shown = first <= today <= last
    at = across(today.toordinal())
    label = _("Today")
    return Gantt(
        width=width,
        height=foot,
        top=26,
        base=base,
        ticks=_calendar(first, last, across),
        rows=tuple(rows),
        diamonds=diamonds,
        today=at if shown else None,
        today_label=Text(inside(at, label, 12.5, 0, width), 12, (label,), "middle") if shown else None,
    )


def _row(span: Span, across: Scale, y: float, *, beside: bool) -> Row:
    x, end = across(span.start.toordinal()), across(span.end.toordinal())
    width = max(end - x, 3.0)
    word = span.progress.word
    if beside:
        lines = wrap(span.label, across.start - 14, 13, most=2)
        label = Text(across.start - 10, y + 13, lines, "end")
        return Row(
            label, Text(across.start - 10, y + 13 + LINE * len(lines), (word,), "end"), x, y, width, span.progress
        )
    lines = wrap(f"{span.label} ({word})", across.end, 13, most=2)
    top = y + LINE * len(lines) + 4
    return Row(Text(6, y + 12, lines), Text(6, y, ()), x, top, width, span.progress)


def _diamonds(marks: Sequence[Mark], across: Scale, y: float, width: float) -> tuple[Diamond, ...]:
    """Milestones with their labels, in as many rows as it takes for no label to touch another.

    A label that fits on neither side of its milestone is broken into lines on the side with more room.
    """
    placed = []
    for mark in marks:
        x = across(mark.on.toordinal())
        label = f"{mark.label} {date_format(mark.on, 'SHORT_DATE_FORMAT')}"
        size = text_width(label, 12)
        right, left = width - x - BESIDE, x - BESIDE
        anchor = "start" if size <= right or (size > left and right >= left) else "end"
        lines = wrap(label, right if anchor == "start" else left, 12, most=9)
        reach = max(text_width(line, 12) for line in lines) + BESIDE + 4
        span = (x - 8, x + reach) if anchor == "start" else (x - reach, x + 8)
        placed.append((mark, x, lines, anchor, span))
    rows = lanes([span for *_rest, span in placed])
    deepest = [0.0] * (max(rows, default=-1) + 1)
    for (_mark, _x, lines, *_rest), row in zip(placed, rows, strict=True):
        deepest[row] = max(deepest[row], 20 + LINE * (len(lines) - 1))
    tops = [y + sum(deepest[:row]) for row in range(len(deepest))]
    return tuple(
        Diamond(x, tops[row], Text(x + (12 if anchor == "start" else -12), tops[row] + 4, lines, anchor), mark.reached)
        for (mark, x, lines, anchor, _span), row in zip(placed, rows, strict=True)
    )


def _calendar(first: date, last: date, across: Scale) -> tuple[Tick, ...]:
    """The first day shown, new years, and quarters or half-years as there is room."""
    quarter = across(91) - across(0)
    months = (1, 4, 7, 10) if quarter >= 42 else (1, 7) if quarter >= 21 else (1,)
    days = [date(year, month, 1) for year in range(first.year, last.year + 1) for month in months]
    found: list[Tick] = []
    for when in [first, *(when for when in days if first < when < last)]:
        strong = when == first or when.month == 1
        label = str(when.year) if strong else _("Q%(quarter)s") % {"quarter": when.month // 3 + 1}
        tick = Tick(across(when.toordinal()), label, strong=strong)
        if not found or tick.at - found[-1].at >= text_width(found[-1].label, 11.5) + 6:
            found.append(tick)
        elif strong:
            found[-1] = Tick(tick.at, label, strong=True) if len(found) > 1 else Tick(found[-1].at, "", strong=True)
            if len(found) == 1:
                found.append(tick)
    return tuple(found)
