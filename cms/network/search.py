"""What the search of the portal finds in the network, for those who belong."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from engagements.municipalities.models import fold

from . import permissions, reading
from .models import Meeting
from .models_threads import Thread

type Found = tuple[str, str, str]
"""Title, address, and what it is."""


def find(words: str, user: Any, most: int) -> Iterator[Found]:
    """Threads, meetings, themes and material that hold the words; nothing for a stranger."""
    if not permissions.belongs(user):
        return
    for page in reading.themes(user).filter(Q(title__icontains=words) | Q(lead__icontains=words))[:most]:
        yield page.title, page.url or "", _("Theme of the year %(year)s") % {"year": page.year}
    for page in reading.holding(reading.material(user), words)[:most]:
        yield page.title, page.url or "", page.lead or _("Material")
    meetings = Meeting.objects.visible_to(user).filter(Q(theme__icontains=words) | Q(agenda__icontains=words))
    for meeting in meetings.select_related("run")[:most]:
        yield meeting.theme, meeting.get_absolute_url(), _("Network meeting")
    for thread in Thread.objects.visible_to(user).holding(fold(words)).order_by("-last_post_at")[:most]:
        yield thread.title, thread.get_absolute_url(), _("Thread in the network")
