"""Calendar files (RFC 5545): of one run, for one participant's mail, and the feed of a person."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, vCalAddress, vText, vUri

from courses.runs.models import Run, RunState, Session
from engagements.notices.attachments import MadeWhenSent, Part, makes
from engagements.users.models import User

from .models import Enrolment, EnrolmentState

ZONE = ZoneInfo(settings.TIME_ZONE)
MIME = "text/calendar"
KIND = "invitation"
FETCH_AGAIN = timedelta(hours=6)
"""How often a calendar is asked to look for changes."""


def invitation(
    run: Run,
    *,
    method: str = "REQUEST",
    sessions: Iterable[Session] | None = None,
    attendee: str = "",
    with_links: bool = True,
) -> ContentFile[bytes]:
    """The run's sessions as a calendar file; a later one with the same sessions replaces an earlier.

    `method` is REQUEST for those with a seat, CANCEL for those who no longer come, PUBLISH for everybody else.
    `with_links` puts the links of online sessions in; only those with a seat may have them.
    """
    calendar = _calendar(method)
    for session in run.sessions.all() if sessions is None else sessions:
        calendar.add_component(_event(run, session, method, attendee=attendee, with_links=with_links))
    return ContentFile(calendar.to_ical(), name=f"{run.reference}.ics")


def attached(run: Run, method: str = "REQUEST") -> MadeWhenSent:
    """The calendar file for the mails of those who have, or no longer have, a seat; made for each when it is sent."""
    return MadeWhenSent(KIND, f"{run.pk}/{method}")


@makes(KIND)
def _for_mail(key: str, to: str) -> Part | None:
    pk, _slash, method = key.partition("/")
    run = Run.objects.select_related("course").prefetch_related("sessions").filter(pk=pk).first()
    if run is None:
        return None
    file = invitation(run, method=method, attendee=to, with_links=method != "CANCEL")
    return Part(str(file.name), file.read(), MIME, {"method": method, "charset": "utf-8"})


def feed(person: User) -> bytes:
    """Every run the person has a seat on or teaches, from a year ago on; what is called off is shown as that."""
    calendar = _calendar("PUBLISH")
    calendar.add("x-wr-calname", settings.SITE_NAME)
    calendar.add("refresh-interval", FETCH_AGAIN, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    seats = Enrolment.objects.filter(person=person, state=EnrolmentState.SEATED)
    runs = Run.objects.exclude(state=RunState.DRAFT).filter(
        Q(pk__in=seats.values("run")) | Q(pk__in=person.teaching.values("run")),
        ends_at__gt=timezone.now() - timedelta(days=365),
    )
    for run in runs.select_related("course").prefetch_related("sessions").order_by("starts_at", "pk"):
        for session in run.sessions.all():
            calendar.add_component(_event(run, session, "PUBLISH", with_links=True))
    return bytes(calendar.to_ical())


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//DA")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_zone())
    return calendar


@cache
def _zone() -> Timezone:
    """Summer and winter time as calendars need them spelt out; the rule is the same for all years since 1996."""
    return Timezone.from_tzid(settings.TIME_ZONE, first_date=date(2015, 1, 1), last_date=date(2038, 1, 1))


def _event(run: Run, session: Session, method: str, *, attendee: str = "", with_links: bool = False) -> Event:
    event = Event()
    event.add("uid", f"session-{session.pk}@{_domain()}")
    event.add("sequence", run.calendar_sequence)
    event.add("dtstamp", timezone.now())
    event.add("dtstart", _local(session.starts_at))
    event.add("dtend", _local(session.ends_at))
    event.add("summary", f"{run.title}: {session.title}" if session.title else run.title)
    address = f"{settings.SITE_URL}{reverse('courses:run', kwargs=run.address_args)}"
    lines = [line for line in (run.description.strip()[:1000], address) if line]
    place = ", ".join(filter(None, [session.place, session.address]))
    if session.online_link:
        place = place or _("Online")
        if with_links:
            lines.insert(0, _("Online link: %(link)s") % {"link": session.online_link})
            event.add("conference", vUri(session.online_link), parameters={"value": "URI"})
    if place:
        event.add("location", place)
    event.add("description", "\n\n".join(lines))
    event.add("url", address)
    gone = method == "CANCEL" or run.state == RunState.CANCELLED
    event.add("status", "CANCELLED" if gone else "CONFIRMED")
    if method != "PUBLISH":
        event.add("organizer", _organiser(run))
        if attendee:
            event.add("attendee", _attendee(attendee))
    return event


def _organiser(run: Run) -> vCalAddress:
    who = vCalAddress(f"mailto:{run.contact or settings.CONTACT_EMAIL}")
    who.params["cn"] = vText(settings.SITE_NAME)
    return who


def _attendee(email: str) -> vCalAddress:
    who = vCalAddress(f"mailto:{email}")
    who.params["partstat"] = vText("ACCEPTED")
    who.params["rsvp"] = vText("FALSE")
    return who


def _local(moment: datetime) -> datetime:
    return moment.astimezone(ZONE)


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
