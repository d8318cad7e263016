"""The forms above the lists of visits and of municipalities."""

from typing import Any

import django_filters as df
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from engagements.design.forms import FilterForm
from engagements.municipalities.models import Municipality, Region, RegionPeriod, fold

from .models import Visit, VisitOffer, VisitState


def _offers(request: Any) -> QuerySet[VisitOffer]:
    return VisitOffer.objects.visible_to(request.user) if request else VisitOffer.objects.none()


def _in_region(queryset: QuerySet[Any], field: str, region: Region) -> QuerySet[Any]:
    return queryset.filter(Exists(RegionPeriod.objects.on().filter(region=region, municipality=OuterRef(field))))


class VisitFilter(df.FilterSet):
    """State, offer, region, and words in the municipality's name or the reference."""

    q = df.CharFilter(method="by_text", label=_("Municipality or reference"), max_length=80)
    state = df.ChoiceFilter(
        choices=[("open", _("not held yet")), *VisitState.choices],
        method="by_state",
        label=_("State"),
        empty_label=_("All"),
    )
    offer = df.ModelChoiceFilter(queryset=_offers, label=_("Offer"), empty_label=_("All"))
    region = df.ModelChoiceFilter(
        queryset=Region.objects.all(), method="by_region", label=_("Region"), empty_label=_("All")
    )

    class Meta:
        model = Visit
        form = FilterForm
        fields: list[str] = []

    def by_text(self, queryset: QuerySet[Visit], name: str, value: str) -> QuerySet[Visit]:
        """Part of the name, with Danish letters on any database, or of the reference."""
        words = value.replace("\x00", "").strip()
        return queryset.filter(
            Q(municipality__folded_name__contains=fold(words)) | Q(reference__icontains=words.replace(" ", ""))
        )

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        """One state, or all that are not held yet."""
        return queryset.open() if value == "open" else queryset.filter(state=value)

    def by_region(self, queryset: QuerySet[Visit], name: str, value: Region) -> QuerySet[Visit]:
        """Where the municipality belongs to the region today."""
        return _in_region(queryset, "municipality", value)


class CoverageFilter(df.FilterSet):
    """Whether a municipality has had a visit, its region, its name."""

    q = df.CharFilter(method="by_text", label=_("Municipality"), max_length=80)
    had = df.ChoiceFilter(
        choices=[("never", _("never had a visit")), ("held", _("has had a visit")), ("ahead", _("a visit ahead"))],
        method="by_visits",
        label=_("Visits"),
        empty_label=_("All"),
    )
    region = df.ModelChoiceFilter(
        queryset=Region.objects.all(), method="by_region", label=_("Region"), empty_label=_("All")
    )

    class Meta:
        model = Municipality
        form = FilterForm
        fields: list[str] = []

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        """By name or code."""
        return queryset.search(value)

    def by_visits(self, queryset: QuerySet[Municipality], name: str, value: str) -> QuerySet[Municipality]:
        """`held_count` and `ahead_count` are counted by the list."""
        if value == "never":
            return queryset.filter(held_count=0)
        return queryset.filter(held_count__gt=0) if value == "held" else queryset.filter(ahead_count__gt=0)

    def by_region(self, queryset: QuerySet[Municipality], name: str, value: Region) -> QuerySet[Municipality]:
        """Today's region."""
        return _in_region(queryset, "pk", value)
