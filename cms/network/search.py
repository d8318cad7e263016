"""What the search of the portal finds in the network, for those who belong."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.search.backends import get_search_backend

from cms.home import words

from . import permissions
from .library import LibraryPage, ThemePage
from .models import Meeting
from .models_threads import Post, PostState, Thread

type Found = tuple[str, str, str]
"""Title, address, and what it is."""


def find(text: str, user: Any, most: int) -> Iterator[Found]:
    """Themes, material, meetings and threads that hold the words or their synonyms; nothing for a stranger."""
    if not permissions.belongs(user):
        return
    for theme in _best(text, ThemePage.objects.live(), most):
        yield theme.title, theme.url or "", _("Theme of the year %(year)s") % {"year": theme.year}
    for page in _best(text, LibraryPage.objects.live(), most):
        yield page.title, page.url or "", page.lead or _("Material")
    meetings = Meeting.objects.visible_to(user).filter(Q(theme__icontains=text) | Q(agenda__icontains=text))
    for meeting in meetings.select_related("run")[:most]:
        yield meeting.theme, meeting.get_absolute_url(), _("Network meeting")
    for thread in threads(text, user, most):
        yield thread.title, thread.get_absolute_url(), _("Thread in the network")


def threads(text: str, user: Any, most: int) -> list[Thread]:
    """Those whose title or shown posts hold the words, the best first; several posts of a thread are one hit."""
    posts = _best(text, Post.objects.filter(state=PostState.SHOWN), 5 * most)
    seen = Thread.objects.visible_to(user).in_bulk({post.thread_id for post in posts})
    return [seen[pk] for pk in dict.fromkeys(post.thread_id for post in posts) if pk in seen][:most]


def _best(text: str, rows: Any, most: int) -> list[Any]:
    asked = words.query(text)
    return list(get_search_backend().search(asked, rows)[:most]) if asked else []
