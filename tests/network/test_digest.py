"""Who follows a thread hears of new posts: one notice and one mail a day at most, never of one's own posts."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from cms.models import Follow, Thread
from cms.network import digest, services
from engagements.lifecycle import move
from engagements.notices.models import Notice, OutboxMessage
from engagements.people.models import Membership

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 30)


def start(by: Any, title: str = "Tavlemøder") -> Thread:
    return services.start_thread(title=title, text="Hvordan gør I?", by=by)


def later(minutes: int) -> Any:
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=True)


def mails(user: Any) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(to=user.email, key__startswith="network-digest"))


def test_many_posts_in_many_threads_make_one_notice_and_one_mail(leader: Any, other: Any) -> None:
    threads = [start(leader, f"Tråd {n}") for n in range(3)]
    with later(10):
        for thread in threads:
            for number in range(4):
                services.reply(thread, text=f"Svar {number}", by=other)
        assert digest.send(DAY) == 1
    (mail,) = mails(leader)
    assert mail.subject == "12 nye indlæg i ledernetværket"
    assert "Tråd 0 (4 nye indlæg)" in mail.body
    assert Notice.objects.filter(recipient=leader, key=f"network-digest:{DAY}").count() == 1


def test_a_second_run_on_the_day_tells_nobody_again_and_the_rest_comes_tomorrow(leader: Any, other: Any) -> None:
    thread = start(leader)
    with later(10):
        services.reply(thread, text="Første", by=other)
        assert digest.send(DAY) == 1
        assert digest.send(DAY) == 0
    with later(20):
        services.reply(thread, text="Andet", by=other)
        services.reply(thread, text="Tredje", by=other)
        assert digest.send(DAY) == 0
        assert len(mails(leader)) == 1
        assert digest.send(DAY + timedelta(days=1)) == 1
        assert digest.send(DAY + timedelta(days=2)) == 0
    assert [mail.subject for mail in mails(leader)] == [
        "1 nyt indlæg i ledernetværket",
        "2 nye indlæg i ledernetværket",
    ]


def test_nobody_hears_of_own_posts(leader: Any) -> None:
    thread = start(leader)
    with later(10):
        services.reply(thread, text="Jeg svarer mig selv", by=leader)
        assert digest.send(DAY) == 0
    assert mails(leader) == []


def test_how_far_a_person_was_told_moves_on(leader: Any, other: Any) -> None:
    thread = start(leader)
    with later(10):
        post = services.reply(thread, text="Nyt", by=other)
        digest.send(DAY)
    assert Follow.objects.get(thread=thread, person=leader).told_until == post.written_at


def test_who_does_not_follow_or_no_longer_belongs_is_not_told(leader: Any, other: Any, editor: Any) -> None:
    thread = start(leader)
    services.follow(thread, by=other)
    with later(10):
        services.reply(thread, text="Nyt", by=editor)
        services.unfollow(thread, by=leader)
        Membership.objects.filter(user=other).update(ended_on=timezone.localdate())
        assert digest.send(DAY) == 0
    assert mails(leader) == mails(other) == []


def test_hidden_posts_and_threads_are_not_told_of(leader: Any, other: Any, editor: Any) -> None:
    thread, second = start(leader), start(leader, "Skjules")
    with later(10):
        move(services.reply(thread, text="Regelbrud", by=other), "hide", by=editor, note="Navne")
        services.reply(second, text="Nyt", by=other)
        move(second, "hide", by=editor, note="Navne")
        assert digest.send(DAY) == 0


def test_who_begins_to_follow_is_not_told_of_what_was_there(leader: Any, other: Any) -> None:
    thread = start(leader)
    services.follow(thread, by=other)
    with later(10):
        assert digest.send(DAY) == 0


def test_the_number_of_queries_does_not_grow_with_the_followers(
    leader: Any, other: Any, django_assert_max_num_queries: Any
) -> None:
    from tests.factories import MembershipFactory

    thread = start(leader)
    for _number in range(20):
        services.follow(thread, by=MembershipFactory(role="leader").user)
    with later(10):
        services.reply(thread, text="Nyt", by=other)
        with django_assert_max_num_queries(20):
            assert digest.send(DAY) == 21
