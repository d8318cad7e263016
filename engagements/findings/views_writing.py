"""What the team writes under the tab *findings*: suggestions from a case review, findings, recommendations."""

from abc import ABC, abstractmethod
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from engagements.design.versions import StaleError
from engagements.reviews.models import Review

from . import permissions, services
from .forms import FindingForm, RecommendationForm
from .models import Finding, Recommendation
from .suggestions import Suggestion, suggest_findings
from .views import FindingsTab, OfFinding, OfRecommendation


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


class FormPage(FindingsTab, TemplateView, ABC):
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

    @abstractmethod
    def save(self, form: Any) -> Finding | Recommendation:
        """Call the service."""


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


class DeletePage(FindingsTab, TemplateView, ABC):
    """Ask before something is deleted."""

    template_name = "findings/delete.html"
    back = "list"

    def may_read(self, user: Any) -> bool:
        """The team."""
        return permissions.may_write(self.engagement, user)

    @abstractmethod
    def get_object(self) -> Any:
        """What is to be deleted."""

    @abstractmethod
    def delete(self, obj: Any) -> None:
        """Call the service."""

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
