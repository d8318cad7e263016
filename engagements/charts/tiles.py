"""The tile map: each municipality one square of the same size, shaded by level."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .figure import NARROW, WIDE, Drawing, Figure, Table
from .measure import text_width
from .palette import RAMP, on

NO_VALUE = "#f4f4f4"
SMALLEST = 6.0
LARGE = 30.0
"""A square of this side has room for the beginning of the name."""


@dataclass(frozen=True)
class Tile:
    """A municipality's square; `level` counts from 0 in the list of levels (None: nothing to show), `text` is its value."""

    name: str
    column: int
    row: int
    level: int | None = None
    text: str = ""
    own: bool = False


@dataclass(frozen=True)
class Square:
    """A square drawn, with the beginning of the name and its value or mark; `ink` is read on `fill`."""

    x: float
    y: float
    fill: str
    ink: str
    name: str
    short: str
    mark: str
    own: bool


@dataclass(frozen=True)
class Entry:
    """A line of the legend."""

    x: float
    y: float
    fill: str
    label: str


@dataclass(frozen=True)
class TileMap(Drawing):
    """Geometry of the tile map."""

    side: float
    squares: tuple[Square, ...]
    legend: tuple[Entry, ...]

    @property
    def half(self) -> float:
        """The middle of a square, seen from its left edge."""
        return self.side / 2

    @property
    def foot(self) -> float:
        """Baseline of a mark: under the name in a large square, else in the middle."""
        return 28 if self.side >= LARGE else self.side / 2 + 4


def tile_map(
    tiles: Sequence[Tile], levels: Sequence[str], *, title: str, of: str, description: str = "", source: str = ""
) -> Figure:
    """Squares shaded by level, from low to high (at most five levels); `of` heads the table's value column.

    A level's mark (or a tile's own `text`) is written in the square, so that the map is read without colours.
    """
    if not 1 <= len(levels) <= len(RAMP):
        raise ValueError("a tile map has from one to five levels")
    if any(tile.level is not None and not 0 <= tile.level < len(levels) for tile in tiles):
        raise ValueError("a tile's level is one of the levels")
    if len({(tile.column, tile.row) for tile in tiles}) != len(tiles):
        raise ValueError("two tiles lie on each other")
    counted = [f"{label}: {sum(tile.level == i for tile in tiles)}" for i, label in enumerate(levels)]
    rows = tuple(
        (
            tile.name,
            _("nothing to show") if tile.level is None else " – ".join(filter(None, (levels[tile.level], tile.text))),
        )
        for tile in sorted(tiles, key=lambda tile: tile.name)
    )
    return Figure(
        title=title,
        description=description
        or _("Each municipality is one square of the same size. %(counts)s.") % {"counts": "; ".join(counted)},
        table=Table((_("Municipality"), of), rows),
        template="charts/tiles.svg",
        wide=layout(tiles, levels, width=WIDE),
        narrow=layout(tiles, levels, width=NARROW),
        source=source,
    )


def shades(count: int) -> tuple[str, ...]:
    """`count` colours of the ramp, as far apart as it allows."""
    if count == 1:
        return (RAMP[2],)
    return tuple(RAMP[round(i * (len(RAMP) - 1) / (count - 1))] for i in range(count))


def layout(tiles: Sequence[Tile], levels: Sequence[str], *, width: float) -> TileMap:
    """Fit the columns into the width; small squares carry only the mark."""
    left, top = min((tile.column for tile in tiles), default=0), min((tile.row for tile in tiles), default=0)
    columns = max((tile.column for tile in tiles), default=0) - left + 1
    rows = max((tile.row for tile in tiles), default=0) - top + 1
    side = max(SMALLEST, min(36.0, (width - 8) / columns))
    fills = shades(len(levels))
    large = side >= LARGE
    squares = tuple(
        Square(
            x=4 + (tile.column - left) * side,
            y=4 + (tile.row - top) * side,
            fill=NO_VALUE if tile.level is None else fills[tile.level],
            ink=on(NO_VALUE if tile.level is None else fills[tile.level]),
            name=": ".join(filter(None, (tile.name, "" if tile.level is None else levels[tile.level], tile.text))),
            short=tile.name[:4] if large else "",
            mark=(tile.text if large and len(tile.text) <= 4 else "") or _mark(tile.level),
            own=tile.own,
        )
        for tile in tiles
    )
    entries = [(fill, f"{_mark(i)} {label}") for i, (fill, label) in enumerate(zip(fills, levels, strict=True))]
    if any(tile.level is None for tile in tiles):
        entries.append((NO_VALUE, _("nothing to show")))
    legend, height = _legend(entries, 8 + rows * side + 10, width)
    return TileMap(width=width, height=height, side=side, squares=squares, legend=legend)


def _mark(level: int | None) -> str:
    return "" if level is None else str(level + 1)


def _legend(entries: Sequence[tuple[str, str]], y: float, width: float) -> tuple[tuple[Entry, ...], float]:
    """Entries from left to right, on a new line when the next does not fit; also the height they end at."""
    placed, x = [], 4.0
    for fill, label in entries:
        size = 22 + text_width(label, 12.5) + 16
        if x > 4 and x + size > width:
            x, y = 4.0, y + 24
        placed.append(Entry(x, y, fill, label))
        x += size
    return tuple(placed), y + 26
