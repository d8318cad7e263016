"""The library is for members: lists, search, buttons, files and pictures; who belongs follows from memberships."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from PIL import Image as Picture
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import PageViewRestriction

from cms.models import ArticlePage, Favourite, LibraryIndexPage, LibraryPage, Reading, ThemePage, Topic
from cms.network import members, reference, services
from cms.pages.reference import home_page
from engagements.lifecycle import move
from engagements.people.models import Membership
from tests.factories import MeetingFactory, MembershipFactory, StaffFactory, UserFactory

from .conftest import browser

pytestmark = pytest.mark.django_db


def write(title: str = "Tavlemøder", *, topics: tuple[str, ...] = (), text: str = "En tekst om faste møder.") -> Any:
    """A page of the library."""
    reference.ensure()
    page = LibraryPage(title=title, slug=slugify(title), lead=text)
    reference.library().add_child(instance=page)
    page.topics.set(Topic.objects.filter(key__in=topics))
    page.save()
    return page


def theme(year: int | None = None, topics: tuple[str, ...] = ()) -> Any:
    """A theme of a year."""
    reference.ensure()
    page = ThemePage(title="Ledelse i praksis", year=year or timezone.localdate().year)
    reference.library().add_child(instance=page)
    page.topics.set(Topic.objects.filter(key__in=topics))
    page.save()
    return page


def test_a_page_of_the_library_is_read_by_members_and_by_nobody_else(leader: Any) -> None:
    page = write()
    assert browser(leader).get(page.url).status_code == 200
    assert browser(StaffFactory()).get(page.url).status_code == 200
    for role in ("caseworker", "coordinator", "director", "council"):
        assert browser(MembershipFactory(role=role).user).get(page.url).status_code == 404
    assert Client().get(page.url).headers["Location"] == f"/konto/login/?next={page.url}"


def test_a_page_stays_private_when_somebody_takes_the_restriction_away(leader: Any) -> None:
    page = write()
    PageViewRestriction.objects.all().delete()
    assert browser(leader).get(page.url).status_code == 200
    assert browser(UserFactory()).get(page.url).status_code == 404
    assert Client().get(page.url).status_code != 200
    assert page.url not in Client().get("/sitemap.xml").content.decode()
    assert page.title not in Client().get(reverse("home:search"), {"q": page.title}).content.decode().split("<main")[
        1
    ].replace(f"»{page.title}«", "").replace(f'value="{page.title}"', "")


def test_the_group_follows_memberships_as_they_begin_change_and_end() -> None:
    membership = MembershipFactory(role="caseworker")
    person = membership.user

    def is_in() -> bool:
        return person.groups.filter(name=members.NAME).exists()

    assert not is_in()
    membership.role = "leader"
    membership.save()
    assert is_in()
    membership.ended_on = timezone.localdate()
    membership.save()
    assert not is_in()
    membership.ended_on = None
    membership.save()
    membership.delete()
    assert not is_in()


def test_the_day_catches_up_with_what_only_the_calendar_changed(leader: Any) -> None:
    Membership.objects.filter(user=leader).update(ended_on=timezone.localdate())
    assert leader.groups.filter(name=members.NAME).exists()
    assert browser(leader).get(write().url).status_code == 404  # before the group has been brought in step
    assert members.keep_in_step() == 1
    assert not leader.groups.filter(name=members.NAME).exists()
    assert members.keep_in_step() == 0


def test_a_document_of_the_network_is_for_members(leader: Any) -> None:
    reference.ensure()
    document = Document.objects.create(
        title="Skema", file=ContentFile(b"Skema til tilsyn", name="skema.txt"), collection=reference.collection()
    )
    assert browser(leader).get(document.url).status_code == 200
    assert browser(UserFactory()).get(document.url).status_code == 404
    assert Client().get(document.url).status_code == 302


def test_a_picture_of_the_network_is_for_members(leader: Any) -> None:
    reference.ensure()
    drawn = BytesIO()
    Picture.new("RGB", (40, 30), "navy").save(drawn, "PNG")
    image = Image.objects.create(
        title="Tavle", file=ImageFile(drawn, name="tavle.png"), collection=reference.collection()
    )
    address = image.get_rendition("width-20").url
    answer = browser(leader).get(address)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert browser(UserFactory()).get(address).status_code == 404
    assert Client().get(address).status_code == 404


def picture() -> Any:
    """A picture that an editor has put among all pictures."""
    drawn = BytesIO()
    Picture.new("RGB", (40, 30), "navy").save(drawn, "PNG")
    return Image.objects.create(title="Tavle", file=ImageFile(drawn, name="tavle.png"))


def show(page: Any, image: Any) -> None:
    """Put the picture on the page and publish it."""
    page.body = [("picture", {"image": image, "description": "En tavle", "caption": ""})]
    page.save_revision().publish()


def test_a_picture_from_elsewhere_becomes_private_when_only_the_library_shows_it(
    leader: Any, django_capture_on_commit_callbacks: Any
) -> None:
    image = picture()
    address = image.get_rendition("width-20").url
    assert Client().get(address).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        show(write(), image)
    assert Client().get(address).status_code == 404
    assert browser(leader).get(address).status_code == 200


def test_a_picture_that_a_public_page_shows_too_stays_public(django_capture_on_commit_callbacks: Any) -> None:
    image = picture()
    article = ArticlePage(title="For alle", slug="for-alle")
    home_page().add_child(instance=article)
    with django_capture_on_commit_callbacks(execute=True):
        show(article, image)
    with django_capture_on_commit_callbacks(execute=True):
        show(write(), image)
    assert Client().get(image.get_rendition("width-20").url).status_code == 200


def test_reading_time_follows_from_the_words() -> None:
    assert write(text="ord " * 10).reading_minutes == 1
    page = write("Lang")
    page.body = [("text", f"<p>{'ord ' * 900}</p>")]
    page.save()
    assert LibraryPage.objects.get(pk=page.pk).reading_minutes == 5


def test_noting_as_read_is_a_button_and_counts_each_person_once(leader: Any, other: Any) -> None:
    page = write()
    for person in (leader, other, leader):
        client = browser(person)
        client.get(page.url)
        assert client.get(reverse("network:note_read", args=[page.pk])).status_code == 405
        client.post(reverse("network:note_read", args=[page.pk]))
    assert Reading.objects.filter(page=page).count() == 2
    assert "læst af 2" in browser(leader).get(page.url).content.decode()
    stranger = browser(MembershipFactory(role="caseworker").user)
    assert stranger.post(reverse("network:note_read", args=[page.pk])).status_code == 404


def test_favourites_are_kept_and_given_up(leader: Any) -> None:
    page = write()
    client = browser(leader)
    client.post(reverse("network:favourite", args=[page.pk]))
    assert page.title in [one.title for one in client.get(reverse("network:start")).context["favourites"]]
    client.post(reverse("network:favourite", args=[page.pk]), {"keep": "no"})
    assert not Favourite.objects.exists()


def test_only_pages_of_the_library_can_be_noted(leader: Any) -> None:
    reference.ensure()
    home = LibraryIndexPage.objects.get().get_parent()
    assert browser(leader).post(reverse("network:favourite", args=[home.pk])).status_code == 404


def test_material_is_found_by_words_topic_and_what_one_has_read(leader: Any) -> None:
    found = write("Ærlige tal", topics=("data",), text="Om AARHUS og små tal")
    write("Andet")
    client = browser(leader)

    def listed(**query: str) -> list[int]:
        return [row.pk for row in client.get(reverse("network:material"), query).context["page_obj"]]

    assert listed(q="ærlige århus") == [found.pk]
    assert listed(topic="data") == [found.pk]
    client.post(reverse("network:note_read", args=[found.pk]))
    assert found.pk not in listed(which="unread")


def test_the_search_of_the_portal_finds_the_network_for_members_only(leader: Any) -> None:
    write("Hemmelige tavlemøder")
    theme()
    MeetingFactory(theme="Hemmelige møder")
    services.start_thread(title="Hemmelige spørgsmål", text="x", by=leader)

    def hits(client: Client) -> set[str]:
        groups = client.get(reverse("home:search"), {"q": "hemmelige"}).context["groups"]
        return {hit.title for group in groups for hit in group.hits}

    wanted = {"Hemmelige tavlemøder", "Hemmelige møder", "Hemmelige spørgsmål"}
    assert wanted <= hits(browser(leader))
    assert not wanted & hits(Client())
    assert not wanted & hits(browser(MembershipFactory(role="director").user))


def test_the_search_of_the_portal_finds_other_forms_of_a_word_in_posts(leader: Any, editor: Any) -> None:
    thread = services.start_thread(title="Modtagelsen", text="Vi får mange underretninger.", by=leader)
    services.reply(thread, text="Underretningerne kommer om fredagen.", by=leader)
    hidden = services.start_thread(title="Skjult", text="Om underretninger", by=leader)
    move(hidden, "hide", by=editor, note="Regel")
    groups = browser(leader).get(reverse("home:search"), {"q": "underretning"}).context["groups"]
    titles = [hit.title for group in groups for hit in group.hits if "traade" in hit.address]
    assert titles == ["Modtagelsen"]


def test_a_theme_gathers_the_meetings_material_and_threads_of_its_year(leader: Any) -> None:
    page = theme(year=timezone.localdate().year, topics=("ledelse",))
    material = write("Om ledelse", topics=("ledelse",))
    write("Om andet", topics=("data",))
    thread = services.start_thread(title="Om ledelse", text="x", topics=Topic.objects.filter(key="ledelse"), by=leader)
    meeting = MeetingFactory(run__starts_at=timezone.now() + timedelta(minutes=5))
    context = browser(leader).get(page.url).context
    assert [one.pk for one in context["material"]] == [material.pk]
    assert context["threads"] == [thread]
    assert context["meetings"] == [meeting]


@pytest.mark.parametrize("rows", [25, 250])
def test_the_list_of_material_asks_the_same_few_queries(
    leader: Any, rows: int, django_assert_max_num_queries: Any
) -> None:
    reference.ensure()
    parent = reference.library()
    for number in range(rows):
        parent.add_child(instance=LibraryPage(title=f"Tekst {number}", slug=f"tekst-{number}"))
    client = browser(leader)
    client.get(reverse("network:material"))
    with django_assert_max_num_queries(14):
        assert client.get(reverse("network:material")).context["count"] == rows
