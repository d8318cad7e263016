"""A leader asks for a visit and gets it: from the offer to the learning points, each person in a browser of their own.

The leader reads what a visit asks, is told about a child's name, and corrects it; the learning team plans; participants
answer on their own telephones without signing in; the leader writes down what to do in another way.
"""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from engagements.municipalities.demo import ensure_fictional
from engagements.people import demo as people
from engagements.visits.models import Visit
from tests import factories as f
from tests.browsing import NewPage, axe_clean

from .story import Story, fill, follow, post, press, says

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LEARNING = "learning@taskforce.example"
LEADER = "leader@sundkoebing.example"
NAMED = "Det gælder drengen Oliver Jensen, som vi ikke har talt med."
NAMELESS = "Det gælder drengen i sag A, som vi ikke har talt med."


@pytest.fixture
def story(transactional_db: None, new_page: NewPage, settings: Any) -> Story:
    """The fictional municipalities, an account for every role and one offer of visits."""
    settings.DEMONSTRATION = True
    ensure_fictional()
    people.ensure()
    f.VisitOfferFactory(title_da="Generelle besøg", places=1)
    return Story(new_page)


def test_a_leader_asks_for_a_visit_and_gets_it(story: Story, new_page: NewPage) -> None:
    address = ask(story)
    plan(story, address)
    day = timezone.now() - timedelta(days=1)
    Visit.objects.update(  # a month passes
        starts_at=day, ends_at=day + timedelta(hours=5), evaluation_until=timezone.localdate() + timedelta(days=13)
    )
    link = evaluate(story, address, new_page)
    hold(story, address)
    follow_up(story, address, new_page(width=375), link)


def ask(story: Story) -> str:
    """The leader's request; returns the visit's address."""
    page = story.leader()
    page.goto("/besoeg/")
    follow(page, "Tilbud om besøg")
    page.get_by_role("main").get_by_role("link", name=re.compile("Anmod om et besøg")).first.click()
    says(page, "Hvad besøget kræver af jer")
    axe_clean(page)
    fill(page, theme="Samtaler med barnet", problem=NAMED, place="Rådhuset, lokale 2")
    page.locator("[name=cases_confirmed]").check()
    fill(page, audience_caseworkers=12, audience_leaders=2)
    weeks = page.locator("[name=weeks]")
    weeks.nth(3).check()
    weeks.nth(4).check()
    press(page, "Send anmodningen")
    says(page, re.compile("ser ud til at nævne et barn"))
    axe_clean(page)
    expect(page.locator("[name=place]")).to_have_value("Rådhuset, lokale 2")
    fill(page, problem=NAMELESS)
    press(page, "Send anmodningen")
    says(page, re.compile("I har fået en plads"))
    axe_clean(page)
    return page.url


def plan(story: Story, address: str) -> None:
    """The learning team finds a day; both sides get the invitation."""
    page = story.page(LEARNING)
    page.goto("/arbejdsplads/")
    page.get_by_role("main").get_by_role("link", name=re.compile("Planlæg besøget")).first.click()
    expect(page).to_have_url(address)
    follow(page, "Planlæg besøget")
    says(page, re.compile(re.escape(LEADER)))
    axe_clean(page)
    day = (timezone.localtime() + timedelta(days=30)).strftime("%Y-%m-%d")
    page.get_by_label(re.compile("Kirsten")).check()
    fill(page, starts_at=f"{day}T09:00", ends_at=f"{day}T14:00", programme="9.00 Velkommen\n9.30 Sag A")
    press(page, "Planlæg, og send invitationen")
    says(page, "Besøget er planlagt, og invitationen er sendt.")
    invitation = post(LEADER, "Invitation")
    [(name, _content, _kind)] = invitation.attachments
    # The storage may have put something between, where an earlier file has the same name.
    assert name.startswith(address.split("/")[-2])
    assert name.endswith(".ics")
    leader = story.leader()
    leader.goto(address)
    leader.get_by_role("button", name=re.compile("Markér som gjort.*Vælg to")).click()
    expect(leader.locator("#preparation")).to_be_visible()
    axe_clean(leader)


def evaluate(story: Story, address: str, new_page: NewPage) -> str:
    """Five participants answer from the link; returns it."""
    page = story.leader()
    page.goto(address)
    follow(page, "Link og QR-kode til deltagerne")
    expect(page.get_by_role("img", name=re.compile("QR-kode"))).to_be_visible()
    axe_clean(page)
    link = str(page.locator("dl a[href*='/besoeg/evaluering/']").get_attribute("href"))
    path = link[link.index("/besoeg/") :]
    for number in range(5):
        answer(new_page(width=375, javascript=number != 0), path)
    page.reload()
    says(page, re.compile("5 deltagere har svaret"))
    says(page, "Med deltagernes egne ord")
    return path


def answer(page: Page, path: str) -> None:
    """One telephone."""
    page.goto(path)
    fill(page, useful="5", own_practice="4", clear="4", will_use="5", comment="Vi skriver barnets ord ned.")
    press(page, "Send svaret")
    says(page, "Tak for svaret")
    page.goto(path)
    says(page, "Tak for svaret")


def hold(story: Story, address: str) -> None:
    """The team registers who came."""
    page = story.page(LEARNING)
    page.goto(address)
    follow(page, "Registrér som afholdt")
    axe_clean(page)
    fill(page, audience_caseworkers=11)
    press(page, "Registrér som afholdt")
    says(page, "Besøget er registreret som afholdt.")


def follow_up(story: Story, address: str, late: Page, link: str) -> None:
    """The leader writes a learning point and begins the follow-up; the evaluation closes."""
    page = story.leader()
    page.goto(address)
    follow(page, "Tilføj et læringspunkt")
    due = (timezone.localdate() + timedelta(days=40)).isoformat()
    fill(page, text="Skriv barnets ord i afgørelsen", owner="Faglig leder", due_on=due)
    press(page, "Gem")
    follow(page, "Begynd opfølgningen")
    press(page, "Begynd opfølgningen")
    says(page, re.compile("Læringspunkterne er samlet"))
    axe_clean(page)
    Visit.objects.update(evaluation_until=timezone.localdate() - timedelta(days=1))
    late.goto(link)
    says(late, re.compile("Evalueringen er lukket"))
    axe_clean(late)
