"""The demonstration's municipalities: no invented criticism touches a real one."""

from datetime import date
from typing import NamedTuple

from django.db import transaction

from .models import Municipality, Region, RegionPeriod


class Invented(NamedTuple):
    """A municipality that does not exist."""

    code: str
    name: str
    slug: str
    council_name: str
    population: int
    area_km2: str
    column: int
    row: int
    latitude: float
    longitude: float


INVENTED = (
    Invented("9901", "Korsbæk", "korsbaek", "byrådet", 41_200, "318.4", 8, 0, 57.12, 10.72),
    Invented("9902", "Nordager", "nordager", "kommunalbestyrelsen", 27_650, "512.0", 9, 0, 57.14, 11.30),
    Invented("9903", "Sundkøbing", "sundkoebing", "byrådet", 63_900, "244.7", 8, 1, 56.88, 10.78),
    Invented("9904", "Lillehavn", "lillehavn", "kommunalbestyrelsen", 12_300, "121.3", 9, 1, 56.86, 11.34),
)
"""Their tiles lie as a small group of their own, north-east of Jutland, where the map is sea; so do their centre points."""
REGION = "Region Nordjylland"
BELONG_SINCE = date(2007, 1, 1)


@transaction.atomic
def ensure_fictional() -> dict[str, Municipality]:
    """Make the four fictional municipalities, neighbours of each other; returns them by slug. Safe to run again."""
    made = {
        place.slug: Municipality.objects.update_or_create(
            code=place.code,
            defaults={
                "name": place.name,
                "slug": place.slug,
                "council_name": place.council_name,
                "population": place.population,
                "population_year": 2025,
                "area_km2": place.area_km2,
                "tile_column": place.column,
                "tile_row": place.row,
                "latitude": place.latitude,
                "longitude": place.longitude,
                "is_fictional": True,
            },
        )[0]
        for place in INVENTED
    }
    region, _made = Region.objects.get_or_create(name=REGION)
    for municipality in made.values():
        municipality.neighbours.set([other for other in made.values() if other != municipality])
        RegionPeriod.objects.get_or_create(municipality=municipality, region=region, valid_from=BELONG_SINCE)
    return made
