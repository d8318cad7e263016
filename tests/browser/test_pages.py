"""An editor writes a page with every block, another person approves it, and the public reads it; each kind of page is accessible."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from cms.pages import style_guide
from cms.pages.blocks import BLOCKS
from cms.pages.models import ArticlePage, PublicationPage, SectionPage
from cms.pages.models_dated import NewsIndexPage, NewsPage, SeriesPage
from cms.pages.models_forms import FormField, FormPage
from cms.pages.models_guidance import AttentionPage, EventListPage, FaqPage, GuidePage, PersonPage
from cms.pages.reference import ensure, home_page
from tests.browsing import NewPage, axe_clean
from tests.factories import CourseFactory, MunicipalityFactory, RunFactory, StaffFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def under(parent: Any, page: Any) -> Any:
    parent.add_child(instance=page)
    return page


def every_kind() -> list[Any]:
    """A page of each kind with something on it."""
    ensure()
    MunicipalityFactory.create_batch(3)
    home = home_page()
    section = under(home, SectionPage(title="Viden", slug="viden", lead="Det, vi ved."))
    index = under(home, NewsIndexPage(title="Nyheder", slug="nyheder"))
    for year in (2025, 2026):
        under(index, NewsPage(title=f"Nyt fra {year}", slug=f"nyt-{year}", lead="Kort.", published_on=date(year, 3, 1)))
    series = under(home, SeriesPage(title="Praksisundersøgelser", slug="praksis", series="study"))
    study = PublicationPage(
        title="En undersøgelse", slug="undersoegelse-a", series="study", published_on=date(2024, 5, 1)
    )
    under(series, study)
    ask = {"question": "Hvor mange frister blev overskredet?", "answer": "<p>Et tal for hver måned.</p>"}
    point = {"theme": "underretning", "heading": "Frister", "text": "<p>24 timer.</p>", "basis": "§ 136"}
    answer = {"question": "Hvad koster det?", "answer": "<p>Intet.</p>"}
    form = FormPage(title="Skriv til os", slug="skriv", lead="Vi svarer inden to dage.")
    form.form_fields = [
        FormField(sort_order=number, label=label, field_type=kind, choices="En leder\nEn anden", help_text="Et råd.")
        for number, (label, kind) in enumerate(
            [("Navn", "singleline"), ("Besked", "multiline"), ("Hvem er du", "radio"), ("Må vi ringe", "checkbox")]
        )
    ]
    RunFactory(course=CourseFactory(title_da="Børnesamtalen"))
    article = ArticlePage(title="Alle byggeklodser", slug="alle", lead="En side.", body=style_guide.every_block())
    return [
        home,
        section,
        index,
        index.get_children().first().specific,
        series,
        study,
        under(section, article),
        under(home, GuidePage(title="Guide til kommunalbestyrelsen", slug="guide", questions=[("ask", ask)])),
        under(home, AttentionPage(title="Opmærksomhedspunkter", slug="obs", points=[("point", point)])),
        under(home, FaqPage(title="Spørgsmål og svar", slug="faq", answers=[("heading", "Pris"), ("answer", answer)])),
        under(
            section,
            PersonPage(title="Inger", slug="inger", job="leder", phone="12 34 56 78", portrait=style_guide._picture()),
        ),
        under(home, EventListPage(title="Kalender", slug="kalender")),
        under(home, form),
    ]


def test_each_kind_of_page_is_accessible_at_both_widths(page: Tab) -> None:
    for shown in every_kind():
        page.goto(shown.url)
        expect(page.locator("h1")).to_have_count(1)
        axe_clean(page)


def test_a_form_answers_with_its_errors_and_then_with_a_receipt(page: Tab) -> None:
    form = every_kind()[-1]
    page.goto(form.url)
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".error-summary")).to_be_visible()
    axe_clean(page)
    page.get_by_label("Navn").fill("Ane")
    page.get_by_label("Besked").fill("Hvornår er næste møde?")
    page.get_by_label("En leder").check(force=True)
    page.get_by_label("Må vi ringe").check(force=True)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Vi har modtaget dit svar.")).to_be_visible()
    axe_clean(page)


def test_an_editor_submits_a_page_with_every_block_and_an_approver_publishes_it(new_page: NewPage) -> None:
    ensure()
    MunicipalityFactory.create_batch(3)
    body = style_guide.every_block()
    assert {name for name, _value in body} == {name for name, _block in BLOCKS}
    draft = under(home_page(), ArticlePage(title="Kladde", slug="ny-side", live=False, body=body))
    draft.save_revision()
    address = reverse("wagtailadmin_pages:edit", args=[draft.pk])

    editor = new_page(StaffFactory(group="editors"), quiet=False)
    editor.goto(address)
    editor.locator("#id_title").fill("Alt på én side")
    footer = editor.locator("footer.footer, nav.footer, .w-footer, footer").last
    expect(footer.get_by_role("button", name="Offentliggør", exact=True)).to_have_count(0)
    footer.locator("[data-w-dropdown-target='toggle']").first.click()
    editor.get_by_role("button", name="Send til Godkendelse før offentliggørelse").click()
    expect(editor.locator(".messages")).to_contain_text("Alt på én side")
    assert new_page().goto("/ny-side/").status == 404  # type: ignore[union-attr]

    approver = new_page(StaffFactory(group="approvers"), quiet=False)
    approver.goto(address)
    approver.locator("footer [data-w-dropdown-target='toggle']").first.click()
    approver.get_by_role("button", name="Godkend og offentliggør", exact=True).click()
    expect(approver.locator(".messages")).to_contain_text("Alt på én side")

    reader = new_page()
    reader.goto("/ny-side/")
    expect(reader.get_by_role("heading", name="Alt på én side")).to_be_visible()
    expect(reader.get_by_text("Barnet er hørt i tolv af tyve sager").first).to_be_visible()
    expect(reader.locator("main img").first).to_have_attribute("alt", style_guide.SEEING)
    axe_clean(reader)
