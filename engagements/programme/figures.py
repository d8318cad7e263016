"""What this room hands to the charts: the time line of an engagement and the map of running ones."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.charts.figure import Figure
from engagements.charts.gantt import Mark, Progress, Span, gantt
from engagements.charts.tiles import Tile, tile_map
from engagements.municipalities.models import Municipality

from .models import Engagement, Milestone, Phase, PhaseKind


def gantt_of(engagement: Engagement, milestones: Iterable[Milestone]) -> Figure | None:
    """The time line; its title says where the engagement is. None while it has no phases."""
    phases = list(engagement.phases.all())
    if not phases:
        return None
    current = engagement.current_phase
    return gantt(
        [
            Span(capfirst(str(phase)), phase.starts_on, phase.finished_on or phase.ends_on, _progress(phase, current))
            for phase in phases
        ],
        [
            Mark(milestone.name, milestone.reached_on or milestone.due_on, milestone.reached_on is not None)
            for milestone in milestones
        ],
        title=_where(engagement, phases, current),
        today=timezone.localdate(),
    )


def _where(engagement: Engagement, phases: list[Phase], current: Phase | None) -> str:
    until = date_format(phases[-1].ends_on, "DATE_FORMAT")
    if current is None:
        return _("The plan of an engagement that is %(state)s") % {"state": engagement.get_state_display()}
    return _("Phase %(x)s of %(n)s: %(phase)s; the plan runs until %(date)s") % {
        "x": phases.index(current) + 1,
        "n": len(phases),
        "phase": current,
        "date": until,
    }


def _progress(phase: Phase, current: Phase | None) -> Progress:
    if phase.finished_on:
        return Progress.DONE
    return Progress.NOW if current and phase.pk == current.pk else Progress.PLANNED


def map_of(municipalities: Iterable[Municipality], running: Iterable[Engagement]) -> Figure | None:
    """Every municipality a tile, shaded by the phase its engagement is in; `running` has `phase` annotated."""
    order = list(PhaseKind.values)
    levels = {
        engagement.municipality_id: order.index(engagement.phase)  # type: ignore[attr-defined]
        for engagement in running
        if engagement.phase  # type: ignore[attr-defined]
    }
    tiles = [
        Tile(place.name, place.tile_column, place.tile_row, levels.get(place.pk), "")
        for place in municipalities
        if not place.is_fictional or place.pk in levels
    ]
    if not tiles:
        return None
    return tile_map(
        tiles,
        [capfirst(str(kind.label)) for kind in PhaseKind],
        title=ngettext(
            "%(count)s municipality has a running engagement",
            "%(count)s municipalities have a running engagement",
            len(levels),
        )
        % {"count": len(levels)},
        of=_("Phase"),
    )
