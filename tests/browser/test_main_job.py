"""The main job from end to end in a real browser: from the first line of an application to the council's page.

Everyone has a browser of their own, signs in through the form and finds the way by the links, buttons and mails that
a person would use. With SCREENSHOTS=1 the pictures of the README are taken on the way.
"""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from engagements.applications import demo as answers
from engagements.municipalities.demo import ensure_fictional
from engagements.people import demo as people
from engagements.programme.models import Offer
from tests import factories as f
from tests.browsing import NewPage, axe_clean

from .story import Story, fill, follow, link_in, pdf, picture, post, press, says, sign_in, tab

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TOWN = "Sundkøbing Kommune"
CASES = 20
QUESTIONS = "Hvad gør I, når fristen ikke kan holdes?\nHvordan hører I barnets mening?"


@pytest.fixture
def story(transactional_db: None, new_page: NewPage, settings: Any) -> Story:
    """The fictional municipalities, an account for every role and an open round: nothing else."""
    settings.DEMONSTRATION = True
    ensure_fictional()
    people.ensure()
    f.RoundFactory(offer=Offer.objects.get(key="task-force"), title="1. ansøgningsrunde")
    return Story(new_page)


def test_from_application_to_council(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    application = apply(story, monkeypatch)
    engagement = decide(story, application)
    review(story, engagement)
    report(story, engagement)
    follow_up(story, engagement)
    brief_the_council(story, engagement)


# The application ----------------------------------------------------------------------------------------------


def apply(story: Story, monkeypatch: pytest.MonkeyPatch) -> str:
    """Two days of writing, a colleague, the director's sign-off, submission; returns the application's address."""
    given = answers.answers(2)
    page = story.leader()
    page.goto("/ansoegninger/")
    follow(page, "Begynd en ansøgning")
    press(page, "Begynd")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Ansøgning fra {TOWN}")
    address = page.url
    follow(page, "Politisk beslutning")
    fill(page, **given["political"])
    press(page, "Gem og fortsæt")
    says(page, "»Politisk beslutning« er gemt og færdigt.")
    fill(page, motivation=given["motivation"]["motivation"])
    press(page, "Gem og luk")
    says(page, re.compile("er gemt. 2 spørgsmål er ikke besvaret endnu"))
    press(page, "Log ud", within=page.locator(".portal-user"))

    real = timezone.now
    monkeypatch.setattr("django.utils.timezone.now", lambda: real() + timedelta(days=1))
    page.goto(address)
    sign_in(page, "leader@sundkoebing.example")
    expect(page).to_have_url(address)
    says(page, "1 af 6 afsnit er færdige.")
    follow(page, "Invitér en kollega")
    fill(page, email="coordinator@sundkoebing.example", role="coordinator")
    press(page, "Send invitationen")
    says(page, "coordinator@sundkoebing.example har allerede adgang og er bedt om at hjælpe.")
    asked = post("coordinator@sundkoebing.example", "beder dig hjælpe med ansøgningen")
    assert address.endswith(link_in(asked))

    follow(page, "Motivation og fokus")
    expect(page.locator("[name=motivation]")).to_have_value(given["motivation"]["motivation"])
    axe_clean(page)
    for key in ("motivation", "guideposts", "organisation", "resources", "cases"):
        fill(page, **given[key])
        press(page, "Gem, og tjek jeres svar" if key == "cases" else "Gem og fortsæt")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tjek jeres svar")
    axe_clean(page)
    follow(page, "Tilbage til ansøgningen")
    says(page, "6 af 6 afsnit er færdige.")
    axe_clean(page)
    picture(page, "application")
    follow(page, "Bed om direktørens godkendelse")
    fill(page, signer="director@sundkoebing.example")
    press(page, "Send anmodningen")
    says(page, "Anmodningen er sendt til director@sundkoebing.example.")

    sign_off(story)
    page.reload()
    follow(page, "Tjek jeres svar")
    says(page, given["motivation"]["focus"])
    page.goto(address)
    follow(page, "Til indsendelse")
    press(page, "Indsend")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ansøgningen er indsendt")
    axe_clean(page)
    number = re.search(r"sagsnr\. (\d{4} - \d+)", page.get_by_role("main").inner_text())[1]  # type: ignore[index]
    paper = pdf(page, page.get_by_role("link", name="Kvitteringen som PDF"))
    assert number in "".join(sheet.extract_text() for sheet in paper.pages)
    for who in ("leader", "director"):
        receipt = post(f"{who}@sundkoebing.example", "Kvittering")
        assert number in receipt.subject
        assert receipt.attachments[0].content.startswith(b"%PDF")
    return address


def sign_off(story: Story) -> None:
    """The director follows the link from the mail, is asked to sign in, reads and signs."""
    asked = post("director@sundkoebing.example", f"Godkend ansøgningen fra {TOWN}")
    page = story.page_from_mail("director@sundkoebing.example", link_in(asked))
    expect(page.get_by_role("heading", level=1)).to_have_text("Log ind")
    sign_in(page, "director@sundkoebing.example")
    expect(page.get_by_role("heading", level=1)).to_have_text("Godkend ansøgningen")
    axe_clean(page)
    press(page, "Godkend på kommunens vegne")
    says(page, "Du har godkendt på kommunens vegne. En leder kan nu indsende.")


# The decision -------------------------------------------------------------------------------------------------


def decide(story: Story, application: str) -> str:
    """Both agencies assess, the lead reads the letter and sends it; returns the engagement's address."""
    for agency in ("legal", "social"):
        page = story.page(f"{agency}@taskforce.example")
        page.goto(application)
        if agency == "legal":
            follow(page, "Begynd vurderingen")
            press(page, "Begynd vurderingen")
        follow(page, "Udfyld vurderingen")
        scores, comment = answers.scores(agency, 2)
        fill(page, **scores, comment=comment)
        if agency == "legal":
            axe_clean(page)
        press(page, "Afslut vurderingen")
        says(page, "Vurderingen er afsluttet.")
    page = story.lead()
    page.goto(link_in(post("lead@taskforce.example", f"{TOWN} er vurderet")))
    fill(page, outcome="accept", reason="Behovet er tydeligt, og ledelsen står bag.")
    page.get_by_label("Peter").check()
    page.get_by_label("Hanne").check()
    axe_clean(page)
    press(page, "Se svaret, før det sendes")
    expect(page.get_by_role("heading", level=1)).to_have_text("Forhåndsvisning af svaret")
    says(page, "Behovet er tydeligt, og ledelsen står bag.")
    says(page, re.compile(r"leader@sundkoebing\.example"))
    axe_clean(page)
    assert not [one for one in mail.outbox if "Svar på jeres ansøgning" in one.subject]
    press(page, "Send svaret")
    expect(page.locator(".tab-container")).to_be_visible()
    engagement = page.url
    for member in ("Peter", "Hanne"):
        expect(page.get_by_role("main").get_by_text(member).first).to_be_visible()
    axe_clean(page)
    assert post("leader@sundkoebing.example", "Svar på jeres ansøgning").attachments[0].content.startswith(b"%PDF")
    tab(page, "Tidsplan")
    for phase in ("Opstart", "Analyse", "Udvikling"):
        says(page, re.compile(phase, re.IGNORECASE))
    axe_clean(page)
    return engagement


# The case review ----------------------------------------------------------------------------------------------


def review(story: Story, engagement: str) -> None:
    """Two cases on the form without JavaScript, the others by keyboard in the grid; then it is closed."""
    page = story.legal()
    page.goto(engagement)
    tab(page, "Sagsgennemgang")
    follow(page, "Opret en sagsgennemgang")
    fill(page, planned_cases=CASES, period="Afgørelser fra 2025", register_size=140)
    page.locator("[name=drawn_at_random]").check()
    press(page, "Opret sagsgennemgangen")
    opened = page.url
    expect(page.get_by_role("link", name=f"S-{CASES}")).to_be_visible()

    plain = story.legal(javascript=False)
    plain.goto(opened)
    plain.get_by_role("link", name="S-01", exact=True).click()
    for number in (1, 2):
        expect(plain.get_by_role("heading", level=2).first).to_contain_text(f"S-{number:02}")
        groups = plain.locator(".verdicts fieldset")
        for place in range(groups.count()):
            verdict = key_of(number, place)
            groups.nth(place).locator("input").nth(int(verdict) - 1).check()
        press(plain, "Gem og gå til næste sag")
    expect(plain.get_by_role("heading", level=2).first).to_contain_text("S-03")

    follow(page, "Skema")
    page.locator("#grid tbody tr").nth(0).locator("td[tabindex]").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#grid-now")).to_contain_text("S-03")
    columns = page.locator("#grid thead th").count() - 2
    for number in range(3, CASES + 1):
        for place in range(columns):
            page.keyboard.press(key_of(number, place))
    expect(page.locator("#grid")).to_have_attribute("aria-busy", "false", timeout=60_000)
    page.reload()
    page.locator("#grid tbody tr").nth(6).locator("td[tabindex]").nth(5).focus()
    picture(page, "review", height=1600)
    axe_clean(page)
    page.goto(opened)
    says(page, "Alle sager er besvaret. Gennemgangen kan afsluttes.")
    follow(page, "Afslut sagsgennemgangen")
    press(page, "Afslut sagsgennemgangen")
    says(page, "Sagsgennemgangen er afsluttet og kan ikke længere ændres.")
    follow(page, "Resultater")
    row = page.get_by_role("region", name="Alle svar").locator("tbody tr").first
    expect(row).to_contain_text(re.compile(rf"\d+ af {CASES}"))
    expect(row).to_contain_text(re.compile(r"\d+ ?%–\d+ ?%"))
    axe_clean(page)


def key_of(number: int, place: int) -> str:
    """What a case shows of a requirement: the first is always met, the second seldom, the others now and then."""
    if place == 0:
        return "1"
    return "1" if number % 3 == 0 or (place > 1 and (number + place) % 4) else "34"[number % 2]


# Findings and report ------------------------------------------------------------------------------------------


def report(story: Story, engagement: str) -> None:
    """A strength and a weakness from the suggestions, a recommendation, a locked version, published by the lead."""
    page = story.legal()
    page.goto(engagement)
    tab(page, "Fund")
    for heading in ("Udfordringer", "Styrker"):
        tab(page, "Fund")
        follow(page, "Forslag")
        if heading == "Styrker":
            axe_clean(page)
        page.get_by_role("region", name=heading).get_by_role("link", name=re.compile("Skriv ud fra")).first.click()
        if heading == "Udfordringer":
            fill(page, cause="Der er ingen fast arbejdsgang.")
        press(page, "Gem")
        says(page, "Fundet er gemt.")
    follow(page, "Anbefalinger")
    follow(page, "Skriv en anbefaling")
    page.locator("[name=findings]").first.check()
    fill(page, kind="must", competence="legal", title="Indfør en fast arbejdsgang", text="Aftal, hvem der gør hvad.")
    press(page, "Gem")
    says(page, "Anbefalingen er gemt.")
    tab(page, "Rapport")
    press(page, "Begynd analyserapporten")
    follow(page, "Skriv teksterne")
    fill(
        page,
        summary="Kommunen tager godt imod underretninger. Arbejdet halter bagefter loven på enkelte punkter.",
        background="Vi har læst 20 sager og talt med ledelse og medarbejdere.",
        conclusion="Begynd med arbejdsgangen.",
    )
    press(page, "Gem")
    says(page, "Teksterne er gemt.")
    follow(page, "Lås som version")
    press(page, "Lås som version")
    says(page, "Rapporten er låst som version.")
    version = page.get_by_role("link", name=re.compile("Version 1 som PDF"))
    assert len(pdf(page, version).pages) > 2
    axe_clean(page)

    lead = story.lead()
    lead.goto(engagement)
    tab(lead, "Rapport")
    follow(lead, "Analyserapport")
    follow(lead, "Se igennem og frigiv")
    says(lead, re.compile(r"leader@sundkoebing\.example"))
    axe_clean(lead)
    press(lead, "Frigiv til kommunen")
    says(lead, "Rapporten er frigivet.")


# Follow-up ----------------------------------------------------------------------------------------------------


def follow_up(story: Story, engagement: str) -> None:
    """The municipality reads, answers each recommendation, plans, reports done; the consultant verifies."""
    page = story.leader()
    page.goto(engagement)
    tab(page, "Rapport")
    follow(page, "Analyserapport")
    pdf(page, page.get_by_role("link", name=re.compile("Version 1 som PDF")))
    tab(page, "Opfølgning")
    unanswered = page.get_by_role("link", name=re.compile("Svar på anbefalingen"))
    expect(unanswered).to_have_count(1)
    unanswered.click()
    fill(page, stance="follow", text="Vi er i gang.")
    press(page, "Gem")
    says(page, "Svaret er gemt.")
    for title in ("Skriv arbejdsgangen ned", "Indfør månedligt ledelsestilsyn"):
        if "ledelsestilsyn" in title:
            tab(page, "Opfølgning")
            page.get_by_role("link", name=re.compile("Nyt tiltag")).click()
        due = timezone.localdate() + timedelta(days=60)
        fill(page, title=title, owner="Børne- og familiechef", due_on=due.isoformat())
        press(page, "Gem")
        says(page, re.compile(r"Tiltag \d er oprettet"))
    axe_clean(page)
    follow(page, "Meld gennemført")
    fill(page, evidence="Tilsynet holdes hver måned. Resultaterne står i ledelsesrapporten.")
    press(page, "Gem")
    says(page, "Tiltaget er meldt gennemført; Task Forcen ser nu på dokumentationen.")
    action = page.url
    axe_clean(page)

    consultant = story.legal()
    consultant.goto("/arbejdsplads/")
    follow(consultant, "Indfør månedligt ledelsestilsyn")
    expect(consultant).to_have_url(action)
    says(consultant, "Tilsynet holdes hver måned.")
    follow(consultant, "Bekræft")
    press(consultant, "Bekræft")
    says(consultant, "Tiltaget er bekræftet.")


# The council --------------------------------------------------------------------------------------------------


def brief_the_council(story: Story, engagement: str) -> None:
    """Written by the consultant, released by the director, read by a member of the council."""
    page = story.legal()
    page.goto(engagement)
    tab(page, "Orientering")
    fill(
        page,
        status_text="Analysen er afsluttet, og kommunen er i gang med at indføre nye arbejdsgange.",
        decision_asked="At orienteringen tages til efterretning.",
        questions=QUESTIONS,
        next_date=(timezone.localdate() + timedelta(days=120)).isoformat(),
    )
    axe_clean(page)
    press(page, "Gem, og se siden")
    follow(page, "Send til direktøren")
    press(page, "Send til direktøren")
    says(page, "Orienteringen er hos direktøren.")

    council = story.page("council@sundkoebing.example")
    council.goto("/orientering/sundkoebing/")
    says(council, "Ingen orientering endnu")

    director = story.director()
    director.goto(link_in(post("director@sundkoebing.example", "rientering")))
    follow(director, "Frigiv til kommunalbestyrelsen")
    press(director, "Frigiv til kommunalbestyrelsen")
    says(director, "Orienteringen er frigivet til kommunalbestyrelsen.")

    council.goto("/orientering/sundkoebing/")
    says(council, re.compile(rf"\d+ af de {CASES} sager"))
    says(council, re.compile(f"Vi læste {CASES} sager. Det er for få til at sige noget generelt"))
    says(council, re.compile("fase 1 af 4: start og selvevaluering"))
    says(council, "De fire skal")
    says(council, "Skriv arbejdsgangen ned")
    says(council, QUESTIONS.splitlines()[0])
    axe_clean(council)
    picture(council, "council")
    assert len(pdf(council, council.get_by_role("link", name="Hent som PDF, én side")).pages) == 1
    assert council.request.get(engagement).status == 404
