"""The invitation as a calendar file: one UID a visit for good, and a SEQUENCE that rises with every change."""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

if TYPE_CHECKING:
    from engagements.users.models import User

    from .models import Visit

REQUEST, CANCEL = "REQUEST", "CANCEL"


def uid(visit: "Visit") -> str:
    """The same for every version of the invitation."""
    return f"visit-{visit.reference}@{urlsplit(settings.SITE_URL).hostname}"


def title(visit: "Visit") -> str:
    """As it stands in the calendar."""
    return _("Visit of the learning team: %(municipality)s") % {"municipality": visit.municipality.full_name}


def invitation(visit: "Visit", people: Iterable["User"], *, method: str = REQUEST) -> bytes:
    """The invitation, or its withdrawal, addressed to these people."""
    event = Event()
    event.add("uid", uid(visit))
    event.add("sequence", visit.sequence)
    event.add("dtstamp", timezone.now())
    event.add("dtstart", timezone.localtime(visit.starts_at))
    event.add("dtend", timezone.localtime(visit.ends_at))
    event.add("summary", title(visit))
    event.add("location", visit.place)
    event.add("description", visit.theme)
    event.add("url", f"{settings.SITE_URL}{visit.get_absolute_url()}")
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    organizer = vCalAddress(f"mailto:{settings.CONTACT_EMAIL}")
    organizer.params["CN"] = vText(settings.SITE_NAME)
    event["organizer"] = organizer
    for user in people:
        attendee = vCalAddress(f"mailto:{user.email}")
        attendee.params["CN"] = vText(str(user))
        attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
        event.add("attendee", attendee, encode=False)
    calendar = Calendar()
    calendar.add("prodid", f"-//{urlsplit(settings.SITE_URL).hostname}//visits//DA")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def as_file(visit: "Visit", people: Iterable["User"], *, method: str = REQUEST) -> ContentFile:
    """The calendar file for a mail."""
    return ContentFile(invitation(visit, people, method=method), name=f"{visit.reference}.ics")
