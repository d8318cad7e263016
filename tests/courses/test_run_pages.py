"""The organisers' pages: what is missing, one topic a page, nothing for strangers, the same work for many runs."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.runs.checklist import blocking, points
from courses.runs.models import Run
from engagements.lifecycle import MoveRefused, move
from engagements.records.access import address
from tests.factories import (
    CourseFactory,
    EnrolmentFactory,
    MembershipFactory,
    RunFactory,
    SessionFactory,
    StaffFactory,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def organiser() -> Any:
    return StaffFactory(group="courses")


@pytest.fixture
def at(organiser: Any, client: Client) -> Client:
    client.force_login(organiser)
    return client


def url(run: Run, page: str, **kwargs: Any) -> str:
    return reverse(page, kwargs={**run.address_args, **kwargs})


def local(moment: Any) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def session_rows(run: Run, *extra: dict[str, Any]) -> dict[str, Any]:
    rows = [
        {"id": one.pk, "starts_at": local(one.starts_at), "ends_at": local(one.ends_at), "place": one.place}
        for one in run.sessions.all()
    ]
    posted: dict[str, Any] = {"form-INITIAL_FORMS": len(rows), "version": run.version}
    rows += extra
    posted["form-TOTAL_FORMS"] = len(rows)
    for number, row in enumerate(rows):
        posted |= {f"form-{number}-{name}": value for name, value in row.items()}
    return posted


def test_a_new_run_begins_as_a_draft_with_its_first_session(at: Client) -> None:
    course, begins = CourseFactory(), timezone.now() + 30 * DAY
    answer = at.post(
        reverse("runs:new"),
        {
            "kind": "course",
            "course": course.pk,
            "starts_at": local(begins),
            "ends_at": local(begins + timedelta(hours=5)),
            "place": "Odense",
            "capacity": 24,
        },
    )
    run = Run.objects.get()
    assert answer.headers["Location"] == url(run, "runs:edit")
    assert (run.state, run.capacity, run.sessions.get().place) == ("draft", 24, "Odense")
    assert "Kladden er oprettet" in at.get(url(run, "runs:edit")).text


@pytest.mark.parametrize(
    ("posted", "words"),
    [
        ({"capacity": "-3"}, "Pladser"),
        ({"capacity": "99999"}, "2000"),
        ({"course": ""}, "Vælg kurset"),
        ({"kind": "theme_day", "course": ""}, "Skriv en titel"),
        ({"ends_at": "2020-01-01T10:00"}, "slutte"),
        ({"starts_at": "2020-01-01T09:00", "ends_at": "2020-01-01T10:00"}, "fremme i tiden"),
        ({"course": "999999999999999999999999"}, "Kursus"),
        ({"own_title": "Om 010203-1234"}, "CPR"),
    ],
)
def test_what_cannot_be_is_said_on_the_form_and_nothing_is_made(at: Client, posted: dict[str, str], words: str) -> None:
    begins = timezone.now() + 30 * DAY
    whole = {
        "kind": "course",
        "course": str(CourseFactory().pk),
        "starts_at": local(begins),
        "ends_at": local(begins + timedelta(hours=5)),
        "capacity": "20",
    }
    answer = at.post(reverse("runs:new"), {**whole, **posted})
    assert answer.status_code == 200
    assert "error-summary" in answer.text
    assert words in answer.text
    assert not Run.objects.exists()


def test_strangers_find_nothing(client: Client) -> None:
    run = RunFactory(state="draft")
    for user in (MembershipFactory().user, StaffFactory(group="legal"), StaffFactory(group="network")):
        client.force_login(user)
        for name in ("runs:edit", "runs:facts", "runs:sessions", "runs:clone", "runs:material"):
            assert client.get(url(run, name)).status_code == 404
        assert client.post(url(run, "runs:move", name="publish")).status_code == 404
    assert Run.objects.get().state == "draft"


def test_the_network_editor_looks_after_meetings(client: Client) -> None:
    meeting = RunFactory(kind="meeting", course=None, own_title="Netværksmøde")
    RunFactory(course__title_da="Samtaler med børn")
    client.force_login(StaffFactory(group="network"))
    listed = client.get(reverse("runs:list")).text
    assert "Netværksmøde" in listed
    assert "Samtaler" not in listed.split("<table")[1]
    assert client.get(url(meeting, "runs:edit")).status_code == 200
    assert 'value="course"' not in client.get(reverse("runs:new")).text


def test_a_wrong_course_in_the_address_is_not_found(at: Client) -> None:
    run = RunFactory()
    wrong = reverse("runs:edit", kwargs={"slug": CourseFactory().slug, "reference": run.reference})
    assert at.get(wrong).status_code == 404


def test_what_is_missing_keeps_the_run_from_being_published(organiser: Any, at: Client) -> None:
    run = RunFactory(state="draft", sessions=0)
    assert blocking(run) == ["Holdet har ingen kursusgang endnu."]
    assert "Dette mangler, før du kan offentliggøre" in at.get(url(run, "runs:edit")).text
    with pytest.raises(MoveRefused, match="kursusgang"):
        move(run, "publish", by=organiser)
    SessionFactory(run=run)
    assert url(run, "runs:move", name="publish") in at.get(url(run, "runs:edit")).text
    assert at.post(url(run, "runs:move", name="publish")).headers["Location"] == url(run, "runs:edit")
    run.refresh_from_db()
    assert run.state == "published"


def test_a_clash_of_place_or_teacher_is_worth_another_look(organiser: Any) -> None:
    run = RunFactory(state="draft")
    other = RunFactory(starts_at=run.starts_at)
    for one in (run, other):
        one.teachers.create(name="Kirsten Holm", user=organiser)
    said = [point.text for point in points(run) if not point.blocks]
    assert any(text.startswith("Mødelokale 1, Odense bruges også") for text in said)
    assert any(text.startswith("Kirsten Holm underviser også") for text in said)


def test_sessions_are_added_changed_and_removed_without_javascript(at: Client) -> None:
    run = RunFactory(state="draft", sessions=2)
    last = run.sessions.last().starts_at
    new = {"starts_at": local(last + 7 * DAY), "ends_at": local(last + 7 * DAY + timedelta(hours=2)), "place": "Vejle"}
    more = at.post(url(run, "runs:sessions"), {**session_rows(run, new), "more": "1"})
    assert "form-3-starts_at" in more.text
    assert 'value="Vejle"' in more.text
    assert at.post(url(run, "runs:sessions"), session_rows(run, new)).status_code == 302
    assert run.sessions.count() == 3
    run.refresh_from_db()
    assert local(run.ends_at) == new["ends_at"]
    assert at.post(url(run, "runs:sessions"), {**session_rows(run), "form-0-DELETE": "on"}).status_code == 302
    assert run.sessions.count() == 2


@pytest.mark.parametrize(("hours", "words"), [(2, "samme tid"), (-2, "slutte")])
def test_impossible_sessions_are_refused_with_everything_kept(at: Client, hours: int, words: str) -> None:
    run = RunFactory(state="draft")
    begins = run.starts_at + timedelta(hours=1)
    new = {"starts_at": local(begins), "ends_at": local(begins + timedelta(hours=hours)), "place": "Vejle"}
    answer = at.post(url(run, "runs:sessions"), session_rows(run, new))
    assert words in answer.text
    assert 'value="Vejle"' in answer.text
    assert run.sessions.count() == 1


def test_a_session_of_another_run_cannot_be_slipped_in(at: Client) -> None:
    run, other = RunFactory(state="draft"), RunFactory(state="draft")
    posted = session_rows(run)
    posted["form-0-id"] = other.sessions.get().pk
    posted["form-0-place"] = "Forkert"
    assert at.post(url(run, "runs:sessions"), posted).status_code == 200
    assert other.sessions.get().place != "Forkert"


def test_a_colleagues_sessions_are_not_overwritten(at: Client) -> None:
    run = RunFactory(state="draft")
    posted = session_rows(run)
    Run.objects.filter(pk=run.pk).update(version=run.version + 1)
    posted["form-0-place"] = "Vejle"
    assert at.post(url(run, "runs:sessions"), posted).status_code == 409
    assert run.sessions.get().place != "Vejle"


def test_deadlines_that_cannot_be_are_said_at_their_field(at: Client) -> None:
    run = RunFactory()
    posted = {
        "audience": "everyone",
        "opens_at": local(run.opens_at),
        "closes_at": local(run.opens_at - DAY),
        "cancel_until": local(run.ends_at + DAY),
        "version": run.version,
    }
    answer = at.post(url(run, "runs:terms"), posted)
    assert "Tilmeldingen skal lukke, efter at den er åbnet" in answer.text
    assert "Vælg et tidspunkt, før holdet er slut" in answer.text
    fine = {**posted, "closes_at": local(run.closes_at), "cancel_until": local(run.closes_at)}
    assert at.post(url(run, "runs:terms"), fine).status_code == 302
    assert at.post(url(run, "runs:terms"), fine).status_code == 409


def test_a_certificate_never_asks_for_more_sessions_than_there_are(at: Client) -> None:
    run = RunFactory(sessions=2)
    posted = {"certificate_rule": "at_least", "certificate_sessions": "3", "version": run.version}
    assert "kun 2 kursusgange" in at.post(url(run, "runs:certificate"), posted).text
    assert at.post(url(run, "runs:certificate"), {**posted, "certificate_sessions": "2"}).status_code == 302


def test_a_teacher_with_an_account_is_found_by_address(at: Client, organiser: Any) -> None:
    run = RunFactory()
    rows = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 0, "form-0-name": "Kirsten Holm"}
    assert "Ingen med denne adresse" in at.post(url(run, "runs:teachers"), {**rows, "form-0-email": "x@y.dk"}).text
    at.post(url(run, "runs:teachers"), {**rows, "form-0-email": organiser.email.upper()})
    assert run.teachers.get().user == organiser


def test_a_question_with_choices_has_at_least_two(at: Client) -> None:
    run = RunFactory()
    rows = {
        "form-TOTAL_FORMS": 1,
        "form-INITIAL_FORMS": 0,
        "form-0-text": "Kost?",
        "form-0-answered": "choice",
        "form-0-choices": "Alt",
    }
    assert "mindst to muligheder" in at.post(url(run, "runs:questions"), rows).text
    at.post(url(run, "runs:questions"), {**rows, "form-0-choices": "Alt\nVegetar"})
    assert run.questions.get().choices.split() == ["Alt", "Vegetar"]


def test_material_is_for_those_with_a_seat(at: Client, client: Client) -> None:
    run = RunFactory()
    file = SimpleUploadedFile("program.txt", b"Program for dagen")
    at.post(url(run, "runs:material"), {"title": "Program", "file": file})
    item = run.material.get()
    assert at.get(address(item)).status_code == 200
    seated, waiting = EnrolmentFactory(run=run), EnrolmentFactory(run=run, state="waiting")
    teacher = StaffFactory(group="legal")
    run.teachers.create(name="Underviser", user=teacher)
    for user, status in ((seated.person, 200), (waiting.person, 404), (teacher, 200), (MembershipFactory().user, 404)):
        client.force_login(user)
        assert client.get(address(item)).status_code == status
    client.force_login(StaffFactory(group="courses"))
    client.post(url(run, "runs:material"), {"remove": item.pk})
    assert not run.material.exists()


def test_material_needs_a_file_or_a_link(at: Client) -> None:
    run = RunFactory()
    assert "Vælg en fil" in at.post(url(run, "runs:material"), {"title": "Program"}).text
    assert at.post(url(run, "runs:material"), {"title": "P", "link": "javascript:alert(1)"}).status_code == 422
    assert not run.material.exists()


def test_a_copy_is_made_after_its_dates_have_been_seen(at: Client) -> None:
    run = RunFactory(sessions=2)
    day = timezone.localdate() + 90 * DAY
    preview = at.post(url(run, "runs:clone"), {"starts_on": day.isoformat()})
    assert "Kopiens datoer" in preview.text
    assert Run.objects.count() == 1
    at.post(url(run, "runs:clone"), {"starts_on": day.isoformat(), "make": "1"})
    copy = Run.objects.exclude(pk=run.pk).get()
    assert timezone.localtime(copy.starts_at).date() == day
    assert "ligger fremme i tiden" in at.post(url(run, "runs:clone"), {"starts_on": "2020-01-01"}).text


@pytest.mark.parametrize(
    ("where", "expected"), [("draft", {"draft"}), ("coming", {"open", "full"}), ("full", {"full"}), ("held", {"held"})]
)
def test_the_list_finds_runs_by_state(at: Client, where: str, expected: set[str]) -> None:
    found = {
        "draft": RunFactory(state="draft"),
        "open": RunFactory(),
        "full": RunFactory(capacity=3, taken=3),
        "held": RunFactory(held=True),
    }
    text = at.get(reverse("runs:list"), {"where": where}).text
    assert {name for name, run in found.items() if run.reference in text} == expected


def test_the_list_asks_the_same_for_25_and_250_runs(at: Client, django_assert_max_num_queries: Any) -> None:
    course = CourseFactory()
    run = RunFactory(course=course)
    for _n in range(3):
        EnrolmentFactory(run=run, state="waiting")
    RunFactory.create_batch(24, course=course, sessions=0)
    at.get(reverse("runs:list"))
    with django_assert_max_num_queries(12) as few:
        text = at.get(reverse("runs:list")).text
    assert "25 resultater" in text
    RunFactory.create_batch(225, course=course, sessions=0)
    with django_assert_max_num_queries(12) as many:
        at.get(reverse("runs:list"))
    assert len(many) == len(few)
    assert at.get(reverse("runs:list"), {"format": "csv"}).status_code == 200


def test_the_overview_stays_light_however_many_are_enrolled(at: Client, django_assert_max_num_queries: Any) -> None:
    run = RunFactory(sessions=3, capacity=30)
    for state in ("seated", "waiting", "requested"):
        EnrolmentFactory(run=run, state=state)
    with django_assert_max_num_queries(18):
        text = at.get(url(run, "runs:edit")).text
    assert "1 af 30" in text
