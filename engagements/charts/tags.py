"""Template tags of the charts; built in, so no template loads them."""

from typing import Any

from django import template

from .figure import Drawing, Figure
from .palette import COLOURS

register = template.Library()


@register.inclusion_tag("charts/figure.html")
def chart(figure: Figure, *, paper: bool = False, table: bool = True) -> dict[str, Any]:
    """`{% chart figure %}`: the drawing, one for wide and one for narrow screens, and its table to fold out.

    `paper=True` (PDF) gives the wide drawing and the table in full; `table=False` leaves the table out.
    """
    return {"figure": figure, "paper": paper, "with_table": table}


@register.inclusion_tag("charts/svg.svg")
def drawing(figure: Figure, size: str) -> dict[str, Any]:
    """One of the figure's two drawings, `wide` or `narrow`, as SVG."""
    shape: Drawing = getattr(figure, size)
    return {"figure": figure, "d": shape, "key": f"{figure.key}-{size[0]}", "c": COLOURS}


@register.filter
def unit(value: float) -> str:
    """A coordinate with one decimal at most and always a point, whatever the page's language."""
    return f"{value:.1f}".removesuffix(".0")


@register.filter
def points(stretch: tuple[tuple[float, float], ...]) -> str:
    """Coordinates for a polyline."""
    return " ".join(f"{unit(x)},{unit(y)}" for x, y in stretch)


@register.filter
def shifted(value: float, by: float) -> str:
    """A coordinate moved by so much."""
    return unit(value + float(by))
