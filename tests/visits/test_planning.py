"""The team plans, moves and swaps; every change renews the invitation, and the inhabil are kept out."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from icalendar import Calendar

from engagements.design.versions import StaleError
from engagements.lifecycle import MoveRefused
from engagements.notices.models import Notice, OutboxMessage
from engagements.notices.services import remind
from engagements.people.models import Disqualification
from engagements.visits import calendar, planning, season, services
from engagements.visits.distance import ODENSE, Point, kilometres
from engagements.visits.models import Base, Visit
from tests.factories import MembershipFactory, MunicipalityFactory, StaffFactory, VisitFactory

from .conftest import ask, home, hours

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(offer: Any, leader: Any) -> Visit:
    """Accepted."""
    return ask(offer, leader)


def plan(visit: Visit, by: Any, **changes: Any) -> Visit:
    wanted = {"team": [by], "place": "Rådhuset, sal 2", "programme": "9.00 Velkomst", **hours(30)}
    return planning.plan(visit, by=by, **{**wanted, **changes})


def invitations(user: Any) -> list[Any]:
    """The calendar files mailed to a person, oldest first."""
    found = OutboxMessage.objects.filter(to=user.email).exclude(attachment="").order_by("pk")
    calendars = [Calendar.from_ical(message.attachment.read()) for message in found]
    return [(one, one.walk("VEVENT")[0]) for one in calendars]


def test_planning_invites_both_sides_with_a_calendar_file(visit: Visit, learning: Any, leader: Any) -> None:
    planned = plan(visit, learning)
    assert planned.state == "planned"
    for person in (leader, learning):
        found, event = invitations(person)[0]
        assert found["METHOD"] == "REQUEST"
        assert event["UID"] == calendar.uid(planned)
        assert event["SEQUENCE"] == 0
        assert event.decoded("DTSTART") == hours(30)["starts_at"]
        assert event["LOCATION"] == "Rådhuset, sal 2"


def test_the_preparation_list_begins_with_what_every_visit_needs(visit: Visit, learning: Any) -> None:
    rows = list(plan(visit, learning).preparations.all())
    assert {row.side for row in rows} == {"municipality", "task_force"}
    assert all(timezone.localdate() <= row.due_on < Visit.objects.get().date for row in rows)  # type: ignore[operator]
    row = planning.tick(rows[0], done=True, by=learning)
    assert row.done_by == learning
    assert planning.tick(row, done=False, by=learning).done_at is None


def test_only_an_accepted_visit_is_planned_and_only_once(visit: Visit, learning: Any) -> None:
    plan(visit, learning)
    with pytest.raises(MoveRefused):
        plan(visit, learning)
    with pytest.raises(MoveRefused):
        plan(VisitFactory(offer=visit.offer), learning)


@pytest.mark.parametrize("days", [-1, 0])
def test_a_visit_is_not_planned_in_the_past(visit: Visit, learning: Any, days: int) -> None:
    begins = timezone.now() + timedelta(days=days)
    with pytest.raises(ValidationError):
        plan(visit, learning, starts_at=begins - timedelta(minutes=1), ends_at=begins + timedelta(hours=1))
    assert Visit.objects.get().state == "accepted"


def test_a_visit_ends_after_it_begins(visit: Visit, learning: Any) -> None:
    begins = hours(10)["starts_at"]
    with pytest.raises(ValidationError):
        plan(visit, learning, starts_at=begins, ends_at=begins - timedelta(hours=1))


def test_the_inhabil_cannot_be_put_on_a_team(visit: Visit, learning: Any) -> None:
    legal = StaffFactory()
    assert legal in planning.candidates(visit)
    Disqualification.objects.create(user=legal, municipality=visit.municipality)
    assert legal not in planning.candidates(visit)
    with pytest.raises(ValidationError):
        plan(visit, learning, team=[learning, legal])
    planned = plan(visit, learning)
    with pytest.raises(ValidationError):
        planning.change_team(planned, team=[legal], by=learning)
    assert [member.user for member in planned.team.all()] == [learning]


def test_one_who_has_become_inhabil_is_swapped_out_and_told_nothing_more(visit: Visit, learning: Any) -> None:
    legal, lead = StaffFactory(), StaffFactory(group="lead")
    planned = plan(visit, learning, team=[legal])
    Disqualification.objects.create(user=legal, municipality=visit.municipality)
    with pytest.raises(ValidationError):
        planning.change_team(planned, team=[legal, lead], by=learning)
    planning.change_team(planned, team=[lead], by=learning)
    assert [member.user for member in planned.team.all()] == [lead]


def test_people_from_the_municipality_are_no_team(visit: Visit, learning: Any, leader: Any) -> None:
    with pytest.raises(ValidationError):
        plan(visit, learning, team=[leader])


def test_moving_a_visit_replaces_the_invitation(visit: Visit, learning: Any, leader: Any) -> None:
    planned = plan(visit, learning)
    moved = planning.reschedule(
        planned, by=learning, version=planned.version, place="Biblioteket", note="Lokalet er optaget.", **hours(40)
    )
    assert moved.evaluation_until == moved.date + timedelta(days=14)  # type: ignore[operator]
    found = invitations(leader)
    assert [int(event["SEQUENCE"]) for _, event in found] == [0, 1]
    assert len({event["UID"] for _, event in found}) == 1
    assert "Lokalet er optaget." in Notice.objects.filter(recipient=leader).latest("pk").body
    again = planning.reschedule(moved, by=learning, version=moved.version, place="Biblioteket", **hours(40))
    assert again.sequence == 1


def test_of_two_who_move_a_visit_the_second_is_told(visit: Visit, learning: Any) -> None:
    planned = plan(visit, learning)
    planning.reschedule(planned, by=learning, version=planned.version, place="A", **hours(40))
    with pytest.raises(StaleError):
        planning.reschedule(planned, by=learning, version=planned.version, place="B", **hours(41))


def test_a_swap_invites_the_new_and_withdraws_from_the_old(visit: Visit, learning: Any, leader: Any) -> None:
    first, second = StaffFactory(), StaffFactory(group="social", agency="social")
    planned = plan(visit, learning, team=[first])
    planning.change_team(planned, team=[second], by=learning)
    assert [found["METHOD"] for found, _ in invitations(first)] == ["REQUEST", "CANCEL"]
    assert [found["METHOD"] for found, _ in invitations(second)] == ["REQUEST"]
    assert str(second) in Notice.objects.filter(recipient=leader).latest("pk").body


def test_cancelling_a_planned_visit_takes_it_out_of_the_calendars(visit: Visit, learning: Any, leader: Any) -> None:
    planned = plan(visit, learning)
    services.cancel(planned, by=leader, note="Der er valg den dag.")
    found, event = invitations(learning)[-1]
    assert (found["METHOD"], event["STATUS"], int(event["SEQUENCE"])) == ("CANCEL", "CANCELLED", 1)
    assert "Der er valg den dag." in Notice.objects.filter(recipient=learning).latest("pk").body


def test_cancelling_needs_a_reason(visit: Visit, leader: Any) -> None:
    with pytest.raises(MoveRefused):
        services.cancel(visit, by=leader, note="  ")


def test_a_caseworker_or_another_municipality_cannot_cancel(visit: Visit, leader: Any) -> None:
    for user in (MembershipFactory().user, MembershipFactory(municipality=home(leader), role="caseworker").user):
        with pytest.raises(MoveRefused):
            services.cancel(visit, by=user, note="Nej.")


def test_material_is_checked_and_kept_once(visit: Visit, leader: Any) -> None:
    with pytest.raises(ValidationError):
        planning.add_material(visit, title="Sag", file=SimpleUploadedFile("sag.txt", b"010111-1234"), by=leader)
    for _ in range(2):
        planning.add_material(visit, title="Sag A", file=SimpleUploadedFile("a.txt", b"Tekst"), by=leader)
    assert visit.material.count() == 1
    other = StaffFactory(group="learning", agency="social")
    planning.add_material(visit, title="Sag B", file=SimpleUploadedFile("b.txt", b"Tekst"), by=leader)
    told = Notice.objects.filter(subject__contains="Nyt materiale", body__contains="Sag B")
    assert {notice.recipient for notice in told} == {other}  # not the one who added it


def test_late_preparation_and_a_forgotten_visit_are_remembered_once(learning: Any, leader: Any) -> None:
    visit = VisitFactory(planned=True, municipality=home(leader), team=[learning])
    today = timezone.localdate()
    visit.preparations.create(text="Vælg sager", side="municipality", due_on=today - timedelta(days=1))
    remind(day=today)
    remind(day=today)
    assert Notice.objects.filter(recipient=leader, body__contains="Vælg sager").count() == 1
    ended = timezone.now() - timedelta(days=3)
    Visit.objects.update(starts_at=ended - timedelta(hours=4), ends_at=ended)
    remind(day=today)
    assert Notice.objects.filter(recipient=learning, subject__contains="afholdt").count() == 1


def test_distance_is_that_of_the_great_circle() -> None:
    assert kilometres(ODENSE, ODENSE) == 0
    quarter = kilometres(Point(0, 0), Point(0, 90))
    assert quarter == pytest.approx(6371.0088 * 3.141592653589793 / 2)
    assert 135 < kilometres(ODENSE, Point(55.6761, 12.5683)) < 140  # Odense – Copenhagen
    assert kilometres(ODENSE, Point(57.05, 9.92)) == pytest.approx(kilometres(Point(57.05, 9.92), ODENSE))


def test_workload_counts_visits_ahead_and_the_way_out_and_back(learning: Any) -> None:
    far = MunicipalityFactory(latitude=57.0, longitude=10.0)
    VisitFactory(planned=True, municipality=far, team=[learning])
    VisitFactory(planned=True, team=[learning])  # nobody knows where
    load = next(one for one in season.workload() if one.user == learning)
    assert (load.ahead, load.unknown) == (2, 1)
    assert load.kilometres == pytest.approx(2 * kilometres(ODENSE, Point(57.0, 10.0)))
    Base.objects.create(user=learning, municipality=far)
    assert next(one for one in season.workload() if one.user == learning).kilometres == 0


def test_public_counts_leave_the_fictional_out(settings: Any) -> None:
    settings.DEMONSTRATION = False
    VisitFactory(held=True)
    VisitFactory(held=True, municipality=MunicipalityFactory(is_fictional=False))
    VisitFactory(planned=True, municipality=MunicipalityFactory(is_fictional=False))
    counts = season.public_counts()
    assert (counts.held, counts.municipalities) == (1, 1)
    settings.DEMONSTRATION = True
    assert season.public_counts().municipalities == 2
