"""*Mine kurser*, the municipality's courses and rule, and what people are reminded of."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.completion.models import Attendance
from courses.completion.services import evaluation_questions
from courses.enrolment import services
from courses.enrolment.models import Policy
from engagements.notices.models import Notice
from engagements.notices.services import remind
from tests.factories import EnrolmentFactory, MembershipFactory, MunicipalityFactory, RunFactory

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


def subjects(user: Any) -> list[str]:
    return list(Notice.objects.filter(recipient=user).order_by("pk").values_list("subject", flat=True))


def test_my_courses_gathers_seats_offers_waiting_and_what_is_over(town: Any, worker: Any) -> None:
    seat, full, held = RunFactory(), RunFactory(capacity=1, promotion="offer"), RunFactory(held=True)
    line = RunFactory(capacity=1)
    holder = EnrolmentFactory(run=full)
    EnrolmentFactory(run=line)
    for run in (seat, full, line):
        services.enrol(run, [worker], by=worker)
    services.cancel(holder, by=holder.person)
    EnrolmentFactory(run=held, person=worker, municipality=town)
    someone = EnrolmentFactory()
    page = signed_in(worker).get(reverse("courses:mine")).content.decode()
    for text in ("Du er tilbudt en plads", "Næste datoer", "Du er nummer 1 på ventelisten.", "Tidligere"):
        assert text in page
    for run in (seat, full, line, held):
        assert run.title in page
    assert someone.run.title not in page


def test_a_municipalitys_courses_are_for_those_who_lead_it(town: Any, leader: Any, worker: Any) -> None:
    own = EnrolmentFactory(municipality=town, completed_at=timezone.now())
    other = EnrolmentFactory()
    address = reverse("courses:municipality", args=[town.code])
    page = signed_in(leader).get(address).content.decode()
    assert str(own.person) in page
    assert str(other.person) not in page
    assert signed_in(worker).get(address).status_code == 404
    assert str(own.person) not in signed_in(leader).get(address, {"state": "waiting"}).content.decode()
    assert str(own.person) in signed_in(leader).get(address, {"state": "completed"}).content.decode()


def test_a_municipalitys_courses_take_as_many_queries_with_250_as_with_25(town: Any, leader: Any) -> None:
    client, counts, run = signed_in(leader), [], RunFactory(capacity=400)
    for more in (25, 225):
        for _ in range(more):
            EnrolmentFactory(run=run, municipality=town, counted=False)
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("courses:municipality", args=[town.code]))
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 15


def test_the_rule_of_approval_is_set_by_a_leader_and_applies_from_then_on(town: Any, leader: Any, worker: Any) -> None:
    address = reverse("enrolment:policy", args=[town.code])
    assert signed_in(worker).post(address, {"approval_required": "on", "answer_days": 5}).status_code == 404
    assert signed_in(leader).post(address, {"approval_required": "on", "answer_days": 0}).status_code == 200
    assert not Policy.objects.exists()
    signed_in(leader).post(address, {"approval_required": "on", "answer_days": 5})
    (row,) = services.enrol(RunFactory(), [worker], by=worker)
    assert row.state == "requested"


def test_what_awaits_approval_stands_first_for_the_leader(town: Any, leader: Any, worker: Any) -> None:
    Policy.objects.create(municipality=town, approval_required=True)
    run = RunFactory()
    services.enrol(run, [worker], by=worker)
    text = f"Godkend tilmeldingen af {worker}: {run.title}"
    assert text in signed_in(leader).get(reverse("home:municipality", args=[town.code])).content.decode()
    assert text not in signed_in(worker).get(reverse("home:municipality", args=[town.code])).content.decode()
    listed = signed_in(leader).get(reverse("courses:municipality", args=[town.code])).content.decode()
    assert "Afventer jeres godkendelse" in listed


def test_those_with_a_seat_are_reminded_a_week_and_a_day_before_once_each(town: Any, worker: Any) -> None:
    run = RunFactory()
    EnrolmentFactory(run=run, person=worker, municipality=town)
    waits = EnrolmentFactory(run=run, state="waiting")
    for days, told in ((8, 0), (7, 1), (5, 1), (1, 2), (1, 2)):
        with time_machine.travel(run.starts_at - timedelta(days=days), tick=False):
            remind(day=timezone.localdate())
        assert len([one for one in subjects(worker) if "begynder" in one]) == told, days
    assert subjects(waits.person) == []


def test_an_offer_and_a_request_are_recalled_before_they_end(town: Any, leader: Any, worker: Any) -> None:
    run = RunFactory(capacity=1, promotion="offer")
    holder = EnrolmentFactory(run=run)
    services.enrol(run, [worker], by=worker)
    services.cancel(holder, by=holder.person)
    Policy.objects.create(municipality=town, approval_required=True)
    asks = MembershipFactory(municipality=town, role="caseworker").user
    (row,) = services.enrol(RunFactory(), [asks], by=asks)
    remind(day=timezone.localdate())
    assert not [one for one in subjects(worker) if "Svar i dag" in one]
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        remind(day=timezone.localdate())
    assert [one for one in subjects(worker) if "Svar i dag" in one]
    assert not [one for one in subjects(leader) if "afventer stadig" in one]
    with time_machine.travel(row.answer_by - timedelta(days=3), tick=False):
        remind(day=timezone.localdate())
    assert [one for one in subjects(leader) if "afventer stadig" in one]


def test_an_evaluation_is_asked_for_while_it_is_open_and_not_of_one_who_was_absent() -> None:
    run = RunFactory(held=True)
    evaluation_questions(run)
    came, absent = EnrolmentFactory(run=run), EnrolmentFactory(run=run)
    session = run.sessions.get()
    for row, present in ((came, True), (absent, False)):
        Attendance.objects.create(enrolment=row, session=session, present=present)
    address = reverse("completion:evaluate", kwargs=run.address_args)
    assert address in signed_in(came.person).get(reverse("courses:mine")).content.decode()
    assert address not in signed_in(absent.person).get(reverse("courses:mine")).content.decode()
    with time_machine.travel(run.ends_at + timedelta(days=22), tick=False):
        assert address not in signed_in(came.person).get(reverse("courses:mine")).content.decode()
