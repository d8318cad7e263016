"""The page of an enrolment: why, and what may become of it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from courses.enrolment import services
from courses.enrolment.explaining import explain
from courses.enrolment.models import Policy, QuestionAnswer
from courses.runs.models import Question
from tests.factories import EnrolmentFactory, MembershipFactory, MunicipalityFactory, RunFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Any:
    return MunicipalityFactory()


@pytest.fixture
def leader(town: Any) -> Any:
    return MembershipFactory(municipality=town, role="leader").user


@pytest.fixture
def worker(town: Any) -> Any:
    return MembershipFactory(municipality=town, role="caseworker").user


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(row: Any, name: str, *args: str) -> str:
    return reverse(f"enrolment:{name}", args=[row.pk, *args])


def test_one_who_waits_reads_why_and_where_in_line(town: Any, worker: Any) -> None:
    run = RunFactory(capacity=1)
    EnrolmentFactory(run=run)
    (row,) = services.enrol(run, [worker], by=worker)
    page = signed_in(worker).get(row.get_absolute_url()).content.decode()
    assert "Alle 1 pladser var besat." in page
    assert "Nummer 1 på ventelisten lige nu." in page


def test_the_reason_follows_the_rules_of_now(town: Any, leader: Any) -> None:
    """A full run has a seat again, but the quota keeps it from this municipality: the page says the quota."""
    run = RunFactory(capacity=2, quota=1)
    guest = EnrolmentFactory(run=run)
    mine = [MembershipFactory(municipality=town, role="caseworker").user for _ in range(2)]
    rows = services.enrol(run, mine, by=leader)
    services.cancel(guest, by=guest.person)
    assert explain(rows[1])[0].startswith(("Nu: Kommunen kan få 1 plads", "Kommunen kan få 1 plads"))


def test_a_leader_approves_from_the_page_and_the_seat_follows(town: Any, leader: Any, worker: Any) -> None:
    Policy.objects.create(municipality=town, approval_required=True)
    run = RunFactory()
    (row,) = services.enrol(run, [worker], by=worker)
    client = signed_in(leader)
    assert "Afventer dig" in client.get(row.get_absolute_url()).content.decode()
    assert client.post(at(row, "move", "approve")).status_code == 302
    row.refresh_from_db()
    assert row.state == "seated"
    assert client.post(at(row, "move", "approve")).status_code == 302  # a second click is answered quietly


def test_nobody_approves_their_own_and_no_system_step_has_an_address(town: Any, worker: Any) -> None:
    Policy.objects.create(municipality=town, approval_required=True)
    (row,) = services.enrol(RunFactory(), [worker], by=worker)
    client = signed_in(worker)
    assert client.post(at(row, "move", "approve")).status_code == 409
    for name in ("seat", "offer", "expire", "cancel", "withdraw", "nonsense"):
        assert client.post(at(row, "move", name)).status_code == 404, name
    row.refresh_from_db()
    assert row.state == "requested"


def test_refusing_takes_the_leaders_words_to_the_person(town: Any, leader: Any, worker: Any) -> None:
    Policy.objects.create(municipality=town, approval_required=True)
    (row,) = services.enrol(RunFactory(), [worker], by=worker)
    signed_in(leader).post(at(row, "move", "reject"), {"note": "Vi mangler folk den dag."})
    assert "Vi mangler folk den dag." in signed_in(worker).get(row.get_absolute_url()).content.decode()


def test_an_offer_is_taken_or_declined_on_the_page(worker: Any) -> None:
    run = RunFactory(capacity=1, promotion="offer")
    holder = EnrolmentFactory(run=run)
    (row,) = services.enrol(run, [worker], by=worker)
    services.cancel(holder, by=holder.person)
    client = signed_in(worker)
    assert "Sig nej tak til pladsen" in client.get(row.get_absolute_url()).content.decode()
    client.post(at(row, "move", "accept"))
    row.refresh_from_db()
    assert row.state == "seated"


def test_after_the_date_cancelling_takes_a_reason_and_what_was_typed_is_kept(worker: Any) -> None:
    run = RunFactory()
    (row,) = services.enrol(run, [worker], by=worker)
    with time_machine.travel(run.cancel_until + timedelta(minutes=1), tick=False):
        client = signed_in(worker)
        assert client.post(at(row, "cancel"), {"note": ""}).status_code == 200
        row.refresh_from_db()
        assert row.state == "seated"
        client.post(at(row, "cancel"), {"note": "Sygdom"})
        client.post(at(row, "cancel"), {"note": "Sygdom"})
    row.refresh_from_db()
    assert (row.state, row.late) == ("cancelled", True)


def test_a_seat_is_handed_to_a_colleague_only(town: Any, leader: Any, worker: Any) -> None:
    run = RunFactory()
    (row,) = services.enrol(run, [leader], by=leader)
    stranger = MembershipFactory(role="caseworker").user
    client = signed_in(leader)
    assert "Giv pladsen videre" in client.get(row.get_absolute_url()).content.decode()
    assert client.post(at(row, "swap"), {"person": stranger.pk}).status_code == 200
    client.post(at(row, "swap"), {"person": worker.pk})
    new = run.enrolments.get(state="seated")
    assert new.person == worker
    assert "Giv pladsen videre" not in signed_in(worker).get(new.get_absolute_url()).content.decode()


def test_moving_to_a_full_run_keeps_the_seat_unless_one_chooses_to_wait(worker: Any) -> None:
    run = RunFactory()
    full = RunFactory(course=run.course, capacity=1)
    EnrolmentFactory(run=full)
    elsewhere = RunFactory()
    (row,) = services.enrol(run, [worker], by=worker)
    client = signed_in(worker)
    assert client.post(at(row, "transfer"), {"run": elsewhere.pk}).status_code == 200  # another course is no choice
    assert client.post(at(row, "transfer"), {"run": full.pk}).status_code == 409
    row.refresh_from_db()
    assert row.state == "seated"
    client.post(at(row, "transfer"), {"run": full.pk, "wait": "on"})
    row.refresh_from_db()
    assert row.state == "cancelled"
    assert full.enrolments.get(person=worker).state == "waiting"


def test_a_group_is_split_by_an_explicit_choice(town: Any, leader: Any, worker: Any) -> None:
    run = RunFactory(capacity=2)
    EnrolmentFactory(run=run)
    rows = services.enrol(run, [leader, worker], by=leader, together=True)
    client = signed_in(leader)
    assert "Del gruppen" in client.get(rows[0].get_absolute_url()).content.decode()
    assert client.get(at(rows[0], "split")).status_code == 200
    client.post(at(rows[0], "split"))
    assert sorted(run.enrolments.filter(party__isnull=False).values_list("state", flat=True)) == ["seated", "waiting"]
    assert client.get(at(rows[0], "split")).status_code == 404


def test_answers_are_for_the_person_and_the_organiser_not_for_the_leader(town: Any, leader: Any, worker: Any) -> None:
    run = RunFactory()
    diet = Question.objects.create(run=run, text="Diæt")
    (row,) = services.enrol(run, [worker], by=leader, answers={worker.pk: {diet.pk: "Vegetar"}})
    assert QuestionAnswer.objects.count() == 1
    seen = {
        user: "Vegetar" in signed_in(user).get(row.get_absolute_url()).content.decode() for user in (worker, leader)
    }
    assert seen == {worker: True, leader: False}
    organiser = StaffFactory(group="courses")
    assert "Vegetar" in signed_in(organiser).get(row.get_absolute_url()).content.decode()


def test_a_teacher_looks_but_does_not_act(worker: Any) -> None:
    from courses.runs.models import Teacher

    run, teacher = RunFactory(), StaffFactory()
    Teacher.objects.create(run=run, user=teacher, name="Mona Svendsen")
    (row,) = services.enrol(run, [worker], by=worker)
    client = signed_in(teacher)
    assert client.get(row.get_absolute_url()).status_code == 200
    for name, status in (("cancel", 403), ("transfer", 403), ("swap", 404)):
        assert client.post(at(row, name)).status_code == status, name
