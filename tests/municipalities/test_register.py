"""The register is the 98, its map and neighbours hold together, and names and regions follow the date."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from engagements.models import Agency, Municipality, Partnership, Region, RegionPeriod, Unit
from engagements.municipalities import demo, reference
from engagements.municipalities.models import fold
from engagements.municipalities.tiles import places
from tests.factories import MunicipalityFactory

pytestmark = pytest.mark.django_db


def test_the_98_are_there_with_the_population_of_the_source() -> None:
    real = Municipality.objects.real()
    assert real.count() == 98
    assert sum(real.values_list("population", flat=True)) == 5_822_679
    assert not real.filter(code="0411").exists()  # Christiansø is no municipality


def test_neighbours_are_mutual_and_islands_have_the_nearest_by_sea_instead() -> None:
    pairs = set(
        Municipality.neighbours.through.objects.filter(from_municipality__is_fictional=False).values_list(
            "from_municipality__code", "to_municipality__code"
        )
    )
    assert len(pairs) == 2 * 186
    assert all((other, one) in pairs for one, other in pairs)
    assert all(one != other for one, other in pairs)
    islands = set(Municipality.objects.real().filter(neighbours=None).values_list("name", flat=True))
    assert islands == {"Bornholm", "Langeland", "Ærø", "Fanø", "Samsø", "Morsø", "Læsø"}
    laesoe = Municipality.objects.get(name="Læsø")
    assert {near.name for near in laesoe.compared_with} == {"Frederikshavn", "Brønderslev"}
    frederikshavn = Municipality.objects.get(name="Frederikshavn")
    assert laesoe not in frederikshavn.compared_with
    assert list(frederikshavn.islands_near.all()) == [laesoe]


def test_every_municipality_has_a_tile_of_its_own() -> None:
    demo.ensure_fictional()
    tiles = places()
    assert len(tiles) == 102
    assert len({(tile.column, tile.row) for tile in tiles}) == 102
    invented = [tile for tile in tiles if tile.is_fictional]
    around = {(t.column + x, t.row + y) for t in invented for x in (-1, 0, 1) for y in (-1, 0, 1)}
    assert not around & {(tile.column, tile.row) for tile in tiles if not tile.is_fictional}


@pytest.mark.parametrize(
    ("code", "day", "region"),
    [
        ("0101", date(2026, 12, 31), "Region Hovedstaden"),
        ("0101", date(2027, 1, 1), "Region Østdanmark"),
        ("0259", date(2026, 12, 31), "Region Sjælland"),
        ("0259", date(2027, 1, 1), "Region Østdanmark"),
        ("0751", date(2027, 1, 1), "Region Midtjylland"),
        ("0751", date(2006, 12, 31), None),
    ],
)
def test_the_region_follows_the_date(code: str, day: date, region: str | None) -> None:
    found = Municipality.objects.with_regions().get(code=code).region_on(day)
    assert (found.name if found else None) == region


def test_eastern_denmark_is_hovedstaden_and_sjaelland_together() -> None:
    def members(name: str, day: date) -> set[str]:
        region = Region.objects.get(name=name)
        return set(Municipality.objects.in_region(region, day).values_list("code", flat=True))

    before, after = date(2026, 12, 31), date(2027, 1, 1)
    both = members("Region Hovedstaden", before) | members("Region Sjælland", before)
    assert members("Region Østdanmark", after) == both
    assert len(both) == 29 + 17
    assert not members("Region Hovedstaden", after)
    assert RegionPeriod.objects.filter(region__name="Region Østdanmark").first().source.startswith("Lov nr. 699")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ærø", ["Ærø"]),
        ("ÆRØ", ["Ærø"]),
        ("Århus", ["Aarhus"]),
        ("aarhus kommune", ["Aarhus"]),
        ("A\u030arhus", ["Aarhus"]),
        ("åbenrå", ["Aabenraa"]),
        ("0825", ["Læsø"]),
        ("høje", ["Høje-Taastrup"]),
    ],
)
def test_search_finds_danish_names_on_any_database(text: str, names: list[str]) -> None:
    assert list(Municipality.objects.real().search(text).values_list("name", flat=True)) == names


@given(st.text(max_size=40))
def test_no_text_breaks_the_search(text: str) -> None:
    list(Municipality.objects.search(text.replace("\x00", ""))[:1])


def test_the_alphabet_is_danish() -> None:
    names = list(Municipality.objects.real().order_by("folded_name").values_list("name", flat=True))
    assert names[0] == "Albertslund"
    assert names[-3:] == ["Ærø", "Aabenraa", "Aarhus"] or names[-4:] == ["Ærø", "Aabenraa", "Aalborg", "Aarhus"]
    assert fold("Åb") == fold("Aab")


def test_laesoe_is_served_by_frederikshavn() -> None:
    partnership = Partnership.objects.on(date(2026, 1, 1)).get(responsible__name="Læsø")
    assert partnership.operator.name == "Frederikshavn"
    assert partnership.task == "Familierådgivning"


def test_a_partnership_is_between_two() -> None:
    one = MunicipalityFactory()
    with pytest.raises(ValidationError):
        Partnership(responsible=one, operator=one, task="Døgnvagt", valid_from=date(2026, 1, 1)).full_clean()


@pytest.mark.parametrize(
    ("key", "day", "name"),
    [
        ("socialstyrelsen", date(2018, 1, 23), "Socialstyrelsen"),
        ("socialstyrelsen", date(2026, 1, 1), "Social- og Boligstyrelsen"),
        ("socialministeriet", date(2018, 1, 23), "Børne- og Socialministeriet"),
        ("indenrigsministeriet", date(2018, 1, 23), "Økonomi- og Indenrigsministeriet"),
        ("ankestyrelsen", date(2026, 1, 1), "Ankestyrelsen"),
        ("kl", date(2026, 1, 1), "KL"),
        ("kl", date(1990, 1, 1), "kl"),
    ],
)
def test_agencies_are_called_what_they_were_called_that_day(key: str, day: date, name: str) -> None:
    assert Agency.objects.get(key=key).name_on(day) == name


def test_units_are_not_invented() -> None:
    assert not Unit.objects.exists()
    assert Municipality.objects.get(code="0101").council_name == "Borgerrepræsentationen"


def test_making_the_register_again_changes_nothing_and_costs_two_questions(django_assert_num_queries) -> None:  # noqa: ANN001
    Municipality.objects.filter(code="0825").update(council_name="byrådet")
    with django_assert_num_queries(4):  # two of them open and close the transaction
        reference.ensure()
    assert Municipality.objects.get(code="0825").council_name == "byrådet"


def test_a_municipality_that_is_missing_is_made_with_its_neighbours() -> None:
    Municipality.objects.get(code="0825").delete()
    Municipality.objects.get(code="0813").delete()
    reference.ensure()
    again = Municipality.objects.get(code="0813")
    assert {other.code for other in again.neighbours.all()} == {"0810", "0860"}
    assert again in Municipality.objects.get(code="0810").neighbours.all()
    assert Partnership.objects.filter(operator=again).exists()
    assert Municipality.objects.real().count() == 98


def test_the_fictional_four_are_neighbours_and_stay_four() -> None:
    demo.ensure_fictional()
    four = demo.ensure_fictional()
    assert Municipality.objects.fictional().filter(code__startswith="99").count() == 4
    assert {other.slug for other in four["korsbaek"].neighbours.all()} == {"nordager", "sundkoebing", "lillehavn"}
    assert str(four["korsbaek"].region_on(date(2026, 1, 1))) == "Region Nordjylland"
    assert all(one.region_periods.count() == 1 and one.latitude and one.longitude for one in four.values())
