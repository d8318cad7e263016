"""The register of municipalities, regions, agencies and partnerships, made from `data/`.

What is there already is left alone, since staff maintain it in the CMS; only what is missing is made.
Source of codes, neighbours and tiles: Geodatastyrelsen's municipal borders (1:500,000, 2014) and counts of 2020.
"""

import csv
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

from django.db import transaction
from django.utils.text import slugify

from .models import Agency, AgencyName, Municipality, Partnership, Region, RegionPeriod, fold

FOLDER = Path(__file__).parent / "data"
COUNCIL_NAMES = {"0101": "Borgerrepræsentationen"}
"""Councils whose own name is certain; the others choose theirs in the CMS."""

Row = dict[str, str]


def _rows(name: str) -> Iterator[Row]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


@cache
def municipality_rows() -> tuple[Row, ...]:
    """The register as shipped."""
    return tuple(_rows("municipalities.csv"))


def ensure() -> None:
    """Make what is missing; two small questions to the database when nothing is."""
    with transaction.atomic():
        _ensure_municipalities()
        _ensure_agencies()


def slug_of(name: str) -> str:
    """`Høje-Taastrup` → `hoeje-taastrup`, as Danes write addresses."""
    return slugify(name.lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa"))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _ensure_municipalities() -> None:
    there = set(Municipality.objects.values_list("code", flat=True))
    missing = [row for row in municipality_rows() if row["code"] not in there]
    if not missing:
        return
    Municipality.objects.bulk_create(_municipality(row) for row in missing)
    by_code = {municipality.code: municipality.pk for municipality in Municipality.objects.only("pk", "code")}
    new = {row["code"] for row in missing}
    _link(Municipality.neighbours.through, "neighbours", by_code, new, both_ways=True)
    _link(Municipality.nearest_by_sea.through, "nearest_by_sea", by_code, new, both_ways=False)
    _place_in_regions(missing, by_code)
    partnerships = [row for row in _rows("partnerships.csv") if {row["responsible"], row["operator"]} & new]
    Partnership.objects.bulk_create(
        [
            Partnership(
                responsible_id=by_code[row["responsible"]],
                operator_id=by_code[row["operator"]],
                task=row["task"],
                valid_from=_day(row["valid_from"]),
                valid_until=_day(row["valid_until"]),
                source=row["source"],
            )
            for row in partnerships
        ],
        ignore_conflicts=True,
    )


def _municipality(row: Row) -> Municipality:
    return Municipality(
        code=row["code"],
        name=row["name"],
        slug=slug_of(row["name"]),
        folded_name=fold(row["name"]),
        council_name=COUNCIL_NAMES.get(row["code"], "kommunalbestyrelsen"),
        latitude=float(row["lat"]),
        longitude=float(row["lon"]),
        area_km2=row["area_km2"],
        population=int(row["population"]),
        population_year=int(row["population_year"]),
        tile_column=int(row["tile_col"]),
        tile_row=int(row["tile_row"]),
    )


def _link(through: type, column: str, by_code: dict[str, int], new: set[str], *, both_ways: bool) -> None:
    pairs = {
        (row["code"], other)
        for row in municipality_rows()
        for other in row[column].split()
        if row["code"] in new or (both_ways and other in new)
    }
    through.objects.bulk_create(  # type: ignore[attr-defined]
        [through(from_municipality_id=by_code[one], to_municipality_id=by_code[other]) for one, other in sorted(pairs)],
        ignore_conflicts=True,
    )


def _place_in_regions(missing: list[Row], by_code: dict[str, int]) -> None:
    names = list(_rows("region_names.csv"))
    for row in names:
        Region.objects.get_or_create(name=row["name"], defaults={"code": row["code"] or None})
    regions = {region.name: region for region in Region.objects.all()}
    RegionPeriod.objects.bulk_create(
        RegionPeriod(
            municipality_id=by_code[row["code"]],
            region=regions[name["name"]],
            valid_from=_day(name["valid_from"]),
            valid_until=_day(name["valid_until"]),
            source=name["source"],
        )
        for row in missing
        for name in names
        if row["region_code"] == name["code"] or row["region_code"] in name["successor_of"].split()
    )


def _ensure_agencies() -> None:
    rows = list(_rows("agencies.csv"))
    named = set(AgencyName.objects.values_list("agency__key", flat=True))
    for row in rows:
        if row["key"] in named:
            continue
        agency, _made = Agency.objects.get_or_create(key=row["key"], defaults={"kind": row["kind"]})
        AgencyName.objects.create(
            agency=agency,
            name=row["name"],
            valid_from=_day(row["valid_from"]),
            valid_until=_day(row["valid_until"]),
            source=row["source"],
        )
