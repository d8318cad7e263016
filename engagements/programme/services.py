"""What people do with an engagement: open it, change its plan and team, write notes, add documents."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.dispatch import Signal
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from engagements.design.versions import StaleError
from engagements.lifecycle import MoveRefused, record
from engagements.people import permissions as who
from engagements.people.services import staff

from .models import Engagement, EngagementNote, LastLook, Milestone, Offer, Phase, PhaseKind, PlanTemplate, TeamMember
from .plan import STANDARD_MONTHS, milestone_dates, spans

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from engagements.municipalities.models import Municipality
    from engagements.users.models import User

opened = Signal()
"""Sent inside the transaction when an engagement is opened: `engagement`, `by`."""
team_joined = Signal()
"""Sent inside the transaction when somebody is put on a team: `member`, `by`."""


@transaction.atomic
def open_engagement(
    *,
    municipality: "Municipality",
    offer: Offer,
    case_no: str,
    focus: str,
    starts_on: date,
    by: "User | None",
    template: PlanTemplate | None = None,
) -> Engagement:
    """Open an engagement with its phases and standard milestones from a plan template (the offer's default).

    Raises MoveRefused if the municipality already has a running engagement of this kind.
    """
    if Engagement.objects.running().filter(municipality=municipality, offer=offer).exists():
        raise MoveRefused(_("The municipality already has a running engagement of this kind."))
    engagement = Engagement(
        case_no=case_no, municipality=municipality, offer=offer, focus=focus.strip(), starts_on=starts_on
    )
    engagement.full_clean(validate_constraints=False)
    engagement.save()
    template = template or offer.plan_templates.filter(is_default=True).first()
    lengths = dict(template.phases.values_list("kind", "months")) if template else {}
    months = [(kind, lengths[kind]) for kind in PhaseKind.values if kind in lengths]
    placed = spans(starts_on, months or STANDARD_MONTHS)
    Phase.objects.bulk_create(
        Phase(engagement=engagement, kind=span.kind, order=order, starts_on=span.starts_on, ends_on=span.ends_on)
        for order, span in enumerate(placed)
    )
    with override("da"):  # Stored in the site's language; shown by kind in the reader's.
        Milestone.objects.bulk_create(
            Milestone(
                engagement=engagement,
                kind=place.kind,
                title=Milestone(kind=place.kind).name,
                due_on=day,
                side=place.side,
            )
            for place, day in milestone_dates(placed)
        )
    record(engagement, "opened", by=by)
    opened.send(sender=Engagement, engagement=engagement, by=by)
    return engagement


@transaction.atomic
def change_phase(
    phase: Phase, *, starts_on: date, ends_on: date, by: "User", expected: int | None = None, move_rest: bool = False
) -> Phase:
    """Give a phase other dates; both days belong to it.

    `move_rest` moves the later phases that are not finished, and the later milestones not reached, as many days as
    the end moves. Raises StaleError if the phase was saved by someone else since version `expected`.
    """
    _take_version(phase, expected)
    old_end, moved_by = phase.ends_on, ends_on - phase.ends_on
    phase.starts_on, phase.ends_on = starts_on, ends_on
    phase.full_clean()
    phase.save(update_fields=["starts_on", "ends_on", "version"])
    if move_rest and moved_by:
        engagement = phase.engagement
        for later in engagement.phases.filter(order__gt=phase.order, finished_on=None).select_for_update():
            later.starts_on += moved_by
            later.ends_on += moved_by
            _take_version(later, None)
            later.save(update_fields=["starts_on", "ends_on", "version"])
        for milestone in engagement.milestones.filter(due_on__gt=old_end, reached_on=None).select_for_update():
            milestone.due_on += moved_by
            _take_version(milestone, None)
            milestone.save(update_fields=["due_on", "version"])
    _record_plan(phase.engagement, f"{_called(phase)}: {_day(starts_on)} – {_day(ends_on)}", by)
    return phase


@transaction.atomic
def finish_phase(phase: Phase, *, on: date, by: "User") -> Phase:
    """Say that a phase is done; the next one is then the current phase.

    Raises MoveRefused if it already is, if an earlier phase is not, or if the day lies in the future.
    """
    phase = Phase.objects.select_for_update().get(pk=phase.pk)
    if phase.finished_on:
        raise MoveRefused(_("The phase has already been finished."))
    if phase.engagement.phases.filter(order__lt=phase.order, finished_on=None).exists():
        raise MoveRefused(_("Finish the phases before this one first."))
    if on > timezone.localdate():
        raise MoveRefused(_("The date cannot be in the future."))
    phase.finished_on = on
    _take_version(phase, None)
    phase.save(update_fields=["finished_on", "version"])
    record(phase.engagement, "phase_finished", by=by, note=f"{_called(phase)}: {_day(on)}")
    return phase


@transaction.atomic
def save_milestone(milestone: Milestone, *, by: "User", expected: int | None = None) -> Milestone:
    """Add a milestone, or change one; a standard milestone that is given a title of its own keeps that title.

    The same milestone sent twice is there once.
    Raises StaleError if the milestone was saved by someone else since version `expected`.
    """
    if milestone.pk:
        stored = Milestone.objects.select_for_update().get(pk=milestone.pk)
        if stored.title != milestone.title:
            milestone.kind = ""
        _take_version(milestone, expected)
    else:
        Engagement.objects.select_for_update().get(pk=milestone.engagement_id)
        same = {name: getattr(milestone, name) for name in ("engagement_id", "title", "due_on", "side")}
        if twin := Milestone.objects.filter(**same).first():
            return twin
    milestone.full_clean()
    milestone.save()
    _record_plan(milestone.engagement, f"{_called(milestone)}: {_day(milestone.due_on)}", by)
    return milestone


@transaction.atomic
def reach_milestone(milestone: Milestone, *, on: date, by: "User") -> Milestone:
    """Say that a milestone is reached; a second time changes nothing. Raises MoveRefused for a day in the future."""
    milestone = Milestone.objects.select_for_update().get(pk=milestone.pk)
    if milestone.reached_on:
        return milestone
    if on > timezone.localdate():
        raise MoveRefused(_("The date cannot be in the future."))
    milestone.reached_on = on
    _take_version(milestone, None)
    milestone.save(update_fields=["reached_on", "version"])
    record(milestone.engagement, "milestone_reached", by=by, note=f"{_called(milestone)}: {_day(on)}")
    return milestone


@transaction.atomic
def remove_milestone(milestone: Milestone, *, by: "User") -> None:
    """Take a milestone out of the plan."""
    record(milestone.engagement, "milestone_removed", by=by, note=_called(milestone))
    milestone.delete()


@transaction.atomic
def add_to_team(engagement: Engagement, *, user: "User", competence: str, by: "User") -> TeamMember:
    """Put a consultant on the team from today.

    Raises MoveRefused if the person is no case staff, is *inhabil* for the municipality, or is already on the team.
    """
    if not who.is_case_staff(user):
        raise MoveRefused(_("Only the Task Force's consultants can be on the team."))
    if engagement.municipality_id in who.disqualified_for(user):
        raise MoveRefused(_("The person is disqualified for this municipality."))
    Engagement.objects.select_for_update().get(pk=engagement.pk)
    if engagement.team.current().filter(user=user).exists():
        raise MoveRefused(_("The person is already on the team."))
    engagement.team.filter(user=user, until=None).update(until=timezone.localdate())
    member = TeamMember.objects.create(engagement=engagement, user=user, competence=competence)
    record(engagement, "team_changed", by=by, note=f"+ {user}")
    team_joined.send(sender=TeamMember, member=member, by=by)
    return member


@transaction.atomic
def leave_team(member: TeamMember, *, until: date, by: "User") -> TeamMember:
    """Say until when (not including that day) a consultant is on the team; what the person did stays in the log."""
    member.until = max(until, member.since)
    member.save(update_fields=["until"])
    record(member.engagement, "team_changed", by=by, note=f"− {member.user}: {_day(member.until)}")
    return member


@transaction.atomic
def write_note(engagement: Engagement, *, text: str, internal: bool, by: "User") -> EngagementNote:
    """Write a note; internal ones are shown to the team and the lead only, which is not the same as secret.

    The same text from the same person within a minute is the same note, sent twice.
    """
    Engagement.objects.select_for_update().get(pk=engagement.pk)
    just_now = timezone.now() - timedelta(minutes=1)
    if twin := engagement.notes.filter(text=text.strip(), written_by=by, written_at__gt=just_now).first():
        return twin
    note = EngagementNote(engagement=engagement, text=text.strip(), internal=internal, written_by=by)
    note.full_clean()
    note.save()
    record(engagement, "note_written", by=by, internal=internal)
    return note


@transaction.atomic
def look_at(engagement: Engagement, *, user: "User") -> datetime | None:
    """Remember that the person has opened the overview, and return when that last happened (None: never).

    Looks within half an hour count as one, so that turning a page and coming back does not hide what is new.
    """
    now = timezone.now()
    look, created = LastLook.objects.get_or_create(engagement=engagement, user=user, defaults={"at": now})
    if not created and now - look.at > timedelta(minutes=30):
        look.before, look.at = look.at, now
        look.save(update_fields=["before", "at"])
    return look.before


def team_of(engagement: Engagement) -> "QuerySet[User]":
    """The current team as those who are told of things: without those who are *inhabil* by now or have left."""
    return staff(*who.CASE_STAFF, about=engagement.municipality).filter(pk__in=engagement.team.current().values("user"))


def _take_version(row: Phase | Milestone, expected: int | None) -> None:
    """Count the version up; StaleError when the row is no longer at the version the form was opened at."""
    if expected is None:
        row.version += 1
        return
    if not type(row)._base_manager.filter(pk=row.pk, version=expected).update(version=F("version") + 1):
        raise StaleError(type(row)._base_manager.get(pk=row.pk))
    row.version = expected + 1


def _record_plan(engagement: Engagement, note: str, by: "User") -> None:
    record(engagement, "plan_changed", by=by, note=note)


def _called(row: Phase | Milestone) -> str:
    """Its name in the log's own language, the site's."""
    with override("da"):
        return capfirst(str(row))


def _day(day: date) -> str:
    """A date in the log's own language, the site's."""
    with override("da"):
        return date_format(day, "DATE_FORMAT")
