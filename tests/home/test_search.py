"""The search finds what the reader may see, and no text typed into it is an error."""

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagements import models as m
from tests.factories import (
    ApplicationFactory,
    EngagementFactory,
    MembershipFactory,
    MunicipalityFactory,
    RequirementFactory,
    StaffFactory,
    VisitFactory,
)

pytestmark = pytest.mark.django_db
ADDRESS = "/soeg/"


def titles(client: Client, words: str) -> list[str]:
    """What the search shows for these words."""
    response = client.get(ADDRESS, {"q": words})
    assert response.status_code == 200
    return [hit.title for group in response.context["groups"] for hit in group.hits]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=150) | st.sampled_from(["\x00", '"', "a AND", "NEAR(", "*", "a:b", "(((", "%_", "' OR 1=1 --"]))
def test_no_text_is_an_error(client: Client, text: str) -> None:
    if not hasattr(client, "lead"):
        client.lead = StaffFactory(group="lead")  # type: ignore[attr-defined]
        client.force_login(client.lead)  # type: ignore[attr-defined]
    assert client.get(ADDRESS, {"q": text}).status_code == 200


def test_danish_letters_are_found_in_any_case(client: Client) -> None:
    engagement = EngagementFactory(municipality=MunicipalityFactory(name="Ærøskøbing"))
    client.force_login(StaffFactory())
    for words in ("ærø", "ÆRØ", "Ærøskøbing", engagement.shown_case_no):
        assert any("Ærøskøbing" in title for title in titles(client, words)), words


def test_strangers_find_neither_engagement_nor_application(client: Client) -> None:
    engagement = EngagementFactory(municipality=MunicipalityFactory(name="Hemmeligby"))
    ApplicationFactory(submitted=True, municipality=engagement.municipality)
    assert titles(client, "Hemmeligby") == []
    for user in (MembershipFactory().user, StaffFactory(group="courses")):
        client.force_login(user)
        assert titles(client, "Hemmeligby") == []
    inhabil = StaffFactory()
    m.Disqualification.objects.create(user=inhabil, municipality=engagement.municipality)
    client.force_login(inhabil)
    assert titles(client, "Hemmeligby") == []


def test_a_leader_finds_the_own_municipality_and_application(client: Client) -> None:
    leader = MembershipFactory()
    ApplicationFactory(municipality=leader.municipality)
    client.force_login(leader.user)
    assert len(titles(client, leader.municipality.name)) == 2


def test_everyone_finds_requirements_and_public_pages(client: Client) -> None:
    from wagtail.models import Page, Site

    requirement = RequirementFactory(title_da="Samtale med barnet forud for afgørelsen")
    site = Site.objects.get(is_default_site=True)
    site.root_page.add_child(instance=Page(title="Sådan forløber et besøg", slug="besoeg-proeve"))
    for words in ("samtale med barnet", "samtaler afgørelse", requirement.code):
        assert str(requirement) in titles(client, words), words
    assert "Sådan forløber et besøg" in titles(client, "besøg")
    assert reverse("home:search") == ADDRESS


def test_visits_are_found_by_both_sides_and_their_themes_only_by_those_who_read_them(client: Client) -> None:
    visit = VisitFactory(municipality=MunicipalityFactory(name="Ærøby"), theme="Ældre søskendes perspektiv", team=[])
    visit.offer.title_da = "Vinterens besøg"
    visit.offer.save()
    leader = MembershipFactory(municipality=visit.municipality).user
    for user in (leader, StaffFactory(agency="social", group="learning")):
        client.force_login(user)
        for words in ("ældre søskende", "Ærøby", visit.reference):
            assert "Besøg hos Ærøby Kommune: Ældre søskendes perspektiv" in titles(client, words), words
        assert "Vinterens besøg" in titles(client, "vinterens")
    analyst = StaffFactory(group="analyst")
    client.force_login(analyst)
    assert titles(client, "ældre søskende") == []
    assert "Besøg hos Ærøby Kommune" in titles(client, visit.reference)
    visit.team.create(user=analyst)
    assert "Besøg hos Ærøby Kommune: Ældre søskendes perspektiv" in titles(client, "ældre søskende")
    m.Disqualification.objects.create(user=analyst, municipality=visit.municipality)
    assert titles(client, visit.reference) == []
    for stranger in (MembershipFactory().user, MembershipFactory(municipality=visit.municipality, role="council").user):
        client.force_login(stranger)
        assert titles(client, visit.reference) == titles(client, "ældre søskende") == []
    client.logout()
    assert titles(client, visit.reference) == titles(client, "vinterens") == []


def page(title: str, lead: str = "") -> None:
    """A public page."""
    from cms.pages.models import ArticlePage
    from cms.pages.reference import home_page

    home_page().add_child(instance=ArticlePage(title=title, slug=title.lower().replace(" ", "-")[:50], lead=lead))


@pytest.mark.parametrize("words", ["underretning", "Underretninger", "underretningerne", "underretningen"])
def test_a_word_finds_its_other_forms(client: Client, words: str) -> None:
    page("Frister", "Om underretninger fra skoler")
    page("Vurdering", "Den første underretning")
    page("Noget andet", "Om plan og opfølgning")
    assert set(titles(client, words)) >= {"Frister", "Vurdering"}
    assert "Noget andet" not in titles(client, words)


def test_all_words_are_asked_for(client: Client) -> None:
    page("Frister", "Om underretninger fra skoler")
    page("Skolefravær", "Om skoler")
    assert titles(client, "skole underretning") == ["Frister"]


def test_a_synonym_finds_the_other_word(client: Client) -> None:
    from cms.pages.models_keeping import Synonym

    Synonym.objects.create(words="bekymring, underretning")
    page("Frister", "Om underretninger fra skoler")
    assert "Frister" in titles(client, "bekymringer")
    assert titles(client, "bekymringer skoler") == ["Frister"]
    assert titles(client, "bekymringer planlægning") == []


def test_a_slip_of_the_keyboard_is_answered_with_what_was_meant(client: Client) -> None:
    page("Børnefaglig undersøgelse")
    response = client.get(ADDRESS, {"q": "børnfaglig undersøgelse"})
    assert response.context["groups"] == []
    assert response.context["meant"] == "børnefaglig undersøgelse"
    assert "Mente du" in response.content.decode()
    assert client.get(ADDRESS, {"q": "qqqqxxxx"}).context["meant"] == ""


def test_a_private_page_is_neither_found_nor_guessed(client: Client) -> None:
    from wagtail.models import Page, PageViewRestriction

    page("Fortroligheden")
    PageViewRestriction.objects.create(page=Page.objects.get(title="Fortroligheden"), restriction_type="login")
    response = client.get(ADDRESS, {"q": "fortrolighed"})
    assert (response.context["groups"], response.context["meant"]) == ([], "")
    assert client.get(ADDRESS, {"q": "fortrolihgeden"}).context["meant"] == ""


def test_stems_follow_the_rules_for_danish() -> None:
    from cms.home.stemming import stem

    stems = {
        "underretningerne": "underretning",
        "underretning": "underretning",
        "børnenes": "børn",
        "undersøgelser": "undersøg",
        "kommunalbestyrelse": "kommunalbestyr",
        "afgørelsen": "afgør",
        "vejledning": "vejledning",
        "ø": "ø",
        "": "",
    }
    assert {word: stem(word) for word in stems} == stems
