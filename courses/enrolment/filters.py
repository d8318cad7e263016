"""Filters of the list of participants."""

from typing import Any

import django_filters as df
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from engagements.design.forms import FilterForm
from engagements.municipalities.models import Municipality

from .models import ACTIVE, Enrolment, EnrolmentState

SHOWN = [("active", _("enrolled now")), *[(state.value, state.label) for state in EnrolmentState]]


def by_name(rows: QuerySet[Enrolment], value: str) -> QuerySet[Enrolment]:
    """Words in the person's name or address."""
    for word in value.replace("\x00", "").split()[:5]:
        rows = rows.filter(
            Q(person__first_name__icontains=word)
            | Q(person__last_name__icontains=word)
            | Q(person__email__icontains=word)
        )
    return rows


class ParticipantFilter(df.FilterSet):
    """Name, state, municipality."""

    q = df.CharFilter(label=_("Name or e-mail address"), method="search")
    state = df.ChoiceFilter(label=_("State"), choices=SHOWN, method="by_state", empty_label=_("All states"))
    municipality = df.ModelChoiceFilter(
        label=_("Municipality"), queryset=Municipality.objects.none(), empty_label=_("All municipalities")
    )

    class Meta:
        model = Enrolment
        fields = ["q", "state", "municipality"]
        form = FilterForm

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = Municipality.objects.filter(enrolments__in=self.queryset).distinct().order_by("name")
        self.filters["municipality"].queryset = here

    def search(self, rows: QuerySet[Enrolment], name: str, value: str) -> QuerySet[Enrolment]:
        """Words in the name or address."""
        return by_name(rows, value)

    def by_state(self, rows: QuerySet[Enrolment], name: str, value: str) -> QuerySet[Enrolment]:
        """One state, or everything that has not ended."""
        return rows.filter(state__in=ACTIVE) if value == "active" else rows.filter(state=value)
