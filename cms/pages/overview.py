"""What the front page shows of the programme: rounds, counts and the map, computed from the rows."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.applications.models import Application
from engagements.charts.figure import Figure
from engagements.charts.tiles import Tile, tile_map
from engagements.municipalities.models import Municipality
from engagements.programme.models import Engagement, Round
from engagements.visits.season import public_counts


def shown_engagements() -> QuerySet[Engagement]:
    """Engagements that count in public: those of fictional municipalities only in the demonstration."""
    rows = Engagement.objects.all()
    return rows if settings.DEMONSTRATION else rows.filter(municipality__is_fictional=False)


def front_page(request: HttpRequest) -> dict[str, Any]:
    """Open and next round, key numbers, and the tile map by status."""
    engagements = shown_engagements()
    return {
        "open_round": Round.objects.open().order_by("closes_at").first(),
        "next_round": Round.objects.upcoming().first(),
        "numbers": [
            _number(
                _("municipalities have had or have an engagement"), engagements.values("municipality").distinct().count
            ),
            _number(_("engagements are running now"), engagements.running().count),  # type: ignore[attr-defined]
            _number(_("applications are being assessed"), applications_in_queue().count),
            _number(_("municipalities have had a visit by the learning team"), lambda: public_counts().municipalities),
        ],
        "tile_map": map_of_engagements() if Municipality.objects.exists() else None,
    }


def applications_in_queue() -> QuerySet[Application]:
    """Applications under way that count in public."""
    rows = Application.objects.in_queue()
    return rows if settings.DEMONSTRATION else rows.filter(municipality__is_fictional=False)


def _number(label: str, count: Callable[[], int]) -> dict[str, Any]:
    return {"label": label, "value": count()}


def map_of_engagements() -> Figure:
    """Which municipalities have or have had an engagement; never a ranking."""
    running: set[int] = set()
    ended: set[int] = set()
    for municipality, state in shown_engagements().values_list("municipality", "state"):
        (running if state in Engagement.RUNNING else ended).add(municipality)
    rows = Municipality.objects.all() if settings.DEMONSTRATION else Municipality.objects.real()
    tiles = [
        Tile(row.name, row.tile_column, row.tile_row, 2 if row.pk in running else 1 if row.pk in ended else 0)
        for row in rows.only("name", "tile_column", "tile_row")
    ]
    return tile_map(
        tiles,
        [_("no engagement"), _("has had an engagement"), _("engagement running")],
        title=ngettext(
            "One municipality has an engagement running",
            "%(count)s municipalities have an engagement running",
            len(running),
        )
        % {"count": len(running)},
        of=_("Engagement"),
        source=_("The Task Force's own register."),
    )
