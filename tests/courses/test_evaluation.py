"""Evaluation: once, anonymous, for three weeks, and shown from five answers on."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from courses.completion import daily
from courses.completion.models import (
    Attendance,
    EvaluationAnswer,
    EvaluationQuestion,
    EvaluationSheet,
    EvaluationTicket,
)
from courses.completion.permissions import EVALUATION_OPEN
from courses.completion.services import evaluate, evaluation_questions, set_evaluation_questions
from courses.models import Teacher
from engagements.lifecycle import MoveRefused
from engagements.notices.models import Notice
from tests.factories import EnrolmentFactory, MembershipFactory, RunFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> Any:
    return RunFactory(held=True)


@pytest.fixture
def organiser() -> Any:
    return StaffFactory(group="courses")


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(name: str, run: Any) -> str:
    return reverse(f"completion:{name}", kwargs=run.address_args)


def answer(run: Any, *, score: int = 4, text: str = "", count: int = 1) -> list[Any]:
    """So many participants answer every question alike."""
    questions = evaluation_questions(run)
    rows = EnrolmentFactory.create_batch(count, run=run)
    for row in rows:
        evaluate(row, {one.pk: score if one.answered == "score" else text for one in questions}, by=row.person)
    return rows


def test_a_participant_evaluates_on_the_page_once(run: Any) -> None:
    one = EnrolmentFactory(run=run)
    client = signed_in(one.person)
    assert "Din evaluering er anonym" in client.get(address("evaluate", run)).content.decode()
    score, *_others, words = evaluation_questions(run)
    posted = {f"question-{score.pk}": "5", f"question-{words.pk}": "Mere tid"}
    for _twice in range(2):
        page = client.post(address("evaluate", run), posted, follow=True).content.decode()
    assert "Du har evalueret holdet" in page
    assert EvaluationSheet.objects.count() == EvaluationTicket.objects.count() == 1
    assert set(EvaluationAnswer.objects.values_list("question", "score", "text")) == {
        (score.pk, 5, ""),
        (words.pk, None, "Mere tid"),
    }
    with pytest.raises(MoveRefused):
        evaluate(one, {score.pk: 1}, by=one.person)


def test_nothing_leads_from_the_person_to_the_answers(run: Any) -> None:
    before = ModelLogEntry.objects.count()
    (one,) = answer(run)
    sheet, ticket = EvaluationSheet.objects.get(), EvaluationTicket.objects.get()
    assert ticket.pk == one.pk
    fields = {field.name for field in EvaluationSheet._meta.concrete_fields}
    assert fields == {"id", "run", "shown"}  # `shown` is set for five at a time
    assert {field.name for field in EvaluationTicket._meta.concrete_fields} == {"enrolment"}
    assert {field.name for field in EvaluationAnswer._meta.concrete_fields} == {
        "id",
        "sheet",
        "question",
        "score",
        "text",
    }
    assert sheet.pk.version == 4
    assert ModelLogEntry.objects.count() == before


def test_sheets_have_no_order_of_arrival(run: Any) -> None:
    answer(run, count=8)
    sheets = list(EvaluationSheet.objects.values_list("pk", flat=True))
    assert sheets == sorted(sheets)


def test_an_evaluation_that_is_refused_leaves_no_ticket(run: Any) -> None:
    one = EnrolmentFactory(run=run)
    words = evaluation_questions(run)[-1]
    with pytest.raises(ValidationError):
        evaluate(one, {words.pk: "Barnet har nummer 010190-1234"}, by=one.person)
    with pytest.raises(MoveRefused):
        evaluate(one, {}, by=one.person)
    assert not EvaluationTicket.objects.exists()
    assert not EvaluationSheet.objects.exists()
    page = signed_in(one.person).post(address("evaluate", run), {f"question-{words.pk}": "cpr 010190-1234"})
    assert "CPR-nummer" in page.content.decode()
    empty = signed_in(one.person).post(address("evaluate", run), {})
    assert "Svar på mindst ét spørgsmål" in empty.content.decode()


def test_forged_answers_are_refused(run: Any) -> None:
    one = EnrolmentFactory(run=run)
    score = evaluation_questions(run)[0]
    other = evaluation_questions(RunFactory(held=True))[0]
    client = signed_in(one.person)
    client.post(address("evaluate", run), {f"question-{score.pk}": "9"})
    client.post(address("evaluate", run), {f"question-{other.pk}": "5"})
    assert not EvaluationSheet.objects.exists()
    with pytest.raises(ValidationError):
        evaluate(one, {score.pk: 6}, by=one.person)


@pytest.mark.parametrize(("after", "open"), [(-1, False), (0, True), (20, True), (21, False)])
def test_it_is_open_for_three_weeks_from_the_end(after: int, open: bool, organiser: Any) -> None:
    run = RunFactory(held=True)
    one = EnrolmentFactory(run=run)
    score = evaluation_questions(run)[0]
    at = run.ends_at + timedelta(days=after)
    if open:
        evaluate(one, {score.pk: 3}, by=one.person, at=at)
    else:
        with pytest.raises(MoveRefused):
            evaluate(one, {score.pk: 3}, by=one.person, at=at)


def test_only_those_with_a_seat_who_were_there_evaluate(run: Any, organiser: Any) -> None:
    def mark(enrolment: Any, present: bool) -> Any:
        Attendance.objects.create(enrolment=enrolment, session=run.sessions.get(), present=present)
        return enrolment

    there, absent = mark(EnrolmentFactory(run=run), True), mark(EnrolmentFactory(run=run), False)
    waiting, gone = EnrolmentFactory(run=run, state="waiting"), EnrolmentFactory(run=run, state="cancelled")
    people = [there, EnrolmentFactory(run=run), absent, waiting, gone]
    found = [signed_in(one.person).get(address("evaluate", run)).status_code for one in people]
    assert found == [200, 200, 404, 404, 404]
    assert signed_in(organiser).get(address("evaluate", run)).status_code == 404
    score = evaluation_questions(run)[0]
    for one, by in ((absent, absent.person), (waiting, waiting.person), (there, organiser)):
        with pytest.raises(MoveRefused):
            evaluate(one, {score.pk: 3}, by=by)


def test_answers_are_hidden_until_five_have_answered(run: Any, organiser: Any) -> None:
    answer(run, text="Godt oplæg", count=4)
    client = signed_in(organiser)
    page = client.get(address("evaluation", run)).content.decode()
    assert "Svarene vises, når mindst 5 deltagere har svaret; indtil nu har 4 af 4 svaret." in page
    assert "Godt oplæg" not in page
    assert '<figure class="chart">' not in page
    answer(run, score=1, text="Godt oplæg")
    page = client.get(address("evaluation", run)).content.decode()
    assert page.count("Godt oplæg") == 10
    assert "Det var tiden værd: 4 af 5 svarede 4 eller 5 (gennemsnit 3,4)" in page
    assert "Skraveret: færre end 10 svar." in page


def test_the_answers_grow_five_at_a_time_so_that_two_readings_reveal_nobody(run: Any, organiser: Any) -> None:
    def comments() -> int:
        page = signed_in(organiser).get(address("evaluation", run))
        return next((len(one.comments) for one in page.context["questions"] if one.comments), 0)

    answer(run, count=5, text="Ens")
    assert comments() == 5
    answer(run, count=4, text="Den sjette")
    page = signed_in(organiser).get(address("evaluation", run)).text
    assert "Den sjette" not in page
    assert "9 af 9 deltagere har svaret" in page
    assert "5 svar vises" in page
    answer(run, text="Den tiende")
    assert comments() == 10
    answer(run, text="Den sidste")
    assert comments() == 10
    with time_machine.travel(run.ends_at + EVALUATION_OPEN, tick=False):
        assert comments() == 10  # whoever read before it closed would know the last one


def test_a_question_few_have_answered_stays_hidden(run: Any, organiser: Any) -> None:
    first, second, *_others = evaluation_questions(run)
    for number, one in enumerate(EnrolmentFactory.create_batch(5, run=run)):
        evaluate(one, {first.pk: 5} | ({second.pk: 1} if number == 0 else {}), by=one.person)
    page = signed_in(organiser).get(address("evaluation", run)).content.decode()
    assert "5 af 5 svarede 4 eller 5" in page
    assert "af 1 svarede" not in page
    assert "Færre end fem har besvaret spørgsmålet" in page


def test_who_reads_the_answers(run: Any, organiser: Any) -> None:
    (one,) = answer(run)
    teacher = UserFactory()
    Teacher.objects.create(run=run, user=teacher, name="Underviser")
    leader = MembershipFactory(municipality=one.municipality, role="leader").user
    found = {
        name: signed_in(user).get(address("evaluation", run)).status_code
        for name, user in {"teacher": teacher, "organiser": organiser, "own": one.person, "leader": leader}.items()
    }
    assert found == {"teacher": 200, "organiser": 200, "own": 404, "leader": 404}
    assert signed_in(teacher).get(address("questions", run)).status_code == 404


def test_the_result_takes_as_many_queries_for_many_answers(
    run: Any, organiser: Any, django_assert_max_num_queries: Any
) -> None:
    answer(run, count=5)
    client = signed_in(organiser)
    with django_assert_max_num_queries(15) as few:
        client.get(address("evaluation", run))
    answer(run, count=12)
    with django_assert_max_num_queries(15) as many:
        client.get(address("evaluation", run))
    assert len(many) <= len(few)


def test_the_organiser_changes_the_questions_until_the_first_answer(run: Any, organiser: Any) -> None:
    client = signed_in(organiser)
    page = client.get(address("questions", run)).content.decode()
    assert "Det var tiden værd" in page
    client.post(address("questions", run), {"scores": "Det var tiden værd\n\n  Nyt   udsagn ", "words": "Andet?"})
    assert [(one.words, one.answered) for one in EvaluationQuestion.objects.all()] == [
        ("Det var tiden værd", "score"),
        ("Nyt udsagn", "score"),
        ("Andet?", "text"),
    ]
    answer(run)
    assert client.get(address("questions", run)).headers["Location"] == address("evaluation", run)
    with pytest.raises(MoveRefused):
        set_evaluation_questions(run, scores=["Andet"], words=[], by=organiser)


@pytest.mark.parametrize(
    "posted",
    [
        {"scores": "", "words": ""},
        {"scores": "\n".join(f"Udsagn {n}" for n in range(13)), "words": ""},
        {"scores": "x" * 201, "words": ""},
        {"scores": "Barnet 010190-1234", "words": ""},
    ],
)
def test_questions_that_cannot_be_asked_are_refused(run: Any, organiser: Any, posted: dict[str, str]) -> None:
    before = [one.pk for one in evaluation_questions(run)]
    response = signed_in(organiser).post(address("questions", run), posted)
    assert response.status_code == 200
    assert "Fejl:" in response.content.decode()
    assert [one.pk for one in run.evaluation_questions.all()] == before


def test_participants_are_asked_once_when_the_run_is_over(run: Any) -> None:
    one, two = EnrolmentFactory.create_batch(2, run=run)
    EnrolmentFactory(run=run, state="waiting")
    EnrolmentFactory(run=RunFactory())
    EnrolmentFactory(run=RunFactory(held=True, state="cancelled"))
    day = timezone.localdate(run.ends_at) + timedelta(days=1)
    assert daily.run(day - timedelta(days=1)) == "0 asked to evaluate"
    assert daily.run(day) == "2 asked to evaluate"
    assert daily.run(day + timedelta(days=1)) == "0 asked to evaluate"
    assert set(Notice.objects.values_list("recipient", "address")) == {
        (one.person_id, address("evaluate", run)),
        (two.person_id, address("evaluate", run)),
    }
