"""What is counted across visits: the season on the tile map, the team's workload and ways, coverage, public counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.charts.figure import Figure
from engagements.charts.tiles import Tile, tile_map
from engagements.design.numbers import number
from engagements.municipalities.models import Municipality
from engagements.municipalities.tiles import Place, places
from engagements.people import permissions as who
from engagements.people.services import staff

from . import distance
from .models import DONE, Base, Visit, VisitMember, VisitOffer, VisitState

if TYPE_CHECKING:
    from engagements.users.models import User

LEVELS = {
    VisitState.REQUESTED: 1,
    VisitState.ACCEPTED: 2,
    VisitState.PLANNED: 2,
    VisitState.HELD: 3,
    VisitState.FOLLOWED_UP: 3,
    VisitState.CLOSED: 3,
}


def shown_municipalities() -> Any:
    """The 98; the fictional ones too in the demonstration."""
    return Municipality.objects.all() if settings.DEMONSTRATION else Municipality.objects.real()


def counted_visits() -> Any:
    """Visits that count in public: those of fictional municipalities only in the demonstration."""
    rows = Visit.objects.all()
    return rows if settings.DEMONSTRATION else rows.filter(municipality__is_fictional=False)


@dataclass(frozen=True)
class PublicCounts:
    """What anyone may know: visits held, and how many of the municipalities have had one."""

    held: int
    municipalities: int
    of: int


def public_counts() -> PublicCounts:
    """Computed from the rows each time; used by the front page."""
    found = counted_visits().held().aggregate(held=Count("pk"), places=Count("municipality", distinct=True))
    return PublicCounts(found["held"], found["places"], shown_municipalities().count())


def _levels(rows: Iterable[tuple[int, str]]) -> dict[int, int]:
    """How far a municipality has come, by primary key."""
    levels: dict[int, int] = {}
    for municipality, state in rows:
        levels[municipality] = max(levels.get(municipality, 0), LEVELS[VisitState(state)])
    return levels


def _states(visits: QuerySet[Visit]) -> list[tuple[int, str]]:
    return list(visits.exclude(state=VisitState.CANCELLED).order_by().values_list("municipality", "state"))


def _map(tiles: list[Place], levels: dict[int, int], title: str) -> Figure:
    """Where visits are in line, planned and held; never a ranking."""
    return tile_map(
        [Tile(tile.name, tile.column, tile.row, levels.get(tile.pk, 0)) for tile in tiles],
        [_("no visit"), _("in line"), _("accepted or planned"), _("held")],
        title=title,
        of=_("Visit"),
        source=_("The Task Force's own register."),
    )


def plan_map(offers: Iterable[VisitOffer], user: Any) -> Figure:
    """The map of these seasons, in words: how many municipalities have a place."""
    levels = _levels(_states(Visit.objects.visible_to(user).filter(offer__in=offers)))
    having = sum(level > 1 for level in levels.values())
    title = ngettext(
        "%(count)s municipality has a place in the season",
        "%(count)s municipalities have a place in the season",
        having,
    )
    return _map(places(shown_municipalities()), levels, title % {"count": having})


def coverage() -> tuple[PublicCounts, Figure]:
    """Who has had a visit, ever: the counts, and the map that shows them."""
    rows, tiles = _states(counted_visits()), places(shown_municipalities())
    held = [municipality for municipality, state in rows if state in DONE]
    counts = PublicCounts(len(held), len(set(held)), len(tiles))
    title = ngettext(
        "%(count)s of %(of)s municipalities has had a visit",
        "%(count)s of %(of)s municipalities have had a visit",
        counts.municipalities,
    )
    return counts, _map(tiles, _levels(rows), title % {"count": counts.municipalities, "of": counts.of})


def with_coverage(municipalities: Any) -> Any:
    """Each with the number of visits held, the last one, and those ahead."""
    held = Q(visits__state__in=DONE)
    ahead = Q(visits__state__in=[VisitState.ACCEPTED, VisitState.PLANNED])
    return municipalities.annotate(
        held_count=Count("visits", filter=held),
        last_held=Max("visits__starts_at", filter=held),
        ahead_count=Count("visits", filter=ahead),
        next_visit=Min("visits__starts_at", filter=Q(visits__state=VisitState.PLANNED)),
    )


@dataclass
class Load:
    """One person's visits: ahead, held this year, and the way out and back for both, as the crow flies."""

    user: "User"
    base: Municipality | None
    ahead: int = 0
    held: int = 0
    kilometres: float = 0.0
    unknown: int = 0

    @property
    def shown_kilometres(self) -> str:
        """`1.240 km`."""
        return _("%(number)s km") % {"number": number(self.kilometres)}


def workload(at: datetime | None = None) -> list[Load]:
    """Those who run visits and those who are on teams, the busiest first."""
    now = timezone.localtime(at or timezone.now())
    members = (
        VisitMember.objects.filter(
            Q(visit__state=VisitState.PLANNED) | Q(visit__state__in=DONE, visit__starts_at__year=now.year)
        )
        .select_related("user", "visit__municipality")
        .order_by("pk")
    )
    bases = {base.user_id: base.municipality for base in Base.objects.select_related("municipality")}
    loads = {user.pk: Load(user, bases.get(user.pk)) for user in staff(who.LEARNING)}
    for member in members:
        load = loads.setdefault(member.user_id, Load(member.user, bases.get(member.user_id)))
        if member.visit.state == VisitState.PLANNED:
            load.ahead += 1
        else:
            load.held += 1
        way = distance.between(load.base, member.visit.municipality)
        if way is None:
            load.unknown += 1
        else:
            load.kilometres += 2 * way
    return sorted(loads.values(), key=lambda load: (-load.ahead, -load.held, str(load.user)))


def notes_on(candidates: Iterable["User"], visit: Visit) -> dict[int, str]:
    """For the choice of a team: visits ahead and the way there, by primary key."""
    people = list(candidates)
    ahead = dict(
        VisitMember.objects.filter(user__in=people, visit__state=VisitState.PLANNED)
        .order_by()
        .values_list("user")
        .annotate(Count("pk"))
    )
    bases = {
        base.user_id: base.municipality for base in Base.objects.filter(user__in=people).select_related("municipality")
    }
    notes = {}
    for user in people:
        count = ahead.get(user.pk, 0)
        parts = [ngettext("%(count)s visit ahead", "%(count)s visits ahead", count) % {"count": count}]
        way = distance.between(bases.get(user.pk), visit.municipality)
        if way is not None:
            parts.append(_("%(number)s km") % {"number": number(way)})
        notes[user.pk] = ", ".join(parts)
    return notes
