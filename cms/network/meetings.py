"""What those who arrange meetings do: plan, change, invite guests, add material, share minutes."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.files.base import File
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.enrolment.models import EnrolmentState
from courses.runs.models import Kind, Run
from courses.runs.services import SessionPlan, change_run, plan_run
from engagements.lifecycle import MoveRefused, record
from engagements.notices.services import notify
from engagements.people.services import person_of_address
from engagements.records.versions import save_versioned, sent_twice
from engagements.users.models import User

from . import permissions
from .models import Meeting, MeetingGuest, MeetingMaterial, Network, Topic

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _require(by: User) -> None:
    if not permissions.arranges(by):
        raise MoveRefused(_("Only those who arrange the network's meetings can do this."))


@transaction.atomic
def plan_meeting(
    *,
    theme: str,
    starts_at: datetime,
    ends_at: datetime,
    by: User,
    network: Network | None = None,
    place: str = "",
    online_link: str = "",
    capacity: int = 40,
    agenda: str = "",
    topics: Iterable[Topic] = (),
) -> Meeting:
    """Make a meeting with its run, a draft until the run is published; sent twice within a minute it is one meeting."""
    _require(by)
    run = plan_run(
        by=by,
        starts_at=starts_at,
        ends_at=ends_at,
        sessions=[SessionPlan(starts_at, ends_at, place=place, online_link=online_link)],
        kind=Kind.MEETING,
        own_title=theme,
        capacity=capacity,
        audience=Run.Audience.LEADERS,
        members_only=True,
        certificate_rule=Run.CertificateRule.NONE,
    )
    if twin := Meeting.objects.filter(run=run).first():
        return twin
    meeting = Meeting(run=run, network=network, theme=theme, agenda=agenda)
    meeting.full_clean()
    meeting.save()
    meeting.topics.set(topics)
    record(meeting, "made", by=by)
    return meeting


@transaction.atomic
def change_meeting(
    meeting: Meeting,
    *,
    version: int,
    by: User,
    theme: str,
    agenda: str,
    network: Network | None,
    topics: Iterable[Topic],
) -> Meeting:
    """Change theme, agenda, network and topics; the run's title follows. Raises StaleError if saved since `version`."""
    _require(by)
    stored = Meeting.objects.select_related("run").get(pk=meeting.pk)
    renamed = stored.theme != theme
    stored.theme, stored.agenda, stored.network = theme, agenda, network
    stored.full_clean(exclude=["run"])
    save_versioned(stored, version, ["theme", "agenda", "network"])
    stored.topics.set(topics)
    if renamed and stored.run.state != Run.State.CANCELLED:
        change_run(stored.run, version=stored.run.version, by=by, own_title=theme)
    record(stored, "changed", by=by)
    return stored


@transaction.atomic
def write_minutes(meeting: Meeting, *, minutes: str, version: int, by: User) -> Meeting:
    """Write or change the minutes; they are read by others once they are shared."""
    _require(by)
    stored = Meeting.objects.get(pk=meeting.pk)
    stored.minutes = minutes
    stored.full_clean(exclude=["run", "network"])
    save_versioned(stored, version, ["minutes"])
    record(stored, "changed", by=by, fields=["minutes"])
    return stored


def participants(meeting: Meeting) -> "QuerySet[User]":
    """Those with a seat, and guests who have an account."""
    seated = Q(enrolments__run=meeting.run_id, enrolments__state=EnrolmentState.SEATED)
    guests = Q(pk__in=meeting.guests.filter(user__isnull=False).values("user"))
    return User.objects.filter(seated | guests).distinct()


@transaction.atomic
def share_minutes(meeting: Meeting, *, by: User) -> Meeting:
    """Let the network read the minutes, and tell those who took part; a second click changes nothing."""
    _require(by)
    stored = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if not stored.minutes.strip():
        raise MoveRefused(_("Write the minutes first."))
    if stored.minutes_at is None:
        stored.minutes_at = timezone.now()
        stored.save(update_fields=["minutes_at"])
        record(stored, "minutes_shared", by=by)
        theme = stored.theme
        notify(
            participants(stored).exclude(pk=by.pk),
            key=f"network-minutes:{stored.pk}",
            subject=lambda: _("Minutes of the meeting “%(theme)s”") % {"theme": theme},
            body=lambda: _("The minutes of the network meeting are ready; you find them on the meeting's page."),
            address=stored,
        )
    return stored


@transaction.atomic
def add_guest(
    meeting: Meeting, *, name: str, by: User, title: str = "", organisation: str = "", email: str = ""
) -> MeetingGuest:
    """Note a guest; whoever has an account with the address sees the meeting's page."""
    _require(by)
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    facts = {"name": name, "title": title, "organisation": organisation}
    if had := meeting.guests.filter(**facts).first():
        return had
    guest = MeetingGuest(meeting=meeting, user=person_of_address(email) if email else None, **facts)
    guest.full_clean(exclude=["meeting", "user"])
    guest.save()
    record(meeting, "changed", by=by, fields=["guests"])
    return guest


@transaction.atomic
def remove_guest(guest: MeetingGuest, *, by: User) -> None:
    """The guest does not come."""
    _require(by)
    guest.delete()
    record(guest.meeting, "changed", by=by, fields=["guests"])


@transaction.atomic
def add_material(
    meeting: Meeting, *, title: str, when: str, by: User, file: File[bytes] | None = None, link: str = ""
) -> MeetingMaterial:
    """Add a file or a link; the same sent twice within a minute is added once."""
    _require(by)
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    same = {"title": title, "link": link}
    if twin := sent_twice(meeting.material.filter(when=when), when="added_at", **same):
        return twin
    item = MeetingMaterial(meeting=meeting, when=when, file=file or "", **same)
    item.full_clean(exclude=["meeting"])
    item.save()
    record(meeting, "changed", by=by, fields=["material"])
    return item


@transaction.atomic
def remove_material(item: MeetingMaterial, *, by: User) -> None:
    """Take it away, file and all."""
    _require(by)
    storage, name = item.file.storage, str(item.file.name or "")
    item.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name))
    record(item.meeting, "changed", by=by, fields=["material"])
