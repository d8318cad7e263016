"""Bars with intervals: rates of a case review, each with its count and how sure it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .figure import NARROW, WIDE, Drawing, Figure, Table, Text, Tick
from .measure import Scale, wrap
from .words import number, percent

HIDE_BELOW = 5
"""A rate of fewer assessed cases is not shown."""
HATCH_BELOW = 10
"""A rate of fewer assessed cases is hatched."""
LINE = 15.0


@dataclass(frozen=True)
class Rate:
    """`x` of `n` assessed cases, with the limits of its interval; `group` puts rows under a common heading."""

    label: str
    x: int
    n: int
    low: float | None = None
    high: float | None = None
    group: str = ""

    @property
    def is_hidden(self) -> bool:
        """Too few cases to show a rate."""
        return self.n < HIDE_BELOW

    @property
    def share(self) -> float:
        """The rate, 0 when no case was assessed."""
        return self.x / self.n if self.n else 0.0


@dataclass(frozen=True)
class Bar:
    """A row drawn: label, bar from `x`, the interval's ends, and what stands beside it."""

    label: Text
    x: float
    y: float
    width: float
    low: float | None
    high: float | None
    hatched: bool
    hidden: Text | None
    share: Text | None
    count: Text | None

    @property
    def middle(self) -> float:
        """Height of the interval's line."""
        return self.y + THICK / 2


THICK = 18.0


@dataclass(frozen=True)
class Bars(Drawing):
    """Geometry of the bars."""

    top: float
    base: float
    ticks: tuple[Tick, ...]
    headings: tuple[Text, ...]
    bars: tuple[Bar, ...]
    notes: Text
    thick: float = THICK


def bars(
    rates: Sequence[Rate],
    *,
    title: str,
    description: str = "",
    source: str = "",
    of: str = "",
    note: str = "",
    counted: str = "",
    few: str = "",
) -> Figure:
    """A bar for each rate from 0 to 100 %; `of` and `counted` head the table's first columns.

    `note` is written under the axis, and `few` where a bar is hatched; both speak of cases unless given.
    """
    notes = [note] if note else []
    if any(rate.low is not None and not rate.is_hidden for rate in rates):
        notes.append(_("Black line: interval (95 per cent)."))
    if any(HIDE_BELOW <= rate.n < HATCH_BELOW for rate in rates):
        notes.append(few or _("Hatched: fewer than 10 cases."))
    grouped = any(rate.group for rate in rates)
    heads = (of or _("Requirement"), counted or _("Cases"), _("Share"), _("Interval (95 per cent)"))
    shown = 4 if any(rate.low is not None for rate in rates) else 3
    rows = [(_name(rate) if grouped else rate.label, *_cells(rate)) for rate in rates]
    return Figure(
        title=title,
        description=description
        or "; ".join(f"{_name(rate)}: {', '.join(filter(None, _cells(rate)))}" for rate in rates),
        table=Table(heads[:shown], tuple(row[:shown] for row in rows)),
        template="charts/bars.svg",
        wide=layout(rates, notes=" ".join(notes), width=WIDE),
        narrow=layout(rates, notes=" ".join(notes), width=NARROW),
        source=source,
    )


def _name(rate: Rate) -> str:
    return f"{rate.group}: {rate.label}" if rate.group else rate.label


def _count(rate: Rate) -> str:
    return _("%(x)s of %(n)s") % {"x": number(rate.x), "n": number(rate.n)}


def _cells(rate: Rate) -> tuple[str, str, str]:
    if rate.is_hidden:
        return _("fewer than 5 cases"), "", ""
    limits = "" if rate.low is None or rate.high is None else f"{percent(rate.low)}–{percent(rate.high)}"
    return _count(rate), percent(rate.share), limits


def layout(rates: Sequence[Rate], *, notes: str, width: float) -> Bars:
    """Place the bars; in a narrow box the label stands above its bar instead of beside it."""
    beside = width > 500
    left = width * 0.36 if beside else 12.0
    scale = Scale(0, 1, left, width - (124 if beside else 116))
    y, group, headings, placed = 10.0, "", [], []
    for rate in rates:
        if rate.group != group:
            group = rate.group
            lines = wrap(group, width - 8, 13.5, most=2)
            headings.append(Text(4 if beside else left, y + 18, lines))
            y += 12 + LINE * len(lines)
        bar = _bar(rate, scale, y, beside=beside)
        placed.append(bar)
        y = bar.y + THICK + _below(bar, beside=beside)
    lines = wrap(notes, width - 8, 12, most=4)
    ticks = (0, 0.25, 0.5, 0.75, 1) if beside else (0, 0.5, 1)
    return Bars(
        width=width,
        height=y + 26 + LINE * len(lines),
        top=6,
        base=y + 2,
        ticks=tuple(Tick(scale(share), percent(share)) for share in ticks),
        headings=tuple(headings),
        bars=tuple(placed),
        notes=Text(4, y + 36, lines),
    )


def _below(bar: Bar, *, beside: bool) -> float:
    """Room under a bar: its label may be higher than the bar itself."""
    return max(14.0, LINE * len(bar.label.lines) - THICK + 14 - (bar.y - bar.label.y + 4)) if beside else 10.0


def _bar(rate: Rate, scale: Scale, y: float, *, beside: bool) -> Bar:
    lines = wrap(rate.label, scale.start - 16, 13) if beside else wrap(rate.label, scale.end + 104, 13)
    if beside:
        top = y + max(0.0, (len(lines) * LINE - THICK) / 2)
        label = Text(scale.start - 10, top + THICK / 2 + 5 - (len(lines) - 1) * LINE / 2, lines, "end")
    else:
        label = Text(scale.start, y + 13, lines)
        top = y + LINE * len(lines) + 4
    text = top + THICK / 2 + 4
    hidden = rate.is_hidden
    limits = not hidden and rate.low is not None and rate.high is not None
    return Bar(
        label=label,
        x=scale.start,
        y=top,
        width=0 if hidden else scale(rate.share) - scale.start,
        low=scale(rate.low or 0) if limits else None,
        high=scale(rate.high or 0) if limits else None,
        hatched=not hidden and rate.n < HATCH_BELOW,
        hidden=Text(scale.start + 6, text, (_("fewer than 5 cases – not shown"),)) if hidden else None,
        share=None if hidden else Text(scale.end + 10, text, (percent(rate.share),)),
        count=None if hidden else Text(scale.end + 58, text, (_count(rate),)),
    )
