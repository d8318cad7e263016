"""The pages of a case review, under the engagement's tab."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from engagements.design.moves import MoveView
from engagements.design.spreadsheets import FORMATS, respond
from engagements.design.versions import StaleError
from engagements.lifecycle import MoveRefused
from engagements.programme.views import EngagementMixin

from . import permissions, services, sheet
from .forms import CaseForm, ReviewForm
from .models import Case, Review, Verdict
from .results import Comparison, RequirementResult, by_theme, cautions, compare, results, results_figure


class ReviewList(EngagementMixin, TemplateView):
    """The engagement's case reviews; a municipality sees those shared with it."""

    template_name = "reviews/list.html"
    active_tab = "reviews"
    full_required = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The reviews, oldest first, and whether the user may open another."""
        user = self.request.user
        reviews = Review.objects.visible_to(user).filter(engagement=self.engagement)
        return super().get_context_data(**kwargs) | {
            "reviews": reviews.annotate(case_count=Count("cases")).order_by("created_at"),
            "may_open": permissions.may_open(self.engagement, user),
        }


class OpenReview(EngagementMixin, TemplateView):
    """Open a review: the sample and its requirements; the central ones are chosen beforehand."""

    template_name = "reviews/open.html"
    active_tab = "reviews"

    def may_read(self, user: Any) -> bool:
        """The team of a running engagement."""
        return permissions.may_open(self.engagement, user)

    def form(self, posted: Any = None) -> ReviewForm:
        """The form, beginning with the requirements of the first measurement if there is one."""
        before = Review.objects.filter(engagement=self.engagement, kind=Review.Kind.BASELINE).first()
        chosen = (
            before.requirements.all()
            if before
            else services.assessable_requirements().filter(code__in=services.STANDARD)
        )
        kind = Review.Kind.STATUS if before else Review.Kind.BASELINE
        return ReviewForm(posted, initial={"kind": kind, "requirements": [item.pk for item in chosen]})

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form."""
        return self.render_to_response(self.get_context_data(form=self.form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Open the review and go to it."""
        form = self.form(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            try:
                review = services.open_review(
                    engagement=self.engagement,
                    kind=given["kind"],
                    requirements=given["requirements"],
                    by=request.user,  # type: ignore[arg-type]
                    planned_cases=given["planned_cases"],
                    drawn_at_random=given["drawn_at_random"],
                    register_size=given["register_size"],
                    period=given["period"],
                    usual_year=given["usual_year"],
                    case_type=given["usual_case_type"],
                )
            except MoveRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("The case review is open. Record the cases one by one or in the grid."))
                return redirect(review)
        return self.render_to_response(self.get_context_data(form=form), status=422)


class ReviewMixin(EngagementMixin):
    """A page of one review with single cases: for the team and the lead."""

    active_tab = "reviews"
    review: Review

    def reviews(self, user: Any) -> QuerySet[Review]:
        """The reviews this page may show the user."""
        return Review.objects.worked_on_by(user)

    def may_read(self, user: Any) -> bool:
        """Find the review among those the user may see."""
        found = self.reviews(user).filter(engagement=self.engagement).annotate(case_count=Count("cases"))
        self.review = get_object_or_404(found, pk=self.kwargs["pk"])  # type: ignore[attr-defined]
        self.review.engagement = self.engagement
        return True

    def may_write(self) -> bool:
        """Whether the user may record now."""
        user = self.request.user  # type: ignore[attr-defined]
        return self.review.state == Review.State.RECORDING and permissions.may_record(self.review, user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The review and whether the user may write in it."""
        return super().get_context_data(**kwargs) | {"review": self.review, "may_write": self.may_write()}


class Detail(ReviewMixin, TemplateView):
    """A review: the sample, progress case by case, what may be done now, and its history."""

    template_name = "reviews/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The sheet, for progress."""
        return super().get_context_data(**kwargs) | {"sheet": sheet.load(self.review)}


class EditReview(ReviewMixin, TemplateView):
    """Change the facts of the sample and the requirements while the review is being recorded."""

    template_name = "reviews/open.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form."""
        return self._page(ReviewForm(instance=self.review))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save the changes."""
        form = ReviewForm(request.POST, instance=self.review)
        if not form.is_valid():
            return self._page(form, status=422)
        try:
            services.change_review(
                form.instance,
                requirements=form.cleaned_data["requirements"],
                by=request.user,  # type: ignore[arg-type]
                expected_version=form.expected_version,
            )
        except StaleError:
            form.note_conflict()
            return self._page(form, status=409)
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
            return self._page(form, status=409)
        messages.success(request, _("The changes are saved."))
        return redirect(self.review)

    def _page(self, form: ReviewForm, status: int = 200) -> HttpResponse:
        if not self.may_write():
            raise Http404
        return self.render_to_response(self.get_context_data(form=form), status=status)


class AddCase(ReviewMixin, View):
    """Add a substitute case."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add it and go to its form."""
        try:
            case = services.add_case(self.review, by=request.user)  # type: ignore[arg-type]
        except MoveRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(self.review)
        messages.success(request, _("%(case)s is added.") % {"case": case.code})
        return redirect("reviews:case", self.engagement.case_no, self.review.pk, case.number)


class RecordCase(ReviewMixin, TemplateView):
    """One case on one form; works without JavaScript."""

    template_name = "reviews/case.html"

    def form(self, posted: Any = None) -> CaseForm:
        """The form of the case as it is stored now."""
        case = get_object_or_404(self.review.cases, number=self.kwargs["number"])
        case.review = self.review
        self.case: Case = case
        form = CaseForm(posted, case=case, wordings=services.wordings_of(self.review, case.decision_year))
        if not self.may_write():
            for field in form.fields.values():
                field.disabled = True
        return form

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the case."""
        return self._page(self.form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save the case; a colleague's save in between is shown, not overwritten."""
        form = self.form(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        given = form.cleaned_data
        try:
            services.record_case(
                self.case,
                expected_version=form.expected_version,
                by=request.user,  # type: ignore[arg-type]
                case_type=given["case_type"],
                age_band=given["age_band"],
                decision_year=given["decision_year"],
                is_reserve=given["is_reserve"],
                note=given["note"],
                answers=form.answers(),
            )
        except StaleError:
            form.note_conflict()
            return self._page(form, status=409)
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
            return self._page(form, status=409)
        messages.success(request, _("%(case)s is saved.") % {"case": self.case.code})
        return HttpResponseRedirect(self._next(request))

    def _next(self, request: HttpRequest) -> str:
        """The next case when asked for, this one when its law has changed with the year, else the review."""
        following = self.review.cases.filter(number__gt=self.case.number).order_by("number").first()
        if request.POST.get("then") == "next" and following:
            return self._address(following.number)
        if request.POST.get("then") == "stay":
            return self._address(self.case.number)
        return self.review.get_absolute_url()

    def _address(self, number: int) -> str:
        return reverse("reviews:case", args=[self.engagement.case_no, self.review.pk, number])

    def _page(self, form: CaseForm, status: int = 200) -> HttpResponse:
        numbers = list(self.review.cases.order_by("number").values_list("number", flat=True))
        at = numbers.index(self.case.number)
        context = self.get_context_data(
            form=form,
            case=self.case,
            position=at + 1,
            total=len(numbers),
            previous=self._address(numbers[at - 1]) if at else "",
            following=self._address(numbers[at + 1]) if at + 1 < len(numbers) else "",
        )
        return self.render_to_response(context, status=status)


class Grid(ReviewMixin, TemplateView):
    """Cases × requirements; an ordinary table with links, which a script turns into a sheet driven by the keyboard."""

    template_name = "reviews/grid.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The sheet and the keys."""
        keys = [(sheet.KEYS[verdict], verdict.value, verdict.label) for verdict in Verdict]
        return super().get_context_data(**kwargs) | {"sheet": sheet.load(self.review), "keys": keys}


class RecordAnswer(ReviewMixin, View):
    """One cell of the grid, saved by the script; answers in JSON."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        """Save the cell: 200 with what is stored; 409 with a colleague's answer; 422 when it cannot be answered."""
        posted = request.POST
        case = self.review.cases.filter(number=_number(posted.get("case", ""))).first()
        if case is None:
            return JsonResponse({"message": _("There is no such cell.")}, status=422)
        case.review = self.review
        try:
            answer = services.record_answer(
                case=case,
                requirement=_number(posted.get("requirement", "")),
                verdict=posted.get("verdict", ""),
                seen=posted.get("seen", ""),
                by=request.user,  # type: ignore[arg-type]
            )
        except services.CellTaken as taken:
            return self._taken(taken)
        except MoveRefused as refusal:
            return JsonResponse({"message": str(refusal)}, status=409)
        except ValueError:
            return JsonResponse({"message": _("This cannot be answered here.")}, status=422)
        return JsonResponse({"verdict": answer.verdict if answer else "", "message": ""})

    def _taken(self, taken: services.CellTaken) -> JsonResponse:
        answer = taken.answer
        message = (
            _(
                "%(who)s has answered “%(verdict)s” meanwhile. Your answer is not saved; press the key again to replace it."
            )
            % {"who": answer.answered_by or _("Somebody"), "verdict": answer.get_verdict_display()}
            if answer
            else _("Somebody has taken the answer away meanwhile. Your answer is not saved; press the key again.")
        )
        return JsonResponse({"verdict": answer.verdict if answer else "", "message": message}, status=409)


def _number(text: str) -> int:
    """A number from outside; 0, which nothing here has, for anything else."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


class ReviewMove(MoveView):
    """Close or reopen a review."""

    def get_queryset(self) -> QuerySet[Review]:
        """Those the user works on, in this engagement."""
        reviews = Review.objects.worked_on_by(self.request.user).filter(engagement__case_no=self.kwargs["case_no"])
        return reviews.select_related("engagement__municipality")


class Results(ReviewMixin, TemplateView):
    """The rates of a review with count and interval; for the municipality once they are shared with it."""

    template_name = "reviews/results.html"

    def reviews(self, user: Any) -> QuerySet[Review]:
        """Also those shared with the user's municipality."""
        return Review.objects.visible_to(user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the table as a spreadsheet."""
        found = results(self.review)
        wanted = request.GET.get("format", "")
        if wanted in FORMATS:
            headings, lines = spreadsheet(found)
            name = f"{self.engagement.case_no}-{self.review.kind}"
            response: HttpResponse = respond(wanted, name, headings, lines)
            return response
        cases = self.review.case_count  # type: ignore[attr-defined]
        earlier = self._earlier()
        return self.render_to_response(
            self.get_context_data(
                results=found,
                themes=by_theme(found),
                figure=results_figure(found),
                cases=cases,
                cautions=cautions(self.review, cases),
                reads_cases=permissions.may_read_cases(self.review, request.user),
                earlier=earlier,
                comparisons=self._compared(earlier),
                downloads=[(label, f"?format={key}") for key, label in FORMATS.items()],
            )
        )

    def _earlier(self) -> Review | None:
        """The first measurement to compare a status measurement with."""
        if self.review.kind != Review.Kind.STATUS:
            return None
        reviews = self.reviews(self.request.user).filter(engagement=self.engagement, kind=Review.Kind.BASELINE)
        return reviews.filter(created_at__lt=self.review.created_at).order_by("created_at").first()

    def _compared(self, earlier: Review | None) -> list[Comparison]:
        return compare(earlier, self.review) if earlier else []


def spreadsheet(found: list[RequirementResult]) -> tuple[list[str], list[list[Any]]]:
    """Headings and lines of the results; a requirement with too few cases has no numbers."""
    headings = [
        _("Code"),
        _("Requirement"),
        _("Theme"),
        _("Met"),
        _("Assessed cases"),
        _("Share"),
        _("Lower limit"),
        _("Upper limit"),
        _("Partly met"),
        _("Not met"),
        _("Not documented"),
        _("Not applicable"),
        _("Not assessable"),
    ]
    lines = []
    for result in found:
        line: list[Any] = [
            result.requirement.code,
            result.requirement.title,
            result.requirement.get_theme_display(),
        ]
        if result.shown:
            limits = [result.interval.low, result.interval.high] if result.interval else [None, None]
            line += [result.x, result.n, result.rate, *limits, result.partly, result.not_met, result.not_documented]
            line += [result.not_applicable, result.not_assessable]
        else:
            line += [None, _("fewer than 5 cases"), *[None] * 8]
        lines.append(line)
    return headings, lines
