"""Public pages: what a visitor, an editor and a stranger to a private page get."""

from io import BytesIO
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.images import ImageFile
from django.test import Client, override_settings
from wagtail.images.models import Image
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from cms.pages.models import ArticlePage, HomePage, PublicationPage, SectionPage
from cms.pages.models_dated import NewsIndexPage, NewsPage
from cms.pages.reference import home_page, write_programme_pages
from tests.factories import EngagementFactory, RoundFactory

pytestmark = pytest.mark.django_db


def article(**kwargs: Any) -> ArticlePage:
    page = ArticlePage(**{"title": "En side", "slug": "om-os", **kwargs})
    home_page().add_child(instance=page)
    return page


def test_the_front_page_computes_its_counts_and_names_the_open_round(client: Client) -> None:
    RoundFactory(title="Vinterrunden")
    EngagementFactory(municipality__is_fictional=False)
    EngagementFactory()
    page = client.get("/").content.decode()
    assert "Vinterrunden" in page
    # The fictional municipality counts in the demonstration only.
    assert page.split("Kommuner har eller har haft et forløb")[1].split("<dd>")[1].startswith("1<")


def test_the_front_page_is_within_its_size_and_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    write_programme_pages()
    client.get("/")
    with django_assert_max_num_queries(20):
        response = client.get("/")
    assert len(response.content) < 100_000


def test_every_programme_page_opens(client: Client) -> None:
    write_programme_pages()
    for page in home_page().get_descendants().live():
        assert client.get(page.url, follow=True).status_code == 200, page.url


def test_a_private_page_sends_a_stranger_to_sign_in_and_is_not_listed(client: Client) -> None:
    page = article()
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    response = client.get(page.url)
    assert response.status_code == 302
    assert "/konto/login/" in response.url  # type: ignore[attr-defined]


@pytest.mark.parametrize("slug", ["forloeb", "en-god-start"])
def test_a_page_at_the_root_cannot_take_an_address_of_the_portal(slug: str) -> None:
    with pytest.raises(ValidationError, match="Adressen hører til"):
        article(slug=slug).full_clean()


def test_a_cpr_number_in_a_page_is_refused() -> None:
    with pytest.raises(ValidationError):
        article(title="Sag 010203-1234").full_clean()


@pytest.mark.parametrize("field", ["slug", "seo_title", "search_description"])
def test_a_cpr_number_in_what_search_engines_read_is_refused_too(field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        article(**{field: "sag-010203-1234"}).full_clean()
    assert list(caught.value.message_dict) == [field]


def test_a_publication_shows_its_facts_as_printed(client: Client) -> None:
    from cms.pages.reference import letters_section

    page = PublicationPage(
        title="Et brev", slug="et-brev", series="letter", case_no="2031 - 0012", recipient_group="mayors"
    )
    letters_section().add_child(instance=page)
    html = client.get(page.url).content.decode()
    assert "2031 - 0012" in html
    assert "Alle borgmestre" in html


def test_a_picture_in_a_private_collection_is_not_given_to_a_stranger(client: Client) -> None:
    from PIL import Image as Picture

    buffer = BytesIO()
    Picture.new("RGB", (40, 30), "navy").save(buffer, "PNG")
    collection = Collection.get_first_root_node().add_child(name="Netværk")
    image = Image.objects.create(title="Et billede", file=ImageFile(buffer, "billede.png"), collection=collection)
    url = image.get_rendition("width-20").url
    assert client.get(url).status_code == 200
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    assert client.get(url).status_code == 404


def test_a_cold_article_two_levels_down_takes_at_most_ten_queries_and_names_the_pages_above_it(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    home = home_page()
    top = home.add_child(instance=SectionPage(title="Øverst", slug="oeverst", title_en="At the top"))
    hidden = top.add_child(instance=SectionPage(title="Trukket tilbage", slug="trukket-tilbage", live=False))
    hidden.add_child(instance=ArticlePage(title="Nederst", slug="nederst"))
    cache.clear()
    ContentType.objects.get_for_models(HomePage, SectionPage, ArticlePage)  # known for as long as the server runs
    with django_assert_max_num_queries(10), override_settings(PAGE_CACHE=False):
        page = client.get("/oeverst/trukket-tilbage/nederst/").content.decode()
    crumbs = page.split('class="breadcrumbs"')[1].split("</nav>")[0]
    assert '<a class="breadcrumbs__link" href="/oeverst/">Øverst</a>' in crumbs
    # A page that was taken down leads nowhere, so it is not named.
    assert "Trukket tilbage" not in crumbs
    assert ">At the top</a>" in client.get("/en/oeverst/trukket-tilbage/nederst/").content.decode()


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/oeverst/", 200),
        ("/oeverst/nyt/", 200),
        ("/oeverst/nyt/rss/", 200),
        ("/oeverst/nyt/en-nyhed/", 200),
        ("/oeverst/nyt/en-nyhed/mere/", 404),
        ("/oeverst/findes-ikke/nyt/", 404),
        ("/nyt/", 404),
        ("/oeverst/kladde/", 404),
        ("/oeverst/" * 40, 404),
    ],
)
def test_an_address_leads_down_through_the_tree(client: Client, address: str, status: int) -> None:
    top = home_page().add_child(instance=SectionPage(title="Øverst", slug="oeverst"))
    top.add_child(instance=ArticlePage(title="Kladde", slug="kladde", live=False))
    news = top.add_child(instance=NewsIndexPage(title="Nyt", slug="nyt"))
    news.add_child(instance=NewsPage(title="En nyhed", slug="en-nyhed"))
    assert client.get(address).status_code == status
