"""Colours that keep 3:1 against white as surfaces and 4.5:1 as text; no meaning rests on colour alone."""

from typing import Final

INK: Final = "#1a1a1a"
MUTED: Final = "#454545"
GRID: Final = "#dcdcdc"
PAPER: Final = "#ffffff"
OWN: Final = "#004d99"
NEIGHBOUR: Final = "#b93c00"
OTHER: Final = "#8a8a8a"
BAR: Final = "#4a93cc"
TODAY: Final = "#cc0000"
RAMP: Final = ("#deebf7", "#9ecae1", "#4a93cc", "#1f63a3", "#08306b")
"""From low to high; the two darkest carry white text."""

COLOURS: Final = {
    "ink": INK,
    "muted": MUTED,
    "grid": GRID,
    "paper": PAPER,
    "own": OWN,
    "neighbour": NEIGHBOUR,
    "other": OTHER,
    "bar": BAR,
    "today": TODAY,
}


def on(surface: str) -> str:
    """White or ink, whichever is read best on `surface`."""
    return PAPER if contrast(PAPER, surface) >= 4.5 else INK


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two `#rrggbb` colours, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
