"""Filters of the organisers' list."""

from typing import Any

import django_filters as df
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.catalogue.models import Course
from engagements.design.forms import DateInput, FilterForm

from .models import Kind, Run, RunState

WHERE = [
    ("coming", _("published and not over")),
    ("enrolling", _("open for enrolment")),
    ("full", _("no free seats")),
    ("draft", _("drafts")),
    ("held", _("held")),
    ("cancelled", _("called off")),
]


class RunFilter(df.FilterSet):
    """Words, kind, state, course and period."""

    q = df.CharFilter(label=_("Title or reference"), method="search")
    kind = df.ChoiceFilter(label=_("Kind"), choices=Kind.choices, empty_label=_("All"))
    where = df.ChoiceFilter(label=_("State"), choices=WHERE, method="by_state", empty_label=_("All"))
    course = df.ModelChoiceFilter(label=_("Course"), queryset=Course.objects.all(), empty_label=_("All"))
    since = df.DateFilter(label=_("From"), field_name="starts_at", lookup_expr="date__gte", widget=DateInput)
    until = df.DateFilter(label=_("Until"), field_name="starts_at", lookup_expr="date__lte", widget=DateInput)

    class Meta:
        model = Run
        fields = ["q", "kind", "where", "course", "since", "until"]
        form = FilterForm

    def search(self, rows: Any, name: str, value: str) -> Any:
        """In the own title, the course's, or the reference."""
        words = value.replace("\x00", "").strip()[:100]
        return rows.filter(
            Q(own_title__icontains=words)
            | Q(course__title_da__icontains=words)
            | Q(course__title_en__icontains=words)
            | Q(reference__icontains=words)
        )

    def by_state(self, rows: Any, name: str, value: str) -> Any:
        """By what the organiser decided, the clock or the seats."""
        now = timezone.now()
        published = Q(state=RunState.PUBLISHED)
        enrolling = published & Q(opens_at__lte=now, closes_at__gte=now, starts_at__gt=now)
        found = {
            "coming": published & Q(ends_at__gt=now),
            "enrolling": enrolling,
            "full": published & Q(ends_at__gt=now, capacity__lte=F("taken") + F("withheld")),
            "draft": Q(state=RunState.DRAFT),
            "held": published & Q(ends_at__lte=now),
            "cancelled": Q(state=RunState.CANCELLED),
        }
        return rows.filter(found[value])
