"""The tab *report* of an engagement: texts, checklist, locking, publishing, versions."""

from abc import ABC, abstractmethod
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from engagements.design.moves import MoveView
from engagements.design.versions import StaleError
from engagements.lifecycle import MoveRefused, moves_for
from engagements.people import permissions as who
from engagements.programme.permissions import may_steer, reads_plan
from engagements.programme.tabs import tabs_of
from engagements.programme.views import EngagementMixin

from . import content, permissions, presentation, readiness, services
from . import messages as notices
from .forms import ReportForm
from .models import Report, ReportKind, ReportVersion


class Reports(EngagementMixin, TemplateView):
    """The engagement's reports: those published for its readers, those being written for the team."""

    active_tab = "report"
    template_name = "findings/reports.html"

    def may_read(self, user: Any) -> bool:
        """Who reads the plan reads what is published."""
        return reads_plan(self.engagement, user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The reports and those that may be begun."""
        user = self.request.user
        reports = list(
            Report.objects.visible_to(user)
            .filter(engagement=self.engagement)
            .select_related("engagement__municipality")
            .prefetch_related("versions")
        )
        begun = {report.kind for report in reports}
        writes = permissions.may_write(self.engagement, user)
        return super().get_context_data(**kwargs) | {
            "reports": reports,
            "steers": may_steer(self.engagement, user),
            "may_begin": [kind for kind in ReportKind if kind not in begun] if writes else [],
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Begin a report."""
        kind = request.POST.get("kind", "")
        if not permissions.may_write(self.engagement, request.user) or kind not in ReportKind.values:
            raise Http404
        report = services.begin_report(engagement=self.engagement, kind=kind, by=request.user)  # type: ignore[arg-type]
        return redirect(report)


class OfReport(LoginRequiredMixin):
    """A page of one report. Council members read it without reading the engagement, so it is found on its own."""

    active_tab = "report"
    writers_only = True
    request: HttpRequest
    kwargs: dict[str, Any]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Find the report before anything else happens."""
        self.arrived_at = timezone.now()
        if request.user.is_authenticated:
            rows = Report.objects.visible_to(request.user).select_related(
                "engagement__municipality", "engagement__offer"
            )
            self.report = get_object_or_404(rows, engagement__case_no=kwargs["case_no"], kind=kwargs["kind"])
            self.engagement = self.report.engagement
            self.steers = may_steer(self.engagement, request.user)
            if self.writers_only and not self.steers:
                raise Http404
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The report in the frame of its engagement."""
        user = self.request.user
        council_only = not (self.steers or reads_plan(self.engagement, user))
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context | {
            "engagement": self.engagement,
            "tabs": [] if council_only else tabs_of(self.engagement, user, self.active_tab),
            "active_tab": self.active_tab,
            "report": self.report,
            "steers": self.steers,
            "may_write": permissions.may_write(self.engagement, user),
            "allowed": {move.name for move in moves_for(self.report, user)},
        }


class ReportDetail(OfReport, TemplateView):
    """For readers the newest published version; for the team also what is to be done and every version."""

    template_name = "findings/report.html"
    writers_only = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The version shown, the checklist and the versions."""
        context = super().get_context_data(**kwargs)
        versions = list(
            ReportVersion.objects.visible_to(self.request.user)
            .filter(report=self.report)
            .select_related("locked_by", "published_by", "document")
        )
        shown = _chosen(versions, self.request.GET.get("version", ""))
        return context | {
            "versions": versions,
            "version": shown,
            "shown": presentation.present(shown.content) if shown else None,
            "checks": readiness.checklist(self.report) if self.steers else [],
            "locked_it": who.is_lead(self.request.user)
            and bool(versions)
            and versions[0].locked_by_id == self.request.user.pk,
        }


def _chosen(versions: list[ReportVersion], number: str) -> ReportVersion | None:
    """The version asked for; else the newest published; else the newest."""
    published = [version for version in versions if version.published_at]
    asked = [version for version in versions if str(version.number) == number]
    return next(iter([*asked, *published, *versions]), None)


class ReportDraft(OfReport, TemplateView):
    """What the report would say if it were locked now."""

    template_name = "findings/draft.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The facts of this moment."""
        number = self.report.versions.count() + 1
        facts = content.freeze(self.report, number=number, by=self.request.user, at=self.arrived_at)  # type: ignore[arg-type]
        return super().get_context_data(**kwargs) | {"shown": presentation.present(facts)}


class ReportTexts(OfReport, TemplateView):
    """The texts of a report in draft."""

    template_name = "findings/texts.html"

    def get_form(self, posted: Any = None) -> ReportForm:
        """The stored texts, or 404 for those who do not write."""
        if not permissions.may_write(self.engagement, self.request.user):
            raise Http404
        return ReportForm(posted, instance=self.report)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form."""
        return self.render_to_response(self.get_context_data(form=self.get_form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save, or show what stands in the way with everything typed."""
        form = self.get_form(request.POST)
        if form.is_valid():
            texts = {name: form.cleaned_data[name] for name in ReportForm.Meta.fields}
            try:
                services.change_report(
                    report=form.instance,
                    by=request.user,  # type: ignore[arg-type]
                    version=form.expected_version or 0,
                    **texts,
                )
            except StaleError:
                form.note_conflict()
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                messages.success(request, _("The texts are saved."))
                return redirect(self.report)
        return self.render_to_response(self.get_context_data(form=form), status=422)


class Step(OfReport, TemplateView, ABC):
    """A step with a page of its own; a second click on the same button is answered quietly."""

    reached: str = ""
    done: str = ""

    @abstractmethod
    def perform(self) -> None:
        """Call the service."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take the step or say why not."""
        if self.report.state == self.reached and self.repeated():
            return redirect(self.report)
        try:
            self.perform()
        except services.NotReady as lacking:
            return self.render_to_response(self.get_context_data(refusals=lacking.problems), status=409)
        except MoveRefused as refusal:
            self.report.refresh_from_db()
            return self.render_to_response(self.get_context_data(refusals=[str(refusal)]), status=409)
        messages.success(request, self.done_text())
        return redirect(self.report)

    @abstractmethod
    def repeated(self) -> bool:
        """Whether this person has just taken the step."""

    @abstractmethod
    def done_text(self) -> str:
        """What the page says afterwards."""


class ReportLock(Step):
    """Lock a version: the checklist, then the button."""

    template_name = "findings/lock.html"
    reached = Report.State.LOCKED

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is still missing."""
        checks = readiness.checklist(self.report)
        return super().get_context_data(**kwargs) | {
            "checks": checks,
            "ready": all(check.fulfilled for check in checks if check.needed),
        }

    def perform(self) -> None:
        """Lock it."""
        services.lock_report(report=self.report, by=self.request.user, at=self.arrived_at)  # type: ignore[arg-type]

    def repeated(self) -> bool:
        """Locked by the same person."""
        newest = self.report.versions.first()
        return newest is not None and newest.locked_by_id == self.request.user.pk

    def done_text(self) -> str:
        """What happens next."""
        return _("The report is locked as a version. The lead approves and publishes it.")


class ReportPublish(Step):
    """Publish the locked version: first exactly what goes to whom, then the button."""

    template_name = "findings/publish.html"
    reached = Report.State.PUBLISHED

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The recipients, the texts they get, and the version."""
        context = super().get_context_data(**kwargs)
        newest = self.report.versions.select_related("locked_by", "document").first()
        critical = content.critical(newest.content) if newest else []
        return context | {
            "version": newest,
            "shown": presentation.present(newest.content) if newest else None,
            "recipients": notices.recipients(self.engagement),
            "subject": notices.published_subject(self.report),
            "body": notices.published_body(self.report),
            "critical": critical,
            "directors": notices.directors(self.engagement) if critical else [],
            "critical_subject": notices.critical_subject(self.report) if critical else "",
            "critical_body": notices.critical_body(self.report) if critical else "",
        }

    def perform(self) -> None:
        """Publish it."""
        services.publish_report(report=self.report, by=self.request.user, at=self.arrived_at)  # type: ignore[arg-type]

    def repeated(self) -> bool:
        """Published by the same person."""
        newest = self.report.versions.first()
        return newest is not None and newest.published_by_id == self.request.user.pk

    def done_text(self) -> str:
        """What happens next."""
        return _("The report is published. The municipality has been told and can answer the recommendations.")


class ReportMove(MoveView):
    """Open a locked report for changes, or begin a new version of a published one."""

    def get_queryset(self) -> QuerySet[Report]:
        """Reports the person may see."""
        return Report.objects.visible_to(self.request.user).select_related("engagement__municipality")

    def get_object(self, queryset: QuerySet[Report] | None = None) -> Report:
        """Found by case number and kind."""
        return get_object_or_404(
            self.get_queryset(), engagement__case_no=self.kwargs["case_no"], kind=self.kwargs["kind"]
        )


@login_required
def report_pdf(request: HttpRequest, case_no: str, kind: str, number: int) -> FileResponse:
    """The PDF of a version: every version for the team, published ones for those who read the report."""
    rows = ReportVersion.objects.visible_to(request.user).select_related("document", "report__engagement__municipality")
    version = get_object_or_404(rows, report__engagement__case_no=case_no, report__kind=kind, number=number)
    municipality = version.report.engagement.municipality
    name = f"{slugify(presentation.title_of(version.content)) or municipality.slug}.pdf"
    response = FileResponse(version.document.file.open("rb"), filename=name, content_type="application/pdf")
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
