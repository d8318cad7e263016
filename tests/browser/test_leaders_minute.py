"""The leader's minute: six people enrolled in one go, one of them new here, and everyone knows who is in and who waits."""

import pytest
from django.core import mail
from playwright.sync_api import Locator, Page, expect

from tests.browsing import NewPage, axe_clean
from tests.factories import CourseFactory, EnrolmentFactory, MembershipFactory, MunicipalityFactory, RunFactory

from .story import follow, press, says

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAMES = ("Anna Bech", "Bo Krogh", "Carla Juhl", "Dan Friis", "Eva Lund")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_leader_enrols_five_colleagues_one_of_them_new(new_page: NewPage, javascript: bool) -> None:
    town = MunicipalityFactory(name="Korsbæk")
    leader = MembershipFactory(municipality=town, role="leader").user
    people = [MembershipFactory(municipality=town, role="caseworker").user for _ in NAMES]
    for person, name in zip(people, NAMES, strict=True):
        person.first_name, person.last_name = name.split()
        person.save()
    run = RunFactory(course=CourseFactory(title_da="Barnets stemme"), capacity=6)
    EnrolmentFactory(run=run)
    EnrolmentFactory(run=run)

    page = new_page(leader, javascript=javascript)
    page.goto(run.course.get_absolute_url())
    page.get_by_role("link", name="Tilmeld").first.click()
    follow(page, "Tilmeld kolleger")
    says(page, "4 pladser er ledige nu.")
    for person in people[:4]:
        page.get_by_label(str(person), exact=True).check()
    page.locator("[name=name_0]").fill("Jens Ny")
    page.locator("[name=email_0]").fill("Jens@Korsbaek.example")
    if javascript:
        says(page, "5 valgt, men kun 4 pladser er ledige nu.")
        axe_clean(page)
    press(page, "Tilmeld")

    says(page, "4 har fået plads. 1 er på venteliste.")
    for name in NAMES[:4]:
        expect(row_of(page, name)).to_contain_text("Har plads")
    expect(row_of(page, "Jens Ny")).to_contain_text("nummer 1 på ventelisten")
    expect(row_of(page, "Jens Ny")).to_contain_text("Alle 6 pladser var besat.")
    if javascript:
        axe_clean(page)

    # A seat that becomes free goes to the one who waits, and the page says so.
    follow(page, "Anna Bech")
    follow(page, "Afmeld")
    press(page, "Afmeld")
    says(page, "Afmeldingen er registreret.")
    page.goto(run.get_absolute_url())
    us = page.get_by_role("region", name="Hvem af os er med")
    expect(us.get_by_role("listitem").filter(has_text="Jens Ny")).to_contain_text("Har plads")
    told = [one.subject for one in mail.outbox if one.to == ["jens@korsbaek.example"]]
    assert "Du er på venteliste: Barnets stemme" in told
    assert "Du har fået plads: Barnets stemme" in told


def row_of(page: Page, name: str) -> Locator:
    """The person's row in the list of enrolments."""
    return page.get_by_role("row").filter(has_text=name)
