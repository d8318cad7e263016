"""Members start threads, reply, edit and follow; nothing they write is more than text, and nothing is lost."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cms.models import Follow, Post, Thread, ThreadVisit
from cms.network import services
from cms.network.reference import ensure
from engagements.design.versions import StaleError
from engagements.lifecycle import MoveRefused, move
from tests.factories import MembershipFactory, PostFactory, ThreadFactory

from .conftest import browser

pytestmark = pytest.mark.django_db


def start(by: Any, **fields: Any) -> Thread:
    return services.start_thread(by=by, **{"title": "Tavlemøder", "text": "Hvordan gør I?", **fields})


def test_a_member_starts_a_thread_and_follows_it(leader: Any) -> None:
    topic = ensure() or Thread.topics.rel.model.objects.first()
    answer = browser(leader).post(
        reverse("network:new_thread"), {"title": "Tavlemøder", "text": "Hvordan gør I?", "topics": [topic.pk]}
    )
    thread = Thread.objects.get()
    assert answer.headers["Location"] == thread.get_absolute_url()
    assert [post.text for post in thread.posts.all()] == ["Hvordan gør I?"]
    assert list(thread.topics.all()) == [topic]
    assert Follow.objects.filter(thread=thread, person=leader).exists()


def test_a_form_sent_twice_starts_one_thread_and_writes_one_post(leader: Any) -> None:
    client = browser(leader)
    for _time in range(2):
        client.post(reverse("network:new_thread"), {"title": "Tavlemøder", "text": "Hvordan gør I?"})
    thread = Thread.objects.get()
    for _time in range(2):
        client.post(thread.get_absolute_url(), {"text": "Vi mødes hver mandag."})
    assert [post.text for post in thread.posts.all()] == ["Hvordan gør I?", "Vi mødes hver mandag."]


def test_who_is_no_member_can_neither_read_nor_write(leader: Any) -> None:
    thread = start(leader)
    stranger = MembershipFactory(role="caseworker").user
    client = browser(stranger)
    assert client.get(thread.get_absolute_url()).status_code == 404
    assert client.post(thread.get_absolute_url(), {"text": "Hej"}).status_code == 404
    with pytest.raises(MoveRefused):
        services.reply(thread, text="Hej", by=stranger)
    with pytest.raises(MoveRefused):
        start(stranger)
    assert thread.posts.count() == 1


def test_a_script_in_a_post_is_shown_as_text_and_a_link_is_not_followed_by_robots(leader: Any) -> None:
    thread = start(leader, text='<script>alert(1)</script> se https://example.org/vejledning "onclick')
    page = browser(leader).get(thread.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert '<a href="https://example.org/vejledning" rel="nofollow">' in page


def test_a_post_longer_than_the_limit_is_refused_and_stays_in_the_form(leader: Any) -> None:
    thread = start(leader)
    long = "linje\n" * 10_000
    answer = browser(leader).post(thread.get_absolute_url(), {"text": long})
    assert answer.status_code == 200
    assert thread.posts.count() == 1
    assert answer.context["form"]["text"].value() == long
    assert answer.context["form"].errors["text"]


def test_a_cpr_number_is_refused_in_title_post_and_file_name(leader: Any) -> None:
    client = browser(leader)
    for fields in (
        {"title": "Sag 010190-1234", "text": "Tekst"},
        {"title": "Titel", "text": "Barnet 010190-1234"},
        {"title": "Titel", "text": "Tekst", "file": SimpleUploadedFile("010190-1234.txt", b"ren tekst")},
    ):
        answer = client.post(reverse("network:new_thread"), fields)
        assert answer.status_code == 422
        assert answer.context["form"].errors
    assert not Thread.objects.exists()


def test_the_rule_of_no_case_details_stands_above_every_form(leader: Any) -> None:
    thread = start(leader)
    client = browser(leader)
    for address in (
        reverse("network:new_thread"),
        thread.get_absolute_url(),
        reverse("network:edit_post", args=[thread.posts.get().pk]),
    ):
        page = client.get(address).content.decode()
        assert page.index("Ingen sagsoplysninger") < page.index('name="text"')


def test_an_edit_keeps_what_was_said_before_in_sight(leader: Any, other: Any) -> None:
    post = start(leader).posts.get()
    client = browser(leader)
    client.post(reverse("network:edit_post", args=[post.pk]), {"text": "Nyt ordvalg", "version": post.version})
    page = browser(other).get(post.thread.get_absolute_url()).content.decode()
    assert "Nyt ordvalg" in page
    assert "Hvordan gør I?" in page
    assert [edit.text for edit in post.edits.all()] == ["Hvordan gør I?"]


def test_only_the_author_edits_and_only_while_the_thread_is_open(leader: Any, other: Any, editor: Any) -> None:
    thread = start(leader)
    post = thread.posts.get()
    assert browser(other).get(reverse("network:edit_post", args=[post.pk])).status_code == 403
    move(thread, "close", by=editor)
    assert browser(leader).get(reverse("network:edit_post", args=[post.pk])).status_code == 403
    with pytest.raises(MoveRefused):
        services.edit_post(Post.objects.get(), text="x", version=post.version, by=leader)


def test_two_windows_on_one_post_do_not_overwrite_each_other(leader: Any) -> None:
    post = start(leader).posts.get()
    services.edit_post(post, text="Det ene", version=post.version, by=leader)
    with pytest.raises(StaleError):
        services.edit_post(post, text="Det andet", version=post.version, by=leader)
    answer = browser(leader).post(
        reverse("network:edit_post", args=[post.pk]), {"text": "Det andet", "version": post.version}
    )
    assert answer.status_code == 409
    assert Post.objects.get().text == "Det ene"


def test_a_closed_thread_takes_no_reply(leader: Any, editor: Any) -> None:
    thread = start(leader)
    move(thread, "close", by=editor)
    answer = browser(leader).post(thread.get_absolute_url(), {"text": "For sent"})
    assert "For sent" not in [post.text for post in thread.posts.all()]
    assert answer.status_code == 200


def test_following_is_a_choice(leader: Any, other: Any) -> None:
    thread = start(leader)
    client = browser(other)
    client.post(reverse("network:follow", args=[thread.pk]))
    assert Follow.objects.filter(thread=thread, person=other).exists()
    client.post(reverse("network:follow", args=[thread.pk]), {"follow": "no"})
    assert not Follow.objects.filter(thread=thread, person=other).exists()


def test_an_attachment_is_fetched_by_members_only(leader: Any, other: Any, editor: Any) -> None:
    thread = start(leader, file=SimpleUploadedFile("tavle.txt", b"Dagsorden for tavlemoeder"))
    address = reverse("records:file", args=["postattachment", thread.posts.get().attachments.get().pk])
    assert browser(other).get(address).status_code == 200
    stranger = MembershipFactory(role="coordinator").user
    assert browser(stranger).get(address).status_code == 404
    move(thread.posts.get(), "hide", by=editor, note="Navngiver et barn")
    assert browser(other).get(address).status_code == 404
    assert browser(editor).get(address).status_code == 200


def test_the_list_finds_words_in_titles_and_posts_in_any_letter_case(leader: Any) -> None:
    found = start(leader, title="Ærlige tavlemøder", text="Vi bruger AARHUS-modellen")
    start(leader, title="Noget andet", text="Helt andet")
    client = browser(leader)
    for words in ("ærlige", "århus-modellen", "TAVLEMØDER aarhus"):
        page = client.get(reverse("network:threads"), {"q": words})
        assert [row.pk for row in page.context["page_obj"]] == [found.pk], words


def test_the_list_knows_what_is_new_own_and_followed(leader: Any, other: Any) -> None:
    mine, theirs = start(leader), start(other, title="Deres")
    client = browser(leader)

    def listed(which: str) -> set[int]:
        page = client.get(reverse("network:threads"), {"which": which})
        return {row.pk for row in page.context["page_obj"]}

    assert listed("own") == {mine.pk}
    assert listed("followed") == {mine.pk}
    assert listed("unread") == {theirs.pk}
    client.get(theirs.get_absolute_url())
    assert listed("unread") == set()
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=True):
        services.reply(theirs, text="Mere", by=other)
        assert listed("unread") == {theirs.pk}
        client.post(reverse("network:see_all"))
        assert listed("unread") == set()


def test_a_hidden_post_is_found_by_no_search_and_leaves_nothing_unread(leader: Any, other: Any, editor: Any) -> None:
    thread = start(other)
    move(services.reply(thread, text="Hemmelighed", by=other), "hide", by=editor, note="Regel")
    page = browser(leader).get(reverse("network:threads"), {"q": "hemmelighed"})
    assert list(page.context["page_obj"]) == []
    assert "Hemmelighed" not in browser(leader).get(thread.get_absolute_url()).content.decode()


def test_a_post_has_an_address_that_leads_to_the_right_page(leader: Any) -> None:
    thread = ThreadFactory(posts=0)
    posts = [PostFactory(thread=thread, author=leader, text=f"Nr. {n}") for n in range(51)]
    answer = browser(leader).get(posts[50].get_absolute_url())
    assert answer.headers["Location"] == f"{thread.get_absolute_url()}?side=2#indlaeg-{posts[50].pk}"


def test_seeing_an_earlier_page_does_not_unsee_a_later_one(leader: Any, other: Any) -> None:
    thread = start(other)
    now = timezone.now()
    services.note_seen(thread, by=leader, until=now + timedelta(hours=1))
    services.note_seen(thread, by=leader, until=now)
    assert ThreadVisit.objects.get(person=leader).seen_until == now + timedelta(hours=1)


@pytest.mark.parametrize("rows", [25, 250])
def test_the_list_of_threads_asks_the_same_few_queries(
    leader: Any, rows: int, django_assert_max_num_queries: Any
) -> None:
    starter = MembershipFactory(role="leader").user
    threads = [
        Thread(title=f"Tråd {n}", folded_title=f"tråd {n}", started_by=starter, last_post_at=timezone.now())
        for n in range(rows)
    ]
    Thread.objects.bulk_create(threads)
    Post.objects.bulk_create([Post(thread=one, author=starter, text="x", folded_text="x") for one in threads])
    client = browser(leader)
    client.get(reverse("network:threads"))
    with django_assert_max_num_queries(12):
        assert client.get(reverse("network:threads")).context["count"] == rows


@pytest.mark.parametrize("rows", [25, 300])
def test_a_long_thread_is_shown_in_pages_with_few_queries(
    leader: Any, rows: int, django_assert_max_num_queries: Any
) -> None:
    thread = ThreadFactory(posts=0)
    people = [MembershipFactory(role="leader").user for _n in range(5)]
    now = timezone.now()
    Post.objects.bulk_create(
        [Post(thread=thread, author=people[n % 5], text="x", folded_text="x", written_at=now) for n in range(rows)]
    )
    client = browser(leader)
    client.get(thread.get_absolute_url())
    with django_assert_max_num_queries(20):
        page = client.get(thread.get_absolute_url())
    assert len(page.context["posts"]) == min(rows, 50)
