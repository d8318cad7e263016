"""How many of the municipalities have taken part in a meeting of a round."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.completion.models import Attendance
from courses.enrolment.models import Enrolment, EnrolmentState
from engagements.charts.figure import Figure
from engagements.charts.tiles import Tile, tile_map
from engagements.municipalities.models import Municipality, RegionPeriod

from .models import Meeting, Network, NetworkRound


@dataclass(frozen=True)
class Share:
    """Of the municipalities of a network, how many have taken part."""

    name: str
    took_part: int
    of: int


@dataclass(frozen=True)
class Coverage:
    """A round as a whole, by network, and as a map."""

    round: NetworkRound
    took_part: int
    of: int
    networks: list[Share]
    map: Figure | None


def took_part(round: NetworkRound) -> set[int]:
    """Primary keys of municipalities with someone at a held meeting: a seat, and not noted as absent throughout."""
    held = Meeting.objects.filter(run__state="published", run__ends_at__lt=timezone.now())
    held = held.filter(run__starts_at__date__gte=round.begins_on)
    if round.ends_on:
        held = held.filter(run__starts_at__date__lte=round.ends_on)
    noted = Attendance.objects.filter(enrolment=OuterRef("pk"))
    rows = Enrolment.objects.filter(run__in=held.values("run"), state=EnrolmentState.SEATED, municipality__isnull=False)
    rows = rows.filter(Exists(noted.filter(present=True)) | ~Exists(noted))
    return set(rows.values_list("municipality", flat=True))


def of_round(round: NetworkRound) -> Coverage:
    """Counted from enrolments and attendance; fictional municipalities count in the demonstration only."""
    day = min(round.ends_on or timezone.localdate(), timezone.localdate())
    rows: Any = Municipality.objects.all() if settings.DEMONSTRATION else Municipality.objects.real()
    places = list(rows.only("pk", "name", "tile_column", "tile_row"))
    present = took_part(round) & {one.pk for one in places}
    tiles = [Tile(one.name, one.tile_column, one.tile_row, int(one.pk in present)) for one in places]
    title = ngettext(
        "%(x)s of %(n)s municipality has taken part", "%(x)s of %(n)s municipalities have taken part", len(places)
    ) % {"x": len(present), "n": len(places)}
    drawn = tile_map(
        tiles,
        [_("not yet"), _("has taken part")],
        title=title,
        of=_("Network meetings"),
        source=_("The network's own enrolments and attendance."),
    )
    homes = {one.pk for one in places}
    return Coverage(round, len(present), len(places), _shares(round, present, homes, day), drawn if places else None)


def _shares(round: NetworkRound, present: set[int], homes: set[int], day: date) -> list[Share]:
    regions = defaultdict(set)
    for municipality, region in RegionPeriod.objects.on(day).values_list("municipality", "region"):
        if municipality in homes:
            regions[region].add(municipality)
    networks = Network.objects.on(day).filter(round=round)
    return [Share(one.name, len(regions[one.region_id] & present), len(regions[one.region_id])) for one in networks]
