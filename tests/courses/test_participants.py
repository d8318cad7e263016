"""The list of participants and the papers of the day; who may fetch them, and that it is recorded."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader
from wagtail.models import ModelLogEntry

from courses.enrolment import daily, services
from courses.enrolment.models import Enrolment, QuestionAnswer
from courses.enrolment.policies import delete_answers
from courses.runs.models import Question, Teacher
from tests.factories import EnrolmentFactory, MembershipFactory, RunFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser() -> Client:
    client = Client()
    client.force_login(StaffFactory(group="courses"))
    return client


def address(run: Any, name: str = "participants", *args: Any) -> str:
    return reverse(f"enrolment:{name}", args=[*run.address_args.values(), *args])


def fetched(run: Any) -> list[str]:
    rows = ModelLogEntry.objects.filter(action="courses.run.list_seen", object_id=run.pk).order_by("pk")
    return [row.data["fetched"] for row in rows]


def fill(run: Any, count: int) -> None:
    question = run.questions.first() or Question.objects.create(run=run, text="Diæt")
    for number in range(count):
        row = EnrolmentFactory(run=run, state="seated" if number % 2 else "waiting", counted=False)
        QuestionAnswer.objects.create(enrolment=row, question=question, text=f"Svar {row.pk}")


def test_the_list_takes_as_many_queries_with_250_as_with_25(organiser: Client) -> None:
    run = RunFactory(capacity=300)
    counts = []
    for more in (25, 225):
        fill(run, more)
        with CaptureQueriesContext(connection) as captured:
            assert organiser.get(address(run)).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 15


def test_answers_are_shown_to_the_organiser_and_not_to_the_teacher(organiser: Client) -> None:
    run, teacher = RunFactory(), StaffFactory()
    Teacher.objects.create(run=run, user=teacher, name="Mona Svendsen")
    fill(run, 2)
    client = Client()
    client.force_login(teacher)
    assert "Svar " in organiser.get(address(run)).content.decode()
    theirs = client.get(address(run))
    assert theirs.status_code == 200
    assert "Svar " not in theirs.content.decode()
    assert str(Enrolment.objects.first().person) in theirs.content.decode()  # type: ignore[union-attr]


def test_leaders_and_participants_do_not_see_the_list() -> None:
    run = RunFactory()
    row = EnrolmentFactory(run=run)
    for user in (row.person, MembershipFactory(municipality=row.municipality, role="leader").user):
        client = Client()
        client.force_login(user)
        assert client.get(address(run)).status_code == 404
        assert client.get(address(run, "list_pdf")).status_code == 404


def test_a_spreadsheet_has_everyone_with_answers_and_fetching_it_is_recorded(organiser: Client) -> None:
    run = RunFactory()
    fill(run, 3)
    organiser.get(address(run))
    assert fetched(run) == []
    answer = organiser.get(address(run), {"format": "xlsx"})
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert len(rows) == 4
    assert rows[0][-1] == "Diæt"
    assert all(str(row[-1]).startswith("Svar") for row in rows[1:])
    assert fetched(run) == ["xlsx"]


def test_the_papers_are_tagged_and_name_those_with_a_seat(organiser: Client) -> None:
    run = RunFactory(sessions=2)
    seated, waiting = EnrolmentFactory(run=run), EnrolmentFactory(run=run, state="waiting")
    session = run.sessions.first()
    for name, args in (("list_pdf", []), ("badges_pdf", []), ("sign_in_pdf", [session.pk])):
        answer = organiser.get(address(run, name, *args))
        reader = PdfReader(io.BytesIO(answer.content))
        text = " ".join("".join(page.extract_text() for page in reader.pages).split())
        assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"], name
        assert reader.trailer["/Root"]["/Lang"] == "da"
        assert str(seated.person) in text, name
        assert (str(waiting.person) in text) == (name == "list_pdf"), name
    assert fetched(run) == ["list", "badges", "sign_in"]
    other = RunFactory().sessions.first()
    assert organiser.get(address(run, "sign_in_pdf", other.pk)).status_code == 404


def test_eight_badges_fill_a_sheet(organiser: Client) -> None:
    run = RunFactory()
    for _ in range(9):
        EnrolmentFactory(run=run)
    assert len(PdfReader(io.BytesIO(organiser.get(address(run, "badges_pdf")).content)).pages) == 2


def test_answers_are_deleted_a_fortnight_after_the_run_and_that_is_recorded() -> None:
    long_over, just_over = RunFactory(held=True), RunFactory(held=True)
    long_over.starts_at, long_over.ends_at = (timezone.now() - timedelta(days=days) for days in (16, 15))
    long_over.closes_at = long_over.starts_at
    long_over.save()
    for run in (long_over, just_over):
        fill(run, 2)
    daily.run(timezone.localdate())
    assert set(QuestionAnswer.objects.values_list("enrolment__run", flat=True)) == {just_over.pk}
    assert ModelLogEntry.objects.get(action="courses.run.questions_deleted").data["count"] == 2


def test_a_waiting_list_that_spreads_seats_is_listed_in_its_own_order(organiser: Client) -> None:
    run = RunFactory(capacity=1, waiting_order="spread")
    holder = EnrolmentFactory(run=run)
    neighbour = EnrolmentFactory(run=run, state="waiting", municipality=holder.municipality)
    stranger = EnrolmentFactory(run=run, state="waiting")
    page = organiser.get(address(run)).content.decode()
    assert page.index(str(holder.person)) < page.index(str(stranger.person)) < page.index(str(neighbour.person))


def test_answers_of_a_cancelled_enrolment_or_run_are_deleted_without_waiting_for_the_day_of_the_run() -> None:
    run = RunFactory()
    question = Question.objects.create(run=run, text="Kost")
    gone, comes = EnrolmentFactory(run=run), EnrolmentFactory(run=run)
    for row in (gone, comes):
        QuestionAnswer.objects.create(enrolment=row, question=question, text="Vegetar")
    services.cancel(gone, by=gone.person)
    later = timezone.now() + timedelta(days=15)
    assert delete_answers(at=timezone.now() + timedelta(days=13)) == 0
    assert delete_answers(at=later) == 1
    assert comes.answers.exists()
    services.cancel_run(run, by=StaffFactory(group="courses"), note="Underviseren er syg")
    assert delete_answers(at=later) == 1
