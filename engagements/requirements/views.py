"""The public catalogue of legal requirements."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagements.design.lists import Column, ListPage

from .filters import RequirementFilter
from .models import RequirementVersion, Theme, VersionQuerySet


def _confirmation(version: RequirementVersion) -> str:
    if version.is_confirmed:
        return str(_("confirmed by %(lawyer)s") % {"lawyer": version.confirmed_by})
    return str(_("not legally confirmed"))


class RequirementList(ListPage):
    """`/lovkrav/`: by theme, for this year's law unless another year or law is asked for."""

    template_name = "requirements/list.html"
    heading = _("Legal requirements")
    intro = _(
        "What the law asks of the casework for children and young people, as we use it when we read cases. "
        "A case is judged by the law of the year in which it was decided."
    )
    filterset_class = RequirementFilter
    default_sort = ("requirement__order", "valid_from")
    columns = [
        Column("code", _("Code"), "requirement.code", sort="requirement__code"),
        Column("theme", _("Theme"), "requirement.get_theme_display", sort="requirement__order"),
        Column("title", _("Requirement"), "requirement.title", sort="requirement__title_da"),
        Column("legal_basis", _("Legal basis")),
        Column("deadline", _("Deadline"), "deadline_text"),
        Column("clock_starts", _("The clock starts")),
        Column("valid_from", _("From")),
        Column("valid_until", _("Until")),
        Column("checked", _("Wording seen in public material")),
        Column("source_note", _("Source")),
        Column("confirmation", _("Legal confirmation"), _confirmation),
    ]

    def get_queryset(self) -> VersionQuerySet:
        """Published wordings with their requirements."""
        rows = RequirementVersion.objects.published().select_related("requirement")
        if any(self.request.GET.get(name) for name in ("law", "year")):
            return rows
        return rows.for_year(timezone.localdate().year)

    def get_extra_context(self) -> dict[str, Any]:
        """The rows of the page by theme, in the order of the themes."""
        by_theme: dict[str, list[RequirementVersion]] = {theme.value: [] for theme in Theme}
        for version in self.object_list:
            by_theme[version.requirement.theme].append(version)
        unconfirmed = sum(not version.is_confirmed for rows in by_theme.values() for version in rows)
        return {
            "themes": [(Theme(theme).label, rows) for theme, rows in by_theme.items() if rows],
            "unconfirmed": unconfirmed,
        }
