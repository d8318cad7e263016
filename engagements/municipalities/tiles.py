"""Where each municipality stands on the tile map; `charts.tiles` draws it."""

from typing import NamedTuple

from .models import Municipality, MunicipalityQuerySet


class Place(NamedTuple):
    """A municipality's tile."""

    pk: int
    code: str
    name: str
    column: int
    row: int
    is_fictional: bool


def places(municipalities: MunicipalityQuerySet | None = None) -> list[Place]:
    """All tiles in one query, in the order of the alphabet; the fictional municipalities have tiles of their own."""
    wanted = Municipality.objects.all() if municipalities is None else municipalities
    rows = wanted.order_by("folded_name").values_list("pk", "code", "name", "tile_column", "tile_row", "is_fictional")
    return [Place(*row) for row in rows]
