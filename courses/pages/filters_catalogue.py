"""Filters of the catalogue: what a course is about, and which of its runs one could go to."""

from datetime import date, datetime, timedelta
from typing import Any

import django_filters as df
from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from courses.catalogue.filters import search
from courses.catalogue.models import Course, LearningPath, Subject
from courses.runs.models import Run, Session
from engagements.design.forms import FilterForm
from engagements.municipalities.models import fold

WHERE = [("place", _("at a place")), ("online", _("online"))]


def months() -> list[tuple[str, str]]:
    """This month and the next eleven."""
    today = timezone.localdate()
    firsts = [date(today.year + (today.month - 1 + n) // 12, (today.month - 1 + n) % 12 + 1, 1) for n in range(12)]
    return [(f"{first:%Y-%m}", date_format(first, "YEAR_MONTH_FORMAT")) for first in firsts]


def _anything(rows: Any, name: str, value: Any) -> Any:
    return rows  # runs are narrowed all at once, so that one and the same run meets every wish


class CatalogueFilter(df.FilterSet):
    """Words, subject and level of the course; month, place and enrolment of a run."""

    q = df.CharFilter(label=_("Search"), method=search)
    subject = df.ModelChoiceFilter(
        label=_("Subject"), queryset=Subject.objects.all(), to_field_name="key", empty_label=_("All subjects")
    )
    level = df.ChoiceFilter(label=_("Level"), choices=Course.Level.choices, empty_label=_("All levels"))
    month = df.ChoiceFilter(label=_("Month"), choices=months, empty_label=_("All months"), method=_anything)
    where = df.ChoiceFilter(label=_("Where"), choices=WHERE, empty_label=_("Everywhere"), method=_anything)
    open = df.BooleanFilter(
        label=_("Only with enrolment open now"), widget=forms.CheckboxInput, required=False, method=_anything
    )

    class Meta:
        model = Course
        fields = ["q", "subject", "level", "month", "where", "open"]
        form = FilterForm

    def asked(self, name: str) -> Any:
        """What was chosen, or nothing."""
        return self.form.cleaned_data.get(name) if self.is_bound and self.form.is_valid() else None

    def runs(self) -> QuerySet[Run]:
        """The upcoming runs this visitor sees and asks for."""
        now = timezone.now()
        seen = Run.objects.visible_to(self.request.user).values("pk")
        found = Run.objects.filter(pk__in=seen).upcoming(now)
        if self.asked("open"):
            found = found.filter(opens_at__lte=now, closes_at__gte=now, starts_at__gt=now)
        if month := self.asked("month"):
            first = datetime.strptime(month, "%Y-%m").replace(tzinfo=timezone.get_current_timezone())
            after = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
            found = found.filter(starts_at__gte=first, starts_at__lt=after)
        if where := self.asked("where"):
            sessions = Session.objects.filter(run=OuterRef("pk"))
            held = (
                sessions.filter(place="").exclude(online_link="") if where == "online" else sessions.exclude(place="")
            )
            found = found.filter(Exists(held))
        return found

    def shows_events(self) -> bool:
        """Theme days have neither subject nor level."""
        return not (self.asked("subject") or self.asked("level"))

    def names_event(self, run: Run) -> bool:
        """Whether a theme day's title holds the words."""
        return all(word in fold(run.title) for word in fold(self.asked("q") or "").split())

    def filter_queryset(self, queryset: Any) -> Any:
        """Courses of which one run meets all that is asked of runs."""
        rows = super().filter_queryset(queryset)
        if any(self.asked(name) for name in ("month", "where", "open")):
            rows = rows.filter(Exists(self.runs().order_by().filter(course=OuterRef("pk"))))
        return rows


class PathFilter(df.FilterSet):
    """Words."""

    q = df.CharFilter(label=_("Search"), method=search)

    class Meta:
        model = LearningPath
        fields = ["q"]
        form = FilterForm
