"""What every chart gives: words, the table behind it, and its drawings."""

from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True)
class Table:
    """The values of a chart as text; the first cell of a row names it."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Text:
    """Lines of text at a point; `anchor` is SVG's start, middle or end."""

    x: float
    y: float
    lines: tuple[str, ...]
    anchor: str = "start"

    @property
    def line(self) -> str:
        """The text when there is only one line."""
        return " ".join(self.lines)


@dataclass(frozen=True)
class Tick:
    """A grid line at `at` with its label."""

    at: float
    label: str
    strong: bool = False


@dataclass(frozen=True)
class Drawing:
    """The geometry of one chart in a box of `width` by `height` units."""

    width: float
    height: float


@dataclass(frozen=True)
class Figure:
    """A chart ready to be shown; `template` draws each of its two drawings."""

    title: str
    description: str
    table: Table
    template: str
    wide: Drawing
    narrow: Drawing
    source: str = ""

    @property
    def key(self) -> str:
        """Beginning of every id inside the figure; different figures on a page differ in their words."""
        words = "\n".join((self.template, self.title, self.description, self.source))
        return f"chart-{sha256(words.encode()).hexdigest()[:8]}"


WIDE = 720.0
NARROW = 340.0
