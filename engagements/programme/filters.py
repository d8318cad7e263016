"""The forms above the lists of engagements."""

from typing import Any

import django_filters as df
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagements.design.forms import FilterForm
from engagements.municipalities.models import Region, RegionPeriod, fold
from engagements.people import permissions as who
from engagements.users.models import User

from .models import Engagement, PhaseKind, TeamMember


def consultants(request: Any) -> QuerySet[User]:
    """People who may be on a team, by name."""
    return User.objects.filter(groups__name__in=who.CASE_STAFF, is_active=True).distinct().order_by("first_name", "pk")


class EngagementFilter(df.FilterSet):
    """State, phase, region, consultant and words in the municipality's name, the case number or the focus."""

    q = df.CharFilter(method="by_text", label=_("Municipality, case no. or focus"))
    state = df.ChoiceFilter(choices=Engagement.State.choices, label=_("State"), empty_label=_("All"))
    phase = df.ChoiceFilter(choices=PhaseKind.choices, method="by_phase", label=_("Phase"), empty_label=_("All"))
    region = df.ModelChoiceFilter(
        queryset=Region.objects.all(), method="by_region", label=_("Region"), empty_label=_("All")
    )
    consultant = df.ModelChoiceFilter(
        queryset=consultants, method="by_consultant", label=_("Consultant"), empty_label=_("All")
    )

    class Meta:
        model = Engagement
        form = FilterForm
        fields: list[str] = []

    def by_text(self, queryset: QuerySet[Engagement], name: str, value: str) -> QuerySet[Engagement]:
        """Folded, so that *aeroe*'s Danish letters are found on any database."""
        number = value.replace(" ", "")
        return queryset.filter(
            Q(municipality__folded_name__contains=fold(value))
            | Q(case_no__contains=number or value)
            | Q(focus__icontains=value)
        )

    def by_phase(self, queryset: QuerySet[Engagement], name: str, value: str) -> QuerySet[Engagement]:
        """In this phase now."""
        return queryset.running().filter(phase=value)  # type: ignore[attr-defined]

    def by_region(self, queryset: QuerySet[Engagement], name: str, value: Region) -> QuerySet[Engagement]:
        """Where the municipality belongs to the region today."""
        there = RegionPeriod.objects.on().filter(region=value, municipality=OuterRef("municipality"))
        return queryset.filter(Exists(there))

    def by_consultant(self, queryset: QuerySet[Engagement], name: str, value: User) -> QuerySet[Engagement]:
        """With this person on the team today."""
        on_team = TeamMember.objects.current(timezone.localdate()).filter(user=value, engagement=OuterRef("pk"))
        return queryset.filter(Exists(on_team))
