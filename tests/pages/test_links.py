"""Links that lead nowhere are found, told to the editors, and marked in old letters, which are never changed."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.pages import style_guide
from cms.pages.links import check, fetch, links_of
from cms.pages.models import ArticlePage, PublicationPage
from cms.pages.models_keeping import BrokenLink
from cms.pages.reference import home_page, letters_section
from cms.pages.reports import due_for_review
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)


def article(slug: str, html: str = "", *blocks: Any) -> ArticlePage:
    body = [("text", html), *blocks] if html else list(blocks)
    page = ArticlePage(title=slug, slug=slug, body=body)
    home_page().add_child(instance=page)
    return page


def dead() -> set[str]:
    return set(BrokenLink.objects.values_list("address", flat=True))


def test_dead_links_within_the_site_are_found_and_forgotten_when_mended() -> None:
    there, gone = article("der"), article("vaek")
    page = article(
        "links",
        f'<p><a linktype="page" id="{there.pk}">a</a> <a linktype="page" id="{gone.pk}">b</a> '
        '<a linktype="document" id="999">c</a> <a href="/findes-ikke/">d</a> <a href="/kurser/">e</a> '
        '<a href="/der/?x=1">f</a> <a href="mailto:a@b.example">g</a></p>',
        ("call_to_action", {"text": "Videre", "page": None, "address": "/heller-ikke/"}),
    )
    gone.unpublish()
    check(day=DAY)
    assert dead() == {f"page:{gone.pk}", "document:999", "/findes-ikke/", "/heller-ikke/"}
    page.body = [("text", '<p><a href="/findes-ikke/">d</a></p>')]
    page.save_revision().publish()
    check(day=DAY + timedelta(days=1))
    assert dead() == {"/findes-ikke/"}
    row = BrokenLink.objects.get()
    assert (row.found_on, row.tried_on) == (DAY, DAY + timedelta(days=1))


def test_a_link_to_a_page_that_has_moved_still_leads_somewhere() -> None:
    moving, parent = article("flytter"), letters_section()
    article("henviser", '<p><a href="/flytter/">a</a></p>')
    moving.move(parent, pos="last-child")
    assert check(day=DAY) == 0


def test_other_sites_are_asked_and_only_what_is_gone_counts() -> None:
    article(
        "ude",
        '<p><a href="https://her.example/">a</a> <a href="https://vaek.example/x">b</a> '
        '<a href="https://travl.example/">c</a> <a href="https://tavs.example/">d</a></p>',
    )
    answers = {"https://her.example/": 200, "https://vaek.example/x": 404, "https://travl.example/": 503}
    answers |= dict.fromkeys(links_of(style_guide.write().specific), 200)
    check(day=DAY, fetch=answers.get)
    assert dead() == {"https://vaek.example/x", "https://tavs.example/"}
    check(day=DAY)  # without asking, what is known stands
    assert len(dead()) == 2


@pytest.mark.parametrize("address", ["http://127.0.0.1/", "http://localhost/", "http://10.0.0.8/x", "https://"])
def test_machines_of_the_inner_network_are_never_asked(address: str) -> None:
    assert fetch(address) is None


def test_a_dead_link_in_an_old_letter_is_marked_and_the_letter_is_not_changed(client: Client) -> None:
    text = '<p>Se <a href="https://vaek.example/x?a=1&amp;b=2">vejledningen</a> og <a href="https://her.example/">os</a></p>'
    letter = PublicationPage(title="Et brev", slug="et-brev", series="letter", body=[("text", text)])
    letters_section().add_child(instance=letter)
    assert "gammelt link" not in client.get(letter.url).content.decode()
    check(day=DAY, fetch=lambda address: 404 if "vaek" in address else 200)
    page = Client().get(letter.url).content.decode()
    assert page.count("gammelt link") == 1
    assert page.index("vejledningen") < page.index("gammelt link") < page.index("her.example")
    assert 'rel="external noreferrer"' in page
    letter.refresh_from_db()
    assert letter.body.raw_data[0]["value"] == text


def test_editors_read_the_reports_and_others_do_not(client: Client) -> None:
    article("henviser", '<p><a href="/findes-ikke/">d</a></p>')
    check(day=DAY)
    old = article("gammel")
    ArticlePage.objects.filter(pk=old.pk).update(reviewed_on=timezone.localdate() - timedelta(days=400))
    client.force_login(StaffFactory(group="editors"))
    assert "/findes-ikke/" in client.get(reverse("dead_links")).content.decode()
    assert "gammel" in client.get(reverse("pages_to_review")).content.decode()
    assert client.get(reverse("dead_links"), {"export": "csv"}).status_code == 200
    client.force_login(StaffFactory(group="legal"))
    assert client.get(reverse("dead_links")).status_code == 302


def test_a_page_is_due_for_review_after_a_year() -> None:
    old, new, never = article("gammel"), article("ny"), article("aldrig")
    year_ago = timezone.localdate() - timedelta(days=366)
    ArticlePage.objects.filter(pk=old.pk).update(reviewed_on=year_ago)
    ArticlePage.objects.filter(pk=new.pk).update(reviewed_on=timezone.localdate())
    ArticlePage.objects.filter(pk=never.pk).update(first_published_at=timezone.now() - timedelta(days=366))
    assert {page.pk for page in due_for_review()} == {old.pk, never.pk}


def test_the_daily_job_publishes_what_is_due() -> None:
    from cms.pages.daily import run

    page = article("snart")
    page.unpublish()
    page.go_live_at = timezone.now() - timedelta(minutes=1)
    revision = page.save_revision()
    revision.approved_go_live_at = page.go_live_at
    revision.save()
    run(timezone.localdate())
    page.refresh_from_db()
    assert page.live
