"""Moving dates and cancelling a run: who is told what is shown first, and then told, with the calendar file."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.enrolment.dates import move_dates
from courses.runs.models import Run
from courses.runs.services import SessionPlan
from engagements.notices.models import Notice, OutboxMessage
from tests.factories import EnrolmentFactory, MembershipFactory, RunFactory, StaffFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def organiser() -> Any:
    return StaffFactory(group="courses")


@pytest.fixture
def at(organiser: Any, client: Client) -> Client:
    client.force_login(organiser)
    return client


@pytest.fixture
def run(organiser: Any) -> Run:
    """Two sessions; one has a seat, one waits, one awaits approval, one has cancelled."""
    run: Run = RunFactory(sessions=2, capacity=1)
    for state in ("seated", "waiting", "requested", "cancelled"):
        EnrolmentFactory(run=run, state=state)
    run.teachers.create(name="Underviser", user=StaffFactory(group="legal"))
    run.teachers.create(name="Arrangør", user=organiser)
    return run


def person(run: Run, state: str) -> Any:
    return run.enrolments.get(state=state).person


def address(run: Run, page: str = "enrolment:dates") -> str:
    return reverse(page, kwargs=run.address_args)


def local(moment: Any) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def posted(run: Run, **changes: Any) -> dict[str, Any]:
    run.refresh_from_db()
    sessions = list(run.sessions.all())
    form: dict[str, Any] = {
        "form-TOTAL_FORMS": len(sessions),
        "form-INITIAL_FORMS": len(sessions),
        "closes_at": local(run.closes_at),
        "cancel_until": local(run.cancel_until),
        "note": "",
        "version": run.version,
    }
    for number, one in enumerate(sessions):
        facts = {"id": one.pk, "starts_at": local(one.starts_at), "ends_at": local(one.ends_at), "place": one.place}
        form |= {f"form-{number}-{name}": value for name, value in facts.items()}
    return {**form, **changes}


def later(run: Run, days: int = 7) -> dict[str, str]:
    last = run.sessions.last()
    return {"form-1-starts_at": local(last.starts_at + days * DAY), "form-1-ends_at": local(last.ends_at + days * DAY)}


def test_the_preview_names_everyone_who_is_told_and_changes_nothing(at: Client, run: Run) -> None:
    text = at.post(address(run), posted(run, **later(run), note="Underviseren er syg.")).text
    for state in ("seated", "waiting", "requested"):
        assert str(person(run, state)) in text
    assert str(person(run, "cancelled")) not in text
    assert "5 personer får en besked" in text
    assert "er flyttet til" in text
    assert "Underviseren er syg." in text
    assert not Notice.objects.exists()
    run.refresh_from_db()
    assert run.calendar_sequence == 0


def test_a_confirmed_move_tells_all_and_sends_the_new_calendar_to_those_with_a_seat(
    at: Client, run: Run, organiser: Any
) -> None:
    change = later(run)
    answer = at.post(address(run), posted(run, **change, note="Underviseren er syg.", confirmed="1"))
    assert answer.headers["Location"] == address(run, "runs:edit")
    run.refresh_from_db()
    assert run.calendar_sequence == 1
    assert local(run.ends_at) == change["form-1-ends_at"]
    told = {notice.recipient: notice.body for notice in Notice.objects.all()}
    teacher = run.teachers.get(name="Underviser").user
    assert set(told) == {person(run, "seated"), person(run, "waiting"), person(run, "requested"), teacher}
    assert "Du beholder din plads på ventelisten" in told[person(run, "waiting")]
    mails = {mail.to: mail.attachment for mail in OutboxMessage.objects.all()}
    assert mails[person(run, "seated").email]
    assert not mails[person(run, "waiting").email]


def test_the_text_shown_is_the_text_sent(at: Client, run: Run) -> None:
    shown = at.post(address(run), posted(run, **later(run), note="Salen er optaget.")).context["body"]
    at.post(address(run), posted(run, **later(run), note="Salen er optaget.", confirmed="1"))
    assert Notice.objects.get(recipient=person(run, "seated")).body == shown


def test_a_removed_session_is_taken_out_of_calendars(at: Client, run: Run) -> None:
    at.post(address(run), posted(run, **{"form-1-DELETE": "on"}, confirmed="1"))
    assert run.sessions.count() == 1
    told = Notice.objects.filter(recipient=person(run, "seated"))
    assert sorted(notice.subject.split(":")[0] for notice in told) == ["Fjernet fra din kalender", "Ændrede datoer"]


def test_the_last_session_of_a_published_run_stays(at: Client, run: Run) -> None:
    gone = {"form-0-DELETE": "on", "form-1-DELETE": "on"}
    assert "mindst én kursusgang" in at.post(address(run), posted(run, **gone, confirmed="1")).text
    assert run.sessions.count() == 2


def test_changed_deadlines_alone_tell_nobody(at: Client, run: Run) -> None:
    earlier = local(run.cancel_until - DAY)
    assert "Kun frister ændres" in at.post(address(run), posted(run, cancel_until=earlier)).text
    at.post(address(run), posted(run, cancel_until=earlier, confirmed="1"))
    run.refresh_from_db()
    assert local(run.cancel_until) == earlier
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"form-1-ends_at": "2020-01-01T10:00"}, "slutte"),
        ({"closes_at": "2099-01-01T10:00"}, "lukke"),
        ({"note": "Om 010203-1234"}, "CPR"),
    ],
)
def test_impossible_dates_are_refused_and_tell_nobody(
    at: Client, run: Run, changes: dict[str, str], words: str
) -> None:
    text = at.post(address(run), posted(run, **changes, confirmed="1")).text
    assert "error-summary" in text
    assert words in text
    assert not Notice.objects.exists()


def test_what_a_colleague_changed_meanwhile_is_not_overwritten(at: Client, run: Run) -> None:
    form = posted(run, **later(run), confirmed="1")
    Run.objects.filter(pk=run.pk).update(version=run.version + 1)
    assert at.post(address(run), form).status_code == 409
    assert not Notice.objects.exists()


def test_a_drafts_sessions_have_a_page_that_tells_nobody(at: Client) -> None:
    draft = RunFactory(state="draft")
    assert at.get(address(draft)).headers["Location"] == address(draft, "runs:sessions")
    live = RunFactory()
    assert at.get(address(live, "runs:sessions")).headers["Location"] == address(live)


def test_cancelling_a_run_shows_who_is_told_and_offers_other_runs(at: Client, run: Run) -> None:
    other = RunFactory(course=run.course)
    unrelated, over = RunFactory(), RunFactory(course=run.course, held=True)
    page = address(run, "enrolment:cancel_run")
    offered = set(at.get(page).context["form"].fields["offers"].queryset)
    assert offered == {other}
    assert not offered & {unrelated, over}
    assert "Hvorfor holdet ikke gennemføres" in at.post(page, {"note": " "}).text
    form = {"note": "For få tilmeldte.", "offers": [other.pk]}
    preview = at.post(page, form)
    assert str(person(run, "waiting")) in preview.text
    assert run.enrolments.active().count() == 3
    at.post(page, {**form, "confirmed": "1"})
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert not run.enrolments.active().exists()
    told = Notice.objects.get(recipient=run.enrolments.order_by("pk").first().person)
    assert told.body == preview.context["body"]
    assert Notice.objects.filter(recipient=run.teachers.get(name="Underviser").user).exists()
    assert at.post(page, {**form, "confirmed": "1"}).status_code == 302


def test_another_courses_run_cannot_be_slipped_into_the_offers(at: Client, run: Run) -> None:
    RunFactory(course=run.course)
    form = {"note": "For få.", "offers": [RunFactory().pk], "confirmed": "1"}
    assert at.post(address(run, "enrolment:cancel_run"), form).status_code == 200
    run.refresh_from_db()
    assert run.state == "published"


def test_a_run_that_is_over_is_neither_cancelled_nor_offered_for_it(at: Client, organiser: Any) -> None:
    run = RunFactory(held=True)
    row = EnrolmentFactory(run=run)
    page = reverse("enrolment:cancel_run", kwargs=run.address_args)
    assert page not in at.get(reverse("runs:edit", kwargs=run.address_args)).text
    assert at.get(page).status_code == 404
    assert "Holdet er slut" in at.post(page, {"note": "For få.", "confirmed": "1"}).text
    row.refresh_from_db()
    assert row.state == "seated"


def test_dates_and_cancelling_are_for_those_who_organise(client: Client, run: Run) -> None:
    client.force_login(MembershipFactory().user)
    for page in ("enrolment:dates", "enrolment:cancel_run"):
        assert client.get(address(run, page)).status_code == 404
        assert client.post(address(run, page), {"note": "x", "confirmed": "1"}).status_code == 404


def test_a_cancelled_run_has_no_dates_to_move(at: Client) -> None:
    run = RunFactory(state="cancelled")
    assert at.get(address(run)).status_code == 404
    assert at.get(address(run, "enrolment:cancel_run")).status_code == 404


def test_moving_dates_asks_the_same_however_many_are_told(at: Client, django_assert_max_num_queries: Any) -> None:
    run = RunFactory(sessions=2, capacity=60)
    EnrolmentFactory.create_batch(5, run=run)
    at.post(address(run), posted(run, **later(run, 1), confirmed="1"))
    with django_assert_max_num_queries(80) as few:
        at.post(address(run), posted(run, **later(run, 2), confirmed="1"))
    EnrolmentFactory.create_batch(30, run=run)
    with django_assert_max_num_queries(80) as many:
        at.post(address(run), posted(run, **later(run, 3), confirmed="1"))
    assert len(many) <= len(few) + 2


def test_an_offer_and_a_request_are_answered_before_a_run_that_is_moved_forward(organiser: Any) -> None:
    run = RunFactory(promotion="offer")
    offered = EnrolmentFactory(run=run, state="offered", answer_by=run.starts_at)
    asked = EnrolmentFactory(run=run, state="requested", answer_by=run.closes_at)
    earlier = run.starts_at - timedelta(days=5)
    closes = run.closes_at - timedelta(days=5)
    session = run.sessions.get()
    plan = replace(SessionPlan.of(session), starts_at=earlier, ends_at=earlier + timedelta(hours=4))
    move_dates(run, [plan], by=organiser, deadlines={"closes_at": closes})
    for row, by in ((offered, earlier), (asked, closes)):
        row.refresh_from_db()
        assert row.answer_by == by


def test_a_run_kept_to_members_is_not_offered_to_those_of_an_open_run(at: Client, run: Run) -> None:
    RunFactory(course=run.course, members_only=True)
    shown = RunFactory(course=run.course)
    form = at.get(address(run, "enrolment:cancel_run")).context["form"]
    assert list(form.fields["offers"].queryset) == [shown]
