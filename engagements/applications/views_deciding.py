"""Pages on which the Task Force assesses an application and decides."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.generic import TemplateView

from engagements.design.versions import StaleError
from engagements.lifecycle import MoveRefused
from engagements.people import permissions as who
from engagements.people.services import people_of
from engagements.users.models import User

from . import deciding, documents, permissions
from .forms import AssessmentForm, DecisionForm
from .messages import TOLD, staff_for
from .models import Application, Assessment, State
from .readiness import unassessed
from .views import ApplicationMixin, file_rows


def agency_of(application: Application, user: User | AnonymousUser) -> str | None:
    """The agency whose assessment this person fills in."""
    mine = [agency for agency in Assessment.Agency.values if permissions.may_assess(application, agency, user)]
    return mine[0] if mine else None


class Assess(ApplicationMixin, TemplateView):
    """The own agency's assessment beside the answers."""

    template_name = "applications/assess.html"

    def may(self, user: Any) -> bool:
        """Consultants of either agency, on an application that has arrived."""
        self.agency = agency_of(self.application, user)
        return self.agency is not None and self.application.submitted_at is not None

    def _form(self, *args: Any, completing: bool = False) -> AssessmentForm:
        stored = self.application.assessments.filter(agency=self.agency).first()
        return AssessmentForm(*args, stored=stored, completing=completing)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, unless both assessments stand."""
        if self.application.state not in {State.SUBMITTED, State.ASSESSMENT, State.MORE_INFORMATION}:
            messages.info(request, _("The application is not being assessed now."))
            return self.back()
        if deciding.both_complete(self.application.assessments.all()):
            messages.info(request, _("Both assessments are complete and can no longer be changed."))
            return self.back()
        return self.render_to_response(self.get_context_data(form=self._form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save, or complete."""
        complete = "complete" in request.POST
        form = self._form(request.POST, completing=complete)
        if form.is_valid():
            try:
                deciding.assess(
                    self.application,
                    agency=str(self.agency),
                    scores=form.scores,
                    comment=form.cleaned_data["comment"],
                    complete=complete,
                    by=request.user,  # type: ignore[arg-type]
                    expected_version=form.expected_version if form.stored else None,
                    at=self.arrived_at,
                )
            except StaleError:
                form = self._form(request.POST, completing=complete)
                form.is_valid()
            except MoveRefused as refusal:
                form.add_error(None, ValidationError(str(refusal)))
            else:
                messages.success(
                    request, _("The assessment is complete.") if complete else _("The assessment is saved as a draft.")
                )
                return self.back()
        return self.render_to_response(self.get_context_data(form=form), status=409 if form.conflict else 422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The answers beside the grid."""
        return super().get_context_data(
            sections=documents.answered_sections(self.application),
            attachments=file_rows(self.application, self.request.user),
            agency=Assessment.Agency(str(self.agency)).label,
            **kwargs,
        )


class Decide(ApplicationMixin, TemplateView):
    """The lead decides: first the form, then a preview with the exact recipients and text, then it goes out."""

    template_name = "applications/decide.html"

    def may(self, user: Any) -> bool:
        """The lead, on an application that has arrived."""
        return permissions.may_decide(self.application, user) and self.application.submitted_at is not None

    def _form(self, *args: Any) -> DecisionForm:
        outcomes = [
            (deciding.ACCEPT, _("Accept the application")),
            (deciding.WAITLIST, _("Put on the waiting list")),
            (deciding.DECLINE, _("Decline the application")),
        ]
        if self.application.state == State.WAITLISTED:
            del outcomes[1]
        return DecisionForm(
            *args,
            application=self.application,
            outcomes=outcomes,
            legal=_consultants(self.application, who.LEGAL),
            social=_consultants(self.application, who.SOCIAL),
            initial={"starts_on": self._wished_start()},
        )

    def _wished_start(self) -> Any:
        answers = self.application.sections.filter(key="cases").values_list("answers", flat=True).first() or {}
        return answers.get("starts_earliest")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, unless the application is decided already."""
        if self.application.state not in {State.ASSESSMENT, State.WAITLISTED}:
            messages.info(request, _("The application does not await a decision."))
            return self.back()
        return self.render_to_response(self.get_context_data(form=self._form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Preview, go back to the form, or send."""
        form = self._form(request.POST)
        if "change" in request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        if "send" not in request.POST:
            return self.render_to_response(self.get_context_data(form=form, preview=self._preview(form)))
        try:
            decided = deciding.decide(
                self.application,
                outcome=form.cleaned_data["outcome"],
                reason=form.cleaned_data["reason"],
                starts_on=form.cleaned_data["starts_on"],
                team=form.team,
                by=request.user,  # type: ignore[arg-type]
                at=self.arrived_at,
            )
        except MoveRefused as refusal:
            self.application.refresh_from_db()
            if self.application.state == form.leads_to and self.application.decided_by == request.user:
                return self.back()  # the second click of a double click
            form.add_error(None, ValidationError(str(refusal)))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        messages.success(request, _("The answer has been sent to %(name)s.") % {"name": decided.municipality.full_name})
        return redirect(decided.engagement if decided.engagement else decided)

    def _preview(self, form: DecisionForm) -> dict[str, Any]:
        """The letter as it goes out, and to whom."""
        place = None
        if form.cleaned_data["outcome"] == deciding.WAITLIST:
            place = self.application.round.applications.filter(state=State.WAITLISTED).count() + 1
        with override(documents.PAPER_LANGUAGE):
            letter = documents.letter(
                self.application,
                outcome=form.leads_to,
                reason=form.cleaned_data["reason"],
                starts_on=form.cleaned_data["starts_on"],
                place=place,
            )
        return {
            "letter": letter,
            "recipients": sorted(people_of(self.application.municipality, *TOLD), key=str),
            "hidden": [(name, value) for name in form.fields for value in self.request.POST.getlist(name)],
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The assessments beside each other, the places left, the line."""
        application = self.application
        assessments = deciding.assessments_for(application, self.request.user)  # type: ignore[arg-type]
        return super().get_context_data(
            assessments=assessments,
            criteria=deciding.score_rows(assessments),
            unassessed=unassessed(application),
            places_left=deciding.places_left(application.round),
            line=Application.objects.filter(round=application.round, state=State.WAITLISTED)
            .exclude(pk=application.pk)
            .select_related("municipality")
            .order_by("wait_position"),
            **kwargs,
        )


def _consultants(application: Application, group: str) -> QuerySet[User]:
    return staff_for(application, group).order_by("first_name", "last_name")
