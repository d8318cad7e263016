"""Figures the system computes and an editor may choose for a page; each is counted when the page is shown, never typed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from courses.catalogue.models import Course, Shown
from courses.runs.models import Run, RunState
from engagements.charts.figure import Figure
from engagements.municipalities.models import Municipality

from . import overview

KEPT = 60
"""Seconds a figure may be old."""


@dataclass(frozen=True)
class Number:
    """A count with what it counts and, where it is part of a whole, of how many."""

    value: int
    label: str
    of: int | None = None


@dataclass(frozen=True)
class Source:
    """A figure by its name in the editor and the way it is computed."""

    label: Promise
    compute: Callable[[], Figure | Number | None]


def _municipalities() -> Any:
    return Municipality.objects.all() if settings.DEMONSTRATION else Municipality.objects.real()


def _map() -> Figure | None:
    return overview.map_of_engagements() if Municipality.objects.exists() else None


def _reached() -> Number:
    reached = overview.shown_engagements().values("municipality").distinct().count()
    return Number(reached, _("municipalities have had or have an engagement"), _municipalities().count())


def _running() -> Number:
    return Number(overview.shown_engagements().running().count(), _("engagements are running now"))  # type: ignore[attr-defined]


def _in_queue() -> Number:
    return Number(overview.applications_in_queue().count(), _("applications are being assessed"))


def _courses() -> Number:
    return Number(Course.objects.exclude(state=Shown.DRAFT).count(), _("courses stand in the catalogue"))


def _runs() -> Number:
    return Number(
        Run.objects.upcoming().filter(members_only=False).count(), _("runs, theme days and meetings are planned")
    )


def _seats() -> Number:
    held = Run.objects.filter(state=RunState.PUBLISHED, members_only=False)
    return Number(sum(held.values_list("taken", flat=True)), _("seats have been given on courses and theme days"))


SOURCES: dict[str, Source] = {
    "map": Source(gettext_lazy("map of the municipalities by status"), _map),
    "reached": Source(gettext_lazy("municipalities that have had an engagement"), _reached),
    "running": Source(gettext_lazy("engagements running now"), _running),
    "in_queue": Source(gettext_lazy("applications being assessed"), _in_queue),
    "courses": Source(gettext_lazy("courses in the catalogue"), _courses),
    "runs": Source(gettext_lazy("runs planned"), _runs),
    "seats": Source(gettext_lazy("seats given"), _seats),
}


def choices() -> list[tuple[str, Promise]]:
    """What an editor may choose."""
    return [(name, source.label) for name, source in SOURCES.items()]


def figure(name: str) -> Figure | Number | None:
    """The figure as it is now, at most a minute old; None when it is unknown or there is nothing to count."""
    source = SOURCES.get(name)
    if source is None:
        return None
    key = f"pages:figure:{name}:{get_language()}"
    found: Figure | Number | None = cache.get(key)
    if found is None:
        found = source.compute()
        cache.set(key, found, KEPT)
    return found
