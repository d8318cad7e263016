"""Reports count seats, late cancellations, absence and completion by run, municipality, role and path – never by name."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from courses.completion.models import Attendance
from courses.enrolment import services
from courses.enrolment.models import Enrolment
from courses.pages.reports import Line, Report, report
from courses.runs.models import Kind, Run
from engagements.people.models import Role
from tests.factories import (
    CourseFactory,
    EnrolmentFactory,
    LearningPathFactory,
    MembershipFactory,
    MunicipalityFactory,
    RunFactory,
    StaffFactory,
)

pytestmark = pytest.mark.django_db
ADDRESS = "/kurser/rapporter/"


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(StaffFactory(group="courses"))
    return client


def counted(**kwargs: object) -> Report:
    return report(Run.objects.all(), at=timezone.now(), **kwargs)  # type: ignore[arg-type]


def line(lines: list[Line], name: str) -> Line:
    return next(one for one in lines if one.name == name)


def attend(enrolment: Enrolment, present: bool) -> None:
    for session in enrolment.run.sessions.all():
        Attendance.objects.create(enrolment=enrolment, session=session, present=present)


def test_a_held_run_is_counted_by_run_municipality_and_role() -> None:
    here, there = MunicipalityFactory(name="Korsbæk"), MunicipalityFactory(name="Aarup")
    run = RunFactory(held=True, capacity=10, course=CourseFactory(title_da="Jura"))
    came = EnrolmentFactory(run=run, municipality=here, completed_at=run.ends_at)
    EnrolmentFactory(run=run, municipality=here)  # nothing is noted about this one
    stayed_away = EnrolmentFactory(run=run, municipality=there, role=Role.LEADER)
    EnrolmentFactory(run=run, municipality=there, state="cancelled", late=True)
    EnrolmentFactory(run=run, municipality=there, state="cancelled")
    attend(came, True)
    attend(stayed_away, False)
    found = counted()
    row = line(found.runs, "Jura")
    assert (row.taken, row.seats, row.late, row.cancelled, row.absent, row.expected) == (3, 10, 1, 2, 2, 3)
    assert (row.completed, row.finished) == (1, 3)
    korsbaek, aarup = line(found.municipalities, "Korsbæk"), line(found.municipalities, "Aarup")
    assert [one.name for one in found.municipalities] == ["Korsbæk", "Aarup"]
    assert (korsbaek.taken, korsbaek.absent, korsbaek.expected, korsbaek.cancelled) == (2, 1, 2, 0)
    assert (aarup.taken, aarup.absent, aarup.expected, aarup.late, aarup.cancelled) == (1, 1, 1, 1, 2)
    leader = line(found.roles, str(Role.LEADER.label).capitalize())
    assert (leader.taken, leader.absent) == (1, 1)


def test_nobody_is_absent_from_a_run_where_nothing_was_noted_or_that_is_not_over() -> None:
    EnrolmentFactory(run=RunFactory(held=True))
    coming = EnrolmentFactory(run=RunFactory())
    attend(coming, False)
    found = counted()
    assert (found.total.absent, found.total.expected) == (0, 0)
    assert (found.held.finished, found.coming.taken) == (1, 1)


def test_a_seat_handed_over_is_no_cancellation(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    leader = MembershipFactory(role=Role.LEADER)
    colleague = MembershipFactory(role=Role.CASEWORKER, municipality=leader.municipality).user
    seat = services.enrol(RunFactory(), [leader.user], by=leader.user)[0]
    services.swap(seat, colleague, by=leader.user)
    found = counted()
    assert (found.total.cancelled, found.total.taken) == (0, 1)


def test_a_run_called_off_has_no_seats_and_no_cancellations_by_participants() -> None:
    run = RunFactory(state="cancelled", taken=4)
    EnrolmentFactory(run=run, state="cancelled")
    found = counted()
    assert (found.total.seats, found.total.taken, found.total.cancelled) == (0, 0, 0)
    assert found.cancelled_runs == 1


def test_paths_count_those_who_have_begun_and_those_who_have_completed() -> None:
    path = LearningPathFactory()
    first, second = path.courses.order_by("pk")
    runs = [RunFactory(held=True, course=course) for course in (first, second)]
    both, one = MembershipFactory(role=Role.CASEWORKER), MembershipFactory(role=Role.CASEWORKER)
    for run in runs:
        EnrolmentFactory(run=run, person=both.user, municipality=both.municipality, completed_at=run.ends_at)
    EnrolmentFactory(run=runs[0], person=one.user, municipality=one.municipality, completed_at=runs[0].ends_at)
    EnrolmentFactory(run=runs[1])
    (row,) = counted().paths
    assert (row.completed, row.begun) == (1, 2)
    (before,) = counted(until=timezone.localdate(runs[0].ends_at) - timedelta(days=1)).paths
    assert (before.completed, before.begun) == (0, 0)


def test_the_period_is_a_year_or_days_of_ones_own(staff: Client) -> None:
    old, new = RunFactory(held=True, own_title="Det gamle hold"), RunFactory(own_title="Det nye hold")
    long_ago = timedelta(days=800)
    times = ("starts_at", "ends_at", "opens_at", "closes_at")
    Run.objects.filter(pk=old.pk).update(**{name: getattr(old, name) - long_ago for name in times})
    year = timezone.localdate(new.starts_at).year
    day = timezone.localdate(new.starts_at).isoformat()

    def titles(**query: object) -> set[str]:
        return {one.name for one in staff.get(ADDRESS, query).context["found"].runs}

    assert titles() == {"Det gamle hold", "Det nye hold"}
    assert titles(year=year) == {"Det nye hold"}
    assert titles(since=day, until=day) == {"Det nye hold"}
    assert titles(until=f"{year - 1}-01-01", year=year) == {"Det gamle hold"}


@pytest.mark.parametrize(
    "query", [{"year": "første"}, {"since": "99"}, {"since": "2026-02-02", "until": "2026-01-01"}, {"year": "1"}]
)
def test_a_period_that_cannot_be_is_said_and_everything_shown(staff: Client, query: dict[str, str]) -> None:
    RunFactory()
    response = staff.get(ADDRESS, query)
    assert response.status_code == 200
    assert "Fejl:" in response.content.decode()
    assert len(response.context["found"].runs) == 1


def test_the_workbook_has_a_sheet_for_each_table_and_no_names(staff: Client) -> None:
    run = RunFactory(held=True, own_title="=1+1")
    enrolment = EnrolmentFactory(run=run, person__first_name="Hemmelig")
    LearningPathFactory()
    response = staff.get(ADDRESS, {"format": "xlsx"})
    book = load_workbook(BytesIO(response.content))
    assert book.sheetnames == ["Hold", "Kommuner", "Roller", "Læringsforløb"]
    cells = [str(cell.value) for sheet in book for row in sheet for cell in row]
    assert run.reference in cells
    assert book["Hold"]["B2"].data_type == "s"
    assert not any("Hemmelig" in cell or enrolment.person.email in cell for cell in cells)
    assert "Hemmelig" not in staff.get(ADDRESS).content.decode()


def test_the_network_editor_sees_meetings_only(client: Client) -> None:
    client.force_login(StaffFactory(group="network"))
    RunFactory(own_title="Et kursus")
    RunFactory(own_title="Et møde", kind=Kind.MEETING, course=None, members_only=True)
    found = client.get(ADDRESS).context["found"]
    assert [one.name for one in found.runs] == ["Et møde"]
    assert found.paths == []


def test_an_empty_period_says_what_to_do(staff: Client) -> None:
    page = staff.get(ADDRESS).content.decode()
    assert "Der er ingen hold i perioden" in page


def test_charts_state_what_was_found(staff: Client) -> None:
    run = RunFactory(held=True, capacity=10, course=CourseFactory(title_da="Jura"))
    place = MunicipalityFactory(name="Korsbæk")
    rows = [EnrolmentFactory(run=run, municipality=place) for _number in range(6)]
    for number, row in enumerate(rows):
        attend(row, number > 1)
    page = staff.get(ADDRESS).content.decode()
    assert "6 af 10 pladser på afholdte hold var besat; bedst fyldt var »Jura«" in page
    assert "2 af 6 med plads kom ikke" in page
    assert "0 af 1" in page  # runs called off


@pytest.mark.parametrize("runs", [25, 250])
def test_the_queries_do_not_grow_with_the_runs(
    staff: Client, runs: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    path = LearningPathFactory()
    course = path.courses.first()
    places = [MunicipalityFactory() for _number in range(5)]
    people = [MembershipFactory(municipality=place, role=Role.CASEWORKER).user for place in places]
    model = RunFactory(course=course, held=True)
    facts = {field.attname: getattr(model, field.attname) for field in Run._meta.fields if not field.primary_key}
    made = Run.objects.bulk_create(Run(**{**facts, "reference": f"2018-{number:05}"}) for number in range(runs))
    now = timezone.now()
    Enrolment.objects.bulk_create(
        Enrolment(
            run=run,
            person=person,
            municipality=place,
            role="caseworker",
            state="seated",
            queued_at=now,
            completed_at=now,
        )
        for run in made
        for person, place in zip(people, places, strict=True)
    )
    with django_assert_max_num_queries(12):
        response = staff.get(ADDRESS)
    assert response.context["found"].held.finished == 5 * runs


def test_the_workplace_of_organisers_leads_to_runs_and_reports(client: Client) -> None:
    run = RunFactory(own_title="Jura i praksis", capacity=10)
    EnrolmentFactory(run=run)
    EnrolmentFactory(run=run, state="waiting")
    RunFactory(own_title="Forbi", held=True)
    client.force_login(StaffFactory(group="courses"))
    page = client.get("/arbejdsplads/").content.decode()
    assert "Jura i praksis" in page
    assert "Forbi" not in page
    assert ADDRESS in page
    client.force_login(StaffFactory(group="analyst"))
    assert ADDRESS not in client.get("/arbejdsplads/").content.decode()
