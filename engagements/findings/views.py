"""The tab *findings* of an engagement: findings, suggestions from a case review, recommendations."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Case, Count, QuerySet, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.generic import TemplateView, View

from engagements.design.lists import Column, ListPage
from engagements.design.versions import StaleError
from engagements.programme.permissions import may_steer
from engagements.programme.tabs import tabs_of
from engagements.programme.views import EngagementMixin
from engagements.requirements.models import RequirementVersion, Theme
from engagements.reviews.models import Review

from . import panels, permissions, services
from .filters import FindingFilter, RecommendationFilter
from .forms import FindingForm, RecommendationForm
from .models import Finding, Recommendation
from .suggestions import Suggestion, suggest_findings


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


class Suggestions(FindingsTab, TemplateView):
    """What the newest closed case review suggests; nothing is saved before a consultant has edited it."""

    template_name = "findings/suggestions.html"

    def may_read(self, user: Any) -> bool:
        """The team."""
        return permissions.may_write(self.engagement, user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Suggestions of the review chosen, the newest unless another is."""
        reviews = list(
            self.engagement.reviews.filter(state=Review.State.CLOSED)
            .select_related("engagement")
            .order_by("-closed_at")
        )
        wanted = self.request.GET.get("review", "")
        review = next((one for one in reviews if str(one.pk) == wanted), reviews[0] if reviews else None)
        found = suggest_findings(review) if review else []
        return super().get_context_data(**kwargs) | {
            "reviews": reviews,
            "review": review,
            "weaknesses": [one for one in found if one.polarity == Finding.Polarity.WEAKNESS],
            "strengths": [one for one in found if one.polarity == Finding.Polarity.STRENGTH],
        }


class FormPage(FindingsTab, TemplateView):
    """A form of the team for one finding or recommendation; nothing typed is lost when it is refused."""

    template_name = "findings/form.html"
    model: type[Finding | Recommendation] = Finding
    form_class: Any = FindingForm
    obj: Any = None

    def may_read(self, user: Any) -> bool:
        """The team."""
        return permissions.may_write(self.engagement, user)

    def get_form(self, posted: Any = None) -> Any:
        """The form, filled with the stored row or with a suggestion."""
        options = {"instance": self.obj} if self.obj else {"initial": self.get_initial()}
        return self.form_class(posted, engagement=self.engagement, **options)

    def get_initial(self) -> dict[str, Any]:
        """What a new form begins with."""
        return {"report_kind": services.report_kind_now(self.engagement)}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form."""
        return self.render_to_response(self.get_context_data(form=self.get_form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save, or show what stands in the way with everything typed."""
        form = self.get_form(request.POST)
        if form.is_valid():
            try:
                saved = self.save(form)
            except StaleError:
                form.note_conflict()
            except ValidationError as refusal:
                form.add_error(None, refusal.messages if hasattr(refusal, "messages") else refusal)
            else:
                messages.success(request, self.done)
                return redirect(saved)
        return self.render_to_response(self.get_context_data(form=form), status=422)

    done: Any = ""

    def save(self, form: Any) -> Finding | Recommendation:
        """Call the service."""
        raise NotImplementedError


def _fields(form: Any) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name != "version"}


class FindingCreate(FormPage):
    """Write a finding, from scratch or from a suggestion (`?review=…&requirement=…`)."""

    done = gettext_lazy("The finding is saved.")
    extra_context = {"page_title": gettext_lazy("Write a finding")}

    def get_initial(self) -> dict[str, Any]:
        """The suggestion, if the address names one."""
        suggested = self._suggestion()
        if suggested is None:
            return super().get_initial()
        review, suggestion = suggested
        kind = services.report_kind_now(self.engagement, review)
        return {**suggestion.initial, "review": review.pk, "report_kind": kind}

    def _suggestion(self) -> tuple[Review, Suggestion] | None:
        review_pk, code = self.request.GET.get("review", ""), self.request.GET.get("requirement", "")
        if not (review_pk.isdecimal() and len(review_pk) < 19 and code):
            return None
        review = self.engagement.reviews.filter(pk=review_pk, state=Review.State.CLOSED).first()
        found = suggest_findings(review) if review else []
        chosen = next((one for one in found if one.requirement.code == code), None)
        return (review, chosen) if review and chosen else None

    def save(self, form: Any) -> Finding:
        """Write it."""
        return services.write_finding(engagement=self.engagement, by=self.request.user, **_fields(form))  # type: ignore[arg-type]


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


