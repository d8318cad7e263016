"""The host of a round arranges the network's meetings and takes part in it; nothing else opens to the host."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from cms.models import Meeting
from cms.network import meetings, services
from cms.network.people import places_of
from cms.network.reference import collection, library
from courses.runs.models import Run
from engagements.lifecycle import MoveRefused, move
from tests.factories import EngagementFactory, MeetingFactory, MembershipFactory, RunFactory

from .conftest import browser

pytestmark = pytest.mark.django_db


def test_the_host_plans_a_meeting_publishes_it_and_shares_its_minutes(host: Any, leader: Any) -> None:
    starts = timezone.now() + timedelta(days=20)
    meeting = meetings.plan_meeting(
        theme="Børnesamtaler", place="Odense", starts_at=starts, ends_at=starts + timedelta(hours=4), by=host
    )
    page = meeting.get_absolute_url()
    assert (browser(host).get(page).status_code, browser(leader).get(page).status_code) == (200, 404)
    move(meeting.run, "publish", by=host)
    assert browser(leader).get(page).status_code == 200
    meeting = meetings.write_minutes(
        Meeting.objects.get(), minutes="Vi aftalte tre ting.", version=meeting.version, by=host
    )
    meetings.share_minutes(meeting, by=host)
    assert "tre ting" in browser(leader).get(page).content.decode()


def test_the_host_sees_the_members_and_writes_in_threads_but_does_not_moderate(host: Any, leader: Any) -> None:
    thread = services.start_thread(title="Tavlemøder", text="Hvordan gør I?", by=leader)
    services.reply(thread, text="Tag det med på mødet.", by=host)
    client = browser(host)
    assert str(leader) in client.get(reverse("network:directory")).content.decode()
    assert client.get(reverse("network:reports")).status_code == 404
    with pytest.raises(MoveRefused):
        move(thread, "close", by=host)
    assert places_of([host.pk]) == {host.pk: "netværkets vært"}


def test_the_host_comes_straight_to_the_network_and_finds_no_engagement(host: Any) -> None:
    engagement = EngagementFactory()
    client = browser(host)
    assert client.get(reverse("home:start")).headers["Location"] == reverse("network:start")
    assert client.get(reverse("engagements:detail", args=[engagement.case_no])).status_code == 404
    assert not list(client.get(reverse("engagements:list")).context["page_obj"])
    groups = client.get(reverse("home:search"), {"q": engagement.municipality.name}).context["groups"]
    assert [hit for group in groups for hit in group.hits] == []


def test_a_host_who_belongs_to_a_municipality_keeps_its_ways_in_beside_the_network(host: Any) -> None:
    MembershipFactory(role="coordinator", user=host)
    client = browser(host)
    assert client.get(reverse("home:start")).headers["Location"] == reverse("home:municipalities")
    ways = {link.url for link in client.get(reverse("courses:list")).context["navigation"]}
    assert {reverse(name) for name in ("home:municipalities", "applications:list", "network:start")} <= ways


def test_the_host_organises_meetings_and_no_course(host: Any) -> None:
    course_run, meeting = RunFactory(), MeetingFactory()
    assert set(Run.objects.organised_by(host)) == {meeting.run}
    with pytest.raises(MoveRefused):
        move(RunFactory(state="draft"), "publish", by=host)
    assert course_run in Run.objects.visible_to(host)


def test_the_host_is_shown_the_leaders_of_a_municipality_and_nobody_else(host: Any, leader: Any) -> None:
    meeting = MeetingFactory()
    home = leader.memberships.get().municipality
    worker = MembershipFactory(municipality=home, role="caseworker").user
    page = browser(host).get(reverse("enrolment:enrol", kwargs=meeting.run.address_args), {"municipality": home.code})
    assert str(leader) in page.text
    assert str(worker) not in page.text


def test_the_host_reads_the_library(host: Any) -> None:
    group = host.groups.get()
    for place in (library(), collection()):
        restriction = place.get_view_restrictions().get()  # type: ignore[union-attr]
        assert group in restriction.groups.all()
