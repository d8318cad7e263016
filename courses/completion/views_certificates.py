"""Certificates: who gets one, the certificate itself, its public check, its revocation."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView, TemplateView, View

from engagements.design.moves import MoveView
from engagements.lifecycle import MoveRefused

from . import documents, limits, permissions, results, services
from .forms import CodeForm
from .models import Certificate
from .views import RunMixin

UNSEEN = {"X-Robots-Tag": "noindex, nofollow", "Cache-Control": "private, no-store"}
"""A certificate is shown to whoever has its code, and to no search engine."""


class CertificatesPage(RunMixin, TemplateView):
    """Who gets a certificate and who does not and why, before and after they are issued."""

    template_name = "courses/completion/certificates.html"
    page_title, page_is = gettext_lazy("Certificates"), "certificates"

    def may_read(self) -> bool:
        """Organisers."""
        return permissions.may_organise(self.run, self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Every participant with the outcome."""
        rows = results.outcomes(self.run)
        return super().get_context_data(**kwargs) | {
            "rows": rows,
            "counts": results.session_counts(self.run),
            "earning": sum(row.earns for row in rows),
            "choosable": sum(row.may_be_chosen for row in rows),
            "issued": sum(row.certificate is not None for row in rows),
            "completed": sum(row.enrolment.completed_at is not None for row in rows),
            "revoked": Certificate.objects.filter(enrolment__run=self.run, state=Certificate.State.REVOKED),
            "rule": self.run.certificate_rule,
            "needed": results.needed(self.run, self.run.sessions.count()),
            "may_conclude": permissions.can_be_concluded(self.run, self.arrived_at),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Issue; sent twice, nobody gets a second one."""
        chosen = {int(pk) for pk in request.POST.getlist("chosen") if pk.isdecimal() and len(pk) < 19}
        try:
            made = services.issue_certificates(self.run, by=request.user, chosen=chosen, at=self.arrived_at)
        except MoveRefused as refused:
            messages.error(request, str(refused))
            return redirect(request.path)
        if made:
            text = ngettext(
                "%(n)s certificate has been issued, and the participant has been told.",
                "%(n)s certificates have been issued, and the participants have been told.",
                len(made),
            )
            messages.success(request, text % {"n": len(made)})
        elif self.run.certificate_rule == self.run.CertificateRule.NONE:
            messages.success(request, _("It has been noted who has completed the run."))
        else:
            messages.info(request, _("No certificate was issued: nobody was to have one now."))
        return redirect(request.path)


def normalised(code: str) -> str:
    """A code as it is stored, however it was typed."""
    return "".join(code.split()).replace("-", "").lower()


class CheckPage(FormView):
    """Where a code is typed from paper."""

    template_name = "courses/completion/check.html"
    form_class = CodeForm

    def form_valid(self, form: CodeForm) -> HttpResponse:
        """On to the answer, which alone looks the code up."""
        code = normalised(form.cleaned_data["code"])
        return redirect("completion:certificate", code if code.isalnum() else "-")


class CertificatePage(TemplateView):
    """Whether a certificate is valid, for anyone with its code; more for those whose it is.

    Unknown codes of whatever form get one and the same answer.
    """

    template_name = "courses/completion/certificate.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Hidden from search engines, whatever the answer."""
        response = super().dispatch(request, *args, **kwargs)
        for name, value in UNSEEN.items():
            response[name] = value
        return response

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Valid, revoked, unknown, or too many attempts."""
        own = Certificate.objects.visible_to(request.user)
        code = normalised(kwargs["code"])
        rows = Certificate.objects.select_related("enrolment__run__course", "person")
        if not limits.may_look_up(request) and not own.filter(code=code).exists():
            response = render(request, "429.html", status=429)
            response["Retry-After"] = str(limits.WINDOW)
            return response
        certificate = rows.filter(code=code).first()
        if certificate is None:
            limits.count_wrong_code(request)
            return render(request, "courses/completion/check.html", {"form": CodeForm(), "unknown": True}, status=404)
        run = certificate.enrolment.run
        organises = permissions.may_organise(run, request.user) if request.user.is_authenticated else False
        context = self.get_context_data(
            certificate=certificate,
            facts=certificate.facts,
            is_own=request.user.is_authenticated and own.filter(pk=certificate.pk).exists(),
            organises=organises,
            run=run,
        )
        return self.render_to_response(context)


class CertificatePaper(LoginRequiredMixin, View):
    """The PDF: for the person, the own leader and the organiser."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """The file; a revoked certificate has none."""
        rows = Certificate.objects.visible_to(request.user)
        certificate = get_object_or_404(rows, code=normalised(code))
        if not certificate.is_valid:
            messages.warning(request, _("A revoked certificate cannot be fetched."))
            return redirect(certificate)
        response = HttpResponse(documents.certificate_pdf(certificate), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{documents.file_name(certificate)}"'
        for name, value in UNSEEN.items():
            response[name] = value
        return response


class CertificateMove(MoveView):
    """Revoke."""

    slug_field = slug_url_kwarg = "number"

    def get_queryset(self) -> QuerySet[Certificate]:
        """Certificates the user sees."""
        return Certificate.objects.visible_to(self.request.user).select_related("enrolment__run__course")
