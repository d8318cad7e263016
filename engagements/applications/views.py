"""Pages of an application that everyone who may see it sees: itself, its answers, its papers, its moves."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import TemplateView, View

from engagements.design.moves import MoveView
from engagements.people import permissions as who

from . import deciding, documents, permissions, readiness, standing
from .models import IN_QUEUE, Application, State


class ApplicationMixin(LoginRequiredMixin):
    """A page of one application among those the user may see; a stranger gets 404, and so does who may not do this."""

    application: Application

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Note when the request arrived: the deadline compares with that."""
        self.arrived_at = timezone.now()
        super().setup(request, *args, **kwargs)  # type: ignore[misc]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Find the application before anything else happens."""
        if request.user.is_authenticated:
            self.application = get_object_or_404(
                Application.objects.visible_to(request.user).select_related(
                    "municipality", "round__offer", "submitted_by", "decided_by", "engagement", "created_by"
                ),
                reference=kwargs["reference"],
            )
            if not self.may(request.user):
                raise Http404
        return super().dispatch(request, *args, **kwargs)

    def may(self, user: Any) -> bool:
        """Whether this page is for the user; a reader of the application unless a page says otherwise."""
        return True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What every page of the application shows."""
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context | {"application": self.application, "awaiting": standing.awaiting(self.application)}

    def back(self) -> HttpResponseRedirect:
        """To the application's own page."""
        return redirect(self.application)


class Detail(ApplicationMixin, TemplateView):
    """The application: for the municipality its task list, for the Task Force the answers and assessments."""

    template_name = "applications/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What this person sees and may do."""
        application, user = self.application, self.request.user
        sections = documents.answered_sections(application)
        rows = [section.row for section in sections if section.row]
        handles = permissions.may_handle(application, user)
        assessments = deciding.assessments_for(application, user) if handles else []
        agencies = [agency for agency in who.groups_of(user) if permissions.may_assess(application, agency, user)]
        return super().get_context_data(
            sections=sections,
            done=sum(1 for row in rows if row.complete),
            attachments=file_rows(application, user),
            sign_off=readiness.sign_off_standing(application),
            next_step=standing.next_step(application, rows, user),
            missing=readiness.missing(application, at=self.arrived_at) if application.state == State.DRAFT else [],
            time_left=standing.time_left(application.round.closes_at, self.arrived_at)
            if application.state == State.DRAFT
            else "",
            is_own=who.follows_cases_of(user, application.municipality_id),
            may_edit=permissions.may_edit(application, user),
            may_sign=permissions.may_sign(application, user),
            may_submit=application.state == State.DRAFT and permissions.may_submit(application, user),
            handles=handles,
            assessments=assessments,
            criteria=deciding.score_rows(assessments),
            both_complete=deciding.both_complete(application.assessments.all()) if handles else False,
            unassessed=readiness.unassessed(application) if handles else [],
            may_assess=bool(agencies) and application.state in IN_QUEUE and application.state != State.WAITLISTED,
            may_decide=permissions.may_decide(application, user)
            and application.state in {State.ASSESSMENT, State.WAITLISTED},
            places_left=deciding.places_left(application.round) if handles else 0,
            letter=documents.recorded_letter(application) if application.is_decided else None,
            **kwargs,
        )


def file_rows(application: Application, user: Any) -> list[tuple[Any, bool]]:
    """Each file, and whether this person may take it away."""
    may_edit = permissions.may_edit(application, user)
    return [
        (file, may_edit and not (application.submitted_at and file.uploaded_at < application.submitted_at))
        for file in application.attachments.select_related("uploaded_by")
    ]


class Answers(ApplicationMixin, TemplateView):
    """All answers on one page, each section with a link to change it."""

    template_name = "applications/answers.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The answers, and what is still missing."""
        return super().get_context_data(
            sections=documents.answered_sections(self.application),
            attachments=file_rows(self.application, self.request.user),
            may_edit=permissions.may_edit(self.application, self.request.user),
            missing=readiness.missing(self.application, at=self.arrived_at)
            if self.application.state == State.DRAFT
            else [],
            **kwargs,
        )


class Paper(ApplicationMixin, View):
    """The receipt or the answer as PDF."""

    def get(self, request: HttpRequest, reference: str, paper: str) -> FileResponse:
        """Send the filed document."""
        document = {"kvittering": self.application.receipt, "svar": self.application.answer}.get(paper)
        if document is None:
            raise Http404
        name = f"{paper}-{self.application.case_no}.pdf"
        return FileResponse(document.file.open("rb"), filename=name, content_type="application/pdf")


class ApplicationMove(MoveView):
    """The plain moves: start the assessment, ask for more, send the supplement, withdraw."""

    slug_field = slug_url_kwarg = "reference"

    def get_queryset(self) -> QuerySet[Application]:
        """Those the user may see."""
        return Application.objects.visible_to(self.request.user).select_related("municipality", "round")
