"""After a course in a real browser: attendance with a thumb, an evaluation, and the public check of a certificate."""

from typing import Any

import pytest
from playwright.sync_api import expect

from courses.completion.models import Attendance, Certificate, EvaluationSheet
from courses.completion.services import Mark, issue_certificates, note_attendance
from tests.browsing import NewPage, axe_clean
from tests.factories import EnrolmentFactory, RunFactory, StaffFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def organiser() -> Any:
    return StaffFactory(group="courses", first_name="Kirsten", last_name="Arrangør")


@pytest.fixture
def run() -> Any:
    run = RunFactory(held=True, sessions=2)
    for name in ("Anne", "Bo", "Camilla"):
        EnrolmentFactory(run=run, person=UserFactory(first_name=name, last_name="Prøve"))
    return run


def address(run: Any, end: str) -> str:
    return f"/kurser/{run.course.slug}/{run.reference}/{end}/"


def test_attendance_is_noted_on_a_phone_without_javascript(new_page: NewPage, run: Any, organiser: Any) -> None:
    page = new_page(organiser, width=375, javascript=False)
    page.goto(address(run, "fremmoede"))
    expect(page.get_by_text("0 af 3 noteret, 0 mødt.")).to_be_visible()
    buttons = page.locator(".attendance label")
    sizes = [buttons.nth(number).bounding_box() for number in range(buttons.count())]
    assert all(size and size["height"] >= 44 and size["width"] >= 100 for size in sizes)
    page.get_by_role("radiogroup", name="Bo Prøve").get_by_text("Ikke mødt").click()
    page.get_by_role("button", name="Gem, resten er mødt").click()
    expect(page.get_by_text("3 af 3 noteret, 2 mødt.")).to_be_visible()
    expect(page.get_by_text("Sidst gemt af Kirsten Arrangør")).to_be_visible()
    assert Attendance.objects.filter(present=False).get().enrolment.person.first_name == "Bo"
    page.get_by_role("navigation", name="Kursusgange").get_by_role("link").first.click()
    expect(page.get_by_text("0 af 3 noteret, 0 mødt.")).to_be_visible()


def test_attendance_is_noted_by_keyboard(new_page: NewPage, run: Any, organiser: Any) -> None:
    page = new_page(organiser)
    page.goto(address(run, "fremmoede"))
    page.get_by_role("radiogroup", name="Anne Prøve").get_by_label("Mødt", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 af 3 noteret, 0 mødt.")).to_be_visible()
    axe_clean(page)


def test_a_participant_evaluates_on_a_phone(new_page: NewPage, run: Any) -> None:
    person = run.enrolments.earliest("pk").person
    page = new_page(person, width=375)
    page.goto(address(run, "evaluering"))
    axe_clean(page)
    page.get_by_role("group", name="Det var tiden værd").get_by_text("5 – helt enig").click()
    page.get_by_label("Hvad skal vi gøre anderledes?").fill("Mere tid til øvelser")
    page.get_by_role("button", name="Aflever evalueringen").click()
    expect(page.get_by_text("Tak. Din evaluering er afleveret.")).to_be_visible()
    expect(page.get_by_role("button", name="Aflever evalueringen")).to_have_count(0)
    assert EvaluationSheet.objects.count() == 1


def test_certificates_are_issued_checked_by_a_stranger_and_revoked(new_page: NewPage, run: Any, organiser: Any) -> None:
    marks = {one.pk: Mark(None, one.person.first_name != "Bo") for one in run.enrolments.all()}
    for session in run.sessions.all():
        note_attendance(session, marks, by=organiser)
    desk = new_page(organiser)
    desk.goto(address(run, "kursusbeviser"))
    axe_clean(desk)
    desk.get_by_role("button", name="Udsted 2 kursusbeviser").click()
    expect(desk.get_by_text("2 kursusbeviser er udstedt")).to_be_visible()
    certificate = Certificate.objects.get(person__first_name="Anne")

    stranger = new_page(width=375, javascript=False)
    stranger.goto("/bevis/")
    stranger.get_by_label("Koden på kursusbeviset").fill(certificate.spaced_code.upper())
    stranger.get_by_role("button", name="Tjek").click()
    expect(stranger.get_by_role("heading", name="Kursusbeviset er gyldigt")).to_be_visible()
    expect(stranger.get_by_text("Anne Prøve")).to_be_visible()
    expect(stranger.get_by_role("link", name="Hent kursusbeviset")).to_have_count(0)

    desk.get_by_role("link", name=certificate.number).click()
    desk.get_by_role("link", name="Tilbagekald").click()
    desk.get_by_label("Hvorfor").fill("Fremmødet var noteret forkert")
    desk.get_by_role("button", name="Tilbagekald").click()
    expect(desk.get_by_text("Fremmødet var noteret forkert")).to_be_visible()
    axe_clean(desk)

    stranger.reload()
    expect(stranger.get_by_role("heading", name="Kursusbeviset er tilbagekaldt")).to_be_visible()
    expect(stranger.get_by_text("Fremmødet var noteret forkert")).to_have_count(0)
    stranger.goto("/bevis/23456789/")
    expect(stranger.get_by_text("Der findes intet kursusbevis med denne kode")).to_be_visible()


def test_the_pages_around_an_evaluation_have_no_violation(new_page: NewPage, run: Any, organiser: Any) -> None:
    page = new_page(organiser)
    for end in ("evaluering/resultat", "evaluering/spoergsmaal"):
        page.goto(address(run, end))
        axe_clean(page)
    person = new_page(issue_for_one(run, organiser).person)
    person.goto(Certificate.objects.get().get_absolute_url())
    axe_clean(person)


def issue_for_one(run: Any, organiser: Any) -> Certificate:
    """A certificate for whoever the organiser chooses."""
    type(run).objects.filter(pk=run.pk).update(certificate_rule="manual")
    run.refresh_from_db()
    return issue_certificates(run, by=organiser, chosen=[run.enrolments.earliest("pk").pk])[0]
