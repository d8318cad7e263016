"""How far a member of the team travels, as the crow flies.

The haversine formula as in R. W. Sinnott, "Virtues of the Haversine", Sky and Telescope 68 (2), 1984, p. 159, with the
mean radius of the earth of the International Union of Geodesy and Geophysics, 6,371.0088 km. A municipality stands for
its centre point in the register of municipalities.
"""

from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from engagements.municipalities.models import Municipality

EARTH = 6371.0088


class Point(NamedTuple):
    """Latitude and longitude in degrees."""

    latitude: float
    longitude: float


ODENSE = Point(55.4038, 10.4024)
"""Where those set out from who have not chosen a starting point of their own."""


def kilometres(a: Point, b: Point) -> float:
    """The great-circle distance."""
    up, across = radians(b.latitude - a.latitude), radians(b.longitude - a.longitude)
    half = sin(up / 2) ** 2 + cos(radians(a.latitude)) * cos(radians(b.latitude)) * sin(across / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(half)))


def place_of(municipality: Municipality) -> Point | None:
    """The municipality's centre point, if the register has one."""
    if municipality.latitude is None or municipality.longitude is None:
        return None
    return Point(municipality.latitude, municipality.longitude)


def between(base: Municipality | None, visited: Municipality) -> float | None:
    """From a starting point (Odense) to a municipality; None where the register has no centre point."""
    there = place_of(visited)
    here = place_of(base) if base is not None else ODENSE
    return None if there is None or here is None else kilometres(here, there)
