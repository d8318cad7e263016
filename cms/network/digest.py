"""What is new in the threads a person follows: one notice and one mail a day at most, own posts never."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.notices.models import Notice
from engagements.notices.services import gathered, notify
from engagements.users.models import User

from . import members
from .models_threads import Follow, Post, PostState, Thread

NAMED = 10
"""Threads named in a mail; the rest are counted."""


@transaction.atomic
def send(day: date) -> int:
    """Tell everyone who follows a thread of what others have written since last; returns how many were told.

    Who has been told on `day` already hears of the rest tomorrow: `told_until` stays where it is.
    """
    key = f"network-digest:{day.isoformat()}"
    had = set(Notice.objects.filter(key=key).values_list("recipient", flat=True))
    follows = Follow.objects.exclude(person__in=had).filter(thread__last_post_at__gt=F("told_until"))
    # Posts of a thread are written under its lock: with it held, none can turn up behind `told_until`.
    threads = {
        thread.pk: thread
        for thread in Thread.objects.select_for_update()
        .filter(pk__in=follows.values("thread"))
        .exclude(state=Thread.State.HIDDEN)
        .order_by("pk")
    }
    rows = list(follows.filter(thread__in=threads).select_related("person").order_by("pk"))
    news = _news(rows)
    told = 0
    with gathered():
        for person, counts in _by_person(rows, news).items():
            told += 1
            notify([person], key=key, subject=_subject(counts), body=_body(counts, threads), address=_address)
    _advance(rows, threads)
    return told


def _news(rows: list[Follow]) -> dict[int, list[Post]]:
    """The posts that are shown, by thread, since the earliest that any follower was told of."""
    if not rows:
        return {}
    since = min(row.told_until for row in rows)
    posts = Post.objects.filter(
        thread__in={row.thread_id for row in rows}, state=PostState.SHOWN, written_at__gt=since
    ).only("thread", "author", "written_at")
    found = defaultdict(list)
    for post in posts:
        found[post.thread_id].append(post)
    return found


def _by_person(rows: list[Follow], news: dict[int, list[Post]]) -> dict[User, dict[int, int]]:
    """How many new posts in which threads, for each who has some and still belongs."""
    found: dict[User, dict[int, int]] = {}
    belonging = members.everyone()
    people: dict[int, User] = {}
    for row in rows:
        person = people.setdefault(row.person_id, row.person)
        fresh = sum(
            post.written_at > row.told_until and post.author_id != person.pk for post in news.get(row.thread_id, [])
        )
        if fresh and person.pk in belonging:
            found.setdefault(person, {})[row.thread_id] = fresh
    return found


def _advance(rows: list[Follow], threads: dict[int, Thread]) -> None:
    for row in rows:
        row.told_until = threads[row.thread_id].last_post_at
    Follow.objects.bulk_update(rows, ["told_until"], batch_size=500)


def _subject(counts: dict[int, int]) -> Callable[[], str]:
    total = sum(counts.values())
    return lambda: (
        ngettext("%(n)s new post in the leaders' network", "%(n)s new posts in the leaders' network", total)
        % {"n": total}
    )


def _body(counts: dict[int, int], threads: dict[int, Thread]) -> Callable[[], str]:
    def text() -> str:
        lines = [_("In the threads you follow:"), ""]
        for pk, fresh in list(counts.items())[:NAMED]:
            words = ngettext("%(n)s new post", "%(n)s new posts", fresh) % {"n": fresh}
            lines.append(f"– {threads[pk].title} ({words})")
        rest = len(counts) - NAMED
        if rest > 0:
            lines.append("– " + ngettext("and %(n)s more thread", "and %(n)s more threads", rest) % {"n": rest})
        lines += ["", _("You get this at most once a day. Stop following a thread on its page.")]
        return "\n".join(lines)

    return text


def _address() -> str:
    return f"{reverse('network:threads')}?which=unread"
