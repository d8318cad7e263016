"""What the front page shows of the programme: rounds, counts and the map, computed from the rows."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from engagements.applications.models import Application
from engagements.programme.models import Engagement, Round


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
            _number(_("applications are being assessed"), _in_queue().count),
        ],
        "tile_map": SimpleLazyObject(_tile_map),
    }


def _in_queue() -> QuerySet[Application]:
    rows = Application.objects.in_queue()
    return rows if settings.DEMONSTRATION else rows.filter(municipality__is_fictional=False)


def _number(label: str, count: Callable[[], int]) -> dict[str, Any]:
    return {"label": label, "value": count()}


def _tile_map() -> Any:
    return None
