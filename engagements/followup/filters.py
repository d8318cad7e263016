"""Filters of the list of actions."""

from typing import Any

import django_filters as df
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from engagements.design.forms import FilterForm

from .models import Action, ActionState

DUE = [("overdue", _("overdue")), ("open", _("open"))]


class ActionFilter(df.FilterSet):
    """State, due, and words in title, owner or municipality."""

    q = df.CharFilter(label=_("Search"), method="search")
    state = df.ChoiceFilter(label=_("State"), choices=ActionState.choices, empty_label=_("All states"))
    due = df.ChoiceFilter(label=_("Due date"), choices=DUE, method="by_due", empty_label=_("All"))

    class Meta:
        model = Action
        fields = ["q", "state", "due"]
        form = FilterForm

    def search(self, rows: QuerySet[Action], name: str, value: str) -> QuerySet[Action]:
        """Title, owner, number of the case, or name of the municipality."""
        words = value.replace("\x00", "").strip()[:100]
        return rows.filter(
            Q(title__icontains=words)
            | Q(owner__icontains=words)
            | Q(engagement__case_no__icontains=words)
            | Q(engagement__municipality__name__icontains=words)
        )

    def by_due(self, rows: Any, name: str, value: str) -> Any:
        """Overdue or open."""
        return rows.overdue() if value == "overdue" else rows.open()
