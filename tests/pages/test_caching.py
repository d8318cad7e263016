"""Visitors without a session share pages; nothing personal, private or outdated is ever among them."""

from typing import Any

import pytest
from django.test import Client
from wagtail.models import PageViewRestriction

from cms.pages.models import ArticlePage, SectionPage
from cms.pages.models_forms import FormField, FormPage
from cms.pages.models_keeping import Edition
from cms.pages.reference import home_page
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db


def under(parent: Any, page: Any) -> Any:
    parent.add_child(instance=page)
    return page


@pytest.fixture
def page() -> ArticlePage:
    return under(home_page(), ArticlePage(title="Fælles side", slug="faelles", lead="Først."))


def kept(client: Client, address: str, **headers: str) -> bool:
    """Whether this visit was answered from what was kept."""
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    return response.headers.get("X-Page-Cache") == "kept"


def test_the_second_visitor_gets_the_same_page_with_one_query(
    page: ArticlePage, django_assert_num_queries: Any
) -> None:
    first = Client().get(page.url)
    with django_assert_num_queries(1):
        second = Client().get(page.url)
    assert second.headers["X-Page-Cache"] == "kept"
    assert second.content == first.content
    assert second.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    assert second.headers["Content-Language"] == "da"
    assert not second.cookies


def test_languages_and_packing_are_kept_apart(page: ArticlePage) -> None:
    assert not kept(Client(), page.url)
    assert not kept(Client(), "/en/faelles/")
    assert not kept(Client(), "/faelles/", accept_encoding="gzip")
    assert 'lang="en"' in Client().get("/en/faelles/").content.decode()
    assert 'lang="da"' in Client().get("/faelles/").content.decode()


def test_a_person_signed_in_neither_gets_nor_leaves_a_kept_page(page: ArticlePage) -> None:
    client = Client()
    client.force_login(StaffFactory(first_name="Hemmelig"))
    assert not kept(client, page.url)
    assert not kept(Client(), page.url)
    assert not kept(client, page.url)
    assert "Hemmelig" not in Client().get(page.url).content.decode()


def test_a_change_is_seen_at_once(page: ArticlePage) -> None:
    kept(Client(), page.url)
    page.lead = "Så."
    page.save_revision().publish()
    assert "Så." in Client().get(page.url).content.decode()
    page.unpublish()
    assert Client().get(page.url).status_code == 404


def test_a_page_moved_under_a_private_parent_while_kept_is_not_given_to_a_stranger(page: ArticlePage) -> None:
    room = under(home_page(), SectionPage(title="Netværket", slug="lukket-rum"))
    PageViewRestriction.objects.create(page=room, restriction_type="login")
    kept(Client(), page.url)
    assert kept(Client(), page.url)
    page.move(room, pos="last-child")
    assert Client().get(page.url).status_code == 301
    page.refresh_from_db()
    assert Client().get("/lukket-rum/faelles/").status_code == 302


@pytest.mark.parametrize("above", [False, True])
def test_a_page_made_private_while_kept_is_not_given_to_a_stranger(page: ArticlePage, above: bool) -> None:
    kept(Client(), page.url)
    closed = home_page() if above else page
    restriction = PageViewRestriction.objects.create(page=closed, restriction_type="login")
    assert Client().get(page.url).status_code == 302
    restriction.delete()
    assert Client().get(page.url).status_code == 200


def test_a_private_page_opened_with_a_password_is_not_kept(page: ArticlePage) -> None:
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="password", password="kodeord")
    client = Client()
    client.post(
        f"/_util/authenticate_with_password/{restriction.pk}/{page.pk}/",
        {"password": "kodeord", "return_url": page.url},
    )
    assert client.get(page.url).status_code == 200
    assert "Først." not in Client().get(page.url).content.decode()


def test_a_page_with_a_form_carries_a_token_and_is_not_kept() -> None:
    form = FormPage(title="Skriv", slug="skriv")
    form.form_fields = [FormField(label="Navn", field_type="singleline")]
    under(home_page(), form)
    assert not kept(Client(), form.url)
    assert not kept(Client(), form.url)


@pytest.mark.parametrize("query", ["?x=1", "?side=1&utm_source=a", "?" + "side=1&" * 60])
def test_odd_addresses_do_not_fill_the_store(page: ArticlePage, query: str) -> None:
    assert not kept(Client(), page.url + query)
    assert not kept(Client(), page.url + query)


def test_pages_that_are_not_in_the_page_tree_are_not_kept() -> None:
    assert not kept(Client(), "/soeg/")
    assert not kept(Client(), "/soeg/")


def test_a_missing_page_is_not_kept() -> None:
    assert Client().get("/findes-ikke/").status_code == 404
    under(home_page(), ArticlePage(title="Nu", slug="findes-ikke"))
    assert Client().get("/findes-ikke/").status_code == 200


def test_what_was_made_before_a_change_is_not_handed_out_after_it(page: ArticlePage, monkeypatch: Any) -> None:
    """The page is made while another person makes it private: it is stored under the old number and never found."""
    made = ArticlePage.get_context

    def slow(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        context = made(self, request, *args, **kwargs)
        PageViewRestriction.objects.get_or_create(page=page, restriction_type="login")
        return context

    monkeypatch.setattr(ArticlePage, "get_context", slow)
    before = Edition.now()
    assert Client().get(page.url).status_code == 200
    assert Edition.now() > before
    monkeypatch.undo()
    assert Client().get(page.url).status_code == 302
