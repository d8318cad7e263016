"""Seats that become free: who moves up, when, and what is written about it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from courses.enrolment import services
from courses.enrolment.arrivals import Refused
from courses.enrolment.services import cancel, enrol
from courses.models import Enrolment, Run
from engagements.models import Notice, OutboxMessage
from engagements.people.models import Role
from engagements.users.models import User
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser() -> User:
    found: User = f.StaffFactory(group="courses")
    return found


def fill(run: Run, waiting: int, **how: Any) -> list[Enrolment]:
    """People of one municipality take every seat, and so many more wait."""
    leader = f.MembershipFactory(role=Role.LEADER)
    people = [f.MembershipFactory(municipality=leader.municipality).user for _ in range(run.capacity + waiting)]
    return enrol(run, people, by=leader.user, **how)


def now(row: Enrolment) -> str:
    row.refresh_from_db()
    return row.state


def last(row: Enrolment) -> tuple[str, str, str]:
    found = row.traces.last()
    assert found is not None
    return found.cause, found.state, found.reason


def test_a_cancellation_gives_the_seat_to_the_next_in_line_and_both_are_told() -> None:
    run = f.RunFactory(capacity=2)
    seated, _, first, second = fill(run, 2)
    cancel(seated, by=seated.person)
    assert [now(row) for row in (seated, first, second)] == ["cancelled", "seated", "waiting"]
    assert last(first) == ("cancelled", "seated", "next")
    assert last(seated) == ("cancelled", "cancelled", "ended")
    run.refresh_from_db()
    assert run.taken == 2
    assert Notice.objects.filter(recipient=first.person, key__endswith=":seated").exists()


def test_cancelling_twice_or_cancelling_while_waiting_moves_nobody_up_twice() -> None:
    run = f.RunFactory(capacity=1)
    seated, first, second = fill(run, 2)
    cancel(first, by=first.person)
    assert [now(row) for row in (seated, first, second)] == ["seated", "cancelled", "waiting"]
    for _ in range(2):
        cancel(seated, by=seated.person)
    assert now(second) == "seated"
    assert seated.traces.count() == 2


def test_after_the_date_for_cancelling_a_reason_is_asked_for() -> None:
    run = f.RunFactory(capacity=1)
    [row] = fill(run, 0)
    late = run.cancel_until + timedelta(seconds=1)
    with pytest.raises(Refused) as caught:
        cancel(row, by=row.person, at=late)
    assert (caught.value.code, now(row)) == ("reason", "seated")
    cancel(row, by=row.person, note="Syg", at=late)
    assert (now(row), row.late) == ("cancelled", True)


def test_a_stranger_cannot_cancel_and_nobody_after_the_run() -> None:
    run = f.RunFactory(capacity=1)
    [row] = fill(run, 0)
    with pytest.raises(Refused):
        cancel(row, by=f.MembershipFactory(role=Role.LEADER).user)
    with pytest.raises(Refused) as caught:
        cancel(row, by=row.person, note="Syg", at=run.ends_at)
    assert caught.value.code == "over"


def test_nobody_moves_up_once_the_run_has_begun(organiser: User) -> None:
    run = f.RunFactory(capacity=1)
    seated, first = fill(run, 1)
    cancel(seated, by=organiser, note="Syg", at=run.starts_at)
    assert now(first) == "unseated"


def test_an_offered_seat_is_kept_until_its_time_and_then_goes_to_the_next() -> None:
    run = f.RunFactory(capacity=1, promotion="offer", offer_hours=24)
    seated, first, second = fill(run, 2)
    at = timezone.now()
    cancel(seated, by=seated.person, at=at)
    assert now(first) == "offered"
    assert first.answer_by == at + timedelta(hours=24)
    assert enrol(run, [f.MembershipFactory().user], by=f.StaffFactory(group="courses"))[0].state == "waiting"
    services.settle_due(first.answer_by)
    assert [now(row) for row in (first, second)] == ["expired", "offered"]
    assert last(second) == ("expired", "offered", "next")
    services.accept_offer(second, by=second.person, at=at + timedelta(hours=25))
    services.accept_offer(second, by=second.person, at=at + timedelta(hours=25))
    assert (now(second), second.answer_by) == ("seated", None)


def test_an_offer_that_has_expired_cannot_be_taken_even_before_the_clock_has_run() -> None:
    run = f.RunFactory(capacity=1, promotion="offer")
    seated, first, _second = fill(run, 2)
    cancel(seated, by=seated.person)
    first.refresh_from_db()
    assert first.answer_by is not None
    with pytest.raises(Refused):
        services.accept_offer(first, by=first.person, at=first.answer_by)


def test_whoever_enrols_again_the_moment_the_offer_has_ended_stands_last_in_line() -> None:
    run = f.RunFactory(capacity=1, promotion="offer")
    seated, first, second = fill(run, 2)
    cancel(seated, by=seated.person)
    first.refresh_from_db()
    [again] = enrol(run, [first.person], by=first.person, at=first.answer_by)
    assert [now(row) for row in (first, second, again)] == ["expired", "offered", "waiting"]


def test_declining_an_offer_gives_it_to_the_next() -> None:
    run = f.RunFactory(capacity=1, promotion="offer")
    seated, first, second = fill(run, 2)
    cancel(seated, by=seated.person)
    cancel(first, by=first.person)
    assert [now(row) for row in (first, second)] == ["cancelled", "offered"]


def test_more_seats_let_those_who_wait_in_and_fewer_than_taken_are_refused(organiser: User) -> None:
    run = f.RunFactory(capacity=2)
    rows = fill(run, 3)
    services.set_capacity(run, 4, by=organiser)
    assert [now(row) for row in rows] == ["seated"] * 4 + ["waiting"]
    for wrong, code in ((3, "below_taken"), (0, "capacity"), (-5, "capacity"), (2001, "capacity")):
        with pytest.raises(Refused) as caught:
            services.set_capacity(run, wrong, by=organiser)
        assert caught.value.code == code
    run.refresh_from_db()
    assert (run.capacity, run.taken) == (4, 4)


def test_only_an_organiser_changes_seats() -> None:
    run = f.RunFactory()
    with pytest.raises(Refused):
        services.set_capacity(run, 30, by=f.MembershipFactory(role=Role.LEADER).user)
    with pytest.raises(Refused):
        services.release(run, by=f.StaffFactory(group="network"))


def test_whoever_is_passed_over_for_a_new_reason_gets_a_trace(organiser: User) -> None:
    run = f.RunFactory(capacity=2, quota=2, release_at=timezone.now() + timedelta(days=5))
    rows = fill(run, 1)
    other = f.MembershipFactory()
    [behind] = enrol(run, [other.user], by=organiser)
    assert rows[2].traces.get().reason == "full"
    services.set_capacity(run, 3, by=organiser)
    assert [now(row) for row in (rows[2], behind)] == ["waiting", "seated"]
    assert last(rows[2]) == ("capacity", "waiting", "quota")


def test_a_seat_is_handed_over_to_a_colleague_but_not_to_another_municipality(organiser: User) -> None:
    run = f.RunFactory(capacity=1)
    seated, first = fill(run, 1)
    colleague = f.MembershipFactory(municipality=seated.municipality).user
    leader = seated.created_by
    assert leader is not None
    with pytest.raises(Refused):
        services.swap(seated, f.MembershipFactory().user, by=leader)
    with pytest.raises(Refused):
        services.swap(seated, first.person, by=leader)
    new = services.swap(seated, colleague, by=leader)
    assert [now(row) for row in (seated, first, new)] == ["cancelled", "waiting", "seated"]
    assert new.moved_from == seated
    run.refresh_from_db()
    assert run.taken == 1


def test_moving_to_another_run_gives_the_seat_left_behind_to_the_next() -> None:
    course = f.CourseFactory()
    run, other = f.RunFactory(capacity=1, course=course), f.RunFactory(capacity=1, course=course)
    seated, first = fill(run, 1)
    new = services.transfer(seated, other, by=seated.person)
    assert [now(row) for row in (seated, first, new)] == ["cancelled", "seated", "seated"]
    with pytest.raises(Refused) as caught:
        services.transfer(first, other, by=first.person)
    assert (caught.value.code, now(first)) == ("full", "seated")
    assert not other.enrolments.filter(person=first.person).exists()
    assert services.transfer(first, other, by=first.person, wait=True).state == "waiting"


def test_cancelling_a_run_ends_every_enrolment_and_tells_everyone_once(organiser: User) -> None:
    run, other = f.RunFactory(capacity=1), f.RunFactory()
    rows = fill(run, 2)
    services.cancel_run(run, by=organiser, note="Underviseren er syg", offers=[other])
    assert {now(row) for row in rows} == {"cancelled"}
    run.refresh_from_db()
    assert (run.state, run.taken) == ("cancelled", 0)
    told = Notice.objects.filter(key=f"run-cancelled:{run.pk}")
    assert {notice.recipient for notice in told} == {row.person for row in rows}
    assert all(other.title in notice.body for notice in told)
    with pytest.raises(Refused):
        enrol(run, [rows[0].person], by=organiser)


def test_a_seat_that_is_rolled_back_leaves_no_mail_and_no_trace() -> None:
    from django.db import transaction

    run, person = f.RunFactory(), f.MembershipFactory().user
    with transaction.atomic():
        enrol(run, [person], by=person)
        transaction.set_rollback(True)
    assert not OutboxMessage.objects.filter(to=person.email).exists()
    assert not run.enrolments.exists()


@pytest.mark.parametrize("count", [1, 20])
def test_twenty_people_move_up_in_thirty_queries(
    count: int, organiser: User, django_assert_max_num_queries: Any
) -> None:
    run = f.RunFactory(capacity=1)
    fill(run, 40)
    run.refresh_from_db()
    with django_assert_max_num_queries(30):
        services.set_capacity(run, 1 + count, by=organiser)
    assert run.enrolments.seated().count() == 1 + count


def test_one_who_moves_to_another_run_is_taken_out_of_the_calendar_of_the_first() -> None:
    run = f.RunFactory(capacity=1)
    [row] = fill(run, 0)
    services.transfer(row, f.RunFactory(course=run.course), by=row.person)
    assert Notice.objects.filter(recipient=row.person, key=f"enrolment:{row.pk}:cancelled").exists()


def test_nobody_enrols_or_moves_away_once_the_run_has_begun() -> None:
    run = f.RunFactory(capacity=2)
    run.closes_at = run.ends_at
    run.save()
    [row, _other] = fill(run, 0)
    begun = run.starts_at
    with pytest.raises(Refused) as caught:
        services.transfer(row, f.RunFactory(course=run.course), by=row.person, at=begun)
    assert caught.value.code == "begun"
    late = f.MembershipFactory().user
    with pytest.raises(Refused) as caught:
        enrol(run, [late], by=late, at=begun)
    assert caught.value.code == "begun"


def test_when_the_run_begins_everything_that_waits_ends_once_and_everyone_is_told() -> None:
    run = f.RunFactory(capacity=1)
    seated, waits = fill(run, 1)
    asks = f.EnrolmentFactory(run=run, state="requested", answer_by=run.starts_at + timedelta(days=2))
    assert services.settle_due(run.starts_at - timedelta(seconds=1)) == 0
    assert [services.settle_due(run.starts_at) for _ in range(2)] == [1, 0]
    assert [now(row) for row in (seated, waits, asks)] == ["seated", "unseated", "expired"]
    assert last(waits) == ("begun", "unseated", "begun")
    assert (
        Notice.objects.filter(key__in=[f"enrolment:{waits.pk}:unseated", f"enrolment:{asks.pk}:expired"]).count() == 2
    )


def test_an_offer_cannot_be_taken_after_the_run_has_begun() -> None:
    run = f.RunFactory(capacity=1, promotion="offer")
    row = f.EnrolmentFactory(run=run, state="offered", answer_by=run.starts_at + timedelta(days=1))
    with pytest.raises(Refused):
        services.accept_offer(row, by=row.person, at=run.starts_at)
    services.settle_due(run.starts_at)
    assert now(row) == "expired"
