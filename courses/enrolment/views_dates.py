"""Moving the dates of a published run, and cancelling it: both show who is told what before it is done."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView

from courses.runs.forms import SessionFormSet
from courses.runs.models import Run, RunState
from courses.runs.services import SessionPlan, changes_of
from courses.runs.views import RunMixin
from engagements.design.versions import StaleError
from engagements.design.writing import show_refusal
from engagements.lifecycle import MoveRefused

from . import dates, messages_dates, organising
from .forms_organising import CancelRunForm, DatesForm
from .messages import cancelled_body, cancelled_subject


class Dates(RunMixin, TemplateView):
    """The sessions of a published run: change them, see who is told what, and confirm."""

    active_tab = "runs:sessions"
    template_name = "courses/enrolment/dates.html"

    def rows(self, *args: Any) -> Any:
        """The sessions in order."""
        return SessionFormSet(*args, queryset=self.run.sessions.all())

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As they are; a draft's sessions have a page that tells nobody."""
        if self.run.state == RunState.DRAFT:
            return redirect(reverse("runs:sessions", kwargs=self.run.address_args))
        if self.run.state == RunState.CANCELLED:
            raise Http404
        return self.show(DatesForm(run=self.run), self.rows())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """One more session, the preview, back to the form, or the change itself."""
        if self.run.state != RunState.PUBLISHED:
            raise Http404
        form, rows = DatesForm(request.POST, run=self.run), self.rows(request.POST)
        if "more" in request.POST:
            return self.show(form, rows.with_one_more, quiet=True)
        if not (form.is_valid() and rows.is_valid()):
            return self.show(form, rows)
        plans = [SessionPlan.of(session) for session in rows.kept()]
        note = form.cleaned_data["note"]
        if "confirmed" not in request.POST or "back" in request.POST:
            changes = None if "back" in request.POST else changes_of(self.run, plans)
            return self.show(form, rows, changes=changes)
        version = request.POST.get("version", "")
        try:
            changes = dates.move_dates(
                self.run,
                plans,
                by=request.user,  # type: ignore[arg-type]
                note=note,
                deadlines=form.deadlines,
                version=int(version) if version.isdecimal() and len(version) < 10 else 0,
                at=self.arrived_at,
            )
        except StaleError as stale:
            form.add_error(None, str(stale))
            return self.show(form, rows, status=409)
        except (ValidationError, MoveRefused) as refused:
            show_refusal(form, refused)
            return self.show(form, rows)
        count = self.run.enrolments.active().count() if changes else 0
        said = ngettext(
            "The dates are saved, and %(n)s participant has been told.",
            "The dates are saved, and %(n)s participants have been told.",
            count,
        )
        messages.success(request, said % {"n": count})
        return redirect(reverse("runs:edit", kwargs=self.run.address_args))

    def show(
        self, form: DatesForm, rows: Any, *, changes: Any = None, quiet: bool = False, status: int = 200
    ) -> HttpResponse:
        """The form, or the preview where there are `changes` (also none) to look at."""
        wrong = form.is_bound and not quiet and bool(form.errors or rows.total_error_count() or rows.non_form_errors())
        context: dict[str, Any] = {"page_has_errors": wrong}
        if changes is not None:
            told = dates.told(self.run)
            context |= {
                "changes": messages_dates.in_words(changes),
                "moved_deadlines": self._moved_deadlines(form),
                "told": told,
                "total": sum(len(group.people) for group in told),
                "subject": messages_dates.subject(self.run),
                "body": messages_dates.body(self._as_planned(form), changes, form.cleaned_data["note"], "seated"),
            }
        return self.render_to_response(
            self.get_context_data(dates_form=form, rows=rows, preview=changes is not None, **context), status=status
        )

    def _as_planned(self, form: DatesForm) -> Run:
        """The run with the deadlines of the form, as the text will name them; not saved."""
        for name, value in form.deadlines.items():
            setattr(self.run, name, value)
        return self.run

    def _moved_deadlines(self, form: DatesForm) -> list[tuple[Any, Any, Any]]:
        moved = []
        for name, value in form.deadlines.items():
            if value != getattr(self.run, name):
                moved.append((form.fields[name].label, getattr(self.run, name), value))
        return moved


class CancelRun(RunMixin, TemplateView):
    """Cancel a published run: why, which other runs are offered, who is told; then it is done."""

    active_tab = ""
    page_title = gettext_lazy("Cancel the run")
    template_name = "courses/enrolment/cancel_run.html"

    def others(self) -> Any:
        """Other runs of the same course that are still to come and take enrolments."""
        rows = Run.objects.visible_to(self.request.user).upcoming(self.arrived_at).select_related("course")
        rows = rows.filter(closes_at__gt=self.arrived_at, starts_at__gt=self.arrived_at).exclude(pk=self.run.pk)
        if not self.run.members_only:
            rows = rows.filter(members_only=False)  # they are named to people who may not know of them
        return rows.filter(course=self.run.course) if self.run.course else rows.filter(kind=self.run.kind, course=None)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask why."""
        if self.run.state != RunState.PUBLISHED or self.arrived_at >= self.run.ends_at:
            raise Http404
        return self.show(CancelRunForm(others=self.others()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The preview, or the act; a second click finds it done."""
        if self.run.state == RunState.CANCELLED:
            return redirect(reverse("runs:edit", kwargs=self.run.address_args))
        if self.run.state != RunState.PUBLISHED:
            raise Http404
        form = CancelRunForm(request.POST, others=self.others())
        if not form.is_valid() or "back" in request.POST:
            return self.show(form)
        offers = list(form.cleaned_data.get("offers") or [])
        if "confirmed" not in request.POST:
            return self.show(form, offers=offers)
        try:
            rows = organising.cancel_run(
                self.run,
                by=request.user,  # type: ignore[arg-type]
                note=form.cleaned_data["note"],
                offers=offers,
                at=self.arrived_at,
            )
        except (ValidationError, MoveRefused) as refused:
            show_refusal(form, refused)
            return self.show(form)
        said = ngettext(
            "The run is cancelled, and %(n)s participant has been told.",
            "The run is cancelled, and %(n)s participants have been told.",
            len(rows),
        )
        messages.success(request, said % {"n": len(rows)})
        return redirect(reverse("runs:edit", kwargs=self.run.address_args))

    def show(self, form: CancelRunForm, *, offers: list[Run] | None = None) -> HttpResponse:
        """The form, or the preview."""
        context: dict[str, Any] = {}
        if offers is not None:
            told = dates.told(self.run)
            context |= {
                "told": told,
                "total": sum(len(group.people) for group in told),
                "subject": cancelled_subject(self.run),
                "body": cancelled_body(self.run, form.cleaned_data["note"], offers),
            }
        return self.render_to_response(self.get_context_data(form=form, preview=offers is not None, **context))
