"""Words are found in all their forms, in lists as in the search of the portal, and only where the reader may read them."""

from typing import Any

import pytest
from django.urls import reverse

from cms.models import Thread
from cms.network import meetings, services
from cms.network.library import LibraryPage
from cms.network.reference import library
from engagements.lifecycle import move
from tests.factories import MeetingFactory, PostFactory, ThreadFactory

from .conftest import browser

pytestmark = pytest.mark.django_db


def listed(user: Any, name: str, words: str, **asked: str) -> set[Any]:
    """What a list of the network shows for these words."""
    answer = browser(user).get(reverse(f"network:{name}"), {"q": words, **asked})
    assert answer.status_code == 200
    return set(answer.context["page_obj"])


def found(user: Any, words: str) -> list[str]:
    """Titles that the search of the portal shows."""
    groups = browser(user).get(reverse("home:search"), {"q": words}).context["groups"]
    return [hit.title for group in groups for hit in group.hits]


def start(by: Any, title: str, text: str) -> Thread:
    return services.start_thread(title=title, text=text, by=by)


@pytest.mark.parametrize("words", ["underretning", "Underretningerne", "skolernes underretninger", "og underretning"])
def test_the_list_of_threads_finds_the_other_forms_of_a_word(words: str, leader: Any, other: Any) -> None:
    thread = start(leader, "Samarbejde med skolerne", "Hvordan gør I?")
    services.reply(thread, text="Vi læser hver underretning samme dag.", by=other)
    start(leader, "Tavlemøder", "Hvor tit?")
    assert listed(leader, "threads", words) == {thread}


def test_a_word_of_two_letters_is_asked_for_as_any_other(leader: Any) -> None:
    thread = start(leader, "IT og strategi", "Hvad gør I?")
    start(leader, "Strategi for tavlemøder", "Hvor ofte?")
    assert listed(leader, "threads", "IT-strategi") == {thread}


@pytest.mark.parametrize("name", ["threads", "meetings", "material"])
def test_a_question_without_words_finds_nothing(name: str, leader: Any) -> None:
    start(leader, "Tavlemøder", "Hvor tit?")
    MeetingFactory(theme="Tavlemøder")
    place = library()
    assert place is not None
    place.add_child(instance=LibraryPage(title="Tavlemøder"))
    assert listed(leader, name, "tavlemøder")
    for words in ("!!!", "–"):
        assert listed(leader, name, words) == set(), words


def test_words_of_title_and_posts_count_together_but_not_those_of_a_hidden_post(leader: Any, editor: Any) -> None:
    thread = start(leader, "Tavlemøder", "Hvordan gør I?")
    post = services.reply(thread, text="Vi måler sagstal.", by=editor)
    assert listed(leader, "threads", "tavlemøder sagstallene") == {thread}
    move(post, "hide", by=editor, note="Om en sag")
    assert listed(leader, "threads", "tavlemøder sagstallene") == set()


def test_meetings_are_found_by_theme_agenda_and_the_minutes_that_are_shared(leader: Any, editor: Any) -> None:
    meeting = MeetingFactory(theme="Ledelse af underretninger", agenda="Velkomst og drøftelse af børnesamtaler")
    MeetingFactory(theme="Noget andet")
    for words in ("underretning", "børnesamtale", "Ledelsen børnesamtalerne"):
        assert listed(leader, "meetings", words) == {meeting}, words
        assert meeting.theme in found(leader, words), words
    meetings.write_minutes(meeting, minutes="Vi aftalte en tjekliste.", version=meeting.version, by=editor)
    assert (listed(leader, "meetings", "tjeklister"), found(leader, "tjeklister")) == (set(), [])
    meetings.share_minutes(meeting, by=editor)
    assert listed(leader, "meetings", "tjeklister") == {meeting}
    assert found(leader, "tjeklister") == [meeting.theme]


def test_one_long_thread_leaves_room_for_the_others(leader: Any) -> None:
    ThreadFactory(title="Sagstal sagstal", posts=70)
    ThreadFactory(title="Sagstal igen")
    assert sorted(found(leader, "sagstal")) == ["Sagstal igen", "Sagstal sagstal"]


def test_hits_that_the_reader_may_not_see_leave_room_for_those_that_one_may(leader: Any) -> None:
    hidden = ThreadFactory(title="Skjult", state="hidden", posts=0)
    for _ in range(105):
        PostFactory(thread=hidden, text="Sagstal, sagstal og sagstal")
    thread = ThreadFactory(title="Sagsbehandling", posts=0)
    PostFactory(thread=thread, text=f"{'Meget andet. ' * 40} Sagstal.")
    assert found(leader, "sagstal") == ["Sagsbehandling"]
