"""Organisers plan runs and sessions; what cannot be is refused, and copies move every date."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from courses.runs import copying, services
from courses.runs.models import Kind, Question, Run, Teacher
from courses.runs.services import SessionPlan
from engagements.design.versions import StaleError
from engagements.lifecycle import MoveRefused
from tests.factories import (
    CourseFactory,
    EnrolmentFactory,
    MembershipFactory,
    MunicipalityFactory,
    RunFactory,
    StaffFactory,
)

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def organiser() -> Any:
    return StaffFactory(group="courses")


@pytest.fixture
def editor() -> Any:
    return StaffFactory(group="network")


def plan(by: Any, **kwargs: Any) -> Run:
    starts_at = timezone.now().replace(microsecond=0) + 30 * DAY
    facts: dict[str, Any] = {"starts_at": starts_at, "ends_at": starts_at + 6 * HOUR, "capacity": 20}
    if "course" not in kwargs:
        facts["course"] = CourseFactory()
    return services.plan_run(by=by, **{**facts, **kwargs})


def test_a_new_run_is_a_draft_with_a_reference_and_dates_that_fit(organiser: Any) -> None:
    run = plan(organiser)
    assert run.state == "draft"
    assert run.reference.startswith(str(timezone.localdate().year))
    assert run.closes_at == run.cancel_until == run.starts_at - 7 * DAY


def test_a_run_sent_twice_is_made_once_and_takes_one_number(organiser: Any) -> None:
    course, starts_at = CourseFactory(), timezone.now() + 40 * DAY
    same = {"course": course, "starts_at": starts_at, "ends_at": starts_at + HOUR}
    first = plan(organiser, **same)
    assert plan(organiser, **same) == first
    after = plan(organiser)
    assert int(after.reference[5:]) == int(first.reference[5:]) + 1


def test_the_network_editor_plans_meetings_and_nothing_else(editor: Any) -> None:
    assert plan(editor, kind=Kind.MEETING, course=None, own_title="Netværksmøde i Vejle").kind == "meeting"
    with pytest.raises(MoveRefused):
        plan(editor)


def test_a_leader_plans_nothing() -> None:
    with pytest.raises(MoveRefused):
        plan(MembershipFactory().user)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"capacity": 0}, "1"),
        ({"capacity": -5}, "1"),
        ({"capacity": 1_000_000}, "2000"),
        ({"minimum": 30}, "deltagere"),
        ({"ends_at": timezone.now()}, "slut"),
        ({"opens_at": timezone.now() + 9 * DAY, "closes_at": timezone.now() + 8 * DAY}, "lukke"),
        ({"closes_at": timezone.now() + 300 * DAY}, "lukke"),
        ({"course": None}, "kurset"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(organiser: Any, facts: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        plan(organiser, **facts)
    assert words in " ".join(refused.value.messages)
    assert not Run.objects.exists()


def test_the_times_of_the_run_follow_its_sessions(organiser: Any) -> None:
    run = plan(organiser)
    first = run.starts_at
    plans = [SessionPlan(first + number * DAY, first + number * DAY + 3 * HOUR, place="Odense") for number in (5, 0, 9)]
    changes = services.plan_sessions(run, plans, by=organiser)
    assert len(changes.added) == 3
    assert (run.starts_at, run.ends_at) == (first, first + 9 * DAY + 3 * HOUR)
    kept = SessionPlan.of(run.sessions.all()[1])
    changes = services.plan_sessions(run, [kept], by=organiser)
    assert len(changes.removed) == 2
    assert (run.starts_at, run.ends_at) == (first + 5 * DAY, first + 5 * DAY + 3 * HOUR)
    assert run.calendar_sequence == 0


def test_sessions_that_overlap_or_end_before_they_begin_are_refused(organiser: Any) -> None:
    run = plan(organiser)
    begins = run.starts_at
    with pytest.raises(ValidationError, match="samme tid"):
        services.plan_sessions(
            run,
            [SessionPlan(begins, begins + 3 * HOUR), SessionPlan(begins + 2 * HOUR, begins + 4 * HOUR)],
            by=organiser,
        )
    with pytest.raises(ValidationError, match="slutte"):
        services.plan_sessions(run, [SessionPlan(begins, begins - HOUR)], by=organiser)
    assert not run.sessions.exists()


def test_dates_move_with_their_deadlines_and_the_calendar_counts_on(organiser: Any) -> None:
    run = RunFactory(sessions=2)
    first, last = run.sessions.all()
    later = (last.starts_at + 14 * DAY, last.ends_at + 14 * DAY)
    changes = services.move_dates(
        run, {last: later}, by=organiser, note="Underviseren er syg.", closes_at=run.closes_at + DAY
    )
    assert [before.session for before, _after in changes.changed] == [last]
    run.refresh_from_db()
    assert run.calendar_sequence == 1
    assert (run.starts_at, run.ends_at) == (first.starts_at, later[1])
    last.refresh_from_db()
    assert last.place == "Mødelokale 1, Odense"


def test_moving_nothing_disturbs_nobody(organiser: Any) -> None:
    run = RunFactory()
    assert not services.move_dates(run, {}, by=organiser)
    run.refresh_from_db()
    assert run.calendar_sequence == 0


def test_two_organisers_do_not_overwrite_each_others_sessions(organiser: Any) -> None:
    run = RunFactory(sessions=2)
    opened_at = run.version
    one = SessionPlan.of(run.sessions.first())
    services.plan_sessions(run, [one], by=organiser, version=opened_at)
    with pytest.raises(StaleError):
        services.plan_sessions(
            run, [one, SessionPlan(one.starts_at + DAY, one.ends_at + DAY)], by=organiser, version=opened_at
        )


def test_a_session_with_noted_attendance_stays(organiser: Any) -> None:
    run = RunFactory(sessions=2)
    seated = EnrolmentFactory(run=run)
    first, last = run.sessions.all()
    seated.attendance.create(session=first, present=True)
    with pytest.raises(ValidationError, match="fremmøde"):
        services.plan_sessions(run, [SessionPlan.of(last)], by=organiser)
    assert run.sessions.count() == 2


def test_a_changed_fact_is_checked_against_the_others(organiser: Any) -> None:
    run = RunFactory()
    services.change_run(run, version=run.version, by=organiser, contact="kurser@example.org")
    assert run.contact == "kurser@example.org"
    with pytest.raises(ValidationError, match="lukke"):
        services.change_run(run, version=run.version, by=organiser, closes_at=run.ends_at + DAY)
    with pytest.raises(TypeError):
        services.change_run(run, version=run.version, by=organiser, capacity=3)


def test_a_copy_moves_every_date_and_keeps_the_time_of_day_across_summer_time(organiser: Any) -> None:
    run = RunFactory(sessions=2, quota=3)
    run.teachers.create(name="Underviser", user=organiser)
    run.questions.create(text="Har du særlige behov for mad?")
    run.allotments.create(municipality=MunicipalityFactory(), reserved=2)
    run.material.create(title="Program", link="https://example.org/program", session=run.sessions.first())
    EnrolmentFactory(run=run)
    new_day = date(timezone.localdate().year + 1, 7, 1)
    copy = copying.clone_run(run, new_day, by=organiser)
    assert copy.state == "draft"
    assert (copy.capacity, copy.quota, copy.taken) == (20, 3, 0)
    assert [timezone.localtime(one.starts_at).date() for one in copy.sessions.all()] == [new_day, new_day + DAY]
    assert timezone.localtime(copy.starts_at).time() == timezone.localtime(run.starts_at).time()
    assert copy.closes_at.date() == copy.starts_at.date() - 10 * DAY
    assert copy.teachers.get().user == organiser
    assert copy.questions.count() == copy.allotments.count() == 1
    assert copy.material.get().session == copy.sessions.first()
    assert not copy.enrolments.exists()


def test_a_question_somebody_answered_stays(organiser: Any) -> None:
    run = RunFactory()
    question = run.questions.create(text="Kost?")
    enrolment = EnrolmentFactory(run=run)
    enrolment.answers.create(question=question, text="Vegetar")
    with pytest.raises(ValidationError):
        services.set_questions(run, [], by=organiser)
    services.set_questions(run, [Question(text="Rejser du langt?"), question], by=organiser)
    assert [one.text for one in run.questions.all()] == ["Rejser du langt?", "Kost?"]


def test_teachers_stand_in_the_order_given(organiser: Any) -> None:
    run = RunFactory()
    services.set_teachers(run, [Teacher(name="Anden"), Teacher(name="Første")], by=organiser)
    second, first = run.teachers.all()
    services.set_teachers(run, [first], by=organiser)
    assert [one.name for one in run.teachers.all()] == ["Første"]
    assert second.name == "Anden"


def test_material_both_copies_have_is_not_lost_with_one_of_them(
    organiser: Any, django_capture_on_commit_callbacks: Any
) -> None:
    from django.core.files.base import ContentFile

    run = RunFactory()
    item = services.add_material(run, title="Slides", by=organiser, file=ContentFile(b"text", name="slides.txt"))
    copy = copying.clone_run(run, timezone.localdate() + 90 * DAY, by=organiser)
    storage, name = item.file.storage, item.file.name
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_material(item, by=organiser)
    assert storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_material(copy.material.get(), by=organiser)
    assert not storage.exists(name)
