"""The page of an enrolment: why, and what may become of it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from courses.enrolment import services
from courses.enrolment.explaining import explain
from courses.enrolment.models import Policy, QuestionAnswer
from courses.runs.models import Question, Teacher
from engagements.models import Notice
from tests.factories import (
    EnrolmentFactory,
    MembershipFactory,
    MunicipalityFactory,
    RunFactory,
    StaffFactory,
    UserFactory,
)

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


def test_nobody_approves_their_own_and_no_system_step_has_an_address(town: Any, leader: Any, worker: Any) -> None:
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
    assert "Giv pladsen videre" in signed_in(worker).get(new.get_absolute_url()).content.decode()


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


def test_one_hands_the_own_seat_to_a_colleague_but_to_nobody_of_another_municipality(town: Any, worker: Any) -> None:
    run = RunFactory()
    (row,) = services.enrol(run, [worker], by=worker)
    colleague, stranger = (MembershipFactory(municipality=home).user for home in (town, MunicipalityFactory()))
    councillor = MembershipFactory(municipality=town, role="council").user
    client = signed_in(worker)
    assert "Giv pladsen videre" in client.get(row.get_absolute_url()).text
    for nobody in (stranger, councillor, UserFactory()):
        assert client.post(at(row, "swap"), {"person": nobody.pk}).status_code == 200
    for nobody in (stranger, UserFactory()):
        with pytest.raises(ValidationError):
            services.swap(row, nobody, by=worker)
    client.post(at(row, "swap"), {"person": colleague.pk})
    assert run.enrolments.get(state="seated").person == colleague


def test_where_a_leader_approves_the_leader_hands_the_seat_over(town: Any, leader: Any, worker: Any) -> None:
    run = RunFactory()
    (row,) = services.enrol(run, [worker], by=leader)
    Policy.objects.create(municipality=town, approval_required=True)
    colleague = MembershipFactory(municipality=town, role="caseworker").user
    client = signed_in(worker)
    assert "Bed en leder eller tovholder" in client.get(at(row, "swap")).text
    assert client.post(at(row, "swap"), {"person": colleague.pk}).status_code == 409
    assert run.enrolments.get(state="seated").person == worker
    signed_in(leader).post(at(row, "swap"), {"person": colleague.pk})
    assert run.enrolments.get(state="seated").person == colleague


def test_one_who_was_let_go_moves_to_other_dates_and_the_leaders_hear_of_it(
    town: Any, leader: Any, worker: Any
) -> None:
    run = RunFactory(training_last=True)
    other = RunFactory(course=run.course)
    (row,) = services.enrol(run, [worker], by=leader, in_training=[worker])
    Policy.objects.create(municipality=town, approval_required=True)
    signed_in(worker).post(at(row, "transfer"), {"run": other.pk})
    new = other.enrolments.get(person=worker)
    assert (new.state, new.in_training) == ("seated", True)
    assert Notice.objects.filter(recipient=leader, subject__contains="er flyttet til andre datoer").count() == 1


def test_for_another_course_the_leader_is_asked_before_the_seat_is_given_up(
    town: Any, leader: Any, worker: Any
) -> None:
    (row,) = services.enrol(RunFactory(), [worker], by=leader)
    Policy.objects.create(municipality=town, approval_required=True)
    other = RunFactory()
    for wait in (False, True):
        with pytest.raises(ValidationError) as refused:
            services.transfer(row, other, by=worker, wait=wait)
        assert refused.value.code == "approval"
    row.refresh_from_db()
    assert row.state == "seated"
    assert not other.enrolments.exists()


def test_only_runs_where_the_person_may_go_are_offered(town: Any, leader: Any, worker: Any) -> None:
    run = RunFactory()
    for_leaders = RunFactory(course=run.course, audience="leaders")
    for_members = RunFactory(course=run.course, members_only=True)
    for person, allowed in ((worker, []), (leader, [for_leaders, for_members])):
        (row,) = services.enrol(run, [person], by=leader)
        page = signed_in(leader).get(at(row, "transfer"))
        offered = list(page.context["form"].fields["run"].queryset)
        assert sorted(one.pk for one in offered) == [one.pk for one in allowed], person
        if not allowed:
            assert signed_in(leader).post(at(row, "transfer"), {"run": for_members.pk}).status_code == 200
            assert not for_members.enrolments.exists()


def test_organisers_see_late_cancellations_with_their_reason(worker: Any) -> None:
    organiser = StaffFactory(group="courses")
    run = RunFactory(created_by=organiser)
    early, handed_over = EnrolmentFactory.create_batch(2, run=run)
    (row,) = services.enrol(run, [worker], by=worker)
    services.cancel(early, by=early.person)
    with time_machine.travel(run.cancel_until + timedelta(minutes=1), tick=False):
        services.cancel(row, by=worker, note="Vagtplanen er ændret")
        services.swap(handed_over, MembershipFactory(municipality=handed_over.municipality).user, by=organiser)
    notice = Notice.objects.get(recipient=organiser)
    assert notice.subject.startswith("Sen afmelding")
    assert "Vagtplanen" not in notice.body
    client = signed_in(organiser)
    assert [one.enrolment for one in client.get(notice.address).context["late"]] == [row]
    assert "Vagtplanen er ændret" in client.get(notice.address).text
    overview = client.get(reverse("runs:edit", kwargs=run.address_args))
    assert "Hvem og hvorfor" in overview.text
    assert overview.context["late"] == 1


def test_the_reason_of_a_late_cancellation_is_not_for_the_teacher(worker: Any) -> None:
    run = RunFactory()
    teacher = UserFactory()
    Teacher.objects.create(run=run, user=teacher, name="Underviser")
    (row,) = services.enrol(run, [worker], by=worker)
    with time_machine.travel(run.cancel_until + timedelta(minutes=1), tick=False):
        services.cancel(row, by=worker, note="Jeg er blevet syg")
        seen = {
            user: "Jeg er blevet syg" in signed_in(user).get(row.get_absolute_url()).text
            for user in (worker, teacher, StaffFactory(group="courses"))
        }
        assert signed_in(teacher).get(row.get_absolute_url()).status_code == 200
    assert list(seen.values()) == [True, False, True]


def test_an_organiser_is_not_told_of_the_own_act_nor_of_somebody_who_comes_on_another_date(worker: Any) -> None:
    organiser = StaffFactory(group="courses")
    run = RunFactory(created_by=organiser)
    first, second = EnrolmentFactory.create_batch(2, run=run)
    other = RunFactory(course=run.course, starts_at=run.starts_at + timedelta(days=30))
    with time_machine.travel(run.cancel_until + timedelta(minutes=1), tick=False):
        services.cancel(first, by=organiser, note="Syg")
        services.transfer(second, other, by=second.person)
    assert not Notice.objects.filter(recipient=organiser, key__endswith=":late").exists()
    assert list(run.enrolments.filter(late=True)) == [first]


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
    run, teacher = RunFactory(), StaffFactory()
    Teacher.objects.create(run=run, user=teacher, name="Mona Svendsen")
    (row,) = services.enrol(run, [worker], by=worker)
    client = signed_in(teacher)
    assert client.get(row.get_absolute_url()).status_code == 200
    for name, status in (("cancel", 403), ("transfer", 403), ("swap", 404)):
        assert client.post(at(row, name)).status_code == status, name