class FindingChange(OfFinding, FormPage):
    """Change a finding that is not published."""

    done = gettext_lazy("The finding is saved.")

    def get_form(self, posted: Any = None) -> Any:
        """The stored finding."""
        self.obj = self.get_finding()
        if not permissions.may_change(self.obj, self.request.user):
            raise Http404
        self.extra_context = {"page_title": _("Change finding no. %(number)s") % {"number": self.obj.number}}
        return super().get_form(posted)

    def save(self, form: Any) -> Finding:
        """Change it."""
        return services.change_finding(
            finding=form.instance,
            by=self.request.user,  # type: ignore[arg-type]
            version=form.expected_version,
            **_fields(form),
        )


class DeletePage(FindingsTab, TemplateView):
    """Ask before something is deleted."""

    template_name = "findings/delete.html"
    back = "list"

    def may_read(self, user: Any) -> bool:
        """The team."""
        return permissions.may_write(self.engagement, user)

    def get_object(self) -> Any:
        """What is to be deleted."""
        raise NotImplementedError

    def delete(self, obj: Any) -> None:
        """Call the service."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is to be deleted."""
        return super().get_context_data(**kwargs) | {"object": self.get_object()}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Delete it, or say why not."""
        obj = self.get_object()
        try:
            self.delete(obj)
        except ValidationError as refusal:
            return self.render_to_response(self.get_context_data(refused=" ".join(refusal.messages)), status=409)
        messages.success(request, _("“%(title)s” is deleted.") % {"title": obj.title})
        return redirect(f"findings:{self.back}", self.engagement.case_no)


class FindingDelete(OfFinding, DeletePage):
    """Delete a finding."""

    def get_object(self) -> Finding:
        """The finding, as long as it is not published."""
        finding = self.get_finding()
        if not permissions.may_change(finding, self.request.user):
            raise Http404
        return finding

    def delete(self, obj: Finding) -> None:
        """Delete it."""
        services.delete_finding(finding=obj, by=self.request.user)  # type: ignore[arg-type]


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


class RecommendationCreate(FormPage):
    """Write a recommendation; `?finding=…` chooses a finding by number beforehand."""

    model = Recommendation
    form_class = RecommendationForm
    done = gettext_lazy("The recommendation is saved.")
    extra_context = {"page_title": gettext_lazy("Write a recommendation")}

    def get_initial(self) -> dict[str, Any]:
        """The finding the person came from."""
        number = self.request.GET.get("finding", "")
        known = number.isdecimal() and len(number) < 6
        chosen = self.engagement.findings.filter(number=number).first() if known else None
        if chosen is None:
            return super().get_initial()
        return {"report_kind": chosen.report_kind, "findings": [chosen.pk], "competence": chosen.competence}

    def save(self, form: Any) -> Recommendation:
        """Write it."""
        return services.write_recommendation(engagement=self.engagement, by=self.request.user, **_fields(form))  # type: ignore[arg-type]


class RecommendationChange(OfRecommendation, FormPage):
    """Change a recommendation that is not published."""

    model = Recommendation
    form_class = RecommendationForm
    done = gettext_lazy("The recommendation is saved.")

    def get_form(self, posted: Any = None) -> Any:
        """The stored recommendation."""
        self.obj = self.get_recommendation()
        if not permissions.may_change(self.obj, self.request.user):
            raise Http404
        self.extra_context = {"page_title": _("Change recommendation no. %(number)s") % {"number": self.obj.number}}
        return super().get_form(posted)

    def save(self, form: Any) -> Recommendation:
        """Change it."""
        return services.change_recommendation(
            recommendation=form.instance,
            by=self.request.user,  # type: ignore[arg-type]
            version=form.expected_version,
            **_fields(form),
        )


class RecommendationDelete(OfRecommendation, DeletePage):
    """Delete a recommendation."""

    back = "recommendations"

    def get_object(self) -> Recommendation:
        """The recommendation, as long as it is not published."""
        recommendation = self.get_recommendation()
        if not permissions.may_change(recommendation, self.request.user):
            raise Http404
        return recommendation

    def delete(self, obj: Recommendation) -> None:
        """Delete it."""
        services.delete_recommendation(recommendation=obj, by=self.request.user)  # type: ignore[arg-type]


class RecommendationUp(OfRecommendation, View):
    """Move a recommendation one place up (POST)."""

    http_method_names = ["post"]

    def may_read(self, user: Any) -> bool:
        """The team."""
        return permissions.may_write(self.engagement, user)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Exchange it with the one before."""
        try:
            services.put_before(recommendation=self.get_recommendation(), by=request.user)  # type: ignore[arg-type]
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        return HttpResponseRedirect(reverse("findings:recommendations", args=[self.engagement.case_no]))
