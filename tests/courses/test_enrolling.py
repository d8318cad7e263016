"""Enrolling: who gets a seat, who waits, who may enrol whom."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from courses.enrolment import services
from courses.enrolment.arrivals import Refused
from courses.enrolment.services import enrol
from courses.models import Enrolment, Policy, Run
from engagements.models import Municipality, Notice
from engagements.people.models import Role
from engagements.users.models import User
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Municipality:
    found: Municipality = f.MunicipalityFactory()
    return found


@pytest.fixture
def leader(town: Municipality) -> User:
    found: User = f.MembershipFactory(municipality=town, role=Role.LEADER).user
    return found


def colleagues(town: Municipality, count: int) -> list[User]:
    return [f.MembershipFactory(municipality=town, role=Role.CASEWORKER).user for _ in range(count)]


def states(rows: list[Enrolment]) -> list[str]:
    return [row.state for row in rows]


def refused(code: str, run: Run, people: list[User], **how: object) -> None:
    with pytest.raises(Refused) as caught:
        enrol(run, people, **how)  # type: ignore[arg-type]
    assert caught.value.code == code
    assert not run.enrolments.filter(person__in=people).exists()


def test_a_leader_enrols_five_colleagues_and_those_without_a_seat_wait_in_order(
    town: Municipality, leader: User
) -> None:
    run = f.RunFactory(capacity=3)
    rows = enrol(run, colleagues(town, 5), by=leader)
    assert states(rows) == ["seated", "seated", "seated", "waiting", "waiting"]
    assert [services.place_in_line(row) for row in rows] == [0, 0, 0, 1, 2]
    run.refresh_from_db()
    assert (run.taken, run.free) == (3, 0)
    assert {row.role for row in rows} == {Role.CASEWORKER}
    assert {row.municipality for row in rows} == {town}


def test_every_enrolment_has_a_trace_that_says_why(town: Municipality, leader: User) -> None:
    rows = enrol(f.RunFactory(capacity=1), colleagues(town, 2), by=leader)
    reasons = [(trace.state, trace.reason, trace.facts) for row in rows for trace in row.traces.all()]
    assert reasons == [
        ("seated", "free", {"capacity": 1, "taken": 1}),
        ("waiting", "full", {"capacity": 1, "taken": 1, "place": 1}),
    ]


def test_each_person_is_told_and_whoever_enrolled_gets_a_receipt(town: Municipality, leader: User) -> None:
    people = colleagues(town, 2)
    enrol(f.RunFactory(capacity=1), people, by=leader)
    assert [Notice.objects.filter(recipient=person).count() for person in [*people, leader]] == [1, 1, 1]


def test_the_same_person_named_twice_counts_once_and_enrolling_again_changes_nothing(
    town: Municipality, leader: User
) -> None:
    run, [person] = f.RunFactory(), colleagues(town, 1)
    [row] = enrol(run, [person, person], by=leader)
    assert enrol(run, [person], by=person) == [row]
    assert run.enrolments.count() == 1
    assert row.traces.count() == 1


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("not_open", {"opens_at": timedelta(seconds=1)}),
        ("closed", {"closes_at": timedelta(seconds=-1)}),
        ("closed", {"closes_at": timedelta()}),
        ("not_published", {"state": "draft"}),
        ("run_cancelled", {"state": "cancelled"}),
    ],
)
def test_nobody_is_enrolled_outside_the_time_of_enrolment(
    town: Municipality, leader: User, code: str, change: dict[str, object]
) -> None:
    run, at = f.RunFactory(), timezone.now()
    for name, value in change.items():
        setattr(run, name, at + value if isinstance(value, timedelta) else value)
    run.save()
    refused(code, run, colleagues(town, 1), by=leader, at=at)


def test_one_may_enrol_oneself_and_a_leader_the_own_colleagues_but_nobody_else(
    town: Municipality, leader: User
) -> None:
    run, [person, other] = f.RunFactory(), colleagues(town, 2)
    stranger = f.MembershipFactory().user
    assert states(enrol(run, [person], by=person)) == ["seated"]
    refused("not_allowed", run, [other], by=person)
    refused("not_allowed", run, [stranger], by=leader)
    refused("elsewhere", run, [stranger], by=leader, municipality=town)
    assert states(enrol(run, [stranger, other], by=f.StaffFactory(group="courses"))) == ["seated", "seated"]


def test_a_person_without_membership_counts_with_the_municipality_of_the_leader_who_names_them(
    town: Municipality, leader: User
) -> None:
    [row] = enrol(f.RunFactory(), [f.UserFactory()], by=leader)
    assert row.municipality == town


def test_a_run_for_leaders_takes_no_caseworkers(town: Municipality, leader: User) -> None:
    run = f.RunFactory(audience="leaders")
    refused("audience", run, colleagues(town, 1), by=leader)
    assert states(enrol(run, [leader], by=leader)) == ["seated"]


def test_a_group_sits_together_or_waits_as_one(town: Municipality, leader: User) -> None:
    run = f.RunFactory(capacity=3)
    enrol(run, [leader], by=leader)
    assert states(enrol(run, colleagues(town, 3), by=leader, together=True)) == ["waiting"] * 3
    assert states(enrol(run, colleagues(town, 2), by=leader, together=True)) == ["seated"] * 2
    refused("too_many", run, colleagues(town, 4), by=leader, together=True)


def test_splitting_a_group_lets_as_many_as_fit_in(town: Municipality, leader: User) -> None:
    run = f.RunFactory(capacity=3)
    enrol(run, [leader], by=leader)
    rows = enrol(run, colleagues(town, 3), by=leader, together=True)
    services.split(rows[0].party, by=leader)  # type: ignore[arg-type]
    assert list(run.enrolments.filter(party=rows[0].party).order_by("pk").values_list("state", flat=True)) == [
        "seated",
        "seated",
        "waiting",
    ]


def test_only_as_many_as_get_a_seat_are_enrolled_when_that_is_asked_for(town: Municipality, leader: User) -> None:
    run = f.RunFactory(capacity=2)
    assert states(enrol(run, colleagues(town, 3), by=leader, fewer=True)) == ["seated", "seated"]
    assert run.enrolments.count() == 2


def test_a_quota_holds_until_the_unused_seats_are_released(town: Municipality, leader: User) -> None:
    run = f.RunFactory(capacity=4, quota=2, release_at=timezone.now() + timedelta(days=3))
    rows = enrol(run, colleagues(town, 4), by=leader)
    assert states(rows) == ["seated", "seated", "waiting", "waiting"]
    assert rows[2].traces.get().reason == "quota"
    services.settle_due(run.release_at - timedelta(seconds=1))
    assert run.enrolments.seated().count() == 2
    assert services.settle_due(run.release_at) == 1
    assert run.enrolments.seated().count() == 4
    assert services.settle_due(run.release_at) == 0


def test_reserved_seats_are_kept_for_their_municipality(town: Municipality, leader: User) -> None:
    run, organiser = f.RunFactory(capacity=2), f.StaffFactory(group="courses")
    elsewhere = f.MembershipFactory(role=Role.LEADER)
    services.set_shares(run, quota=None, shares=[(town, None, 1)], by=organiser)
    assert run.withheld == 1
    rows = enrol(
        run, [elsewhere.user, f.MembershipFactory(municipality=elsewhere.municipality).user], by=elsewhere.user
    )
    assert states(rows) == ["seated", "waiting"]
    assert rows[1].traces.get().reason == "reserved"
    assert states(enrol(run, [leader], by=leader)) == ["seated"]


def test_a_caseworker_in_training_waits_until_the_release(town: Municipality, leader: User) -> None:
    run = f.RunFactory(training_last=True, release_at=timezone.now() + timedelta(days=3))
    [person] = colleagues(town, 1)
    [row] = enrol(run, [person], by=leader, in_training=[person])
    assert (row.state, row.traces.get().reason) == ("waiting", "training")
    services.release(run, by=f.StaffFactory(group="courses"))
    row.refresh_from_db()
    assert row.state == "seated"


def test_the_own_leader_approves_where_the_municipality_wants_it(town: Municipality, leader: User) -> None:
    Policy.objects.create(municipality=town, approval_required=True)
    run, [person, other] = f.RunFactory(capacity=1), colleagues(town, 2)
    [row] = enrol(run, [person], by=person)
    assert (row.state, run.enrolments.holding().count()) == ("requested", 0)
    assert Notice.objects.filter(recipient=leader).count() == 1
    with pytest.raises(Refused):
        services.approve(row, by=person)
    services.approve(row, by=leader)
    assert row.state == "seated"
    [second] = enrol(run, [other], by=other)
    services.approve(second, by=leader)
    assert second.state == "waiting"
    assert [trace.reason for trace in second.traces.all()] == ["approval", "line", "full"]
    assert states(enrol(f.RunFactory(), [other], by=leader)) == ["seated"]


def test_where_nobody_can_approve_nobody_needs_to(town: Municipality, leader: User) -> None:
    Policy.objects.create(municipality=town, approval_required=True)
    run, [first, second] = f.RunFactory(), colleagues(town, 2)
    assert states(enrol(run, [first], by=first)) == ["requested"]
    leader.memberships.update(ended_on=timezone.localdate())
    assert states(enrol(run, [second], by=second)) == ["seated"]
    f.MembershipFactory(municipality=town, role=Role.COORDINATOR)
    assert states(enrol(f.RunFactory(), [second], by=second)) == ["requested"]


@pytest.mark.parametrize(
    ("rules", "numbered"), [({}, True), ({"waiting_order": "spread"}, False), ({"training_last": True}, False)]
)
def test_the_mail_names_a_place_in_line_only_where_it_is_the_order_of_arrival(
    rules: dict[str, Any], numbered: bool, town: Municipality
) -> None:
    run, [person] = f.RunFactory(capacity=1, **rules), colleagues(town, 1)
    f.EnrolmentFactory(run=run)
    enrol(run, [person], by=person)
    body = Notice.objects.get(recipient=person).body
    assert ("nummer 1" in body) is numbered
    assert "på ventelisten" in body


def test_a_refused_request_ends_and_lets_the_group_that_waited_for_it_in(town: Municipality, leader: User) -> None:
    Policy.objects.create(municipality=town, approval_required=True)
    run, [person] = f.RunFactory(), colleagues(town, 1)
    [row] = enrol(run, [person], by=person)
    services.reject(row, by=leader, note="Ikke i år")
    assert row.state == "rejected"
    services.reject(row, by=leader)
    assert states(enrol(run, [person], by=leader)) == ["seated"]


def test_a_request_that_nobody_answers_expires_at_its_time(town: Municipality, leader: User) -> None:
    Policy.objects.create(municipality=town, approval_required=True, answer_days=2)
    run, [person] = f.RunFactory(), colleagues(town, 1)
    at = timezone.now()
    [row] = enrol(run, [person], by=person, at=at)
    assert row.answer_by == at + timedelta(days=2)
    assert services.settle_due(at + timedelta(days=2)) == 1
    row.refresh_from_db()
    assert row.state == "expired"
    with pytest.raises(Refused):
        services.approve(row, by=leader)


def test_answers_to_the_runs_questions_are_kept_and_guarded(town: Municipality, leader: User) -> None:
    run, [person] = f.RunFactory(), colleagues(town, 1)
    question = run.questions.create(text="Kost")
    foreign = f.RunFactory().questions.create(text="Kost")
    with pytest.raises(ValidationError):
        enrol(run, [person], by=leader, answers={person.pk: {question.pk: "Se 010190-1234"}})
    [row] = enrol(run, [person], by=leader, answers={person.pk: {question.pk: " Vegetar ", foreign.pk: "Nej"}})
    assert [(answer.question, answer.text) for answer in row.answers.all()] == [(question, "Vegetar")]


def test_a_membership_that_has_ended_or_was_never_approved_counts_for_nothing(town: Municipality) -> None:
    today = timezone.localdate()
    ended = f.MembershipFactory(municipality=town, ended_on=today).user
    ends_tomorrow = f.MembershipFactory(municipality=town, ended_on=today + timedelta(days=1)).user
    unapproved = f.MembershipFactory(municipality=town, approved_at=None).user
    run = f.RunFactory()
    homes = [enrol(run, [person], by=person)[0].municipality for person in (ended, ends_tomorrow, unapproved)]
    assert homes == [None, town, None]


@pytest.mark.parametrize("count", [1, 10])
def test_ten_are_enrolled_with_as_many_queries_as_one(
    count: int, town: Municipality, leader: User, django_assert_max_num_queries: Any
) -> None:
    run, people = f.RunFactory(capacity=5), colleagues(town, count)
    with django_assert_max_num_queries(17):
        enrol(run, people, by=leader)
