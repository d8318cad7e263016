"""Looking after the catalogue: writing courses and paths, publishing, material, the interest list, subjects."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from courses.catalogue import demo, reference, services
from courses.models import Course, CourseMaterial, LearningPath, Subject
from engagements.design.versions import StaleError
from engagements.lifecycle import MoveRefused
from tests.factories import CourseFactory, LearningPathFactory, MembershipFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(StaffFactory(group="courses"))
    return client


def facts(**changes: object) -> dict[str, object]:
    subject = Subject.objects.get(key="jura")
    return {
        "title_da": "Afgørelser, der holder",
        "title_en": "",
        "summary_da": "Om begrundelse og partshøring.",
        "summary_en": "",
        "slug": "afgoerelser",
        "subject": subject.pk,
        "level": "basic",
        "hours": "6",
        "aims": "Skrive en begrundelse",
        "audience": "",
        **changes,
    }


def test_a_new_course_is_a_draft_that_is_then_published_and_retired(staff: Client) -> None:
    answer = staff.post(reverse("catalogue:new"), facts())
    course = Course.objects.get(slug="afgoerelser")
    assert answer.headers["Location"] == course.get_absolute_url()
    assert course.state == "draft"
    for name, state in (("publish", "published"), ("retire", "retired"), ("publish", "published")):
        staff.post(reverse("catalogue:move", args=["kursus", course.slug, name]))
        course.refresh_from_db()
        assert course.state == state


@pytest.mark.parametrize(
    "changes",
    [
        {"slug": "forloeb"},
        {"slug": "nyt"},
        {"slug": "Ikke en adresse"},
        {"title_da": ""},
        {"hours": "-1"},
        {"subject": "99999999999999999999"},
        {"aims": "Sagen om 010203-1234"},
    ],
)
def test_what_cannot_be_a_course_is_refused_and_nothing_typed_is_lost(
    staff: Client, changes: dict[str, object]
) -> None:
    answer = staff.post(reverse("catalogue:new"), facts(**changes))
    assert answer.status_code == 422
    assert "Fejl:" in answer.content.decode()
    assert "Om begrundelse og partshøring." in answer.content.decode()
    assert not Course.objects.exists()


def test_two_courses_cannot_share_an_address(staff: Client) -> None:
    CourseFactory(slug="afgoerelser")
    assert staff.post(reverse("catalogue:new"), facts()).status_code == 422
    assert Course.objects.count() == 1


def test_the_second_of_two_editors_sees_both_versions(staff: Client) -> None:
    course = CourseFactory()
    address = reverse("catalogue:edit", args=[course.slug])
    services.write_course(course, by=StaffFactory(group="lead"), version=1, title_da="Den første")
    answer = staff.post(address, facts(slug=course.slug, version="1"))
    assert answer.status_code == 409
    assert "Den første" in answer.content.decode()
    assert Course.objects.get().title_da == "Den første"
    with pytest.raises(StaleError):
        services.write_course(course, by=StaffFactory(group="lead"), version=1, title_da="Den anden")


def test_a_changed_title_is_found_at_once(staff: Client) -> None:
    course = CourseFactory(slug="afgoerelser", title_da="Ærø")
    staff.post(reverse("catalogue:edit", args=[course.slug]), facts(version="1"))
    assert list(Course.objects.holding("holder AFGØRELSER")) == [course]
    assert not Course.objects.holding("ærø")


def test_others_cannot_write_publish_or_look_at_the_desk(client: Client) -> None:
    course, path = CourseFactory(), LearningPathFactory()
    client.force_login(MembershipFactory().user)
    for name, args in (("desk", []), ("new", []), ("edit", [course.slug]), ("edit_path", [path.slug])):
        assert client.get(reverse(f"catalogue:{name}", args=args)).status_code == 404
    answer = client.post(reverse("catalogue:move", args=["kursus", course.slug, "retire"]))
    assert answer.status_code == 409
    assert client.post(reverse("catalogue:move", args=["findes-ikke", course.slug, "retire"])).status_code == 404
    with pytest.raises(MoveRefused):
        services.write_course(course, by=UserFactory(), version=1, title_da="Mit")


def rows(*courses: Course | None, required: tuple[int, ...] = ()) -> dict[str, object]:
    sent: dict[str, object] = {"steps-TOTAL_FORMS": len(courses), "steps-INITIAL_FORMS": 0}
    for number, course in enumerate(courses):
        sent[f"steps-{number}-course"] = course.pk if course else ""
        sent[f"steps-{number}-order"] = len(courses) - number
        if number in required:
            sent[f"steps-{number}-required"] = "on"
    return sent


PATH = {"title_da": "Ny leder", "summary_da": "For nye ledere.", "slug": "ny-leder", "needed": ""}


def test_a_path_is_written_with_its_courses_in_the_order_of_their_numbers(staff: Client) -> None:
    first, second = CourseFactory(), CourseFactory()
    staff.post(reverse("catalogue:new_path"), {**PATH, **rows(first, None, second, required=(0,))})
    path = LearningPath.objects.get()
    assert [(step.course, step.required) for step in path.steps.all()] == [(second, False), (first, True)]
    staff.post(reverse("catalogue:edit_path", args=[path.slug]), {**PATH, "version": "1", **rows(second)})
    assert [step.course for step in path.steps.all()] == [second]


@pytest.mark.parametrize("needed", ["0", "3", "-1", "99999999999"])
def test_a_path_cannot_need_more_courses_than_it_has(staff: Client, needed: str) -> None:
    answer = staff.post(
        reverse("catalogue:new_path"), {**PATH, "needed": needed, **rows(CourseFactory(), CourseFactory())}
    )
    assert answer.status_code == 422
    assert not LearningPath.objects.exists()


def test_a_path_without_courses_or_with_one_twice_is_refused_in_words(staff: Client) -> None:
    course = CourseFactory()
    empty = staff.post(reverse("catalogue:new_path"), {**PATH, **rows(None)}).content.decode()
    assert "Vælg mindst ét kursus." in empty
    twice = staff.post(reverse("catalogue:new_path"), {**PATH, **rows(course, course)}).content.decode()
    assert "Kurset er allerede med i læringsforløbet." in twice
    assert "<title>Fejl:" in twice
    assert not LearningPath.objects.exists()


def test_a_path_form_without_its_counters_is_no_fault(staff: Client) -> None:
    assert staff.post(reverse("catalogue:new_path"), PATH).status_code == 422


def test_material_is_added_as_file_or_link_and_removed_with_its_file(
    staff: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    course = CourseFactory()
    address = reverse("catalogue:material", args=[course.slug])
    file = ContentFile(b"Et lille haefte", name="haefte.txt")
    staff.post(address, {"title": "Hæfte", "file": file, "link": ""})
    staff.post(address, {"title": "Film", "link": "https://example.org/film"})
    assert staff.post(address, {"title": "Ingenting"}).status_code == 422
    assert [one.title for one in course.material.all()] == ["Hæfte", "Film"]
    stored = CourseMaterial.objects.get(title="Hæfte")
    assert default_storage.exists(stored.file.name)
    with django_capture_on_commit_callbacks(execute=True):
        staff.post(reverse("catalogue:remove_material", args=[course.slug, stored.pk]))
    assert not default_storage.exists(stored.file.name)
    assert [one.title for one in course.material.all()] == ["Film"]


def test_material_with_a_cpr_number_is_refused(staff: Client) -> None:
    course = CourseFactory()
    file = ContentFile(b"Sagen om 010203-1234", name="sag.txt")
    staff.post(reverse("catalogue:material", args=[course.slug]), {"title": "Sag", "file": file})
    with pytest.raises(ValidationError):
        services.add_material(course, title="010203-1234", link="https://x.dk", by=StaffFactory(group="lead"))
    assert not CourseMaterial.objects.exists()


def test_the_desk_lists_drafts_and_how_many_wait(staff: Client) -> None:
    course = CourseFactory(title_da="Klar om lidt")
    CourseFactory(title_da="Under arbejde", state="draft")
    member = MembershipFactory(municipality__name="Korsbæk")
    services.show_interest(course, by=member.user)
    page = staff.get(reverse("catalogue:desk")).content.decode()
    assert "Under arbejde" in page
    interested = reverse("catalogue:interested", args=[course.slug])
    assert interested in page
    listed = staff.get(interested).content.decode()
    assert member.user.email in listed
    assert "Korsbæk" in listed


def test_the_subjects_are_there_from_the_start_and_changes_to_them_stay() -> None:
    assert Subject.objects.count() == 8
    Subject.objects.filter(key="jura").update(title_da="Jura")
    Subject.objects.filter(key="anbringelse").delete()
    reference.ensure()
    assert Subject.objects.count() == 7
    assert Subject.objects.get(key="jura").title_da == "Jura"


def test_the_course_administrator_keeps_subjects_in_the_cms_and_a_used_one_stays(staff: Client) -> None:
    course = CourseFactory(subject=Subject.objects.get(key="jura"))
    assert "Underretninger" in staff.get(reverse("course_subjects:index")).content.decode()
    staff.post(reverse("course_subjects:delete", args=[course.subject_id]))
    assert Subject.objects.filter(key="jura").exists()


def test_the_demonstration_has_a_catalogue_and_telling_it_twice_doubles_nothing() -> None:
    teller = StaffFactory(group="courses")
    for _ in range(2):
        assert len(demo.ensure(by=teller)) == 8
    assert set(Course.objects.values_list("state", flat=True)) == {"published"}
    assert LearningPath.objects.filter(state="published").count() == 2
