"""What people do about visits: offer, ask, accept, cancel, hold, note, follow up; `planning` has what the team plans.

Every act that gives or frees a place locks the offer's row and recounts, so that places are never given twice.
"""

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.findings.models import Recommendation
from engagements.followup.models import Action
from engagements.followup.services import plan_action
from engagements.lifecycle import MoveRefused, move, record
from engagements.notices.services import gathered
from engagements.people import permissions as who
from engagements.programme.models import Engagement
from engagements.records.numbers import next_visit_reference
from engagements.records.versions import save_versioned, sent_twice

from . import messages, permissions
from .models import (
    CHECK_AFTER,
    Audience,
    LearningPoint,
    Visit,
    VisitOffer,
    VisitState,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from engagements.municipalities.models import Municipality
    from engagements.users.models import User

REQUEST = ("theme", "problem", "weeks", "place", "equipment", "cases_confirmed")
"""What a municipality writes when it asks, beside the audience."""


def must(allowed: bool, sentence: str = "") -> None:
    """Refuse, in words, what is not allowed."""
    if not allowed:
        raise MoveRefused(sentence or _("You are not allowed to do this. Nothing has been changed."))


# Offers ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def make_offer(*, by: "User", **fields: Any) -> VisitOffer:
    """Make an offer in draft. Raises MoveRefused if `by` does not run visits, ValidationError if it cannot be."""
    must(permissions.runs_visits(by))
    if twin := VisitOffer.objects.filter(state=VisitOffer.State.DRAFT, **fields).first():
        return twin  # a form sent twice
    offer = VisitOffer(**fields)
    offer.full_clean()
    offer.save()
    record(offer, "made", by=by)
    return offer


@transaction.atomic
def change_offer(offer: VisitOffer, *, by: "User", version: int, **fields: Any) -> VisitOffer:
    """Change an offer; more places are given to those in line at once. Raises StaleError if someone saved meanwhile."""
    must(permissions.runs_visits(by))
    offer = lock(offer)
    for name, value in fields.items():
        setattr(offer, name, value)
    offer.full_clean()
    save_versioned(offer, version, fields)
    record(offer, "changed", by=by)
    settle(offer)
    return offer


@transaction.atomic
def move_offer(offer: VisitOffer, name: str, *, by: "User", at: datetime | None = None) -> VisitOffer:
    """Publish or close an offer; a published one gives its places to those who wait."""
    locked = lock(offer)
    move(offer, name, by=by, at=at)
    locked.state = offer.state
    with gathered():
        settle(locked, at)
    return offer


def lock(offer: VisitOffer) -> VisitOffer:
    """The offer's row, locked until the transaction ends, with its places counted anew."""
    locked = VisitOffer.objects.select_for_update().get(pk=offer.pk)
    locked.taken = locked.visits.holding().count()
    return locked


def _write(offer: VisitOffer) -> None:
    VisitOffer.objects.filter(pk=offer.pk).update(taken=offer.taken)


def settle(offer: VisitOffer, at: datetime | None = None) -> list[Visit]:
    """Give free places of a locked offer to the next in line; returns who got one."""
    given: list[Visit] = []
    at = at or timezone.now()
    if offer.at_once and not offer.is_over(at) and offer.state != VisitOffer.State.DRAFT:
        for visit in offer.visits.in_line()[: offer.free]:
            given.append(move(visit, "take_place", by=None, at=at))
        offer.taken += len(given)
    _write(offer)
    return given


# Requests --------------------------------------------------------------------------------------------------------


@transaction.atomic
def request_visit(
    offer: VisitOffer,
    *,
    municipality: "Municipality",
    by: "User",
    theme: str,
    problem: str,
    audience: Mapping[str, int],
    weeks: list[str],
    place: str,
    equipment: str = "",
    cases_confirmed: bool,
    at: datetime | None = None,
) -> Visit:
    """Ask for a visit: it gets a free place at once, or its place in line. Sent twice it is asked for once.

    Raises MoveRefused if `by` may not ask, the offer is not open, or the municipality has asked already; ValidationError
    if a text holds a CPR number or seems to name a child, the cases are not confirmed, or a week lies outside the season.
    """
    at = at or timezone.now()
    must(who.works_for(by, municipality.pk), _("Only a leader or coordinator of the municipality can ask for a visit."))
    offer = lock(offer)
    mine = Visit.objects.filter(offer=offer, municipality=municipality).open()
    if twin := sent_twice(mine, when="requested_at", theme=theme.strip(), requested_by=by):
        return twin
    must(offer.is_open(at), _("The offer is not open for requests."))
    must(not mine.exists(), _("The municipality already has an open request for this offer."))
    visit = Visit(
        reference=next_visit_reference(at),
        offer=offer,
        municipality=municipality,
        theme=theme.strip(),
        problem=problem.strip(),
        weeks=sorted(set(weeks)),
        place=place.strip(),
        equipment=equipment.strip(),
        cases_confirmed=cases_confirmed,
        requested_by=by,
        requested_at=at,
        token=secrets.token_urlsafe(24),
    )
    _check(visit, audience, timezone.localtime(at).date())
    visit.full_clean(exclude=["offer", "municipality", "requested_by"])
    visit.save()
    _keep_audience(visit, audience)
    record(visit, "requested", by=by)
    with gathered():
        given = settle(offer, at)
        messages.tell_requested(visit, given=any(one.pk == visit.pk for one in given), by=by)
    visit.refresh_from_db()
    return visit


def _check(visit: Visit, audience: Mapping[str, int], since: date) -> None:
    if not visit.cases_confirmed:
        raise ValidationError(
            {"cases_confirmed": _("Confirm that only decided cases that are not under appeal are used.")}
        )
    if sum(audience.values()) < 1:
        raise ValidationError(_("Say how many will take part, by role."), code="audience")
    if not visit.weeks:
        raise ValidationError({"weeks": _("Choose at least one week.")})
    season = {week.code for week in visit.offer.weeks(since)}
    if any(code not in season for code in visit.weeks):
        raise ValidationError({"weeks": _("Choose weeks ahead, within the season.")})


def _keep_audience(visit: Visit, audience: Mapping[str, int]) -> None:
    visit.audience.all().delete()
    rows = [Audience(visit=visit, role=role, expected=number) for role, number in audience.items() if number]
    for row in rows:
        row.clean_fields(exclude=["visit"])
    Audience.objects.bulk_create(rows)


@transaction.atomic
def change_request(visit: Visit, *, by: "User", version: int, audience: Mapping[str, int], **fields: Any) -> Visit:
    """Change what was asked for until it is planned; the place in line stays."""
    fresh = Visit.objects.select_for_update().get(pk=visit.pk)
    must(permissions.may_change_request(fresh, by), _("The request cannot be changed any more."))
    for name, value in fields.items():
        setattr(fresh, name, value)
    _check(fresh, audience, fresh.offer.starts_on - timedelta(days=1))  # a week wished for may have passed since
    fresh.full_clean(exclude=["offer", "municipality", "requested_by"])
    save_versioned(fresh, version, fields)
    _keep_audience(fresh, audience)
    record(fresh, "changed", by=by)
    return fresh


@transaction.atomic
def accept(visit: Visit, *, by: "User", note: str = "", at: datetime | None = None) -> Visit:
    """The team gives a request its place; one out of turn needs a note. Raises MoveRefused when no place is free."""
    offer = lock(visit.offer)
    visit.refresh_from_db()
    if visit.state == VisitState.REQUESTED:
        must(offer.free > 0, _("No place is free: all %(places)s are in use.") % {"places": offer.places})
        first = offer.visits.in_line().first()
        if first is not None and first.pk != visit.pk and not note.strip():
            raise MoveRefused(_("Another request is before this one in line. Write a note that says why."))
    visit = move(visit, "accept", by=by, note=note, at=at)
    offer.taken += 1
    _write(offer)
    return visit


@transaction.atomic
def cancel(visit: Visit, *, by: "User", note: str, at: datetime | None = None) -> Visit:
    """Either side calls the visit off with a reason; a place that becomes free goes to the next in line."""
    offer = lock(visit.offer)
    with gathered():
        visit = move(visit, "cancel", by=by, note=note, at=at)
        offer.taken = offer.visits.holding().count()
        settle(offer, at)
    return visit


def place_in_line(visit: Visit) -> int:
    """1 for the next; 0 for a visit that does not wait."""
    found = Visit.objects.with_line().filter(pk=visit.pk).values_list("line", flat=True).first()
    return found or 0


# After the visit ---------------------------------------------------------------------------------------------------


@transaction.atomic
def hold(visit: Visit, *, attended: Mapping[str, int], by: "User", at: datetime | None = None) -> Visit:
    """The visit took place with so many of each role. Raises MoveRefused before it has begun."""
    at = at or timezone.now()
    visit.refresh_from_db()
    if visit.state == VisitState.PLANNED:
        must(visit.starts_at is not None and visit.starts_at <= at, _("The visit has not begun yet."))
        visit.check_on = (visit.date or timezone.localdate()) + CHECK_AFTER
        visit.save(update_fields=["check_on"])
    visit = move(visit, "hold", by=by, at=at)
    for role, number in attended.items():
        row = visit.audience.filter(role=role).first() or Audience(visit=visit, role=role)
        row.attended = number
        if row.pk or number:
            row.clean_fields(exclude=["visit"])
            row.save()
    return visit


@transaction.atomic
def write_note(visit: Visit, *, text: str, by: "User", version: int) -> Visit:
    """The team's own note, which the municipality does not see. Raises StaleError if a colleague saved meanwhile."""
    must(permissions.may_note(visit, by))
    visit.team_note = text.strip()
    visit.clean_fields(exclude={field.name for field in visit._meta.fields} - {"team_note"})
    save_versioned(visit, version, ["team_note"])
    record(visit, "noted", by=by, internal=True)
    return visit


@transaction.atomic
def add_point(visit: Visit, *, text: str, owner: str, due_on: date, by: "User") -> LearningPoint:
    """Write down what the municipality will do because of the visit, after it was held."""
    Visit.objects.select_for_update().get(pk=visit.pk)
    must(permissions.may_follow_up(visit, by))
    must(
        visit.state in (VisitState.HELD, VisitState.FOLLOWED_UP), _("Learning points belong to a visit that was held.")
    )
    wanted = {"text": text.strip(), "owner": owner.strip(), "due_on": due_on, "added_by": by}
    if twin := sent_twice(visit.points.all(), when="added_at", **wanted):
        return twin
    point = LearningPoint(visit=visit, **wanted)
    point.clean_fields(exclude=["visit", "added_by", "action"])
    point.save()
    record(visit, "point_added", by=by)
    return point


@transaction.atomic
def change_point(point: LearningPoint, *, by: "User", version: int, **fields: Any) -> LearningPoint:
    """Change text, owner or date while it is not done. Raises StaleError if someone saved meanwhile."""
    must(permissions.may_follow_up(point.visit, by) and point.done_at is None and point.action_id is None)
    for name, value in fields.items():
        setattr(point, name, value)
    point.clean_fields(exclude=["visit", "added_by", "action"])
    save_versioned(point, version, fields)
    record(point.visit, "point_changed", by=by)
    return point


@transaction.atomic
def finish_point(point: LearningPoint, *, by: "User") -> LearningPoint:
    """The municipality has done it; doing so twice changes nothing more."""
    must(permissions.may_work_on_point(point, by))
    point = LearningPoint.objects.select_for_update().get(pk=point.pk)
    if point.done_at is None:
        point.done_at, point.done_by = timezone.now(), by
        point.version += 1
        point.save(update_fields=["done_at", "done_by", "version"])
        record(point.visit, "point_changed", by=by)
    return point


def recommendations_for(visit: Visit) -> "QuerySet[Recommendation]":
    """Published recommendations of the municipality's running engagements."""
    running = Engagement.objects.running().filter(municipality=visit.municipality_id)
    return (
        Recommendation.objects.published()
        .filter(engagement__in=running)
        .select_related("engagement")
        .order_by("number")
    )


@transaction.atomic
def make_action(point: LearningPoint, recommendation: Recommendation, *, by: "User") -> Action:
    """Turn a learning point into an action on a published recommendation of the municipality's running engagement."""
    must(permissions.may_work_on_point(point, by))
    point = LearningPoint.objects.select_for_update().get(pk=point.pk)
    if point.action_id:
        return Action.objects.get(pk=point.action_id)
    engagement = recommendation.engagement
    must(engagement.municipality_id == point.visit.municipality_id and engagement.state in engagement.RUNNING)
    action = plan_action(
        recommendation,
        title=point.text if len(point.text) <= 160 else f"{point.text[:159]}…",
        text=point.text if len(point.text) > 160 else "",
        owner=point.owner,
        due_on=point.due_on,
        by=by,
    )
    point.action = action
    point.version += 1
    point.save(update_fields=["action", "version"])
    record(point.visit, "point_to_action", by=by, action=str(action.number))
    return action


@transaction.atomic
def end_seasons(day: date) -> int:
    """Tell those who still wait in a season that has ended; returns how many requests lapsed."""
    waiting = Visit.objects.in_line().filter(offer__ends_on__lt=day)
    for visit in waiting:
        move(visit, "lapse", by=None)
    return len(waiting)
