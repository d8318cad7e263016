"""The form above the catalogue."""

import django_filters as df
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagements.design.forms import FilterForm

from .models import Law, RequirementVersion, Theme
from .reference import SERVICE_ACT_FROM


def years() -> list[tuple[str, str]]:
    """Every year the catalogue covers, newest first."""
    return [(str(year), str(year)) for year in range(timezone.localdate().year, SERVICE_ACT_FROM.year - 1, -1)]


class RequirementFilter(df.FilterSet):
    """Words, theme, and which law: by itself, or by the year in which the case was decided."""

    q = df.CharFilter(method="by_words", label=_("Words, code or paragraph"))
    theme = df.ChoiceFilter(
        field_name="requirement__theme", choices=Theme.choices, label=_("Theme"), empty_label=_("All")
    )
    law = df.ChoiceFilter(choices=Law.choices, label=_("Law"), empty_label=_("The law of the year"))
    year = df.ChoiceFilter(
        choices=years, method="by_year", label=_("The case was decided in"), empty_label=_("This year")
    )

    class Meta:
        model = RequirementVersion
        form = FilterForm
        fields: list[str] = []

    def by_words(self, rows: QuerySet[RequirementVersion], name: str, value: str) -> QuerySet[RequirementVersion]:
        """In title, code, legal basis or source; written as it stands, so that Danish letters match on any database."""
        wanted = Q()
        for form in {value, value.lower(), value.upper(), value.capitalize()}:
            for column in ("requirement__title_da", "requirement__title_en", "requirement__code", "paragraph"):
                wanted |= Q(**{f"{column}__contains": form})
        return rows.filter(wanted)

    def by_year(self, rows: QuerySet[RequirementVersion], name: str, value: str) -> QuerySet[RequirementVersion]:
        """The wordings that judge a case decided that year."""
        return rows.for_year(int(value))  # type: ignore[attr-defined]
