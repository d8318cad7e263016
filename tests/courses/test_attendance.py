"""Attendance: noted on a phone, by several people at once, and of nobody who has no seat."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.completion.models import Attendance
from courses.completion.services import Mark, note_attendance
from courses.models import Teacher
from engagements.lifecycle import MoveRefused
from tests.factories import EnrolmentFactory, MembershipFactory, RunFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> Any:
    return RunFactory(held=True, sessions=2)


@pytest.fixture
def session(run: Any) -> Any:
    return run.sessions.first()


@pytest.fixture
def organiser() -> Any:
    return StaffFactory(group="courses")


def address(run: Any, session: Any) -> str:
    return reverse("completion:attendance", kwargs={**run.address_args, "pk": session.pk})


def noted(session: Any) -> dict[int, bool]:
    return dict(session.attendance.values_list("enrolment", "present"))


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_what_is_chosen_on_the_page_is_noted(run: Any, session: Any, organiser: Any) -> None:
    here, away, unknown = EnrolmentFactory.create_batch(3, run=run)
    posted = {f"shown-{one.pk}": "" for one in (here, away, unknown)}
    client = signed_in(organiser)
    response = client.post(
        address(run, session), {**posted, f"present-{here.pk}": "1", f"present-{away.pk}": "0"}, follow=True
    )
    assert noted(session) == {here.pk: True, away.pk: False}
    page = response.content.decode()
    assert "2 af 3 noteret, 1 mødt." in page
    assert f"Sidst gemt af {organiser}" in page


def test_the_rest_is_noted_as_present_with_one_button(run: Any, session: Any, organiser: Any) -> None:
    away, *others = EnrolmentFactory.create_batch(3, run=run)
    posted = {f"shown-{one.pk}": "" for one in (away, *others)}
    signed_in(organiser).post(address(run, session), {**posted, f"present-{away.pk}": "0", "rest": "1"})
    assert noted(session) == {away.pk: False, **{one.pk: True for one in others}}


def test_the_same_form_sent_twice_changes_nothing_the_second_time(run: Any, session: Any, organiser: Any) -> None:
    one = EnrolmentFactory(run=run)
    first = note_attendance(session, {one.pk: Mark(None, True)}, by=organiser)
    again = note_attendance(session, {one.pk: Mark(None, True)}, by=StaffFactory(group="courses"))
    assert (first.written, again.written, again.clashes) == (1, 0, [])
    assert Attendance.objects.get().noted_by == organiser


def test_two_people_note_at_once_and_only_what_each_changed_is_written(run: Any, session: Any, organiser: Any) -> None:
    one, two = EnrolmentFactory.create_batch(2, run=run)
    colleague = StaffFactory(group="courses")
    note_attendance(session, {one.pk: Mark(None, True), two.pk: Mark(None, None)}, by=organiser)
    # The colleague's form was opened before, and shows nothing noted.
    note_attendance(session, {one.pk: Mark(None, None), two.pk: Mark(None, False)}, by=colleague)
    assert noted(session) == {one.pk: True, two.pk: False}


def test_what_a_colleague_noted_otherwise_is_kept_and_named(run: Any, session: Any, organiser: Any) -> None:
    one = EnrolmentFactory(run=run)
    note_attendance(session, {one.pk: Mark(None, True)}, by=StaffFactory(group="courses"))
    response = signed_in(organiser).post(
        address(run, session), {f"shown-{one.pk}": "", f"present-{one.pk}": "0"}, follow=True
    )
    assert noted(session) == {one.pk: True}
    assert str(one.person) in response.content.decode().split("En kollega har imens noteret noget andet")[1]
    # Who now sees it may change it.
    note_attendance(session, {one.pk: Mark(True, False)}, by=organiser)
    assert noted(session) == {one.pk: False}


def test_whoever_lost_the_seat_or_belongs_to_another_run_is_not_noted(run: Any, session: Any, organiser: Any) -> None:
    gone = EnrolmentFactory(run=run, state="cancelled")
    waiting = EnrolmentFactory(run=run, state="waiting")
    stranger = EnrolmentFactory(run=RunFactory(held=True))
    found = note_attendance(session, {row.pk: Mark(None, True) for row in (gone, waiting, stranger)}, by=organiser)
    assert (found.written, found.gone) == (0, 3)
    posted = {f"{name}-{row.pk}": "1" for row in (gone, stranger) for name in ("present",)}
    posted |= {f"shown-{row.pk}": "" for row in (gone, stranger)}
    posted |= {"shown-x": "", "present-x": "1", "shown-99999999999999999999999": "", "page": "x"}
    assert signed_in(organiser).post(address(run, session), posted, follow=True).status_code == 200
    assert not Attendance.objects.exists()


def test_attendance_is_noted_from_the_day_on(organiser: Any) -> None:
    run = RunFactory()
    session, one = run.sessions.get(), EnrolmentFactory(run=run)
    with pytest.raises(MoveRefused):
        note_attendance(session, {one.pk: Mark(None, True)}, by=organiser)
    page = signed_in(organiser).get(address(run, session)).content.decode()
    assert "Fremmøde noteres fra den" in page
    assert "Gem alle" not in page
    with time_machine.travel(session.starts_at - timedelta(hours=2), tick=False):
        assert note_attendance(session, {one.pk: Mark(None, True)}, by=organiser).written == 1


def test_a_cancelled_run_has_no_attendance(run: Any, session: Any, organiser: Any) -> None:
    one = EnrolmentFactory(run=run)
    type(run).objects.filter(pk=run.pk).update(state="cancelled")
    session.refresh_from_db()
    with pytest.raises(MoveRefused):
        note_attendance(session, {one.pk: Mark(None, True)}, by=organiser)


def test_teachers_and_organisers_note_and_others_do_not_find_the_page(run: Any, session: Any) -> None:
    teacher = UserFactory()
    Teacher.objects.create(run=run, user=teacher, name="Underviser")
    participant = EnrolmentFactory(run=run)
    leader = MembershipFactory(municipality=participant.municipality, role="leader").user
    answers = {
        who: signed_in(user).get(address(run, session)).status_code
        for who, user in {
            "teacher": teacher,
            "organiser": StaffFactory(group="courses"),
            "participant": participant.person,
            "leader": leader,
            "network": StaffFactory(group="network"),
        }.items()
    }
    assert answers == {"teacher": 200, "organiser": 200, "participant": 404, "leader": 404, "network": 404}
    assert Client().get(address(run, session)).headers["Location"].startswith("/konto/login/?next=")
    with pytest.raises(MoveRefused):
        note_attendance(session, {participant.pk: Mark(None, True)}, by=leader)


def test_a_session_of_another_run_or_another_course_is_not_found(run: Any, session: Any, organiser: Any) -> None:
    other = RunFactory(held=True)
    client = signed_in(organiser)
    assert client.get(address(run, other.sessions.get())).status_code == 404
    wrong = {"slug": other.course.slug, "reference": run.reference, "pk": session.pk}
    assert client.get(reverse("completion:attendance", kwargs=wrong)).status_code == 404


def test_the_way_in_leads_to_the_session_of_today(run: Any, session: Any, organiser: Any) -> None:
    second = run.sessions.last()
    start = reverse("completion:attendance_start", kwargs=run.address_args)
    client = signed_in(organiser)
    for moment, expected in [
        (session.starts_at - timedelta(days=9), session),
        (session.starts_at + timedelta(hours=1), session),
        (second.starts_at - timedelta(hours=1), second),
        (timezone.now(), second),
    ]:
        with time_machine.travel(moment, tick=False):
            client.force_login(organiser)
            assert client.get(start).headers["Location"] == address(run, expected)


def test_names_stand_in_danish_order(run: Any, session: Any, organiser: Any) -> None:
    for name in ("Østen", "Aage", "Zenia", "Ærke", "Bo"):
        EnrolmentFactory(run=run, person=UserFactory(first_name=name))
    page = signed_in(organiser).get(address(run, session)).content.decode()
    assert sorted(("Østen", "Aage", "Zenia", "Ærke", "Bo"), key=page.index) == ["Bo", "Zenia", "Ærke", "Østen", "Aage"]


def test_the_page_takes_as_many_queries_for_250_as_for_25(
    run: Any, session: Any, organiser: Any, django_assert_max_num_queries: Any
) -> None:
    type(run).objects.filter(pk=run.pk).update(capacity=300)
    rows = EnrolmentFactory.create_batch(25, run=run)
    client = signed_in(organiser)
    with django_assert_max_num_queries(15) as few:
        client.get(address(run, session))
    rows += EnrolmentFactory.create_batch(225, run=run, municipality=rows[0].municipality)
    with django_assert_max_num_queries(15) as many:
        page = client.get(address(run, session)).content.decode()
    assert len(many) <= len(few)
    assert "0 af 250 noteret" in page
    with django_assert_max_num_queries(15):
        note_attendance(session, {row.pk: Mark(None, True) for row in rows}, by=organiser)
    assert len(noted(session)) == 250
