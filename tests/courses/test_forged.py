"""Requests no page of ours would send: keys of others, keys that are none, and numbers nobody could mean."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from courses.completion.forms import PRESENT
from courses.completion.models import Attendance, Certificate
from courses.enrolment import services
from courses.enrolment.models import CalendarFeed, QuestionAnswer
from courses.runs.models import Allotment, Question
from engagements.people.models import Role
from tests.factories import EnrolmentFactory, MembershipFactory, MunicipalityFactory, RunFactory, StaffFactory

pytestmark = pytest.mark.django_db
NO_KEYS = ["0", "-1", "9" * 30, "abc", "1; DROP TABLE", "", "٣", "1.5"]
ACTS = ["detail", "cancel", "swap", "transfer", "split"]
MOVES = ["approve", "reject", "accept"]


@pytest.fixture
def town() -> Any:
    return MunicipalityFactory()


@pytest.fixture
def leader(town: Any) -> Any:
    return MembershipFactory(municipality=town, role=Role.LEADER).user


@pytest.fixture
def worker(town: Any) -> Any:
    return MembershipFactory(municipality=town, role=Role.CASEWORKER).user


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def of_run(name: str, run: Any) -> str:
    return reverse(f"enrolment:{name}", kwargs=run.address_args)


@pytest.mark.parametrize("key", NO_KEYS)
def test_a_key_that_is_none_enrols_nobody_and_breaks_nothing(key: str, leader: Any, worker: Any) -> None:
    run, client = RunFactory(), signed_in(leader)
    for posted in ({"people": [key]}, {"people": [worker.pk, key]}, {"people": [worker.pk], "training": [key]}):
        assert client.post(of_run("enrol", run), posted).status_code == 200, posted
    assert client.post(of_run("enrol", run), {"people": [worker.pk], "mode": key or "x"}).status_code == 200
    assert client.get(f"{of_run('ours', run)}?new={key},{key}").status_code == 200
    assert not run.enrolments.exists()


def test_a_caseworker_enrols_nobody_else_however_it_is_asked_for(town: Any, worker: Any) -> None:
    run, colleague = RunFactory(), MembershipFactory(municipality=town).user
    client = signed_in(worker)
    lines = {"name_0": "Ny Kollega", "email_0": "ny@korsbaek.example"}
    for posted in ({"people": [colleague.pk]}, lines, {"people": [colleague.pk], "municipality": town.code}):
        assert client.post(of_run("enrol", run), posted).status_code == 200, posted
    assert not run.enrolments.exists()


def test_an_answer_to_another_runs_question_or_for_somebody_else_is_not_kept(leader: Any, worker: Any) -> None:
    run = RunFactory()
    asked = Question.objects.create(run=run, text="Diæt")
    foreign = Question.objects.create(run=RunFactory(), text="Diæt")
    posted = {
        "people": [worker.pk],
        "step": "answers",
        f"q{asked.pk}_{worker.pk}": "Vegetar",
        f"q{asked.pk}_{leader.pk}": "Fremmed",
        f"q{foreign.pk}_{worker.pk}": "Fremmed",
    }
    assert signed_in(leader).post(of_run("enrol", run), posted).status_code == 302
    assert list(QuestionAnswer.objects.values_list("text", flat=True)) == ["Vegetar"]


def test_nobody_of_another_municipality_finds_or_touches_an_enrolment(worker: Any) -> None:
    (row,) = services.enrol(RunFactory(), [worker], by=worker)
    run = row.run
    for stranger in (MembershipFactory(role=Role.LEADER).user, MembershipFactory().user):
        client = signed_in(stranger)
        addresses = [reverse(f"enrolment:{name}", args=[row.pk]) for name in ACTS]
        addresses += [reverse("enrolment:move", args=[row.pk, name]) for name in MOVES]
        for address in addresses:
            assert client.get(address).status_code == 404, address
            assert client.post(address, {"note": "x", "run": run.pk, "person": stranger.pk}).status_code in (404, 405)
        assert str(worker) not in client.get(f"{of_run('ours', run)}?new={row.pk}").text
    row.refresh_from_db()
    assert (row.state, run.enrolments.count()) == ("seated", 1)


def test_a_number_no_database_can_hold_is_not_found(leader: Any) -> None:
    client = signed_in(leader)
    for name in ACTS:
        assert client.get(f"/tilmelding/{'9' * 25}/{reverse(f'enrolment:{name}', args=[1])[14:]}").status_code == 404


@pytest.mark.parametrize("key", NO_KEYS)
def test_a_seat_is_neither_moved_nor_handed_over_to_what_is_not_offered(key: str, leader: Any) -> None:
    (row,) = services.enrol(RunFactory(), [leader], by=leader)
    RunFactory(course=row.run.course)
    client = signed_in(leader)
    for name, field in (("transfer", "run"), ("swap", "person")):
        assert client.post(reverse(f"enrolment:{name}", args=[row.pk]), {field: key}).status_code == 200, name
    row.refresh_from_db()
    assert row.state == "seated"


def test_a_move_to_a_run_that_closed_a_second_ago_keeps_the_seat(leader: Any) -> None:
    run = RunFactory()
    other = RunFactory(course=run.course)
    (row,) = services.enrol(run, [leader], by=leader)
    with time_machine.travel(other.closes_at, tick=False):
        client = signed_in(leader)
        assert client.post(reverse("enrolment:transfer", args=[row.pk]), {"run": other.pk}).status_code == 200
    with time_machine.travel(other.closes_at - timedelta(seconds=1), tick=False):
        client = signed_in(leader)
        assert client.post(reverse("enrolment:transfer", args=[row.pk]), {"run": other.pk}).status_code == 302
    assert other.enrolments.get().person == leader


@pytest.mark.parametrize("capacity", ["-1", "0", "2001", "9" * 30, "1e3", "2,5", "", "NaN", "to"])
def test_seats_nobody_could_mean_are_refused(capacity: str) -> None:
    run = RunFactory(capacity=4)
    posted = {
        "capacity": capacity,
        "minimum": 1,
        "quota": "",
        "waiting_order": run.waiting_order,
        "promotion": run.promotion,
        "offer_hours": run.offer_hours,
        "version": run.version,
        "form-TOTAL_FORMS": 0,
        "form-INITIAL_FORMS": 0,
    }
    client = signed_in(StaffFactory(group="courses"))
    assert "error-summary" in client.post(of_run("seats", run), posted).text
    run.refresh_from_db()
    assert run.capacity == 4
    assert client.post(of_run("seats", run), posted | {"capacity": "5"}).status_code == 302


def test_a_share_of_another_run_cannot_be_taken_over() -> None:
    run, other = RunFactory(capacity=4), RunFactory(capacity=4)
    home = MunicipalityFactory()
    foreign = Allotment.objects.create(run=other, municipality=home, reserved=2)
    posted = {
        "capacity": 4,
        "minimum": 1,
        "waiting_order": run.waiting_order,
        "promotion": run.promotion,
        "offer_hours": run.offer_hours,
        "version": run.version,
        "form-TOTAL_FORMS": 1,
        "form-INITIAL_FORMS": 1,
        "form-0-id": foreign.pk,
        "form-0-municipality": home.pk,
        "form-0-reserved": 0,
        "form-0-DELETE": "on",
    }
    signed_in(StaffFactory(group="courses")).post(of_run("seats", run), posted)
    foreign.refresh_from_db()
    assert (foreign.run, foreign.reserved) == (other, 2)
    assert not run.allotments.exists()


def test_a_certificate_is_not_issued_to_participants_of_another_run() -> None:
    run, other = (RunFactory(held=True, certificate_rule="manual") for _number in range(2))
    mine, foreign = EnrolmentFactory(run=run), EnrolmentFactory(run=other)
    address = reverse("completion:certificates", kwargs=run.address_args)
    client = signed_in(StaffFactory(group="courses"))
    assert client.post(address, {"chosen": [*NO_KEYS, foreign.pk, mine.pk]}).status_code == 302
    assert Certificate.objects.get().enrolment == mine


def test_attendance_is_noted_for_nobody_of_another_run() -> None:
    run, other = (RunFactory(held=True) for _number in range(2))
    mine, foreign = EnrolmentFactory(run=run), EnrolmentFactory(run=other)
    address = reverse("completion:attendance", kwargs={**run.address_args, "pk": run.sessions.get().pk})
    client = signed_in(StaffFactory(group="courses"))
    for key in (foreign.pk, *NO_KEYS, mine.pk):
        assert client.post(address, {f"shown-{key}": "", f"present-{key}": PRESENT}).status_code == 302
    assert Attendance.objects.get().enrolment == mine


def test_a_calendar_is_not_found_by_guessing(leader: Any) -> None:
    token = CalendarFeed.objects.create(person=leader).token
    for guess in (token[:-1], token + "x", token.swapcase(), "x"):
        assert Client().get(reverse("enrolment:feed", args=[guess])).status_code == 404
    assert Client().get(reverse("enrolment:feed", args=[token])).status_code == 200
