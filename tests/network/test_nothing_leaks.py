"""What is for members is never given to a stranger, however the visitor comes to it.

A crawler begins at every public address and, signed in, at every page of a stranger's own, and follows every link: pages,
searches, feeds, the site map, the open data, documents and pictures. What it reaches is compared with the table of access;
as a member it must find all of it, which shows that it would have found it as a stranger too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from PIL import Image as Picture
from pytest_django.plugin import DjangoDbBlocker
from wagtail.documents.models import Document
from wagtail.images.models import Image

from cms.models import LibraryPage, NewsIndexPage, NewsPage, ThemePage, Topic
from cms.network import meetings, reference, services
from cms.pages.reference import home_page
from tests.access import ROWS
from tests.factories import MeetingFactory, RunFactory
from tests.roles import ANONYMOUS, NETWORK, ROLES, Row
from tests.world import World, build

from .crawling import Crawl

pytestmark = pytest.mark.django_db
QUERY = "fortrolig"
"""Stands in everything that is for members; the markers stand in nothing else."""


@dataclass(frozen=True)
class Secret:
    """Something for members: where it is, a word that only it holds, and the row of the table that says who sees it."""

    address: str
    marker: str
    row: str


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One world for all roles, taken back in the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def secrets(world: World, django_db_blocker: DjangoDbBlocker) -> dict[str, Secret]:
    """One of each kind of thing."""
    with django_db_blocker.unblock():
        return _hide(world)


def _hide(world: World) -> dict[str, Secret]:
    reference.ensure()
    parent, collection = reference.library(), reference.collection()
    assert parent is not None
    topic = Topic.objects.get(key="ledelse")
    editor = world.users[NETWORK]
    drawn = BytesIO()
    Picture.new("RGB", (400, 300), "navy").save(drawn, "PNG")
    image = Image.objects.create(
        title="Tavle", file=ImageFile(drawn, name="hemlig-billede.png"), collection=collection, description="En tavle"
    )
    document = Document.objects.create(
        title="Fortrolig fil", file=ContentFile(b"zirkonfil", name="hemlig-fil.txt"), collection=collection
    )
    page = LibraryPage(title="Fortrolig tekst", slug="fortrolig-tekst", lead="zirkontekst fortrolig")
    page.body = [("picture", {"image": image}), ("download", {"document": document, "text": "Hent filen"})]
    theme = ThemePage(
        title="Fortrolig årets tekst", slug="fortrolig-aarets-tekst", year=2026, lead="zirkontema fortrolig"
    )
    for one in (page, theme):
        parent.add_child(instance=one)
        one.topics.add(topic)
        one.save_revision().publish()
    thread = services.start_thread(
        title="Fortrolig snak zirkontraad",
        text="fortrolig zirkonindlaeg",
        topics=[topic],
        file=SimpleUploadedFile("hemlig-bilag.txt", b"zirkonbilag"),
        by=editor,
    )
    run = RunFactory(
        course=None, kind="meeting", own_title="Fortrolig samling zirkonhold", members_only=True, audience="leaders"
    )
    meeting = MeetingFactory(run=run, theme="Fortrolig drøftelse zirkonmoede")
    meetings.add_material(
        meeting, title="Bilag", when="before", file=SimpleUploadedFile("hemlig-oplaeg.txt", b"zirkonoplaeg"), by=editor
    )
    news = NewsIndexPage(title="Nyheder", slug="nyheder")
    home_page().add_child(instance=news)
    news.add_child(instance=NewsPage(title="En nyhed", slug="en-nyhed", lead="For alle"))
    files = {
        "attachment": (thread.posts.get().attachments.get(), "zirkonbilag", "network:thread"),
        "meeting material": (meeting.material.get(), "zirkonoplaeg", "network:meeting"),
    }
    picture = str(LibraryPage.objects.get(pk=page.pk).body.render_as_block())
    address = picture.partition('src="')[2].partition('"')[0]
    return {
        "page": Secret(str(page.url), "zirkontekst", "network:material"),
        "theme": Secret(str(theme.url), "zirkontema", "network:material"),
        "document": Secret(str(document.url), "zirkonfil", "network:material"),
        "picture": Secret(address, "hemlig-billede", "network:material"),
        "thread": Secret(thread.get_absolute_url(), "zirkontraad", "network:thread"),
        "meeting": Secret(meeting.get_absolute_url(), "zirkonmoede", "network:meeting"),
        "run": Secret(run.get_absolute_url(), "zirkonhold", "network:meeting"),
        **{
            name: Secret(reverse("records:file", args=[type(one).__name__.lower(), one.pk]), marker, row)
            for name, (one, marker, row) in files.items()
        },
    }


def _client(world: World, role: str) -> Client:
    client = Client(raise_request_exception=False)
    if role != ANONYMOUS:
        client.force_login(world.users[role])
    return client


def _starts(world: World, role: str, *, is_member: bool) -> list[str]:
    """What everybody knows of, and every address that the table gives this role; a member must find the way from the former."""
    everybody = [
        "/",
        "/en/",
        "/sitemap.xml",
        "/robots.txt",
        "/api/",
        f"/soeg/?q={QUERY}",
        "/en/nyheder/",
        "/nyheder/rss/",
    ]
    everybody += ["/nyheder/atom/", f"/en/soeg/?q={QUERY}", f"/kurser/?q={QUERY}", "/kurser/kalender/"]
    if is_member:
        return everybody
    return everybody + [reverse(row.name, args=row.args(world)) for row in ROWS if _is_known(row, role)]


def _is_known(row: Row, role: str) -> bool:
    return role in row.roles and not row.name.startswith("network:")


def _table() -> dict[str, Row]:
    return {row.name: row for row in ROWS}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reaches_exactly_what_the_table_says(role: str, world: World, secrets: dict[str, Secret]) -> None:
    table = _table()
    wanted = {name for name, secret in secrets.items() if role in table[secret.row].roles}
    everything = {secret.address for secret in secrets.values()}

    def reached(crawl: Crawl) -> set[str]:
        return {
            name
            for name, secret in secrets.items()
            if secret.marker in crawl.seen or crawl.answers.get(secret.address) == 200
        }

    def found_all(crawl: Crawl) -> bool:
        return all(crawl.answers.get(address) == 200 for address in everything)

    markers = [secret.marker for secret in secrets.values()]
    near = ("/netvaerk/", "/ledernetvaerk/") if wanted else ()
    crawl = Crawl(_client(world, role), markers, until=found_all if wanted else None, first=near)
    crawl.walk(_starts(world, role, is_member=bool(wanted)))
    assert reached(crawl) == wanted, {marker: crawl.seen.get(marker) for marker in markers}
    if wanted:
        assert found_all(crawl), {one: crawl.answers.get(one) for one in everything}


@pytest.mark.parametrize("role", ROLES)
def test_knowing_the_address_does_not_help(role: str, world: World, secrets: dict[str, Secret]) -> None:
    client, table = _client(world, role), _table()
    for name, secret in secrets.items():
        with transaction.atomic():
            status = client.get(secret.address).status_code
            transaction.set_rollback(True)
        allowed = role in table[secret.row].roles
        assert (status == 200) == allowed, f"{name}: {status}"
        assert allowed or status in ({302, 404} if role == ANONYMOUS else {404}), f"{name}: {status}"


def test_nothing_of_it_is_in_the_site_map_the_feeds_or_the_open_data(secrets: dict[str, Secret], world: World) -> None:
    for role in (ANONYMOUS, NETWORK):
        client = _client(world, role)
        for address in ("/sitemap.xml", "/nyheder/rss/", "/nyheder/atom/", "/api/v1/runs", "/api/v1/openapi.json"):
            answer = client.get(address)
            if answer.status_code == 200:
                text = answer.content.decode()
                assert not [one for one in secrets.values() if one.address in text or one.marker in text], address
