"""The filter forms above this room's lists."""

import django_filters
from django.utils.translation import gettext_lazy as _

from engagements.design.forms import FilterForm
from engagements.requirements.models import Theme

from .models import Finding, Recommendation


class FindingFilter(django_filters.FilterSet):
    """By theme, polarity, severity and words."""

    theme = django_filters.ChoiceFilter(label=_("Theme"), choices=Theme, empty_label=_("All"))
    polarity = django_filters.ChoiceFilter(
        label=_("Strength or weakness"), choices=Finding.Polarity, empty_label=_("All")
    )
    severity = django_filters.ChoiceFilter(label=_("Severity"), choices=Finding.Severity, empty_label=_("All"))
    title = django_filters.CharFilter(label=_("Words in the title"), lookup_expr="icontains")

    class Meta:
        model = Finding
        form = FilterForm
        fields = ["theme", "polarity", "severity", "title"]


class RecommendationFilter(django_filters.FilterSet):
    """By kind and words."""

    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Recommendation.Kind, empty_label=_("All"))
    title = django_filters.CharFilter(label=_("Words in the title"), lookup_expr="icontains")

    class Meta:
        model = Recommendation
        form = FilterForm
        fields = ["kind", "title"]
