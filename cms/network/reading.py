"""The library as a member sees it: what is there, what one has read and keeps at hand, and what belongs to a theme."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from wagtail.models import Page

from . import permissions
from .library import LibraryPage, ThemePage
from .models import Meeting
from .models_own import Favourite, Reading
from .models_threads import Thread

AT_MOST = 12
"""Lines of a list on a page that gathers."""


def material(user: Any) -> QuerySet[LibraryPage]:
    """What is published in the library, with `times_read`, `is_read` and `is_favourite`; nothing for a stranger."""
    rows: QuerySet[LibraryPage] = LibraryPage.objects.live()
    if not permissions.belongs(user):
        return rows.none()
    read = Reading.objects.filter(page=OuterRef("pk")).order_by().values("page").annotate(n=Count("pk")).values("n")
    return rows.defer_streamfields().annotate(
        times_read=Coalesce(Subquery(read), 0),
        is_read=Exists(Reading.objects.filter(page=OuterRef("pk"), person=user.pk)),
        is_favourite=Exists(Favourite.objects.filter(page=OuterRef("pk"), person=user.pk)),
    )


def themes(user: Any) -> QuerySet[ThemePage]:
    """The themes of the years, newest first."""
    rows: QuerySet[ThemePage] = ThemePage.objects.live().order_by("-year")
    return rows if permissions.belongs(user) else rows.none()


def readable(user: Any) -> QuerySet[Page]:
    """Every page of the library a member may note as read."""
    keys = [*material(user).values_list("pk", flat=True), *themes(user).values_list("pk", flat=True)]
    return Page.objects.filter(pk__in=keys)


def of_page(page: LibraryPage, user: Any) -> dict[str, Any]:
    """Who has read the page, and what the reader has to do with it."""
    readings = Reading.objects.filter(page=page.pk)
    return {
        "times_read": readings.count(),
        "is_read": readings.filter(person=user.pk).exists(),
        "is_favourite": Favourite.objects.filter(page=page.pk, person=user.pk).exists(),
        "theme": ThemePage.objects.live().filter(topics__in=page.topics.all()).order_by("-year").first(),
    }


def of_theme(page: ThemePage, user: Any) -> dict[str, Any]:
    """The year's meetings, and the material and threads about the theme's topics."""
    topics = list(page.topics.all())
    meetings = Meeting.objects.visible_to(user).filter(run__starts_at__year=page.year)
    threads = Thread.objects.visible_to(user).filter(topics__in=topics).distinct()
    about = Q(pk__in=LibraryPage.objects.filter(topics__in=topics).values("pk"))
    return {
        "topics": topics,
        "meetings": list(meetings.select_related("run", "network").order_by("run__starts_at")[:AT_MOST]),
        "material": list(material(user).filter(about).order_by("-first_published_at")[:AT_MOST]),
        "threads": list(threads.order_by("-last_post_at")[:AT_MOST]),
        "is_running": page.year == timezone.localdate().year,
    }
