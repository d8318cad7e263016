"""Figures the system computes and an editor may choose for a page; each is counted when the page is shown, never typed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from courses.catalogue.models import Course, Shown
from courses.runs.models import Run, RunState
from engagements.charts.figure import Figure, Table
from engagements.charts.lines import Series, lines
from engagements.charts.words import number
from engagements.municipalities.models import Municipality
from engagements.requirements.models import Requirement
from engagements.requirements.models_rates import PublishedRate

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


PUBLISHED = "published:"
"""Begins the name of a figure of published shares; the requirement's code follows."""


def published_shares(code: str) -> Figure | None:
    """What others have found about a requirement, year by year, with the cases and the source of each."""
    rows = list(PublishedRate.objects.filter(requirement__code=code).select_related("requirement").order_by("year"))
    if not rows:
        return None
    decimals = max(0 if row.percent == row.percent.to_integral_value() else 1 for row in rows)
    last = rows[-1]
    told = {"requirement": last.requirement.title, "share": number(float(last.percent), decimals), "year": last.year}
    drawn = lines(
        [row.year for row in rows],
        [Series(_("Share"), tuple(float(row.percent) for row in rows))],
        title=_("%(requirement)s: complied with in %(share)s %% of the cases in %(year)s") % told,
        unit=_("per cent of the cases assessed"),
        decimals=decimals,
        source="; ".join(dict.fromkeys(row.source for row in rows)),
    )
    table = Table(
        (_("Year"), _("Share of the cases"), _("Cases assessed"), _("Source")),
        tuple(
            (
                str(row.year),
                f"{number(float(row.percent), decimals)} %",
                _("not stated") if row.cases is None else number(row.cases, 0),
                row.source,
            )
            for row in rows
        ),
    )
    return replace(drawn, table=table)


def choices() -> list[tuple[str, Promise | str]]:
    """What an editor may choose: the counts, and each requirement that others have published shares of."""
    rated = Requirement.objects.filter(published_rates__isnull=False).distinct()
    return [
        *((name, source.label) for name, source in SOURCES.items()),
        *((f"{PUBLISHED}{row.code}", _("published share: %(name)s") % {"name": row.title}) for row in rated),
    ]


def figure(name: str) -> Figure | Number | None:
    """The figure as it is now, at most a minute old; None when it is unknown or there is nothing to count."""
    if name.startswith(PUBLISHED):
        return published_shares(name.removeprefix(PUBLISHED))
    source = SOURCES.get(name)
    if source is None:
        return None
    key = f"pages:figure:{name}:{get_language()}"
    found: Figure | Number | None = cache.get(key)
    if found is None:
        found = source.compute()
        cache.set(key, found, KEPT)
    return found
