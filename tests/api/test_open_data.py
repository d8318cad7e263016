"""Machines read what everyone may see, in pages, filtered, as JSON and CSV, and are told plainly what is wrong."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from pytest_django import DjangoAssertNumQueries

from cms.api.listing import LARGEST
from courses.runs.models import Kind
from tests.factories import (
    CourseFactory,
    EnrolmentFactory,
    LearningPathFactory,
    RunFactory,
    SessionFactory,
    StaffFactory,
    SubjectFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
LISTS = ("subjects", "courses", "paths", "runs")


def ask(client: Client, name: str, **query: Any) -> Any:
    response = client.get(reverse(f"api:{name}"), query)
    assert response.status_code == 200, response.content
    return response.json()


def slugs(answer: Any) -> set[str]:
    return {row["slug"] for row in answer["results"]}


def references(answer: Any) -> set[str]:
    return {row["reference"] for row in answer["results"]}


# What is told, and what is not --------------------------------------------------------------------
def test_drafts_and_courses_no_longer_offered_are_not_told_of(client: Client) -> None:
    CourseFactory(slug="kladde", state="draft")
    CourseFactory(slug="udgaaet", state="retired")
    CourseFactory(slug="aabent")
    LearningPathFactory(slug="forloeb-kladde", state="draft", courses=[CourseFactory(slug="andet")])
    assert slugs(ask(client, "courses")) == {"aabent", "andet"}
    assert slugs(ask(client, "paths")) == set()
    for name, slug in (("course", "kladde"), ("course", "udgaaet"), ("path", "forloeb-kladde")):
        assert client.get(reverse(f"api:{name}", args=[slug])).status_code == 404


def test_a_course_does_not_name_a_path_that_is_a_draft_nor_a_path_a_course_that_is(client: Client) -> None:
    told, hidden = CourseFactory(slug="fremme"), CourseFactory(slug="skjult", state="draft")
    LearningPathFactory(slug="kladde", state="draft", courses=[told])
    LearningPathFactory(slug="vist", courses=[told, hidden])
    assert client.get(reverse("api:course", args=["fremme"])).json()["learning_paths"] == ["vist"]
    path = client.get(reverse("api:path", args=["vist"])).json()
    assert path["courses"] == [{"course": "fremme", "required": False}]


@pytest.mark.parametrize("reader", ["nobody", "organiser"])
def test_drafts_and_meetings_for_members_stay_out_whoever_asks(client: Client, reader: str) -> None:
    shown = RunFactory()
    cancelled = RunFactory(state="cancelled")
    hidden = [
        RunFactory(state="draft"),
        RunFactory(members_only=True, kind=Kind.MEETING, course=None, own_title="Netværksmøde"),
        RunFactory(course=CourseFactory(state="draft")),
    ]
    if reader == "organiser":
        client.force_login(StaffFactory(group="courses"))
    assert references(ask(client, "runs")) == {shown.reference, cancelled.reference}
    csv = client.get(reverse("api:runs_csv")).content.decode()
    for run in hidden:
        assert client.get(reverse("api:run", args=[run.reference])).status_code == 404
        assert run.reference not in csv


def test_no_person_and_no_link_of_a_session_is_told(client: Client) -> None:
    run = RunFactory(sessions=0, contact="hemmelig@example.dk")
    SessionFactory(run=run, place="", online_link="https://moede.example/hemmeligt")
    run.teachers.create(name="Hemmelig Underviser", user=UserFactory(first_name="Hemmelig"))
    enrolment = EnrolmentFactory(run=run, person__first_name="Hemmelig")
    for name in ("runs", "runs_csv"):
        text = client.get(reverse(f"api:{name}")).content.decode().lower()
        assert "hemmelig" not in text
        assert enrolment.person.email not in text
    row = client.get(reverse("api:run", args=[run.reference])).json()
    assert row["sessions"][0]["online"] is True
    assert (row["seats"], row["free_seats"]) == (20, 19)


# Filters ------------------------------------------------------------------------------------------
def test_courses_are_found_by_subject_level_and_path(client: Client) -> None:
    law = SubjectFactory(key="jura")
    one = CourseFactory(slug="jura-1", subject=law, level="specialist")
    CourseFactory(slug="andet")
    LearningPathFactory(slug="vej", courses=[one])
    assert slugs(ask(client, "courses", subject="jura")) == {"jura-1"}
    assert slugs(ask(client, "courses", level="specialist")) == {"jura-1"}
    assert slugs(ask(client, "courses", learning_path="vej")) == {"jura-1"}
    assert slugs(ask(client, "paths", course="jura-1")) == {"vej"}
    assert slugs(ask(client, "paths", course="andet")) == set()


def test_runs_are_found_by_course_kind_standing_and_place(client: Client) -> None:
    near = RunFactory(sessions=0, capacity=10, taken=10)
    SessionFactory(run=near, place="Ærøskøbing Vandrerhjem", address="")
    far = RunFactory(sessions=0, course__subject=SubjectFactory(key="jura"))
    SessionFactory(run=far, place="", online_link="https://moede.example/")
    day = RunFactory(kind=Kind.THEME_DAY, course=None, own_title="Temadag", held=True)
    everything = {near.reference, far.reference, day.reference}
    assert references(ask(client, "runs")) == everything
    assert references(ask(client, "runs", course=far.course.slug)) == {far.reference}
    assert references(ask(client, "runs", subject="jura")) == {far.reference}
    assert references(ask(client, "runs", kind="theme_day")) == {day.reference}
    assert references(ask(client, "runs", standing="waiting_list")) == {near.reference}
    assert references(ask(client, "runs", standing="held")) == {day.reference}
    assert references(ask(client, "runs", place="ærøskØBING")) == {near.reference}
    assert references(ask(client, "runs", online="true")) == {far.reference}
    assert references(ask(client, "runs", online="false")) == everything - {far.reference}


def test_runs_are_found_by_the_days_they_touch(client: Client) -> None:
    run = RunFactory()
    day = timezone.localdate(run.starts_at)
    before, after = day - timedelta(days=1), day + timedelta(days=1)
    for query, hit in (
        ({"from": day}, True),
        ({"to": day}, True),
        ({"from": day, "to": day}, True),
        ({"from": after}, False),
        ({"to": before}, False),
    ):
        assert references(ask(client, "runs", **query)) == ({run.reference} if hit else set()), query


# Pages --------------------------------------------------------------------------------------------
def test_a_list_comes_in_pages_with_the_address_of_the_next(client: Client) -> None:
    made = {RunFactory().reference for _number in range(5)}
    first = ask(client, "runs", page_size=2, kind="course")
    second = client.get(first["next"]).json()
    third = client.get(second["next"]).json()
    assert (first["count"], first["pages"], first["previous"], third["next"]) == (5, 3, None, None)
    assert client.get(second["previous"]).json() == first
    assert references(first) | references(second) | references(third) == made


@pytest.mark.parametrize("name", LISTS)
def test_queries_do_not_grow_with_the_rows(
    client: Client, name: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    def fill() -> None:
        for _number in range(10):
            path = LearningPathFactory()
            SubjectFactory(key=f"emne-{path.pk}")
            RunFactory(course=path.courses.first(), sessions=2)

    fill()
    with django_assert_max_num_queries(4):
        client.get(reverse(f"api:{name}"))
    fill()
    with django_assert_max_num_queries(4):
        assert ask(client, name, page_size=100)["count"] >= 20
    with django_assert_max_num_queries(3):
        assert client.get(reverse(f"api:{name}_csv")).status_code == 200


# What is wrong ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "query", "parameter"),
    [
        ("courses", {"page_size": 101}, "page_size"),
        ("courses", {"page_size": 0}, "page_size"),
        ("courses", {"page": "første"}, "page"),
        ("courses", {"page": "9" * 40}, "page"),
        ("courses", {"level": "expert"}, "level"),
        ("courses", {"subject": "jura' OR 1=1"}, "subject"),
        ("courses", {"subject": "jura\0"}, "subject"),
        ("runs", {"standing": "draft"}, "standing"),
        ("runs", {"kind": "party"}, "kind"),
        ("runs", {"from": "22.11.2026"}, "from"),
        ("runs", {"to": "9999-12-31"}, "to"),
        ("runs", {"online": "maybe"}, "online"),
        ("runs", {"place": "x"}, "place"),
        ("runs", {"colour": "red"}, "colour"),
        ("subjects", {"q": "jura"}, "q"),
        ("runs_csv", {"page": 1}, "page"),
        ("courses_csv", {"level": "expert"}, "level"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_refused_by_name(
    client: Client, name: str, query: dict[str, Any], parameter: str
) -> None:
    response = client.get(reverse(f"api:{name}"), query)
    assert response.status_code == 422
    answer = response.json()
    assert answer["error"] == "invalid_parameters"
    assert list(answer["parameters"]) == [parameter]
    assert parameter in answer["message"]


@pytest.mark.parametrize(
    "address", ["/api/v1/kurser/findes-ikke", "/api/v1/hold?page=2", "/api/v1/personer", "/api/v2/kurser"]
)
def test_what_does_not_exist_is_said_in_json(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert response.json()["error"] == "not_found"


def test_a_slash_too_many_leads_to_the_data(client: Client) -> None:
    response = client.get("/api/v1/kurser/?level=basic")
    assert (response.status_code, response.headers["Location"]) == (302, "/api/v1/kurser?level=basic")


@pytest.mark.parametrize("address", ["/api/v1/", "/api/v1"])
def test_the_root_leads_to_the_documentation(client: Client, address: str) -> None:
    assert client.get(address, follow=True).templates[0].name == "api/documentation.html"


def test_nothing_can_be_written(client: Client) -> None:
    for method in (client.post, client.put, client.delete):
        assert method(reverse("api:courses")).status_code == 405


# Spreadsheets, caches, other sites ----------------------------------------------------------------
def test_a_title_is_not_taken_for_a_formula(client: Client) -> None:
    CourseFactory(title_da="=HYPERLINK(1)", aims="Første\nAnden")
    lines = client.get(reverse("api:courses_csv")).content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("slug;title_da;")
    assert ";'=HYPERLINK(1);" in lines[1]
    assert "Første, Anden" in lines[1]


def test_the_runs_come_as_one_line_each(client: Client) -> None:
    run = RunFactory(sessions=2)
    lines = client.get(reverse("api:runs_csv")).content.decode("utf-8-sig").splitlines()
    row = dict(zip(lines[0].split(";"), lines[1].split(";"), strict=True))
    assert len(lines) == 2
    assert row["session_count"] == "2"
    assert row["places"] == "Mødelokale 1, Odense"
    assert row["starts_at"] == timezone.localtime(run.starts_at).isoformat()
    assert row["url"].startswith("http://testserver/kurser/")


def test_an_answer_that_has_not_changed_is_not_sent_again(client: Client) -> None:
    run = RunFactory()
    address = reverse("api:run", args=[run.reference])
    first = client.get(address)
    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    EnrolmentFactory(run=run)
    changed = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.json()["free_seats"] == 19


@pytest.mark.parametrize("name", ["courses", "courses_csv", "openapi-json"])
def test_other_sites_may_read_it_and_it_sets_no_cookie(client: Client, name: str) -> None:
    response = client.get(reverse(f"api:{name}"))
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert not response.cookies
    assert client.head(reverse(f"api:{name}")).status_code == 200


# The description ----------------------------------------------------------------------------------
def test_the_schema_names_every_list_its_filters_and_the_licence(client: Client) -> None:
    schema = client.get("/api/openapi.json", follow=True).json()
    assert schema["info"]["license"]["name"] == "CC BY 4.0"
    asked = {one["name"] for one in schema["paths"]["/api/v1/hold"]["get"]["parameters"]}
    assert asked == {"subject", "course", "kind", "standing", "from", "to", "place", "online", "page", "page_size"}
    assert schema["paths"]["/api/v1/hold"]["get"]["parameters"][-1]["schema"]["maximum"] == LARGEST


def test_the_documentation_explains_every_address_in_both_languages(client: Client) -> None:
    schema = client.get(reverse("api:openapi-json")).json()
    for prefix in ("", "/en"):
        page = client.get(f"{prefix}/api/").content.decode()
        for address in schema["paths"]:
            assert address in page
    assert "Åbne data" in client.get("/api/").content.decode()


def test_every_text_of_the_schema_is_on_the_page_in_danish(client: Client) -> None:
    schema = client.get(reverse("api:openapi-json")).json()
    page = client.get("/api/").content.decode()
    told = [item["get"][part] for item in schema["paths"].values() for part in ("summary", "description")]
    told += [
        one.get("description", "") for item in schema["paths"].values() for one in item["get"].get("parameters", [])
    ]
    told += [
        field.get("description", "")
        for kind in schema["components"]["schemas"].values()
        for field in kind.get("properties", {}).values()
    ]
    with translation.override("da"):
        assert [text for text in told if text and gettext(text) == text] == []
    assert "højst 100" in page
    assert "Rows on a page" not in page
