"""Each kind of page shows what it is for, and gives nobody what is not theirs to see."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, PageViewRestriction

from cms.pages import figures
from cms.pages.blocks_figures import draw, read_bars, read_lines
from cms.pages.models import ArticlePage, PublicationPage, SectionPage
from cms.pages.models_dated import NewsIndexPage, NewsPage, SeriesPage
from cms.pages.models_guidance import AttentionPage, EventListPage, FaqPage, GuidePage, PersonPage
from cms.pages.reference import home_page
from engagements.models import PublishedRate, Requirement
from tests.factories import CourseFactory, EngagementFactory, RunFactory, StaffFactory

pytestmark = pytest.mark.django_db


def under[P](parent: Any, page: P) -> P:
    """Put the page there, published."""
    parent.add_child(instance=page)
    return page


def news(count: int = 1, *, day: date = date(2026, 3, 1), **kwargs: Any) -> NewsIndexPage:
    index = under(home_page(), NewsIndexPage(title="Nyheder", slug="nyheder", lead="Nyt fra Task Forcen."))
    for number in range(count):
        under(index, NewsPage(title=f"Nyhed {number}", slug=f"nyhed-{number}", published_on=day, **kwargs))
    return index


def html(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def test_news_are_listed_twenty_a_page_and_by_year(client: Client, django_assert_max_num_queries: Any) -> None:
    index = news(25)
    under(index, NewsPage(title="Fra i fjor", slug="fra-i-fjor", published_on=date(2025, 6, 1)))
    with django_assert_max_num_queries(15):
        first = html(client, index.url)
    assert first.count('<h2 class="h5">') == 20
    assert "Side 1 af 2" in first
    assert "Fra i fjor" not in first
    last_year = html(client, f"{index.url}?aar=2025")
    assert "Fra i fjor" in last_year
    assert "Nyhed 3" not in last_year
    assert html(client, f"{index.url}?aar=x&side=hest")


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_feeds_hold_what_everyone_may_see_and_nothing_more(client: Client, kind: str) -> None:
    index = news(2, lead="Kort om sagen.")
    hidden = under(index, NewsPage(title="Kun for netværket", slug="kun-for-netvaerket"))
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    under(index, NewsPage(title="Kladde", slug="kladde", live=False))
    client.force_login(StaffFactory(group="network"))
    response = client.get(f"{index.url}{kind}/")
    feed = response.content.decode()
    assert f"application/{kind}+xml" in response.headers["Content-Type"]
    assert "Nyhed 1" in feed
    assert "Kort om sagen." in feed
    assert "Kun for netværket" not in feed
    assert "Kladde" not in feed
    assert f'href="{index.url}{kind}/"' in html(client, index.url)


def test_the_feed_of_a_private_list_is_not_given_to_a_stranger(client: Client) -> None:
    index = news(1)
    PageViewRestriction.objects.create(page=index, restriction_type="login")
    assert client.get(f"{index.url}rss/").status_code == 302


def test_a_section_lists_only_what_the_visitor_may_open(client: Client) -> None:
    section = under(home_page(), SectionPage(title="Materialer", slug="materialer"))
    under(section, ArticlePage(title="Åben side", slug="aaben"))
    closed = under(section, ArticlePage(title="Lukket side", slug="lukket"))
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    assert "Lukket side" not in html(client, section.url)
    client.force_login(StaffFactory())
    assert "Lukket side" in html(client, section.url)


def test_a_series_gathers_its_publications_wherever_they_stand(client: Client) -> None:
    series = under(home_page(), SeriesPage(title="Praksisundersøgelser", slug="praksis", series="study"))
    elsewhere = under(home_page(), SectionPage(title="Arkiv", slug="arkiv"))
    under(series, PublicationPage(title="Undersøgelse A", slug="a", series="study", published_on=date(2024, 5, 1)))
    under(elsewhere, PublicationPage(title="Undersøgelse B", slug="b", series="study"))
    under(elsewhere, PublicationPage(title="Et brev", slug="c", series="letter"))
    page = html(client, series.url)
    assert page.index("Undersøgelse A") < page.index("Undersøgelse B")
    assert "Et brev" not in page
    assert "Undersøgelse B" in html(client, f"{series.url}rss/")


def test_a_guide_for_the_council_asks_its_questions(client: Client) -> None:
    ask = {"question": "Hvor mange frister blev overskredet?", "answer": "<p>Et tal for hver måned.</p>"}
    guide = under(home_page(), GuidePage(title="Guide", slug="guide", questions=[("ask", ask)]))
    page = html(client, guide.url)
    assert "Spørg forvaltningen" in page
    assert "Et tal for hver måned." in page


def test_points_of_attention_stand_under_their_themes(client: Client) -> None:
    points = [
        ("point", {"theme": "", "heading": "Ledelse", "text": "<p>Tal om det.</p>", "basis": ""}),
        ("point", {"theme": "underretning", "heading": "Frister", "text": "<p>24 timer.</p>", "basis": "§ 136"}),
    ]
    page = html(client, under(home_page(), AttentionPage(title="Vær opmærksom", slug="obs", points=points)).url)
    assert page.index("Frister") < page.index("Ledelse")
    assert "Retsgrundlag: § 136" in page


def test_questions_and_answers_and_people_are_shown(client: Client) -> None:
    answers = [("heading", "Ansøgning"), ("answer", {"question": "Hvad koster det?", "answer": "<p>Intet.</p>"})]
    page = html(client, under(home_page(), FaqPage(title="Spørgsmål", slug="faq", answers=answers)).url)
    assert "Hvad koster det?" in page
    section = under(home_page(), SectionPage(title="Kontakt", slug="kontakt-os"))
    person = PersonPage(title="Inger", slug="inger", job="leder", phone="12 34 56 78", email="inger@taskforce.example")
    page = html(client, under(section, person).url)
    assert 'href="tel:12345678"' in page
    assert 'href="mailto:inger@taskforce.example"' in page
    assert "leder" in html(client, section.url)


def test_the_list_of_events_shows_public_runs_that_are_to_come(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    RunFactory(course=CourseFactory(title_da="Børnesamtalen"))
    RunFactory(course=CourseFactory(title_da="Afholdt kursus"), held=True)
    RunFactory(course=CourseFactory(title_da="Kun for medlemmer"), members_only=True)
    events = under(home_page(), EventListPage(title="Kalender", slug="kalender"))
    client.force_login(StaffFactory(group="lead"))
    with django_assert_max_num_queries(20):
        page = html(client, events.url)
    assert "Børnesamtalen" in page
    assert "Afholdt kursus" not in page
    assert "Kun for medlemmer" not in page


def test_a_figure_is_counted_when_the_page_is_shown(client: Client) -> None:
    EngagementFactory(municipality__is_fictional=False)
    page = under(home_page(), ArticlePage(title="Tal", slug="tallene", body=[("figure", {"name": "running"})]))
    assert "<dd>1</dd>" in html(client, page.url)


def test_a_chart_is_drawn_from_what_the_editor_typed() -> None:
    rates = read_bars("Krav;Opfyldt;Sager\nFrist;12;20\nSamtale; 7;10")
    assert [(rate.label, rate.x, rate.n) for rate in rates] == [("Frist", 12, 20), ("Samtale", 7, 10)]
    years, series, decimals = read_lines("År\tLandet\tKommunen\n2024\t45,5\t\n2025\t1.044,2\t50")
    assert (years, decimals) == ([2024, 2025], 1)
    assert [item.values for item in series] == [(45.5, 1044.2), (None, 50.0)]


@pytest.mark.parametrize(
    ("kind", "table"),
    [
        ("bars", "Krav;Opfyldt;Sager"),
        ("bars", "Krav;Opfyldt;Sager\nFrist;21;20"),
        ("bars", "Krav;Opfyldt;Sager\nFrist;mange;20"),
        ("bars", "Krav;Opfyldt\nFrist;21"),
        ("lines", "År;Landet\n24;5"),
        ("lines", "År;Landet\n2025;5\n2024;6"),
        ("lines", "År;Landet\n2024;NaN"),
        ("lines", "År;Landet\n2024;5;6"),
        ("lines", "År;Landet\n" + "\n".join(f"{year};1" for year in range(1900, 1950))),
    ],
)
def test_a_table_that_cannot_be_drawn_is_refused(kind: str, table: str) -> None:
    with pytest.raises(ValidationError):
        draw({"kind": kind, "table": table, "title": "x", "unit": "", "source": ""})


@pytest.mark.parametrize(
    "block",
    [
        ("heading", "Sag 010203-1234"),
        ("quote", {"text": "Det var 010203-1234, der sagde det", "source": ""}),
        ("steps", {"steps": [{"heading": "010203-1234", "text": "<p>a</p>"}, {"heading": "b", "text": "<p>b</p>"}]}),
    ],
)
def test_a_cpr_number_in_any_block_is_refused(block: tuple[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        under(home_page(), ArticlePage(title="En side", slug="en-side-til", body=[block]))
    assert "010203" not in str(caught.value)


def test_a_page_says_what_it_is_to_those_who_share_it(client: Client) -> None:
    page = under(home_page(), ArticlePage(title="Om os", slug="om-os", lead="Hvem vi er & hvad vi gør."))
    shown = html(client, page.url)
    assert '<meta property="og:title" content="Om os">' in shown
    assert '<meta name="description" content="Hvem vi er &amp; hvad vi gør.">' in shown
    assert f'<link rel="canonical" href="{page.full_url}">' in shown


def test_private_pages_never_stand_in_the_site_map(client: Client) -> None:
    under(home_page(), ArticlePage(title="Åben", slug="aaben-side"))
    section = under(home_page(), SectionPage(title="Netværket", slug="lukket-rum"))
    under(section, ArticlePage(title="Indenfor", slug="indenfor"))
    PageViewRestriction.objects.create(page=section, restriction_type="login")
    listed = html(client, "/sitemap.xml")
    assert "/aaben-side/" in listed
    assert "lukket-rum" not in listed


def test_a_moved_page_is_found_at_its_old_address(client: Client) -> None:
    section = under(home_page(), SectionPage(title="Nyt sted", slug="nyt-sted"))
    page = under(home_page(), ArticlePage(title="Flytter", slug="flytter"))
    page.move(section, pos="last-child")
    response = client.get("/flytter/")
    assert response.status_code == 301
    assert response.headers["Location"].endswith("/nyt-sted/flytter/")


def test_the_style_guide_shows_every_block_to_editors_alone(client: Client) -> None:
    from cms.pages import style_guide
    from cms.pages.blocks import BLOCKS

    page = style_guide.find()
    assert page is not None  # made after migration
    assert {block.block_type for block in page.specific.body} == {name for name, _block in BLOCKS}
    assert page.url not in html(client, "/sitemap.xml")
    assert client.get(page.url).status_code == 302
    way = reverse("style_guide")
    client.force_login(StaffFactory(group="legal"))
    assert client.get(page.url).status_code == 404
    assert client.get(way).status_code == 302  # back to where the person came from, as all of the CMS
    assert client.get(way).headers["Location"] != page.url
    client.force_login(StaffFactory(group="editors"))
    assert way in html(client, reverse("wagtailadmin_home"))
    assert client.get(way).headers["Location"] == page.url
    assert "Faktaboks" in html(client, page.url)


def test_the_style_guide_is_not_written_again_over_what_editors_made_of_it() -> None:
    from cms.pages import style_guide
    from cms.pages.reference import ensure

    page = style_guide.find()
    assert page is not None
    written = page.specific
    written.slug, written.body = "sprogguide", []
    written.save_revision().publish()
    section = under(home_page(), SectionPage(title="Om", slug="om-redaktionen"))
    Page.objects.get(pk=written.pk).move(section, pos="last-child")
    ensure()
    assert [found.pk for found in Page.objects.filter(translation_key=style_guide.KEY)] == [page.pk]
    assert not ArticlePage.objects.filter(slug=style_guide.SLUG).exists()
    assert not ArticlePage.objects.get(pk=page.pk).body


def test_a_page_is_read_in_english_where_it_is_written_and_else_in_danish_with_a_note() -> None:
    section = under(home_page(), SectionPage(title="Om os", slug="om-os", title_en="About us", show_in_menus=True))
    body = [("text", "<p>Hej</p>")]
    english = {"title_en": "What we do", "lead_en": "In short.", "body_en": [("text", "<p>Hello</p>")]}
    under(section, ArticlePage(title="Hvad vi gør", slug="hvad", lead="Kort.", body=body, **english))
    under(section, ArticlePage(title="Kun her", slug="kun-her", body=body))
    page = html(Client(), "/en/om-os/hvad/")
    assert all(text in page for text in ("What we do", "In short.", "Hello", "About us", 'lang="en"'))
    assert not any(text in page for text in ("Hvad vi gør", "Hej", "Only in Danish", ">Om os<"))
    page = html(Client(), "/en/om-os/kun-her/")
    assert "Only in Danish." in page
    assert '<span lang="da">Kun her</span>' in page
    page = html(Client(), "/om-os/hvad/")
    assert "Hvad vi gør" in page
    assert "What we do" not in page
    with pytest.raises(ValidationError):
        under(section, ArticlePage(title="CPR", slug="cpr", body_en=[("heading", "Case 010203-1234")]))


def test_a_published_share_is_shown_with_its_years_cases_and_source(client: Client) -> None:
    requirement = Requirement.objects.get(code="INV-SAMT")
    PublishedRate.objects.create(requirement=requirement, year=2021, percent=61, source="Undersøgelse A")
    PublishedRate.objects.create(requirement=requirement, year=2024, percent=65, cases=382, source="Undersøgelse B")
    name = "published:INV-SAMT"
    assert name in dict(figures.choices())
    shown = html(client, under(home_page(), ArticlePage(title="Tal", slug="t", body=[("figure", {"name": name})])).url)
    assert "overholdt i 65 % af sagerne i 2024" in shown
    assert "Undersøgelse A; Undersøgelse B" in shown
    cells = [cell.split("</t")[0] for cell in shown.split("<td")[1:]]
    assert [cell.partition(">")[2] for cell in cells] == [
        "61 %",
        "ikke angivet",
        "Undersøgelse A",
        "65 %",
        "382",
        "Undersøgelse B",
    ]


def test_a_requirement_without_published_shares_cannot_be_chosen_and_shows_nothing(client: Client) -> None:
    name = "published:UND-24T"
    assert name not in dict(figures.choices())
    assert figures.figure(name) is None
    assert figures.figure("published:") is None


@pytest.mark.parametrize("kept", [{"percent": 101}, {"percent": -1}, {"year": 1066}, {"year": 2999}, {"cases": 4}])
def test_a_published_share_is_a_share_of_cases_enough_of_a_year_that_has_come(kept: dict[str, int]) -> None:
    rate = PublishedRate(
        requirement=Requirement.objects.get(code="INV-SAMT"), source="A", **{"year": 2021, "percent": 61, **kept}
    )
    with pytest.raises(ValidationError) as refused:
        rate.full_clean()
    assert list(refused.value.message_dict) == [next(iter(kept))]


def test_no_published_share_of_fewer_than_five_cases_can_be_kept() -> None:
    kept = {"requirement": Requirement.objects.get(code="INV-SAMT"), "percent": 50, "source": "A"}
    PublishedRate.objects.create(**kept, year=2021, cases=5)
    with pytest.raises(IntegrityError), transaction.atomic():
        PublishedRate.objects.create(**kept, year=2022, cases=4)


def test_the_analyst_keeps_published_shares_in_the_cms(client: Client) -> None:
    client.force_login(StaffFactory(group="analyst"))
    requirement = Requirement.objects.get(code="INV-SAMT")
    posted = {"requirement": requirement.pk, "year": 2024, "percent": "65", "cases": "", "source": "Undersøgelse B"}
    assert client.post(reverse("published_rates:add"), posted).status_code == 302
    assert client.get(reverse("published_rates:index")).status_code == 200
    assert requirement.published_rates.get().percent == 65
    assert client.get(reverse("requirement_catalogue:index")).status_code == 302


ENGLISH = [("ask", {"question": "How many deadlines were missed?", "answer": "<p>A number a month.</p>"})]


def test_questions_answers_and_points_are_in_english_where_they_are_written(client: Client) -> None:
    danish = [("ask", {"question": "Hvor mange frister?", "answer": "<p>Et tal.</p>"})]
    guide = GuidePage(title="Guide", slug="guide", questions=danish, questions_en=ENGLISH, title_en="A guide")
    guide.seo_title_en, guide.search_description_en = "Guide for councils", "What to ask."
    guide.seo_title, guide.search_description = "Guide til udvalg", "Hvad man spørger om."
    under(home_page(), guide)
    english = html(client, "/en/guide/")
    assert "How many deadlines were missed?" in english
    assert "Hvor mange frister?" not in english
    assert "<title>Guide for councils" in english
    assert 'name="description" content="What to ask."' in english
    assert "Hvad man spørger om." not in english
    danish_page = html(client, "/guide/")
    assert "Hvor mange frister?" in danish_page
    assert "<title>Guide til udvalg" in danish_page


@pytest.mark.parametrize(
    ("kind", "name", "block"),
    [
        (FaqPage, "answers", ("answer", {"question": "Hvad koster det?", "answer": "<p>Intet.</p>"})),
        (AttentionPage, "points", ("point", {"theme": "", "heading": "Hvad koster det?", "text": "<p>Ro.</p>"})),
        (GuidePage, "questions", ("ask", {"question": "Hvad koster det?", "answer": "<p>Intet.</p>"})),
        (ArticlePage, "body", ("text", "<p>Hvad koster det?</p>")),
    ],
)
def test_what_is_danish_on_an_english_page_is_marked_so(client: Client, kind: Any, name: str, block: Any) -> None:
    under(home_page(), kind(title="Side", slug="side", title_en="A page", **{name: [block]}))
    assert 'lang="da"' in html(client, "/en/side/").split("<main")[1].split("Hvad koster det?")[0]
    assert 'lang="da"' not in html(client, "/side/").split("<main")[1].split("</main>")[0]


def test_a_feed_in_english_has_english_titles(client: Client) -> None:
    index = under(home_page(), NewsIndexPage(title="Nyt", slug="nyt", title_en="News"))
    under(index, NewsPage(title="Runden", slug="runden", title_en="The round", lead_en="It is open."))
    feed = html(client, "/en/nyt/rss/")
    assert "<title>The round</title>" in feed
    assert "<description>It is open.</description>" in feed
