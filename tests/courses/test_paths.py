"""Learning paths: what completes them, how far a person is, and which course comes next."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from courses.catalogue.progress import completed_by, in_words, progress
from courses.models import Course, LearningPath
from engagements.users.models import User
from tests.factories import CourseFactory, EnrolmentFactory, LearningPathFactory, RunFactory, UserFactory

pytestmark = pytest.mark.django_db


def path_of(total: int, required: tuple[int, ...] = (), **fields: object) -> tuple[LearningPath, list[Course]]:
    courses = [CourseFactory(title_da=f"Trin {number}") for number in range(1, total + 1)]
    path = LearningPathFactory(courses=courses, **fields)
    path.steps.filter(order__in=required).update(required=True)
    return path, courses


def complete(person: User, *courses: Course) -> None:
    for course in courses:
        EnrolmentFactory(person=person, run=RunFactory(course=course, held=True), completed_at=timezone.now())


@pytest.mark.parametrize(
    ("needed", "required", "done", "x", "n"),
    [
        (None, (), (), 0, 3),
        (None, (), (1, 3), 2, 3),
        (2, (), (1, 2, 3), 2, 2),
        (2, (1,), (2, 3), 1, 2),
        (2, (1,), (1, 3), 2, 2),
        (1, (1, 2), (3,), 0, 2),
        (9, (), (1,), 1, 3),
    ],
)
def test_progress_counts_required_courses_whatever_the_number_needed(
    needed: int | None, required: tuple[int, ...], done: tuple[int, ...], x: int, n: int
) -> None:
    path, courses = path_of(3, required, needed=needed)
    person = UserFactory()
    complete(person, *(courses[number - 1] for number in done))
    here = progress(path, completed_by(person))
    assert (here.x, here.n, here.complete) == (x, n, x == n)
    assert here.complete == (here.left == ())


def test_a_seat_alone_completes_nothing() -> None:
    path, courses = path_of(2)
    person = EnrolmentFactory(run=RunFactory(course=courses[0], held=True)).person
    assert progress(path, completed_by(person)).x == 0


def test_on_an_ordered_path_the_first_missing_course_comes_next(client: Client) -> None:
    path, courses = path_of(3, ordered=True)
    person = UserFactory()
    complete(person, courses[0])
    RunFactory(course=courses[2])
    client.force_login(person)
    page = client.get(path.get_absolute_url()).content.decode()
    assert "Du har gennemført 1 af de 3 kurser, der skal til." in page
    assert f'Næste: <a href="{courses[1].get_absolute_url()}">' in page


def test_on_a_free_path_the_course_held_soonest_comes_next(client: Client) -> None:
    path, courses = path_of(3)
    RunFactory(course=courses[1], starts_at=timezone.now() + timedelta(days=80))
    RunFactory(course=courses[2])
    client.force_login(UserFactory())
    page = client.get(path.get_absolute_url()).content.decode()
    assert f'Næste: <a href="{courses[2].get_absolute_url()}">' in page


def test_one_who_has_completed_the_path_is_told_and_asked_for_nothing_more(client: Client) -> None:
    path, courses = path_of(2, needed=1)
    person = UserFactory()
    complete(person, courses[1])
    client.force_login(person)
    page = client.get(path.get_absolute_url()).content.decode()
    assert "Du har gennemført læringsforløbet." in page
    assert "Næste:" not in page


@pytest.mark.parametrize(
    ("total", "required", "fields", "words"),
    [
        (1, (), {}, ["Læringsforløbet kræver det ene kursus."]),
        (3, (), {"ordered": True}, ["Læringsforløbet kræver alle 3 kurser.", "Kurserne tages i rækkefølge."]),
        (
            3,
            (2,),
            {"needed": 2},
            ["Læringsforløbet kræver 2 af de 3 kurser.", "»Trin 2« er obligatorisk.", "Du vælger selv rækkefølgen."],
        ),
    ],
)
def test_what_completes_a_path_is_said_in_words(
    total: int, required: tuple[int, ...], fields: dict[str, object], words: list[str]
) -> None:
    path, _courses = path_of(total, required, **fields)
    assert in_words(path) == words


def test_a_visitor_sees_the_path_without_progress_and_without_its_drafts(client: Client) -> None:
    path, courses = path_of(2)
    Course.objects.filter(pk=courses[1].pk).update(state="draft")
    page = client.get(path.get_absolute_url()).content.decode()
    assert "Trin 1" in page
    assert "Trin 2</a>" not in page
    assert "Så langt er du" not in page


def test_a_path_that_is_a_draft_is_not_found(client: Client) -> None:
    path, _courses = path_of(1, state="draft")
    assert client.get(path.get_absolute_url()).status_code == 404
    assert path.title_da not in client.get("/kurser/forloeb/").content.decode()


def test_the_list_of_paths_and_the_page_ask_few_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    path, courses = path_of(8)
    for course in courses:
        RunFactory(course=course)
    for _ in range(5):
        LearningPathFactory(courses=courses)
    client.force_login(UserFactory())
    client.get("/kurser/forloeb/")
    with django_assert_max_num_queries(12):
        client.get("/kurser/forloeb/")
    with django_assert_max_num_queries(12):
        client.get(path.get_absolute_url())
