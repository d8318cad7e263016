"""What the team plans: who visits when, the programme, what each side prepares, material; and when that changes."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.log_actions import registry as log_registry

from engagements.lifecycle import action_name, move, record
from engagements.people.services import staff
from engagements.programme.models import Milestone
from engagements.records.versions import save_versioned, sent_twice

from . import messages, permissions
from .models import EVALUATION_LASTS, HOLDING, Preparation, Visit, VisitMaterial, VisitMember, VisitState
from .services import must

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from engagements.users.models import User

LONGEST_AHEAD = timedelta(days=730)
MUNICIPALITY, TASK_FORCE = Milestone.Side.MUNICIPALITY, Milestone.Side.TASK_FORCE


def candidates(visit: Visit) -> "QuerySet[User]":
    """Staff who may be on the visit's team: none who is *inhabil* for the municipality."""
    return staff(*permissions.ON_TEAMS, about=visit.municipality).order_by("first_name", "last_name", "email")


def standard_preparation() -> list[tuple[str, str, int]]:
    """What every visit needs: the text, the side, and how many days before the visit."""
    return [
        (_("Invite the participants and say what the visit is about"), MUNICIPALITY, 28),
        (_("Choose two or three decided cases that are not under appeal"), MUNICIPALITY, 21),
        (_("Remove names and CPR numbers from what is handed out"), MUNICIPALITY, 14),
        (_("Send the programme and material to the municipality"), TASK_FORCE, 14),
        (_("Book a room with a screen, and name a host"), MUNICIPALITY, 14),
        (_("Agree with the leader who takes the learning points on"), TASK_FORCE, 7),
    ]


@transaction.atomic
def plan(
    visit: Visit,
    *,
    team: Iterable["User"],
    starts_at: datetime,
    ends_at: datetime,
    place: str,
    programme: str,
    by: "User",
    at: datetime | None = None,
) -> Visit:
    """Plan an accepted visit: the invitation goes out, and the preparation list begins. Planned twice it is once.

    Raises MoveRefused if `by` may not, ValidationError if the time has passed, someone is *inhabil*, or a text is refused.
    """
    at = at or timezone.now()
    visit = Visit.objects.select_for_update().get(pk=visit.pk)
    must(permissions.may_run(visit, by))
    must(visit.state == VisitState.ACCEPTED, _("Only an accepted visit can be planned."))
    _set_time(visit, starts_at, ends_at, at)
    visit.place, visit.programme = place.strip(), programme.strip()
    _clean(visit, "place", "programme")
    visit.version += 1
    visit.save()
    _set_team(visit, team)
    with override("da"):  # stored in the site's language, and changed there as the two sides please
        Preparation.objects.bulk_create(
            Preparation(visit=visit, text=text, side=side, due_on=_before(visit, days, at))
            for text, side, days in standard_preparation()
        )
    return move(visit, "plan", by=by, at=at)


def _before(visit: Visit, days: int, at: datetime) -> date:
    """So many days before the visit, but never in the past."""
    day = (visit.date or timezone.localdate()) - timedelta(days=days)
    return max(day, timezone.localtime(at).date())


def _set_time(visit: Visit, starts_at: datetime, ends_at: datetime, at: datetime) -> None:
    if starts_at <= at:
        raise ValidationError({"starts_at": _("Choose a time ahead.")})
    if starts_at > at + LONGEST_AHEAD:
        raise ValidationError({"starts_at": _("Choose a time within two years.")})
    if ends_at <= starts_at or ends_at - starts_at > timedelta(hours=12):
        raise ValidationError({"ends_at": _("The visit ends on the same day, after it begins.")})
    visit.starts_at, visit.ends_at = starts_at, ends_at
    visit.evaluation_until = timezone.localtime(starts_at).date() + EVALUATION_LASTS


def _clean(visit: Visit, *names: str) -> None:
    visit.clean_fields(exclude={field.name for field in visit._meta.fields} - set(names))


def _set_team(visit: Visit, team: Iterable["User"]) -> tuple[list["User"], list["User"]]:
    """Make the team these people; returns who came and who left."""
    wanted = {user.pk: user for user in team}
    if not wanted:
        raise ValidationError({"team": _("Choose at least one person.")})
    allowed = set(candidates(visit).filter(pk__in=wanted).values_list("pk", flat=True))
    before = {member.user_id: member for member in visit.team.select_related("user")}
    if barred := wanted.keys() - allowed - before.keys():
        names = ", ".join(str(wanted[pk]) for pk in barred)
        raise ValidationError({"team": _("Not possible on this visit: %(names)s.") % {"names": names}})
    if inhabil := (wanted.keys() & before.keys()) - allowed:
        names = ", ".join(str(wanted[pk]) for pk in inhabil)
        raise ValidationError({"team": _("No longer possible on this visit: %(names)s.") % {"names": names}})
    left = [member.user for pk, member in before.items() if pk not in wanted]
    came = [user for pk, user in wanted.items() if pk not in before]
    visit.team.exclude(user__in=wanted).delete()
    VisitMember.objects.bulk_create(VisitMember(visit=visit, user=user) for user in came)
    return came, left


