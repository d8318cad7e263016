"""Filters of the desk."""

from typing import Any

import django_filters as df
from django.utils.translation import gettext_lazy as _

from engagements.design.forms import FilterForm

from .models import Course, LearningPath, Shown, Subject


def search(rows: Any, name: str, value: str) -> Any:
    """Words in the texts, in either language."""
    return rows.holding(value.replace("\x00", "")[:100])


class PathDeskFilter(df.FilterSet):
    """Words and state."""

    q = df.CharFilter(label=_("Search"), method=search)
    state = df.ChoiceFilter(label=_("State"), choices=Shown.choices, empty_label=_("All states"))

    class Meta:
        model = LearningPath
        fields = ["q", "state"]
        form = FilterForm


class DeskFilter(PathDeskFilter):
    """And subject."""

    subject = df.ModelChoiceFilter(
        label=_("Subject"), queryset=Subject.objects.all(), to_field_name="key", empty_label=_("All subjects")
    )

    class Meta:
        model = Course
        fields = ["q", "subject", "state"]
        form = FilterForm
