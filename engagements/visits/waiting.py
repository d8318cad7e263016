"""What awaits whom in visits; the page of a visit, the start pages and their lists say the same."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.people import permissions as who
from engagements.programme.models import Milestone
from engagements.programme.overview import Waiting

from . import permissions
from .models import Visit, VisitState

if TYPE_CHECKING:
    from datetime import date

MUNICIPALITY, TASK_FORCE = Milestone.Side.MUNICIPALITY, Milestone.Side.TASK_FORCE


def ready(visits: Any) -> Any:
    """The visits with everything `awaited` looks at, in a fixed number of queries."""
    return visits.with_line().select_related("municipality", "offer").prefetch_related("team", "preparations", "points")


def awaited(visits: Iterable[Visit], user: Any) -> Iterator[Waiting]:
    """Everything that awaits either side; see `ready` for what comes with the visits."""
    for visit in visits:
        for side, text, due_on in _of(visit):
            works = who.works_for(user, visit.municipality_id)
            runs = permissions.may_run(visit, user) or permissions.is_on_team(visit, user)
            yield Waiting(
                text=text,
                address=visit.get_absolute_url(),
                side=side,
                due_on=due_on,
                about=visit.municipality.name,
                mine=works if side == MUNICIPALITY else runs and _can_be_done(visit),
            )


def _can_be_done(visit: Visit) -> bool:
    """In line there is nothing to do before a place is free."""
    return visit.state != VisitState.REQUESTED or visit.offer.free > 0


def _of(visit: Visit) -> "Iterator[tuple[str, str, date | None]]":
    if visit.state == VisitState.REQUESTED:
        if visit.offer.free:
            text = _("Number %(place)s in line for “%(offer)s”: a place is free, accept the request")
        else:
            text = _("Number %(place)s in line for “%(offer)s”: awaits a free place")
        text %= {"place": visit.line, "offer": visit.offer.title}
        yield TASK_FORCE, text, None
    elif visit.state == VisitState.ACCEPTED:
        yield TASK_FORCE, _("Plan the visit: team, time and programme"), None
    elif visit.state == VisitState.PLANNED:
        yield from _before(visit)
    elif visit.state in (VisitState.HELD, VisitState.FOLLOWED_UP):
        yield from _after(visit)


def _before(visit: Visit) -> "Iterator[tuple[str, str, date | None]]":
    if visit.ends_at and visit.ends_at < timezone.now():
        yield TASK_FORCE, _("Register the visit as held"), visit.date
        return
    if visit.move_wish:
        yield TASK_FORCE, _("Answer the municipality's wish for another time"), None
    left = [(row.side, row.due_on) for row in visit.preparations.all() if row.done_at is None]
    for side in (MUNICIPALITY, TASK_FORCE):
        due = [day for whose, day in left if whose == side]
        if due:
            text = ngettext(
                "Prepare the visit: %(count)s thing is left", "Prepare the visit: %(count)s things are left", len(due)
            )
            yield side, text % {"count": len(due)}, min(due)
    if not left:
        yield MUNICIPALITY, _("The visit takes place"), visit.date


def _after(visit: Visit) -> "Iterator[tuple[str, str, date | None]]":
    if visit.check_on and visit.check_on <= timezone.localdate():
        for side in (MUNICIPALITY, TASK_FORCE):
            yield side, _("Look at the learning points together, and close the visit"), visit.check_on
    elif visit.state == VisitState.HELD:
        yield MUNICIPALITY, _("Write the learning points with an owner and a due date"), None
    else:
        open_points = [point for point in visit.points.all() if point.done_at is None and point.action_id is None]
        due = min((point.due_on for point in open_points), default=None)
        yield (
            MUNICIPALITY,
            _("Work on the learning points; they are looked at after three months"),
            due or visit.check_on,
        )
