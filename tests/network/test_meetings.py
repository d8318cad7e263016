"""A meeting and its run are one thing: planned in one form, seen by members and its guests, kept when cancelled."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.models import Meeting, MeetingGuest, MeetingMaterial, NetworkRound
from cms.network import coverage, meetings
from cms.network.reference import ensure
from courses.enrolment.services import cancel_run
from courses.models import Attendance, Run
from engagements.design.versions import StaleError
from engagements.lifecycle import MoveRefused, move
from engagements.notices.models import Notice
from tests.factories import EnrolmentFactory, MeetingFactory, MembershipFactory, RunFactory, UserFactory

from .conftest import browser

pytestmark = pytest.mark.django_db


def plan(by: Any, **facts: Any) -> Meeting:
    begins = (timezone.localtime() + timedelta(days=40)).replace(hour=9, minute=0, second=0, microsecond=0)
    return meetings.plan_meeting(
        **{
            "theme": "Tilsyn",
            "place": "Vejle",
            "starts_at": begins,
            "ends_at": begins + timedelta(hours=6),
            "by": by,
            **facts,
        }
    )


def test_one_form_makes_the_meeting_and_its_run(editor: Any) -> None:
    begins = timezone.localtime() + timedelta(days=40)
    fields = {
        "theme": "Tilsyn",
        "starts_at": begins.strftime("%Y-%m-%dT09:00"),
        "ends_at": begins.strftime("%Y-%m-%dT15:00"),
        "place": "Vejle",
        "capacity": "40",
        "agenda": "Velkomst",
    }
    client = browser(editor)
    for _time in range(2):
        answer = client.post(reverse("network:new_meeting"), fields)
        assert answer.status_code == 302, answer.context["form"].errors
    meeting = Meeting.objects.get()
    run = meeting.run
    assert (run.kind, run.members_only, run.audience, run.state) == ("meeting", True, "leaders", "draft")
    assert (run.title, run.capacity) == ("Tilsyn", 40)
    assert [session.place for session in run.sessions.all()] == ["Vejle"]


def test_members_see_a_meeting_when_it_is_published_and_find_the_way_to_enrol(leader: Any, editor: Any) -> None:
    meeting = plan(editor)
    client = browser(leader)
    assert client.get(meeting.get_absolute_url()).status_code == 404
    move(meeting.run, "publish", by=editor)
    page = client.get(meeting.get_absolute_url()).content.decode()
    assert meeting.run.get_absolute_url() in page
    assert meeting.get_absolute_url() in client.get(meeting.run.get_absolute_url()).content.decode()


def test_members_plan_and_change_nothing(leader: Any, editor: Any) -> None:
    meeting = plan(editor)
    with pytest.raises(MoveRefused):
        plan(leader)
    with pytest.raises(MoveRefused):
        meetings.add_guest(meeting, name="Ulla", by=leader)
    assert browser(leader).post(reverse("network:share_minutes", args=[meeting.run.reference])).status_code == 404


def test_a_cancelled_meeting_stays_visible_as_such(leader: Any, editor: Any) -> None:
    meeting = MeetingFactory()
    cancel_run(meeting.run, by=editor, note="Der er udskrevet valg.")
    client = browser(leader)
    page = client.get(meeting.get_absolute_url()).content.decode()
    assert "Mødet er aflyst" in page
    assert "Der er udskrevet valg." in page
    rows = list(client.get(reverse("network:meetings")).context["page_obj"])
    assert rows == [meeting]


def test_a_guest_with_an_account_sees_that_meeting_and_nothing_else(editor: Any) -> None:
    guest = UserFactory()
    mine, other = MeetingFactory(), MeetingFactory()
    meetings.add_guest(mine, name="Ulla", email=guest.email, by=editor)
    meetings.add_material(
        mine, title="Oplæg", when="before", file=SimpleUploadedFile("oplaeg.txt", b"Til moedet"), by=editor
    )
    item = MeetingMaterial.objects.get()
    client = browser(guest)
    assert client.get(mine.get_absolute_url()).status_code == 200
    assert client.get(reverse("records:file", args=["meetingmaterial", item.pk])).status_code == 200
    assert client.get(other.get_absolute_url()).status_code == 404
    assert client.get(reverse("network:start")).status_code == 404
    stranger = browser(UserFactory())
    assert stranger.get(reverse("records:file", args=["meetingmaterial", item.pk])).status_code == 404
    browser(editor).post(reverse("network:remove_guest", args=[mine.run.reference, MeetingGuest.objects.get().pk]))
    assert client.get(mine.get_absolute_url()).status_code == 404


def test_material_is_added_and_removed_in_the_form(leader: Any, editor: Any) -> None:
    meeting = MeetingFactory()
    address = reverse("network:meeting_material", args=[meeting.run.reference])
    client = browser(editor)
    assert client.post(address, {"title": "Tomt", "when": "before"}).context["form"].errors
    for _time in range(2):
        client.post(address, {"title": "Skema", "when": "before", "link": "https://example.org/skema"})
    item = MeetingMaterial.objects.get()
    assert "https://example.org/skema" in browser(leader).get(meeting.get_absolute_url()).content.decode()
    client.post(reverse("network:remove_material", args=[meeting.run.reference, item.pk]))
    assert not MeetingMaterial.objects.exists()


def test_minutes_are_read_once_shared_and_participants_are_told_once(leader: Any, other: Any, editor: Any) -> None:
    meeting = MeetingFactory(run=RunFactory(held=True, course=None, kind="meeting", own_title="x", members_only=True))
    EnrolmentFactory(run=meeting.run, person=leader)
    client = browser(editor)
    client.post(reverse("network:share_minutes", args=[meeting.run.reference]))
    assert Meeting.objects.get().minutes_at is None
    client.post(
        reverse("network:minutes", args=[meeting.run.reference]),
        {"minutes": "Vi aftalte tre ting.", "version": meeting.version},
    )
    assert "Vi aftalte" not in browser(leader).get(meeting.get_absolute_url()).content.decode()
    for _time in range(2):
        client.post(reverse("network:share_minutes", args=[meeting.run.reference]))
    assert "Vi aftalte" in browser(other).get(meeting.get_absolute_url()).content.decode()
    told = Notice.objects.filter(key__startswith="network-minutes")
    assert [notice.recipient for notice in told] == [leader]


def test_two_who_change_a_meeting_do_not_overwrite_each_other(editor: Any) -> None:
    meeting = plan(editor)
    facts: dict[str, Any] = {"agenda": "", "network": None, "topics": []}
    meetings.change_meeting(meeting, version=meeting.version, by=editor, theme="Nyt tema", **facts)
    assert Run.objects.get().title == "Nyt tema"
    with pytest.raises(StaleError):
        meetings.change_meeting(meeting, version=meeting.version, by=editor, theme="Andet", **facts)


def test_held_meetings_are_found_by_the_filter(leader: Any) -> None:
    held = MeetingFactory(run=RunFactory(held=True, course=None, kind="meeting", own_title="x", members_only=True))
    ahead = MeetingFactory()
    client = browser(leader)

    def listed(**query: str) -> list[Meeting]:
        return list(client.get(reverse("network:meetings"), query).context["page_obj"])

    assert listed() == [ahead]
    assert listed(when="held") == [held]
    assert listed(when="all") == [ahead, held]


@pytest.mark.parametrize("rows", [25, 250])
def test_the_list_of_meetings_asks_the_same_few_queries(
    leader: Any, rows: int, django_assert_max_num_queries: Any
) -> None:
    now = timezone.now()
    runs = Run.objects.bulk_create(
        Run(
            reference=f"2018-{n:05}",
            kind="meeting",
            own_title="Møde",
            state="published",
            members_only=True,
            capacity=9,
            starts_at=now + timedelta(days=n + 2),
            ends_at=now + timedelta(days=n + 2, hours=3),
            opens_at=now,
            closes_at=now + timedelta(days=1),
            cancel_until=now + timedelta(days=1),
        )
        for n in range(rows)
    )
    Meeting.objects.bulk_create(Meeting(run=run, theme="Møde") for run in runs)
    client = browser(leader)
    client.get(reverse("network:meetings"))
    with django_assert_max_num_queries(12):
        assert client.get(reverse("network:meetings")).context["count"] == rows


def test_coverage_counts_municipalities_that_were_there(leader: Any, settings: Any) -> None:
    settings.DEMONSTRATION = False
    ensure()
    round_ = NetworkRound.objects.get(ends_on=None)
    meeting = MeetingFactory(run=RunFactory(held=True, course=None, kind="meeting", own_title="x", members_only=True))
    there, absent, waiting, twice = (MembershipFactory(role="leader") for _n in range(4))
    session = meeting.run.sessions.get()
    for one in (there, absent, twice):
        row = EnrolmentFactory(run=meeting.run, person=one.user, municipality=one.municipality)
        Attendance.objects.create(enrolment=row, session=session, present=one != absent)
    EnrolmentFactory(run=meeting.run, person=waiting.user, municipality=waiting.municipality, state="waiting")
    EnrolmentFactory(run=MeetingFactory().run, person=waiting.user, municipality=waiting.municipality)
    assert coverage.took_part(round_) == {there.municipality_id, twice.municipality_id}
    page = browser(leader).get(reverse("network:coverage")).content.decode()
    assert "af 98 kommuner" in page


def test_coverage_names_each_network_with_its_own_share(leader: Any, settings: Any) -> None:
    settings.DEMONSTRATION = False
    ensure()
    found = coverage.of_round(NetworkRound.objects.get(ends_on=None))
    assert sum(share.of for share in found.networks) == found.of == 98
    assert browser(leader).get(reverse("network:coverage"), {"periode": "0"}).status_code == 404


def test_anonymous_visitors_are_sent_to_sign_in_and_back() -> None:
    address = MeetingFactory().get_absolute_url()
    assert Client().get(address).headers["Location"] == f"/konto/login/?next={address}"
