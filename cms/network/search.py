"""What the search of the portal finds in the network, for those who belong."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from cms.home.fulltext import Kind, holding, telling
from cms.home.stemming import root

from . import permissions
from .library import LibraryPage, ThemePage
from .models import Meeting
from .models_threads import Post, PostState, Thread

type Found = tuple[str, str, str]
"""Title, address, and what it is."""


def kinds(user: Any, most: int) -> dict[str, Kind]:
    """What is asked for in the index of words; nothing for a stranger."""
    if not permissions.belongs(user):
        return {}
    threads = Thread.objects.visible_to(user)
    posts = Post.objects.filter(state=PostState.SHOWN, thread__in=threads.values("pk"))
    return {
        "themes": Kind(ThemePage.objects.live().defer_streamfields(), most),
        "material": Kind(LibraryPage.objects.live().defer_streamfields(), most),
        "meetings": Kind(Meeting.objects.visible_to(user).select_related("run"), most),
        "posts": Kind(posts.select_related("thread").defer("text", "folded_text"), _posts(most)),
    }


def threads_holding(rows: QuerySet[Thread], text: str) -> QuerySet[Thread]:
    """Those with each of these words, in one of its forms, in the title or in a post that is shown; none where nothing is a word."""
    words = telling(text)
    if not words:
        return rows.none()
    shown = Post.objects.filter(state=PostState.SHOWN)
    for word in words:
        posts = holding(shown, word, "folded_text")
        rows = rows.filter(Q(folded_title__contains=root(word)) | Q(pk__in=posts.values("thread")))
    return rows


def meetings_holding(rows: QuerySet[Meeting], text: str) -> QuerySet[Meeting]:
    """Those with each of these words in theme, agenda or the minutes that are shared; none where nothing is a word."""
    words = telling(text)
    if not words:
        return rows.none()
    for word in words:
        rows = holding(rows, word)
    return rows


def hits(found: Mapping[str, list[Any]], text: str, user: Any, most: int) -> Iterator[Found]:
    """Themes, material, meetings and threads; several posts of a thread are one hit."""
    for theme in found.get("themes", []):
        yield theme.title, theme.url or "", _("Theme of the year %(year)s") % {"year": theme.year}
    for page in found.get("material", []):
        yield page.title, page.url or "", page.lead or _("Material")
    for meeting in found.get("meetings", []):
        yield meeting.theme, meeting.get_absolute_url(), _("Network meeting")
    for thread in _threads(found.get("posts", []), text, user, most):
        yield thread.title, thread.get_absolute_url(), _("Thread in the network")


def _threads(posts: list[Post], text: str, user: Any, most: int) -> list[Thread]:
    """Those of the posts; where the posts of a few long threads left no room for others, these are asked for."""
    found = list(dict.fromkeys(post.thread for post in posts))[:most]
    if len(found) < most and len(posts) == _posts(most):
        others = Thread.objects.visible_to(user).exclude(pk__in=[thread.pk for thread in found])
        found += threads_holding(others, text).order_by("-last_post_at")[: most - len(found)]
    return found


def _posts(most: int) -> int:
    """How many posts are asked for, to have so many threads."""
    return 5 * most
