"""The list of courses: what it offers to whom, its filters, and how many queries it asks."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cms.pages.course_pages import CourseIndexPage
from cms.pages.reference import home_page
from courses.models import Session, Subject
from engagements.people.models import Role
from tests.factories import (
    CourseFactory,
    LearningPathFactory,
    MembershipFactory,
    RunFactory,
    SessionFactory,
    StaffFactory,
    SubjectFactory,
)

pytestmark = pytest.mark.django_db
LIST = "/kurser/"
BUDGET = 12


def shown(client: Client, query: str = "") -> str:
    answer = client.get(LIST + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_everyone_sees_what_is_offered_and_nobody_drafts_or_what_is_retired(client: Client) -> None:
    CourseFactory(title_da="Samtaler med børn")
    CourseFactory(title_da="Under arbejde", state="draft")
    CourseFactory(title_da="Udgået", state="retired")
    page = shown(client)
    assert "Samtaler med børn" in page
    assert "Under arbejde" not in page
    assert "Udgået" not in page


def test_a_course_shows_the_run_one_can_enrol_on_and_how_it_stands(client: Client) -> None:
    course = CourseFactory()
    RunFactory(course=course, starts_at=timezone.now() + timedelta(days=5))  # closed: closes ten days before
    RunFactory(course=course, capacity=20, taken=19)
    page = shown(client)
    assert "1 plads tilbage" in page
    assert "1 hold mere" in page
    assert "Mødelokale 1, Odense" in page


def test_draft_runs_and_runs_for_members_are_not_offered_to_strangers(client: Client) -> None:
    RunFactory(course=None, kind="theme_day", own_title="Temadag om børns ret")
    RunFactory(course=None, kind="theme_day", own_title="Hemmelig temadag", state="draft")
    RunFactory(course=None, kind="meeting", own_title="Netværksmøde Nord", members_only=True)
    page = shown(client)
    assert "Temadag om børns ret" in page
    assert "Hemmelig temadag" not in page
    assert "Netværksmøde Nord" not in page
    client.force_login(MembershipFactory(role=Role.LEADER).user)
    assert "Netværksmøde Nord" in shown(client)


def test_search_finds_folded_words_in_either_language_and_any_order(client: Client) -> None:
    CourseFactory(title_da="Ålborgmodellen for børnesamtaler", title_en="Talking with children")
    CourseFactory(title_da="Noget andet")
    for words in ("AALBORGMODELLEN", "børnesamtaler ålborg", "children talking"):
        page = shown(client, f"?q={words}")
        assert "lborgmodellen" in page, words
        assert "Noget andet" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?subject=jura", {"Jura i praksis"}),
        ("?level=specialist", {"Svære samtaler"}),
        ("?where=online", {"Svære samtaler"}),
        ("?where=place", {"Jura i praksis"}),
        ("?open=on", {"Jura i praksis"}),
        ("?subject=findes-ikke", {"Jura i praksis", "Svære samtaler", "Uden dato"}),
        ("?month=1850-01&page=%00", {"Jura i praksis", "Svære samtaler", "Uden dato"}),
    ],
)
def test_each_filter_narrows_and_nonsense_does_not_fail(client: Client, query: str, found: set[str]) -> None:
    law = CourseFactory(title_da="Jura i praksis", subject=Subject.objects.get(key="jura"))
    hard = CourseFactory(title_da="Svære samtaler", level="specialist")
    CourseFactory(title_da="Uden dato")
    RunFactory(course=law)
    online = RunFactory(course=hard, sessions=0, opens_at=timezone.now() + timedelta(days=1))
    SessionFactory(run=online, place="", online_link="https://example.org/moede")
    page = shown(client, query)
    assert {title for title in ("Jura i praksis", "Svære samtaler", "Uden dato") if f">{title}</a>" in page} == found


def test_one_and_the_same_run_must_meet_all_that_is_asked(client: Client) -> None:
    course = CourseFactory(title_da="Blandet")
    RunFactory(course=course)
    later = RunFactory(course=course, sessions=0, starts_at=timezone.now() + timedelta(days=90))
    SessionFactory(run=later, place="", online_link="https://example.org/moede")
    first_month = f"{timezone.localtime() + timedelta(days=30):%Y-%m}"
    assert "Blandet" in shown(client, f"?month={first_month}")
    assert "Blandet" in shown(client, "?where=online")
    assert "Blandet" not in shown(client, f"?month={first_month}&where=online")


def test_the_link_of_an_online_session_is_never_in_the_catalogue(client: Client) -> None:
    run = RunFactory(sessions=0)
    SessionFactory(run=run, place="", online_link="https://example.org/hemmeligt-moede")
    assert "hemmeligt-moede" not in shown(client)
    assert "hemmeligt-moede" not in client.get(run.course.get_absolute_url()).content.decode()


def test_an_empty_catalogue_and_an_empty_result_say_what_to_do(client: Client) -> None:
    assert "Der udbydes ingen kurser nu" in shown(client)
    CourseFactory()
    assert "Nulstil filteret" in shown(client, "?q=findesikke")


def test_the_soonest_comes_first_unless_the_visitor_orders_by_title(client: Client) -> None:
    CourseFactory(title_da="Alfa uden dato")
    RunFactory(course=CourseFactory(title_da="Ørsted"))
    RunFactory(course=CourseFactory(title_da="Beta"), starts_at=timezone.now() + timedelta(days=60))
    page = shown(client)
    assert page.index("Ørsted") < page.index("Beta") < page.index("Alfa uden dato")
    page = shown(client, "?sort=title")
    assert page.index("Alfa uden dato") < page.index("Beta") < page.index("Ørsted")


def test_the_list_can_be_taken_along_as_csv(client: Client) -> None:
    CourseFactory(title_da="Samtaler med børn")
    answer = client.get(LIST + "?format=csv")
    assert "Samtaler med børn" in b"".join(answer).decode()


def test_learning_paths_are_named_beside_the_list(client: Client) -> None:
    path = LearningPathFactory(title_da="Ny leder")
    assert path.get_absolute_url() in shown(client)


@pytest.mark.parametrize("who", ["anonymous", "leader", "administrator"])
def test_the_list_asks_the_same_few_queries_for_25_and_250(
    client: Client, who: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    makers: dict[str, Callable[[], object]] = {
        "leader": lambda: MembershipFactory(role=Role.LEADER).user,
        "administrator": lambda: StaffFactory(group="courses"),
    }
    if who in makers:
        client.force_login(makers[who]())  # type: ignore[arg-type]
    home_page().add_child(instance=CourseIndexPage(title="Kurser", slug="om-kurser", lead="Alle kurser er gratis."))
    counts = []
    for total in (25, 225):
        subject = SubjectFactory()
        for _ in range(total):
            course = CourseFactory(subject=subject)
            RunFactory(course=course)
        shown(client)  # what is asked once and kept
        with django_assert_max_num_queries(BUDGET) as asked:
            shown(client)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert Session.objects.count() == 250


def test_the_address_of_the_list_is_that_of_the_menu(client: Client) -> None:
    assert reverse("courses:list") == LIST
    assert f'href="{LIST}"' in client.get("/").content.decode()
