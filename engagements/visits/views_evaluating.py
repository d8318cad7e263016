"""The evaluation: the participants' page without sign-in, and the page with link, QR code and result."""

from typing import Any

from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from engagements.lifecycle import MoveRefused

from . import evaluating, permissions, qr
from .forms import EvaluationForm
from .models import Evaluation, Visit, VisitState
from .views import VisitMixin

COOKIE = "visit-evaluation"
RATES = {"evaluate": "120/600s/ip"}
"""A whole office may answer behind one address, within ten minutes."""


class EvaluationPage(VisitMixin, TemplateView):
    """The link to share, the QR code to show, and the answers when there are enough."""

    template_name = "visits/evaluation.html"

    def may_read(self, user: Any) -> bool:
        """Those who read in full, once the visit is planned."""
        planned = self.visit.is_done or self.visit.state == VisitState.PLANNED
        return planned and permissions.reads_in_full(self.visit, user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Address, code, result."""
        address = f"{settings.SITE_URL}{evaluating.address(self.visit)}"
        return super().get_context_data(**kwargs) | {
            "address": address,
            "code": qr.code_for(address),
            "result": evaluating.result(self.visit),
            "open": self.visit.takes_evaluations(),
        }


class Evaluate(View):
    """A participant's answer. Nothing here knows or keeps who answers."""

    template_name = "visits/evaluate.html"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """The questions, or a page that says why there are none."""
        visit = self._visit(token)
        if not visit.takes_evaluations():
            return self._page(visit, closed=True)
        if self._answered(visit):
            return self._page(visit, thanks=True)
        return self._page(visit, form=EvaluationForm(initial={"nonce": evaluating.new_nonce(visit)}))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Keep the answer; the same page, or the same browser, counts once."""
        visit = self._visit(token)
        if not _within_limit(request):
            return render(request, "429.html", status=429)
        if not visit.takes_evaluations():
            return self._page(visit, closed=True, status=410)
        if self._answered(visit):
            return self._page(visit, thanks=True)
        form = EvaluationForm(request.POST, instance=Evaluation(visit=visit))
        nonce = evaluating.read_nonce(visit, request.POST.get("nonce", ""))
        valid = form.is_valid()
        if nonce is None:
            form.data = request.POST.copy()
            form.data["nonce"] = evaluating.new_nonce(visit)
            form.add_error(None, _stale_page())
        if not valid or nonce is None:
            return self._page(visit, form=form, status=422)
        try:
            fields = {name: form.cleaned_data[name] for name in EvaluationForm.Meta.fields}
            evaluating.answer(visit, nonce=nonce, **fields)
        except MoveRefused as refused:
            form.add_error(None, ValidationError(str(refused)))
            return self._page(visit, form=form, status=409)
        answer = self._page(visit, thanks=True)
        self._remember(answer, visit)
        return answer

    def _visit(self, token: str) -> Visit:
        return get_object_or_404(Visit.objects.select_related("municipality"), token=token)

    def _page(self, visit: Visit, *, status: int = 200, **context: Any) -> HttpResponse:
        answer = render(self.request, self.template_name, {"visit": visit, **context}, status=status)
        add_never_cache_headers(answer)
        answer["X-Robots-Tag"] = "noindex"
        return answer

    def _answered(self, visit: Visit) -> bool:
        return bool(self.request.get_signed_cookie(f"{COOKIE}-{visit.pk}", default="", salt=COOKIE) == "answered")

    def _remember(self, answer: HttpResponse, visit: Visit) -> None:
        """Only that this browser has answered, and only for the evaluation's own page."""
        answer.set_signed_cookie(
            f"{COOKIE}-{visit.pk}",
            "answered",
            salt=COOKIE,
            max_age=30 * 24 * 3600,
            path=evaluating.address(visit),
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )


def _within_limit(request: HttpRequest) -> bool:
    return bool(ratelimit.consume(request, app="visits", action="evaluate", config=RATES))


def _stale_page() -> str:
    return _("The page had been open for too long. Send once more; what you have written is still here.")
