"""The page of a run: public, quiet about links and names, and light however many are enrolled."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from courses.enrolment import services
from courses.enrolment.models import Enrolment
from courses.runs.models import RunMaterial
from engagements.users.models import User
from tests.factories import EnrolmentFactory, MembershipFactory, MunicipalityFactory, RunFactory, StaffFactory

pytestmark = pytest.mark.django_db
LINK = "https://moede.example/hemmelig"


def page(run: Any, user: Any = None) -> str:
    client = Client()
    if user is not None:
        client.force_login(user)
    answer = client.get(run.get_absolute_url())
    assert answer.status_code == 200
    return answer.content.decode()


def online(**kwargs: Any) -> Any:
    run = RunFactory(**kwargs)
    run.sessions.update(place="", online_link=LINK)
    return run


def test_the_online_link_is_for_those_with_a_seat_and_those_who_hold_the_run() -> None:
    run = online(capacity=1)
    seated = EnrolmentFactory(run=run)
    waits = EnrolmentFactory(run=run, state="waiting")
    assert LINK in page(run, seated.person)
    assert LINK in page(run, StaffFactory(group="courses"))
    for reader in (None, waits.person, StaffFactory(group="analyst")):
        assert LINK not in page(run, reader)


def test_a_draft_is_not_found_and_a_cancelled_run_says_why() -> None:
    assert Client().get(RunFactory(state="draft").get_absolute_url()).status_code == 404
    run = RunFactory(state="cancelled", cancelled_because="For få tilmeldte.")
    assert "For få tilmeldte." in page(run)


def test_an_address_with_another_course_leads_to_the_right_one() -> None:
    run = RunFactory()
    answer = Client().get(run.get_absolute_url().replace(run.course.slug, "noget-andet"))
    assert answer["Location"] == run.get_absolute_url()


def test_a_leader_sees_names_and_the_quota_and_a_colleague_only_the_count() -> None:
    town = MunicipalityFactory()
    leader = MembershipFactory(municipality=town, role="leader").user
    one, two = (MembershipFactory(municipality=town, role="caseworker").user for _ in range(2))
    run = RunFactory(quota=3, release_at=timezone.now() + timedelta(days=5))
    services.enrol(run, [one], by=leader)
    theirs = page(run, leader)
    assert str(one) in theirs
    assert "1 af jeres 3 pladser er brugt." in theirs
    colleague = page(run, two)
    assert str(one) not in colleague
    assert "1 af jeres 3 pladser er brugt." in colleague


def test_material_is_for_those_with_a_seat() -> None:
    run = RunFactory()
    RunMaterial.objects.create(run=run, title="Oplæg om samtalen", link="https://example.org/x")
    assert "Oplæg om samtalen" in page(run, EnrolmentFactory(run=run).person)
    assert "Oplæg om samtalen" not in page(run, MembershipFactory().user)


def test_one_who_waits_reads_place_and_reason_on_the_page() -> None:
    run = RunFactory(capacity=1)
    EnrolmentFactory(run=run)
    person = MembershipFactory(role="caseworker").user
    services.enrol(run, [person], by=person)
    assert "Nummer 1 på ventelisten lige nu." in page(run, person)


@pytest.mark.parametrize("role", ["leader", "caseworker"])
def test_with_a_thousand_enrolled_the_page_takes_fifteen_queries(role: str, django_assert_max_num_queries: Any) -> None:
    town = MunicipalityFactory()
    run = RunFactory(capacity=600, sessions=3, quota=500)
    people = User.objects.bulk_create([User(email=f"p{n}@example.org", password="!") for n in range(999)])
    now = timezone.now()
    Enrolment.objects.bulk_create(
        Enrolment(
            run=run,
            person=person,
            municipality=town if n % 100 == 0 else None,
            state="seated" if n < 600 else "waiting",
            queued_at=now,
        )
        for n, person in enumerate(people)
    )
    reader = MembershipFactory(municipality=town, role=role).user
    services.enrol(run, [reader], by=reader)
    client = Client()
    client.force_login(reader)
    with django_assert_max_num_queries(15):
        assert "Nummer 400 på ventelisten" in client.get(run.get_absolute_url()).content.decode()


def test_a_run_for_members_is_found_by_those_enrolled_on_it_and_by_no_other_caseworker() -> None:
    run = RunFactory(members_only=True)
    row, other = EnrolmentFactory(run=run), EnrolmentFactory()
    assert run.title in page(run, row.person)
    client = Client()
    client.force_login(other.person)
    assert client.get(run.get_absolute_url()).status_code == 404
