"""The way in for a person whom a leader has named, in a real browser."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from engagements.people import services
from engagements.people.models import Invitation, Membership, Role
from tests.browsing import axe_clean
from tests.factories import MembershipFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_named_person_chooses_a_password_and_is_in(page: Page) -> None:
    leader = MembershipFactory(role=Role.LEADER)
    user = services.person_by_mail(
        email="ny@eksempel.example",
        name="Anna Prøve",
        municipality=leader.municipality,
        by=leader.user,
        next_address=reverse("notices:list"),
    )
    page.goto(reverse("people:accept", args=[Invitation.objects.get().token]))
    axe_clean(page)
    button = page.get_by_role("button", name="Vælg adgangskoden, og tag imod invitationen")
    first, second = page.get_by_label(re.compile("^Adgangskode")).all()
    first.fill("en-lang-adgangskode")
    second.fill("en-anden-adgangskode")
    button.click()
    expect(page.locator(".form-error")).to_have_count(1)
    axe_clean(page)
    page.get_by_label(re.compile("^Adgangskode")).first.fill("en-lang-adgangskode")
    page.get_by_label(re.compile("^Adgangskode")).last.fill("en-lang-adgangskode")
    button.click()
    expect(page).to_have_url(re.compile(reverse("notices:list")))
    expect(page.get_by_role("main")).to_contain_text(f"Du er nu tilknyttet {leader.municipality.full_name}")
    assert Membership.objects.get(user=user).approved_by == leader.user
