"""The tab *findings* of an engagement: findings and recommendations, as lists and one by one."""

from typing import Any

from django.db.models import Case, Count, QuerySet, When
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.generic import TemplateView

from engagements.design.lists import Column, ListPage
from engagements.programme.permissions import may_steer
from engagements.programme.tabs import tabs_of
from engagements.programme.views import EngagementMixin
from engagements.requirements.models import RequirementVersion, Theme

from . import panels, permissions
from .filters import FindingFilter, RecommendationFilter
from .models import Finding, Recommendation


class FindingsTab(EngagementMixin):
    """A page under the tab *findings*."""

    active_tab = "findings"
    full_required = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether the person writes here."""
        context = super().get_context_data(**kwargs)
        return context | {"may_write": permissions.may_write(self.engagement, self.request.user)}


class TabList(FindingsTab, ListPage):
    """A list under the tab; the rows are those the person may see."""

    here = ""

    def get_extra_context(self) -> dict[str, Any]:
        """What the frame of the engagement shows."""
        user = self.request.user
        return {
            "engagement": self.engagement,
            "tabs": tabs_of(self.engagement, user, self.active_tab),
            "active_tab": self.active_tab,
            "may_write": permissions.may_write(self.engagement, user),
            "here": self.here,
        }

    def address(self, name: str) -> str:
        """A page of this room in this engagement."""
        return reverse(f"findings:{name}", args=[self.engagement.case_no])


class FindingList(TabList):
    """Findings by theme."""

    here = "findings"
    template_name = "findings/list.html"
    heading = gettext_lazy("Findings")
    filterset_class = FindingFilter
    default_sort = ("theme_order", "number")
    columns = [
        Column("number", gettext_lazy("No."), sort="number", numeric=True),
        Column("title", gettext_lazy("finding"), sort="title", link=True),
        Column("theme", gettext_lazy("theme"), sort="theme_order"),
        Column(
            "polarity", gettext_lazy("strength or weakness"), sort="polarity", template="findings/polarity_cell.html"
        ),
        Column("severity", gettext_lazy("severity"), sort="severity"),
        Column("recommendation_count", gettext_lazy("recommendations"), sort="recommendation_count", numeric=True),
    ]

    def get_queryset(self) -> QuerySet[Finding]:
        """The findings of this engagement that the person may see."""
        rows = Finding.objects.visible_to(self.request.user).filter(engagement=self.engagement)
        return rows.select_related("engagement").annotate(
            recommendation_count=Count("recommendations"),
            theme_order=Case(*(When(theme=theme, then=order) for order, theme in enumerate(Theme)), default=99),
        )

    def get_columns(self) -> list[Column]:
        """The team sees what is still a draft."""
        state = Column(
            "published_at", gettext_lazy("published to the municipality"), accessor=_published, sort="published_at"
        )
        return [*self.columns, state] if may_steer(self.engagement, self.request.user) else self.columns

    def get_actions(self) -> list[tuple[str | Promise, str]]:
        """What the team may do here."""
        if not permissions.may_write(self.engagement, self.request.user):
            return []
        return [
            (_("Suggestions from the case review"), self.address("suggestions")),
            (_("Write a finding"), self.address("finding_create")),
        ]

    def get_extra_context(self) -> dict[str, Any]:
        """What an empty list says."""
        return super().get_extra_context() | _empty(
            permissions.may_write(self.engagement, self.request.user),
            _("No findings yet"),
            _("Begin with the suggestions from the closed case review, or write one from interviews and documents."),
            _("The findings are shown here when the analysis report is published to you."),
        )


class RecommendationList(TabList):
    """Recommendations in their order."""

    here = "recommendations"
    template_name = "findings/list.html"
    heading = gettext_lazy("Recommendations")
    filterset_class = RecommendationFilter
    default_sort = "number"
    columns = [
        Column("number", gettext_lazy("No."), sort="number", numeric=True),
        Column("title", gettext_lazy("recommendation"), sort="title", link=True),
        Column("kind", gettext_lazy("kind"), sort="kind"),
        Column("findings", gettext_lazy("because of findings no."), accessor=lambda row: _numbers(row)),
    ]

    def get_queryset(self) -> QuerySet[Recommendation]:
        """The recommendations of this engagement that the person may see."""
        rows = Recommendation.objects.visible_to(self.request.user).filter(engagement=self.engagement)
        return rows.select_related("engagement").prefetch_related("findings")

    def get_columns(self) -> list[Column]:
        """The team sees what is still a draft and may change the order."""
        if not may_steer(self.engagement, self.request.user):
            return self.columns
        state = Column(
            "published_at", gettext_lazy("published to the municipality"), accessor=_published, sort="published_at"
        )
        up = Column("up", gettext_lazy("order"), accessor="number", template="findings/up_cell.html", export=False)
        writes = permissions.may_write(self.engagement, self.request.user)
        return [*self.columns, state, up] if writes else [*self.columns, state]

    def get_actions(self) -> list[tuple[str | Promise, str]]:
        """What the team may do here."""
        if not permissions.may_write(self.engagement, self.request.user):
            return []
        return [(_("Write a recommendation"), self.address("recommendation_create"))]

    def get_extra_context(self) -> dict[str, Any]:
        """What an empty list says."""
        return super().get_extra_context() | _empty(
            permissions.may_write(self.engagement, self.request.user),
            _("No recommendations yet"),
            _("Write the findings first; each recommendation builds on one or more of them."),
            _("The recommendations are shown here when the analysis report is published to you."),
        )


def _empty(writes: bool, title: str, for_team: str, for_municipality: str) -> dict[str, str]:
    return {"empty_title": title, "empty_text": for_team if writes else for_municipality}


def _published(row: Finding | Recommendation) -> Any:
    return row.published_at.date() if row.published_at else pgettext("of a report", "draft")


def _numbers(row: Recommendation) -> str:
    return ", ".join(str(number) for number in sorted(finding.number for finding in row.findings.all()))


class OfFinding(FindingsTab):
    """A page of one finding, found by its number."""

    def get_finding(self) -> Finding:
        """The finding if the person may see it."""
        rows = Finding.objects.visible_to(self.request.user).filter(engagement=self.engagement)
        rows = rows.select_related("engagement__municipality", "requirement", "review", "created_by")
        return get_object_or_404(rows, number=self.kwargs["number"])


class FindingDetail(OfFinding, TemplateView):
    """One finding with its legal basis and the recommendations that build on it."""

    template_name = "findings/finding.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The finding and what belongs to it."""
        finding = self.get_finding()
        visible = Recommendation.objects.visible_to(self.request.user).filter(findings=finding)
        versions = RequirementVersion.objects.published().filter(requirement=finding.requirement_id)
        return super().get_context_data(**kwargs) | {
            "finding": finding,
            "legal_bases": versions.order_by("valid_from") if finding.requirement_id else [],
            "recommendations": visible.select_related("engagement"),
            "may_change": permissions.may_change(finding, self.request.user),
        }


class OfRecommendation(FindingsTab):
    """A page of one recommendation, found by its number."""

    def get_recommendation(self) -> Recommendation:
        """The recommendation if the person may see it."""
        rows = Recommendation.objects.visible_to(self.request.user).filter(engagement=self.engagement)
        rows = rows.select_related("engagement__municipality", "created_by")
        return get_object_or_404(rows, number=self.kwargs["number"])


class RecommendationDetail(OfRecommendation, TemplateView):
    """One recommendation, the findings behind it, and what rooms further down add."""

    template_name = "findings/recommendation.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The recommendation and what belongs to it."""
        recommendation = self.get_recommendation()
        user = self.request.user
        visible = Finding.objects.visible_to(user).filter(recommendations=recommendation)
        return super().get_context_data(**kwargs) | {
            "recommendation": recommendation,
            "findings": visible.select_related("engagement"),
            "may_change": permissions.may_change(recommendation, user),
            "panels": panels.panels_for(recommendation, user),
        }