@transaction.atomic
def reschedule(
    visit: Visit,
    *,
    starts_at: datetime,
    ends_at: datetime,
    place: str,
    note: str = "",
    by: "User",
    version: int,
    at: datetime | None = None,
) -> Visit:
    """Give a planned visit another time or place; an updated invitation goes out. Raises StaleError like any edit."""
    at = at or timezone.now()
    visit = Visit.objects.select_for_update().get(pk=visit.pk)
    must(permissions.may_run(visit, by) or permissions.is_on_team(visit, by))
    must(visit.state == VisitState.PLANNED, _("Only a planned visit can be moved."))
    if (visit.starts_at, visit.ends_at, visit.place) == (starts_at, ends_at, place.strip()):
        return visit  # a form sent twice
    before, day = visit.when, visit.date
    _set_time(visit, starts_at, ends_at, at)
    visit.place = place.strip()
    visit.sequence += 1
    visit.move_wish = ""
    _clean(visit, "place")
    save_versioned(visit, version, ["starts_at", "ends_at", "place", "sequence", "evaluation_until", "move_wish"])
    _move_preparation(visit, (visit.date or at.date()) - (day or at.date()), at)
    record(visit, "moved_to", by=by, **({"note": note} if note else {}))
    messages.tell_moved(visit, before=before, note=note, by=by)
    return visit


def _move_preparation(visit: Visit, by_days: timedelta, at: datetime) -> None:
    """What is not done yet is due as long before the visit as it was, but never in the past."""
    today = timezone.localtime(at).date()
    rows = list(visit.preparations.filter(done_at=None)) if by_days else []
    for row in rows:
        row.due_on = max(row.due_on + by_days, today)
    Preparation.objects.bulk_update(rows, ["due_on"])


@transaction.atomic
def ask_to_move(visit: Visit, *, text: str, by: "User") -> Visit:
    """The municipality asks for another time, and says why and when; the time stands until the team answers."""
    visit = Visit.objects.select_for_update().get(pk=visit.pk)
    must(permissions.may_ask_to_move(visit, by))
    if visit.move_wish == text.strip():
        return visit  # a form sent twice
    visit.move_wish = text.strip()
    _clean(visit, "move_wish")
    visit.version += 1
    visit.save(update_fields=["move_wish", "version"])
    record(visit, "asked_to_move", by=by, note=visit.move_wish)
    messages.tell_wish(visit, by=by)
    return visit


@transaction.atomic
def keep_time(visit: Visit, *, note: str, by: "User", version: int) -> Visit:
    """The team answers a wish for another time with no, and why; nothing in the calendars changes.

    Raises StaleError when the wish may be another than the one that was read, MoveRefused when there is none to answer.
    """
    visit, note = Visit.objects.select_for_update().get(pk=visit.pk), note.strip()
    must(permissions.may_move(visit, by))
    if not visit.move_wish:
        answers = log_registry.get_logs_for_instance(visit).filter(action=action_name(Visit, "kept"))
        twice = sent_twice(answers, when="timestamp", user=by, data__note=note) is not None
        must(twice, _("There is no wish for another time to answer. Nothing has been changed."))
        return visit
    visit.move_wish = ""
    save_versioned(visit, version, ["move_wish"])
    record(visit, "kept", by=by, note=note)
    messages.tell_kept(visit, note=note)
    return visit


@transaction.atomic
def change_team(visit: Visit, *, team: Iterable["User"], by: "User") -> Visit:
    """Put other people on a visit's team; those who come and those who leave are told, and so is the municipality."""
    visit = Visit.objects.select_for_update().get(pk=visit.pk)
    must(permissions.may_run(visit, by))
    must(visit.state == VisitState.PLANNED, _("Only the team of a planned visit can be changed."))
    came, left = _set_team(visit, team)
    if came or left:
        visit.sequence += 1
        visit.version += 1
        visit.save(update_fields=["sequence", "version"])
        record(visit, "team_changed", by=by, note=_in_and_out(came, left))
        messages.tell_team_changed(visit, came=came, left=left, by=by)
    return visit


