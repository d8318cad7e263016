"""Filters of the room's lists."""

from typing import Any

import django_filters as df
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.home.stemming import root
from cms.home.words import plain
from engagements.design.forms import FilterForm
from engagements.municipalities.models import Region, RegionPeriod, fold
from engagements.people.models import Membership

from .library import LibraryPage
from .models import Meeting, Network, Topic
from .models_threads import Thread
from .search import meetings_holding, threads_holding

WHICH = [
    ("unread", _("with something new for me")),
    ("followed", _("those I follow")),
    ("own", _("those I have started")),
]


def words_of(value: str) -> str:
    """As typed, without what a database refuses, at most 100 characters."""
    return value.replace("\x00", "").strip()[:100]


class ThreadFilter(df.FilterSet):
    """Words in titles and posts, topic, and the person's own relation to the thread."""

    q = df.CharFilter(label=_("Search"), method="search")
    topic = df.ModelChoiceFilter(
        label=_("Topic"),
        field_name="topics",
        queryset=Topic.objects.all(),
        to_field_name="key",
        empty_label=_("All topics"),
    )
    which = df.ChoiceFilter(label=_("Which threads"), choices=WHICH, method="by_relation", empty_label=_("All threads"))

    class Meta:
        model = Thread
        fields = ["q", "topic", "which"]
        form = FilterForm

    def search(self, rows: Any, name: str, value: str) -> Any:
        """Every word in the title or in a post."""
        return threads_holding(rows, words_of(value))

    def by_relation(self, rows: Any, name: str, value: str) -> QuerySet[Thread]:
        """Unread, followed or started by the person who asks."""
        user = self.request.user
        if value == "unread":
            return rows.filter(is_unread=True)
        return rows.filter(is_followed=True) if value == "followed" else rows.filter(started_by=user)


class MeetingFilter(df.FilterSet):
    """Words in theme and agenda, network, and whether it lies ahead."""

    q = df.CharFilter(label=_("Search"), method="search")
    network = df.ModelChoiceFilter(label=_("Network"), queryset=Network.objects.all(), empty_label=_("All"))
    when = df.ChoiceFilter(
        label=_("When"), choices=[("held", _("held")), ("all", _("all"))], method="by_time", empty_label=_("to come")
    )

    class Meta:
        model = Meeting
        fields = ["q", "network", "when"]
        form = FilterForm

    def search(self, rows: Any, name: str, value: str) -> Any:
        """Every word, in one of its forms."""
        return meetings_holding(rows, words_of(value))

    def by_time(self, rows: Any, name: str, value: str) -> Any:
        """Those that are over, or all."""
        return rows.filter(run__ends_at__lte=timezone.now()) if value == "held" else rows


READ = [("unread", _("not read by me")), ("favourites", _("my favourites"))]


class MaterialFilter(df.FilterSet):
    """Words, topic, and what the person has read or keeps at hand."""

    q = df.CharFilter(label=_("Search"), method="search")
    topic = df.ModelChoiceFilter(
        label=_("Topic"),
        field_name="topics",
        queryset=Topic.objects.all(),
        to_field_name="key",
        empty_label=_("All topics"),
    )
    which = df.ChoiceFilter(label=_("Which material"), choices=READ, method="by_reading", empty_label=_("All"))

    class Meta:
        model = LibraryPage
        fields = ["q", "topic", "which"]
        form = FilterForm

    def search(self, rows: Any, name: str, value: str) -> Any:
        """Every word, in one of its forms, in title, lead or text; none where nothing is a word."""
        words = plain(words_of(value))
        if not words:
            return rows.none()
        for word in words:
            rows = rows.filter(folded_words__contains=root(word))
        return rows

    def by_reading(self, rows: Any, name: str, value: str) -> Any:
        """Not read yet, or kept at hand."""
        return rows.filter(is_read=False) if value == "unread" else rows.filter(is_favourite=True)


class DirectoryFilter(df.FilterSet):
    """Name, title or municipality, and region."""

    q = df.CharFilter(label=_("Search"), method="search")
    region = df.ModelChoiceFilter(
        label=_("Region"), queryset=Region.objects.all(), method="by_region", empty_label=_("All regions")
    )

    class Meta:
        model = Membership
        fields = ["q", "region"]
        form = FilterForm

    def search(self, rows: Any, name: str, value: str) -> Any:
        """Any of them."""
        words = words_of(value)
        return rows.filter(
            Q(user__first_name__icontains=words)
            | Q(user__last_name__icontains=words)
            | Q(title__icontains=words)
            | Q(user__directory_entry__about__icontains=words)
            | Q(municipality__folded_name__contains=fold(words))
        )

    def by_region(self, rows: Any, name: str, value: Any) -> Any:
        """Where the municipality lies today."""
        return rows.filter(municipality__in=RegionPeriod.objects.on().filter(region=value).values("municipality"))
