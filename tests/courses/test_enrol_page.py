"""The leader's minute: colleagues ticked or named, what the run asks, double bookings, and what is refused."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from courses.enrolment import services
from courses.enrolment.models import Enrolment, QuestionAnswer
from courses.runs.models import Question
from engagements.people.models import Invitation
from engagements.users.models import User
from tests.factories import EnrolmentFactory, MembershipFactory, MunicipalityFactory, RunFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Any:
    return MunicipalityFactory(name="Korsbæk")


@pytest.fixture
def leader(town: Any) -> Any:
    return MembershipFactory(municipality=town, role="leader").user


@pytest.fixture
def colleagues(town: Any) -> list[Any]:
    return [MembershipFactory(municipality=town, role="caseworker").user for _ in range(3)]


def address(run: Any, name: str = "enrol") -> str:
    return reverse(f"enrolment:{name}", kwargs=run.address_args)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def states(run: Any) -> list[str]:
    return list(run.enrolments.order_by("pk").values_list("state", flat=True))


def test_a_leader_enrols_colleagues_oneself_and_somebody_new_in_one_go(
    leader: Any, colleagues: list[Any], town: Any
) -> None:
    run = RunFactory(capacity=3)
    data = {
        "people": [leader.pk, *(one.pk for one in colleagues)],
        "name_0": "Jens Ny",
        "email_0": "Jens@Korsbaek.example",
        "mode": "queue",
    }
    answer = signed_in(leader).post(address(run), data, follow=True)
    assert states(run) == ["seated"] * 3 + ["waiting"] * 2
    page = answer.content.decode()
    assert "Jens Ny" in page
    assert "nummer 2 på ventelisten" in page
    assert "Alle 3 pladser var besat." in page
    jens = User.objects.get(email="jens@korsbaek.example")
    assert Invitation.objects.get(email=jens.email).municipality == town
    assert run.enrolments.get(person=jens).municipality == town


def test_the_same_person_ticked_and_written_in_another_case_counts_once(leader: Any, colleagues: list[Any]) -> None:
    run = RunFactory()
    lines = {
        "name_0": "X",
        "email_0": colleagues[0].email.upper(),
        "name_1": "Ny Kollega",
        "email_1": "ny@korsbaek.example",
        "name_2": "Ny Kollega",
        "email_2": "NY@korsbaek.example",
    }
    signed_in(leader).post(address(run), {"people": [colleagues[0].pk], **lines})
    assert run.enrolments.count() == 2


def test_a_second_click_enrols_nobody_twice(leader: Any, colleagues: list[Any]) -> None:
    run, client = RunFactory(), signed_in(leader)
    data = {"people": [one.pk for one in colleagues], "name_0": "Ny Kollega", "email_0": "ny@korsbaek.example"}
    for _ in range(2):
        assert client.post(address(run), data).status_code == 302
    assert run.enrolments.count() == 4


def test_somebody_from_another_municipality_cannot_be_ticked(leader: Any) -> None:
    run, stranger = RunFactory(), MembershipFactory(role="caseworker").user
    answer = signed_in(leader).post(address(run), {"people": [stranger.pk]})
    assert answer.status_code == 200
    assert not run.enrolments.exists()


def test_somebody_of_another_municipality_named_by_mail_is_refused_and_everything_typed_is_kept(
    leader: Any, colleagues: list[Any]
) -> None:
    run, stranger = RunFactory(), MembershipFactory(role="caseworker").user
    data = {"people": [colleagues[0].pk], "name_0": "En Fremmed", "email_0": stranger.email, "mode": "fewer"}
    answer = signed_in(leader).post(address(run), data)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="En Fremmed"' in page
    assert f'value="{colleagues[0].pk}" id="person-{colleagues[0].pk}" checked' in page
    assert not run.enrolments.exists()


def test_a_refused_enrolment_makes_no_account_and_sends_no_invitation(leader: Any) -> None:
    run = RunFactory(audience="leaders")
    signed_in(leader).post(address(run), {"people": [leader.pk], "name_0": "Ny Kollega", "email_0": "ny@x.example"})
    assert not User.objects.filter(email="ny@x.example").exists()
    assert not Invitation.objects.exists()
    assert mail.outbox == []


def test_a_municipality_that_is_not_ones_own_is_not_found(leader: Any) -> None:
    other = MunicipalityFactory()
    client = signed_in(leader)
    assert client.get(address(RunFactory()), {"municipality": other.code}).status_code == 404
    assert client.post(address(RunFactory()), {"municipality": other.code, "people": [leader.pk]}).status_code == 404


def test_a_caseworker_enrols_only_oneself(colleagues: list[Any]) -> None:
    run = RunFactory()
    client = signed_in(colleagues[0])
    answer = client.post(address(run), {"people": [colleagues[1].pk], "name_0": "A B", "email_0": "ab@x.example"})
    assert not run.enrolments.exists()
    answer = client.post(address(run), {"people": [colleagues[0].pk]})
    assert answer["Location"] == run.enrolments.get().get_absolute_url()


def test_a_text_in_the_lines_is_guarded(leader: Any) -> None:
    run = RunFactory()
    data = {"name_0": "Barn 010190-1234", "email_0": "ny@x.example"}
    assert "CPR" in signed_in(leader).post(address(run), data).content.decode()
    assert not run.enrolments.exists()


def test_all_or_none_waits_together_and_only_now_leaves_the_others_out(leader: Any, colleagues: list[Any]) -> None:
    group, fewer = RunFactory(capacity=2, minimum=1, release_at=None), RunFactory(capacity=3)
    EnrolmentFactory(run=fewer)
    people = [one.pk for one in colleagues]
    client = signed_in(leader)
    answer = client.post(address(group), {"people": people, "mode": "together"})
    assert answer.status_code == 409  # three can never sit together on two seats
    answer = client.post(address(fewer), {"people": people, "mode": "fewer"}, follow=True)
    assert fewer.enrolments.count() == 3
    assert f"Ikke tilmeldt, fordi der ikke var en plads nu: {colleagues[2]}." in answer.content.decode()


def test_the_questions_of_a_run_come_on_a_second_step_and_are_kept_by_person(
    leader: Any, colleagues: list[Any]
) -> None:
    run = RunFactory()
    diet = Question.objects.create(run=run, text="Diæt", required=True)
    other = Question.objects.create(run=RunFactory(), text="Et andet holds")
    client, one = signed_in(leader), colleagues[0]
    data: dict[str, Any] = {"people": [one.pk], "name_0": "Ny Kollega", "email_0": "ny@x.example"}
    first = client.post(address(run), data).content.decode()
    assert "Diæt" in first
    assert not run.enrolments.exists()
    data |= {"step": "answers", f"q{diet.pk}_{one.pk}": "Vegetar", f"q{other.pk}_{one.pk}": "Forkert"}
    again = client.post(address(run), data).content.decode()
    assert "Vegetar" in again  # kept, though the answer for the other one is missing
    assert not run.enrolments.exists()
    client.post(address(run), data | {f"q{diet.pk}_n-ny@x.example": "Ingen"})
    assert set(QuestionAnswer.objects.values_list("text", flat=True)) == {"Vegetar", "Ingen"}


def test_a_double_booking_is_shown_and_needs_a_yes(leader: Any, colleagues: list[Any]) -> None:
    run, one = RunFactory(), colleagues[0]
    same_day = RunFactory(starts_at=run.starts_at + timedelta(hours=1))
    later = RunFactory(starts_at=run.starts_at + timedelta(days=1))
    services.enrol(same_day, [one], by=one)
    services.enrol(later, [one], by=one)
    client, data = signed_in(leader), {"people": [one.pk]}
    page = client.post(address(run), data).content.decode()
    assert same_day.title in page
    assert later.title not in page
    assert not run.enrolments.exists()
    client.post(address(run), data | {"step": "answers", "double": "on"})
    assert run.enrolments.count() == 1


def test_a_second_after_closing_nobody_is_enrolled(leader: Any) -> None:
    run = RunFactory()
    with time_machine.travel(run.closes_at + timedelta(seconds=1), tick=False):
        client = signed_in(leader)
        answer = client.post(address(run), {"people": [leader.pk]})
        assert answer.status_code == 409
        assert "Tilmeldingen lukkede" in answer.content.decode()
        assert "Tilmeldingen lukkede" in client.get(address(run)).content.decode()
    assert not Enrolment.objects.exists()


def test_an_organiser_enrols_people_of_a_chosen_municipality_but_invites_nobody(town: Any, leader: Any) -> None:
    run, client = RunFactory(), signed_in(StaffFactory(group="courses"))
    data = {"municipality": town.code, "people": [leader.pk], "name_0": "Ny Kollega", "email_0": "ny@x.example"}
    client.post(address(run), data)
    assert run.enrolments.get().person == leader
    assert not User.objects.filter(email="ny@x.example").exists()


def test_a_stranger_sees_nobodys_names_on_our_enrolments(leader: Any, colleagues: list[Any]) -> None:
    run = RunFactory()
    services.enrol(run, colleagues, by=leader)
    stranger = MembershipFactory(role="leader").user
    assert str(colleagues[0]) not in signed_in(stranger).get(address(run, "ours") + "?new=1,2,x").content.decode()
    assert str(colleagues[0]) in signed_in(leader).get(address(run, "ours")).content.decode()
