"""From sign-off to receipt."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from engagements.lifecycle import MoveRefused
from engagements.people import permissions as who
from engagements.people.models import SIGNING_ROLES, Membership, Role

from . import documents, permissions, readiness, services, standing
from .forms import SignOffRequestForm
from .models import SignOff, State
from .views import ApplicationMixin
from .views_filling import FormPage


class RequestSignOff(FormPage):
    """Ask the director or a deputy."""

    heading = gettext_lazy("Ask for the director's sign-off")
    intro = gettext_lazy(
        "We mail a link. It opens the answers when the person has signed in; the link alone opens nothing."
    )
    button = gettext_lazy("Send the request")

    def may(self, user: Any) -> bool:
        """While it is a draft."""
        return self.application.state == State.DRAFT and super().may(user)

    def form(self, *args: Any) -> SignOffRequestForm:
        """The people who may sign."""
        municipality = self.application.municipality_id
        rows = (
            Membership.objects.active()
            .with_role(*SIGNING_ROLES)
            .filter(municipality=municipality)
            .select_related("user")
            .order_by("-role", "user")
        )
        signers = [(row.user.email, f"{row.user}, {row.get_role_display()}") for row in rows]
        may_invite = who.has_role(self.request.user, municipality, Role.LEADER)
        return SignOffRequestForm(*args[:1], signers=signers, may_invite=may_invite)

    def perform(self, form: SignOffRequestForm) -> str:
        """Send the request."""
        services.request_sign_off(self.application, email=form.address, by=self.request.user)  # type: ignore[arg-type]
        return _("The request has been sent to %(email)s.") % {"email": form.address}


class SignOffLink(LoginRequiredMixin, View):
    """The mailed link: after sign-in it leads those who sign for the municipality to the page; it opens nothing itself."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """To the page where one signs."""
        asked = get_object_or_404(SignOff.objects.select_related("application"), token=token)
        if not permissions.may_sign(asked.application, request.user):
            raise Http404
        return redirect("applications:sign", asked.application.reference)


class Sign(ApplicationMixin, TemplateView):
    """The director reads the answers and signs them off."""

    template_name = "applications/sign.html"

    def may(self, user: Any) -> bool:
        """Those who sign for the municipality."""
        return permissions.may_sign(self.application, user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The answers with the button; once submitted there is nothing to sign."""
        if self.application.state != State.DRAFT:
            messages.info(request, _("The application has been submitted and can no longer be signed off."))
            return self.back()
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign off exactly what was read: if an answer changed meanwhile, read again."""
        if request.POST.get("digest") != readiness.digest(self.application) and self.application.state == State.DRAFT:
            messages.warning(
                request, _("The answers were changed while you read them. Read them again before you sign off.")
            )
            return redirect("applications:sign", self.application.reference)
        try:
            services.sign_off(self.application, by=request.user, at=self.arrived_at)  # type: ignore[arg-type]
        except MoveRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("applications:sign", self.application.reference)
        messages.success(request, _("You have signed off on the municipality's behalf. A leader can now submit."))
        return self.back()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The answers as they are now, with their checksum in the form."""
        return super().get_context_data(
            sections=documents.answered_sections(self.application),
            attachments=[(file, False) for file in self.application.attachments.all()],
            sign_off=readiness.sign_off_standing(self.application),
            incomplete=readiness.sections_complete(self.application, self.arrived_at),
            digest=readiness.digest(self.application),
            **kwargs,
        )


class Submit(ApplicationMixin, TemplateView):
    """The last page before the deadline."""

    template_name = "applications/submit.html"

    def may(self, user: Any) -> bool:
        """Leaders of the municipality."""
        return permissions.may_submit(self.application, user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Confirm; after submission the receipt."""
        if self.application.submitted_at:
            return redirect("applications:receipt", self.application.reference)
        return self._page()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Submit once; a second click leads to the same receipt."""
        if not self.application.submitted_at:
            try:
                services.submit_application(self.application, by=request.user, at=self.arrived_at)  # type: ignore[arg-type]
            except MoveRefused as refusal:
                self.application.refresh_from_db()
                if not self.application.submitted_at:
                    return self._page(refused=str(refusal), status=409)
        return redirect("applications:receipt", self.application.reference)

    def _page(self, *, refused: str = "", status: int = 200) -> HttpResponse:
        context = self.get_context_data(
            refused=refused,
            missing=readiness.missing(self.application, at=self.arrived_at),
            sign_off=readiness.sign_off_standing(self.application).sign_off,
            time_left=standing.time_left(self.application.round.closes_at, self.arrived_at),
        )
        return self.render_to_response(context, status=status)


class Receipt(ApplicationMixin, TemplateView):
    """What has arrived, when, under which number, and what happens next."""

    template_name = "applications/receipt.html"

    def may(self, user: Any) -> bool:
        """Once submitted, for everyone who sees the application."""
        return self.application.submitted_at is not None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The moment in words."""
        at = self.application.submitted_at
        return super().get_context_data(arrived=readiness.moment(at) if at else "", **kwargs)
