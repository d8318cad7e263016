"""A course's page: runs, material, the interest list, and the words the editors write about it."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from django.utils.text import capfirst
from wagtail.models import PageViewRestriction
from wagtail.rich_text import RichText

from cms.pages.course_pages import CourseIndexPage, CoursePage
from cms.pages.reference import home_page
from courses.catalogue import services
from courses.models import Course, CourseMaterial, Interest
from engagements.lifecycle import MoveRefused, move
from engagements.notices.models import Notice
from engagements.records.access import address
from tests.factories import (
    CourseFactory,
    EnrolmentFactory,
    LearningPathFactory,
    MembershipFactory,
    RunFactory,
    StaffFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def shown(client: Client, course: Course) -> str:
    answer = client.get(course.get_absolute_url())
    assert answer.status_code == 200
    return answer.content.decode()


def material_of(course: Course) -> CourseMaterial:
    return services.add_material(
        course,
        title="Hæfte om børnesamtaler",
        file=ContentFile(b"Et lille haefte", name="haefte.txt"),
        by=StaffFactory(group="courses"),
    )


# What is shown ---------------------------------------------------------------------------------------------------
def test_the_page_tells_what_the_course_is_and_which_paths_it_is_part_of(client: Client) -> None:
    course = CourseFactory(aims="Du kan tale med børn\nDu kan skrive det ned", audience="Nye sagsbehandlere", hours=12)
    path = LearningPathFactory(courses=[course])
    LearningPathFactory(title_da="Kladden", courses=[course], state="draft")
    page = shown(client, course)
    assert "<li>Du kan skrive det ned</li>" in page
    assert "Nye sagsbehandlere" in page
    assert path.title_da in page
    assert "Kladden" not in page


def test_a_draft_is_there_for_those_who_write_it_only(client: Client) -> None:
    course = CourseFactory(state="draft")
    assert client.get(course.get_absolute_url()).status_code == 404
    client.force_login(StaffFactory(group="courses"))
    assert shown(client, course)


def test_a_retired_course_keeps_its_page_without_an_interest_list(client: Client) -> None:
    page = shown(client, CourseFactory(state="retired"))
    assert "Udbydes ikke længere" in page
    assert "interesselisten" not in page


def test_earlier_runs_are_folded_away_and_drafts_not_shown(client: Client) -> None:
    course = CourseFactory()
    RunFactory(course=course, held=True)
    draft = RunFactory(course=course, state="draft")
    page = shown(client, course)
    assert "1 tidligere hold" in page
    assert draft.reference not in page


def test_my_own_seat_is_named_and_i_am_not_asked_to_enrol_again(client: Client) -> None:
    mine = EnrolmentFactory()
    client.force_login(mine.person)
    page = shown(client, mine.run.course)
    assert capfirst(mine.get_state_display()) in page
    assert ">Tilmeld" not in page


# Material --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "held", "sees"),
    [("seated", False, True), ("seated", True, True)]
    + [(state, False, False) for state in ("waiting", "requested", "offered", "cancelled")],
)
def test_material_is_for_those_who_have_or_had_a_seat(client: Client, state: str, held: bool, sees: bool) -> None:
    enrolment = EnrolmentFactory(state=state, run=RunFactory(held=held))
    material = material_of(enrolment.run.course)
    client.force_login(enrolment.person)
    assert ("Hæfte om børnesamtaler" in shown(client, enrolment.run.course)) is sees
    assert (client.get(address(material)).status_code == 200) is sees


def test_material_is_not_for_visitors_or_participants_of_other_courses(client: Client) -> None:
    material = material_of(CourseFactory())
    assert "Hæfte" not in shown(client, material.course)
    assert client.get(address(material)).status_code == 302
    client.force_login(EnrolmentFactory().person)
    assert "Hæfte" not in shown(client, material.course)
    assert client.get(address(material)).status_code == 404


# Interest list ---------------------------------------------------------------------------------------------------
def test_a_person_goes_on_the_interest_list_once_and_off_again(client: Client) -> None:
    course, person = CourseFactory(), UserFactory()
    client.force_login(person)
    assert "Skriv mig op" in shown(client, course)
    for _ in range(2):
        client.post(f"/kurser/interesse/{course.slug}/", {"act": "on"})
    assert Interest.objects.filter(course=course, person=person).count() == 1
    assert "Fjern mig fra listen" in shown(client, course)
    client.post(f"/kurser/interesse/{course.slug}/", {"act": "off"})
    assert not Interest.objects.exists()


def test_a_visitor_is_sent_to_sign_in_and_back_to_the_course(client: Client) -> None:
    course = CourseFactory()
    assert f"/konto/login/?next=/kurser/{course.slug}/" in shown(client, course)
    answer = client.post(f"/kurser/interesse/{course.slug}/", {"act": "on"})
    assert answer.status_code == 302
    assert not Interest.objects.exists()


def test_the_list_is_offered_only_while_no_run_is_open(client: Client) -> None:
    course = CourseFactory()
    run = RunFactory(course=course)
    client.force_login(UserFactory())
    assert "Skriv mig op" not in shown(client, course)
    run.closes_at = timezone.now() - timedelta(days=1)
    run.save()
    assert "Skriv mig op" in shown(client, course)


@pytest.mark.parametrize("state", ["draft", "retired"])
def test_nobody_waits_for_a_course_that_is_not_offered(state: str) -> None:
    with pytest.raises(MoveRefused):
        services.show_interest(CourseFactory(state=state), by=UserFactory())


def test_those_who_wait_hear_when_a_run_is_published_and_those_who_have_enrolled_do_not() -> None:
    course = CourseFactory()
    waits, enrolled = UserFactory(), MembershipFactory(role="caseworker").user
    for person in (waits, enrolled):
        services.show_interest(course, by=person)
    EnrolmentFactory(run=RunFactory(course=course), person=enrolled)
    run = RunFactory(course=course, state="draft")
    move(run, "publish", by=StaffFactory(group="courses"))
    told = Notice.objects.filter(subject__contains="har fået en dato")
    assert [notice.recipient for notice in told] == [waits]
    assert told.get().address == run.get_absolute_url()


def test_nobody_is_told_of_a_run_kept_to_the_network() -> None:
    course = CourseFactory()
    services.show_interest(course, by=UserFactory())
    run = RunFactory(course=course, state="draft", members_only=True)
    move(run, "publish", by=StaffFactory(group="courses"))
    assert not Notice.objects.exists()


def test_the_number_who_wait_is_shown_to_staff_only(client: Client) -> None:
    course = CourseFactory()
    services.show_interest(course, by=UserFactory())
    assert "1 person på interesselisten" not in shown(client, course)
    client.force_login(StaffFactory(group="courses"))
    assert "1 person på interesselisten" in shown(client, course)


# The words of the CMS --------------------------------------------------------------------------------------------
def page_about(course: Course, **fields: object) -> CoursePage:
    index = CourseIndexPage.objects.first()
    if index is None:
        index = CourseIndexPage(title="Kurser", slug="om-kurser", lead="Alle kurser er gratis.")
        home_page().add_child(instance=index)
    page = CoursePage(title=course.title_da, slug=course.slug, course=course, **fields)
    page.body = [("text", RichText("<p>Vi øver os på samtaler om tryghed.</p>"))]
    index.add_child(instance=page)
    return page


def test_the_editors_words_stand_on_the_course_and_above_the_list(client: Client) -> None:
    course = CourseFactory()
    page_about(course, lead="Et kursus for alle.")
    page = shown(client, course)
    assert "Et kursus for alle." in page
    assert "Vi øver os på samtaler om tryghed." in page
    assert "Alle kurser er gratis." in client.get("/kurser/").content.decode()


def test_there_is_one_page_per_course(client: Client) -> None:
    course = CourseFactory()
    page = page_about(course)
    assert page.url == course.get_absolute_url()
    answer = client.get(f"/om-kurser/{course.slug}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, course.get_absolute_url())
    assert client.get("/om-kurser/").headers["Location"] == "/kurser/"


def test_unpublished_and_private_words_are_not_shown(client: Client) -> None:
    hidden, private = CourseFactory(), CourseFactory()
    page_about(hidden, live=False)
    closed = page_about(private)
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    assert "tryghed" not in shown(client, hidden)
    assert "tryghed" not in shown(client, private)
    PageViewRestriction.objects.create(page=closed.get_parent(), restriction_type="login")
    assert "gratis" not in client.get("/kurser/").content.decode()


def test_the_editor_goes_from_the_course_to_its_words(client: Client) -> None:
    written, unwritten = CourseFactory(), CourseFactory()
    page = page_about(written)
    assert "/cms/" not in shown(client, written)
    client.force_login(StaffFactory(group="courses"))
    assert f"/cms/pages/{page.pk}/edit/" in shown(client, written)
    add = f"/cms/pages/add/cms/coursepage/{page.get_parent().pk}/"
    assert add in shown(client, unwritten)
    assert client.get(add).status_code == 200


def test_the_course_administrator_edits_what_is_written_about_courses_and_no_other_page(client: Client) -> None:
    page = page_about(CourseFactory())
    client.force_login(StaffFactory(group="courses"))
    assert client.get(f"/cms/pages/{page.pk}/edit/").status_code == 200
    assert client.get(f"/cms/pages/{home_page().pk}/edit/").status_code == 302


def test_the_search_finds_a_course_by_its_words_and_by_the_editors(client: Client) -> None:
    course = CourseFactory(title_da="Børnesamtaler")
    page_about(course)
    for words in ("børnesamtaler", "tryghed"):
        found = client.get("/soeg/", {"q": words}).content.decode()
        assert found.count(f'href="{course.get_absolute_url()}"') == 1, words