def _in_and_out(came: list["User"], left: list["User"]) -> str:
    parts = [f"+ {user}" for user in came] + [f"− {user}" for user in left]
    return ", ".join(parts)


@transaction.atomic
def change_programme(visit: Visit, *, programme: str, by: "User", version: int) -> Visit:
    """Change the programme of a planned visit."""
    must(permissions.may_run(visit, by) or permissions.is_on_team(visit, by))
    must(visit.state == VisitState.PLANNED, _("Only a planned visit has a programme to change."))
    visit.programme = programme.strip()
    _clean(visit, "programme")
    save_versioned(visit, version, ["programme"])
    record(visit, "programme_changed", by=by)
    return visit


@transaction.atomic
def add_preparation(visit: Visit, *, text: str, side: str, due_on: date, by: "User") -> Preparation:
    """Add something to the preparation list."""
    Visit.objects.select_for_update().get(pk=visit.pk)
    must(permissions.works_on(visit, by) and visit.state == VisitState.PLANNED)
    _due_before(visit, due_on)
    wanted = {"text": text.strip(), "side": side, "due_on": due_on}
    if twin := visit.preparations.filter(**wanted).first():
        return twin
    row = Preparation(visit=visit, **wanted)
    row.clean_fields(exclude=["visit", "done_by"])
    row.save()
    record(visit, "prepared", by=by)
    return row


def _due_before(visit: Visit, due_on: date) -> None:
    if not timezone.localdate() <= due_on <= (visit.date or due_on):
        raise ValidationError({"due_on": _("Choose a day from today until the visit.")})


@transaction.atomic
def change_preparation(row: Preparation, *, text: str, side: str, due_on: date, by: "User") -> Preparation:
    """Change something on the preparation list that is not done yet."""
    visit = Visit.objects.select_for_update().get(pk=row.visit_id)
    row = Preparation.objects.select_for_update().get(pk=row.pk)
    must(permissions.works_on(visit, by) and visit.state == VisitState.PLANNED and row.done_at is None)
    if due_on != row.due_on:
        _due_before(visit, due_on)
    row.text, row.side, row.due_on = text.strip(), side, due_on
    row.clean_fields(exclude=["visit", "done_by"])
    row.save(update_fields=["text", "side", "due_on"])
    record(visit, "prepared", by=by)
    return row


@transaction.atomic
def remove_preparation(row: Preparation, *, by: "User") -> None:
    """Take something off the preparation list, unless it is done; what is off already stays off."""
    visit = Visit.objects.select_for_update().get(pk=row.visit_id)
    must(permissions.works_on(visit, by) and visit.state == VisitState.PLANNED)
    stored = Preparation.objects.select_for_update().filter(pk=row.pk).first()
    if stored is None:
        return
    must(stored.done_at is None, _("What is done stays on the list. Nothing has been changed."))
    record(visit, "prepared", by=by, note=f"− {stored.text}")
    stored.delete()


@transaction.atomic
def tick(preparation: Preparation, *, done: bool, by: "User") -> Preparation:
    """Done, or not done after all; the same answer twice changes nothing."""
    row = Preparation.objects.select_for_update().get(pk=preparation.pk)
    must(permissions.works_on(row.visit, by) and row.visit.state == VisitState.PLANNED)
    if done != (row.done_at is not None):
        row.done_at, row.done_by = (timezone.now(), by) if done else (None, None)
        row.save(update_fields=["done_at", "done_by"])
    return row


@transaction.atomic
def add_material(visit: Visit, *, title: str, file: File, by: "User") -> VisitMaterial:
    """Put a file with the visit, for the participants; either side may, also afterwards."""
    Visit.objects.select_for_update().get(pk=visit.pk)
    must(permissions.works_on(visit, by) and visit.state in HOLDING)
    if twin := sent_twice(visit.material.all(), when="added_at", title=title.strip(), added_by=by):
        return twin
    row = VisitMaterial(visit=visit, title=title.strip(), file=file, added_by=by)
    row.full_clean(exclude=["visit", "added_by"])
    row.save()
    record(visit, "material_added", by=by)
    messages.tell_material(row, by=by)
    return row


@transaction.atomic
def remove_material(material: VisitMaterial, *, by: "User") -> None:
    """Take a file away again, as long as the visit is not closed: whoever added it, and those who run visits."""
    visit = Visit.objects.select_for_update().get(pk=material.visit_id)
    must(permissions.may_remove(material, by) and visit.state not in (VisitState.CLOSED, VisitState.CANCELLED))
    record(visit, "material_removed", by=by, note=material.title)
    storage, name = material.file.storage, str(material.file.name)
    material.delete()
    transaction.on_commit(lambda: storage.delete(name))
