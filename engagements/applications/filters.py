"""The filter above the list of applications."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from engagements.municipalities.models import Region, fold
from engagements.programme.models import Round

from .models import IN_QUEUE, Application, State


class ApplicationFilter(django_filters.FilterSet):
    """By municipality or number, state and round."""

    q = django_filters.CharFilter(label=_("Municipality or number"), method="search", max_length=80)
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[("queue", _("not decided")), *State.choices],
        method="in_state",
        empty_label=_("All"),
    )
    round = django_filters.ModelChoiceFilter(
        label=_("Application round"), queryset=Round.objects.all(), empty_label=_("All")
    )

    class Meta:
        model = Application
        fields: list[str] = []
        form = forms.Form

    def search(self, rows: QuerySet[Application], name: str, value: str) -> QuerySet[Application]:
        """Part of the municipality's name, the reference or the case number (also written `2026 - 0012`)."""
        number = value.replace(" ", "")
        return rows.filter(
            Q(municipality__folded_name__contains=fold(value))
            | Q(reference__icontains=number)
            | Q(case_no__icontains=number)
        )

    def in_state(self, rows: QuerySet[Application], name: str, value: str) -> QuerySet[Application]:
        """One state, or everything that is not decided."""
        return rows.filter(state__in=IN_QUEUE) if value == "queue" else rows.filter(state=value)


class QueueFilter(ApplicationFilter):
    """Also by region and by how far the assessments are: the Task Force's filter."""

    region = django_filters.ModelChoiceFilter(
        label=_("Region"), queryset=Region.objects.all(), method="in_region", empty_label=_("All")
    )
    assessed = django_filters.ChoiceFilter(
        label=_("Assessments"),
        choices=[("none", _("none complete")), ("one", _("one complete")), ("both", _("both complete"))],
        method="by_assessments",
        empty_label=_("All"),
    )

    def in_region(self, rows: QuerySet[Application], name: str, value: Region) -> QuerySet[Application]:
        """Municipalities of the region today."""
        return rows.filter(Q(region_today=value.name))

    def by_assessments(self, rows: QuerySet[Application], name: str, value: str) -> QuerySet[Application]:
        """How many agencies have completed theirs."""
        wanted: dict[str, Any] = {"none": 0, "one": 1, "both": 2}
        return rows.filter(Q(assessed=wanted[value]))
