"""What surrounds every page: navigation by role, notices, language, demonstration banner, error pages, weight."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings

from cms.home import context
from engagements.notices.models import Notice
from engagements.people.models import Role
from tests import factories as f


@pytest.fixture
def whole_site() -> Iterator[None]:
    """The site's own addresses instead of the sample ones."""
    with override_settings(ROOT_URLCONF="cms.urls"):
        yield


def _links(user: Any) -> list[str]:
    request = RequestFactory().get("/")
    request.user = user
    return [link.url for link in context.navigation(request)]


@pytest.mark.django_db
@pytest.mark.usefixtures("whole_site")
class TestNavigation:
    def test_a_leader_begins_at_the_municipality_and_staff_at_the_workplace(self) -> None:
        assert _links(f.MembershipFactory().user)[0] == "/min-kommune/"
        assert _links(f.StaffFactory())[0] == "/arbejdsplads/"

    def test_a_council_member_is_not_sent_to_applications(self) -> None:
        links = _links(f.MembershipFactory(role=Role.COUNCIL).user)
        assert "/ansoegninger/" not in links
        assert "/min-kommune/" in links

    @pytest.mark.parametrize(
        ("role", "offered"),
        [(Role.COUNCIL, True), (Role.SECRETARY, True), (Role.LEADER, False), (Role.CASEWORKER, False)],
    )
    def test_those_the_briefing_is_for_find_it_in_the_menu(self, role: str, offered: bool) -> None:
        assert ("/orientering/" in _links(f.MembershipFactory(role=role).user)) is offered

    def test_only_editors_are_shown_the_cms(self) -> None:
        assert "/cms/" in _links(f.StaffFactory(group="administrators"))
        assert "/cms/" not in _links(f.StaffFactory(group="legal"))

    def test_the_page_one_is_on_is_marked_for_everyone(self) -> None:
        request = RequestFactory().get("/arbejdsplads/")
        request.user = f.StaffFactory()
        assert [link.url for link in context.navigation(request) if link.active] == ["/arbejdsplads/"]


@pytest.mark.django_db
class TestFrame:
    def test_unread_notices_are_counted_for_their_reader_only(self) -> None:
        reader, other = f.UserFactory(), f.UserFactory()
        Notice.objects.create(recipient=reader, key="a", subject="Nyt", body="Nyt")
        request = RequestFactory().get("/")
        request.user = reader
        assert context.unread_notices(request) == 1
        request.user = other
        assert context.unread_notices(request) == 0

    @pytest.mark.usefixtures("whole_site")
    def test_the_other_language_is_the_same_page(self, client: Client) -> None:
        html = client.get("/konto/login/?next=/forloeb/").content.decode()
        assert 'href="/en/konto/login/?next=/forloeb/"' in html
        assert 'href="/konto/login/?next=/forloeb/"' in client.get("/en/konto/login/?next=/forloeb/").content.decode()

    @pytest.mark.parametrize("demonstration", [True, False])
    def test_the_banner_stands_on_every_page_of_the_demonstration_only(
        self, client: Client, demonstration: bool
    ) -> None:
        with override_settings(DEMONSTRATION=demonstration):
            assert ("Demonstration – opdigtede data" in client.get("/").content.decode()) is demonstration

    @pytest.mark.parametrize("page", ["404", "403", "403_csrf", "429", "500"])
    def test_an_error_page_needs_nothing_but_itself(self, page: str) -> None:
        html = render_to_string(f"{page}.html")
        assert "<h1>" in html
        assert 'href="/"' in html

    def test_no_page_holds_inline_style_or_script(self, client: Client) -> None:
        html = client.post("/", {"later": "1"}).content.decode()
        assert " style=" not in html
        assert "<style" not in html
        assert "<script>" not in html
        assert " on" + "click=" not in html


FACES = ("Regular", "SemiBold", "Bold", "Medium")


@pytest.mark.django_db
def test_a_first_load_stays_under_350_kb_with_every_face_of_the_font(client: Client) -> None:
    texts = ["dkfds/css/dkfds.min.css", "dkfds/js/dkfds.min.js", "dkfds/img/all-svg-icons.svg", "site.css", "site.js"]
    fonts = [f"dkfds/fonts/IBMPlexSans/complete/woff2/IBMPlexSans-{face}.woff2" for face in FACES]
    sent = sum(len(brotli.compress(_file(name))) for name in texts) + sum(len(_file(name)) for name in fonts)
    page = gzip.compress(client.get("/").content)
    assert sent + len(page) < 350_000


def test_our_own_css_stays_small() -> None:
    assert len((settings.ASSETS_DIR / "static" / "site.css").read_text().splitlines()) < 200


def _file(name: str) -> bytes:
    found = finders.find(name)
    assert found, name
    return Path(found).read_bytes()
