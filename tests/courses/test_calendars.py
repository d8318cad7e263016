"""Calendar files: the same session keeps its name, changes replace, links are for the seated, feeds are secret."""

from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from courses.enrolment import services
from courses.enrolment.calendars import invitation
from courses.enrolment.models import CalendarFeed
from courses.runs.models import Run
from engagements.notices.models import OutboxMessage
from engagements.notices.outbox import compose
from tests.factories import EnrolmentFactory, MembershipFactory, MunicipalityFactory, RunFactory

pytestmark = pytest.mark.django_db
LINK = "https://moede.example/hemmelig"


def events(content: bytes) -> list[Any]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def test_each_session_is_an_event_in_danish_time_with_a_name_that_stays() -> None:
    run = RunFactory(sessions=2)
    first = events(invitation(run).read())
    Run.objects.filter(pk=run.pk).update(calendar_sequence=3)
    run.refresh_from_db()
    later = events(invitation(run).read())
    assert [event["uid"] for event in first] == [event["uid"] for event in later]
    assert {int(event["sequence"]) for event in later} == {3}
    begins = first[0]["dtstart"].dt
    assert str(begins.tzinfo) == "Europe/Copenhagen"
    assert begins == run.sessions.first().starts_at
    assert b"BEGIN:VTIMEZONE" in invitation(run).read()


def test_the_public_file_has_no_link_and_the_participants_has() -> None:
    run = RunFactory()
    run.sessions.update(online_link=LINK)
    person = EnrolmentFactory(run=run).person
    address = reverse("enrolment:calendar", kwargs=run.address_args)
    client = Client()
    assert LINK not in client.get(address).content.decode().replace("\r\n ", "")
    client.force_login(person)
    assert LINK in client.get(address).content.decode().replace("\r\n ", "")
    client.force_login(EnrolmentFactory(run=run, state="waiting").person)
    assert LINK not in client.get(address).content.decode().replace("\r\n ", "")


def test_a_seat_comes_with_an_invitation_for_its_recipient_and_a_cancellation_takes_it_back() -> None:
    run = RunFactory()
    person = MembershipFactory(role="caseworker").user
    (row,) = services.enrol(run, [person], by=person)
    services.cancel(row, by=person)
    methods = {}
    for message in OutboxMessage.objects.filter(to=person.email):
        (part,) = [part for part in compose(message).message().walk() if part.get_content_type() == "text/calendar"]
        content = part.get_payload(decode=True)
        (event,) = events(content)
        methods[part.get_param("method")] = str(event["status"])
        assert event["attendee"] == f"mailto:{person.email}"
    assert methods == {"REQUEST": "CONFIRMED", "CANCEL": "CANCELLED"}


def test_the_number_of_queries_does_not_grow_with_those_who_get_an_invitation() -> None:
    def queries(count: int) -> int:
        town = MunicipalityFactory()
        leader = MembershipFactory(municipality=town, role="leader").user
        people = [MembershipFactory(municipality=town, role="caseworker").user for _ in range(count)]
        run = RunFactory()
        with CaptureQueriesContext(connection) as captured:
            services.enrol(run, people, by=leader)
        assert OutboxMessage.objects.filter(attachment__startswith="made/", to__in=[p.email for p in people]).count()
        return len(captured)

    queries(2)
    assert queries(3) == queries(12)


def test_a_feed_shows_ones_own_seats_without_sign_in_until_the_address_is_closed() -> None:
    mine, other = EnrolmentFactory(), EnrolmentFactory()
    waiting = EnrolmentFactory(person=mine.person, municipality=mine.municipality, state="waiting")
    client = Client()
    client.force_login(mine.person)
    client.post(reverse("enrolment:new_feed"))
    token = CalendarFeed.objects.get(person=mine.person).token
    address = reverse("enrolment:feed", args=[token])
    shown = Client().get(address).content.decode().replace("\r\n ", "")
    assert mine.run.reference in shown
    assert other.run.reference not in shown
    assert waiting.run.reference not in shown
    client.post(reverse("enrolment:new_feed"))
    assert Client().get(address).status_code == 404
    newer = reverse("enrolment:feed", args=[CalendarFeed.objects.get(person=mine.person).token])
    assert Client().get(newer).status_code == 200
    client.post(reverse("enrolment:new_feed"), {"close": "1"})
    assert Client().get(newer).status_code == 404
    assert Client().get(reverse("enrolment:feed", args=["x" * 43])).status_code == 404


def test_a_feed_is_made_by_a_post_of_ones_own_only() -> None:
    assert Client().post(reverse("enrolment:new_feed")).status_code == 302
    assert not CalendarFeed.objects.exists()
    client = Client()
    client.force_login(MembershipFactory().user)
    assert client.get(reverse("enrolment:new_feed")).status_code == 405
    assert mail.outbox == []
