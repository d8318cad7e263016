"""Scales, ticks, and room for text: what all five charts need to know before anything is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10


@dataclass(frozen=True)
class Scale:
    """Maps values between `low` and `high` on a stretch between `start` and `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of `value`; the middle of the stretch if all values are alike."""
        if self.high == self.low:
            return (self.start + self.end) / 2
        return self.start + (value - self.low) * (self.end - self.start) / (self.high - self.low)


def steps(low: float, high: float, most: int = 6) -> list[float]:
    """At most `most` + 1 round values (1, 2 or 5 times a power of ten apart) that enclose `low` and `high`."""
    if high - low <= 1e-9 * max(1.0, abs(low), abs(high)):  # one value, but for the last digits of floating point
        high = low + 1
    raw = (high - low) / max(most - 1, 1)
    power = 10.0 ** floor(log10(raw))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw * 0.999999)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(count * step, 10) for count in range(first, last + 1)]


def text_width(text: str, size: float) -> float:
    """About how wide `text` is at this size; a little more than IBM Plex Sans needs."""
    return sum(0.32 if letter in "iljtfrI.,:;|!' ()" else 0.88 if letter in "mwMW—%" else 0.6 for letter in text) * size


def wrap(text: str, width: float, size: float, most: int = 3) -> tuple[str, ...]:
    """Break `text` into at most `most` lines of this width; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    kept = [shorten(line, width, size) for line in lines[:most]]
    if len(lines) > most:
        kept[-1] = shorten(kept[-1] + "…" * (not kept[-1].endswith("…")), width, size)
    return tuple(kept)


def shorten(text: str, width: float, size: float) -> str:
    """`text`, cut with an ellipsis if it is wider than `width`."""
    if text_width(text, size) <= width:
        return text
    text = text.rstrip("…")
    while text and text_width(text + "…", size) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def inside(x: float, text: str, size: float, low: float, high: float) -> float:
    """`x` moved so that text centred on it stays between `low` and `high`."""
    half = text_width(text, size) / 2
    return max(low + half, min(x, high - half)) if high - low > 2 * half else (low + high) / 2


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move places apart until neighbours are `gap` apart, keeping their order and staying between `low` and `high`.

    If there is not room for all, they are spaced evenly.
    """
    order = sorted(range(len(places)), key=lambda i: (places[i], i))
    if gap * (len(places) - 1) > high - low:
        gap = (high - low) / max(len(places) - 1, 1)
    moved = dict.fromkeys(order, 0.0)
    least = low
    for i in order:
        moved[i] = max(places[i], least)
        least = moved[i] + gap
    most = high
    for i in reversed(order):
        moved[i] = min(moved[i], most)
        most = moved[i] - gap
    return [moved[i] for i in range(len(places))]


def lanes(spans: Sequence[tuple[float, float]]) -> list[int]:
    """The lowest row for each (start, end) such that spans in one row do not touch."""
    ends: list[float] = []
    rows = [0] * len(spans)
    for i in sorted(range(len(spans)), key=lambda i: spans[i]):
        start, end = spans[i]
        row = next((row for row, taken in enumerate(ends) if taken < start), len(ends))
        if row == len(ends):
            ends.append(end)
        else:
            ends[row] = end
        rows[i] = row
    return rows
