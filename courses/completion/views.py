"""Attendance and evaluation of a run."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView

from courses.enrolment.models import Enrolment
from courses.runs.models import Run, Session
from engagements.lifecycle import MoveRefused

from . import permissions, results, services
from .forms import EvaluationForm, QuestionsForm, read_marks, written
from .models import EvaluationTicket

NAMES_A_PAGE = 200
"""Well below the number of fields a request may have."""


class RunMixin(LoginRequiredMixin):
    """A page about a run; whoever may not see the page gets 404."""

    run: Run
    page_title: Any = ""
    page_is = ""
    """Which of the links among the run's pages is this one."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Note when the request arrived: deadlines compare with that."""
        super().setup(request, *args, **kwargs)
        self.arrived_at = timezone.now()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the run before anything else."""
        if request.user.is_authenticated:
            rows = self.runs().select_related("course").prefetch_related("teachers")
            self.run = get_object_or_404(rows, reference=kwargs["reference"])
            if self.run.address_args["slug"] != kwargs["slug"] or not self.may_read():
                raise Http404
        return super().dispatch(request, *args, **kwargs)

    def runs(self) -> QuerySet[Run]:
        """The runs the person sees."""
        return Run.objects.visible_to(self.request.user)

    def may_read(self) -> bool:
        """Organisers and the run's teachers."""
        return permissions.may_hold(self.run, self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The run, and who looks."""
        user = self.request.user
        return super().get_context_data(**kwargs) | {
            "run": self.run,
            "page_title": self.page_title,
            "page_is": self.page_is,
            "holds": permissions.may_hold(self.run, user),
            "organises": permissions.may_organise(self.run, user),
        }

    def here(self, name: str, **more: Any) -> str:
        """The address of another page of the run."""
        return reverse(f"completion:{name}", kwargs={**self.run.address_args, **more})


class AttendanceStart(RunMixin, TemplateView):
    """Leads to the session of today, else the last that has begun, else the first."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead on."""
        sessions = list(self.run.sessions.all())
        if not sessions:
            raise Http404
        today = timezone.localdate(self.arrived_at)
        begun = [session for session in sessions if timezone.localdate(session.starts_at) <= today]
        return redirect(self.here("attendance", pk=(begun or sessions[:1])[-1].pk))


class AttendancePage(RunMixin, TemplateView):
    """Who was there, a yes and a no for each; made for a phone in the door of the room."""

    template_name = "courses/completion/attendance.html"
    page_title, page_is = gettext_lazy("Attendance"), "attendance"

    def _session(self) -> Session:
        session: Session = get_object_or_404(self.run.sessions, pk=self.kwargs["pk"])
        session.run = self.run
        return session

    def _page(self) -> Any:
        return Paginator(results.participants(self.run), NAMES_A_PAGE).get_page(self.request.GET.get("page"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Participants with what has been noted, the other sessions, and who saved last."""
        session = self._session()
        page = self._page()
        noted = dict(session.attendance.values_list("enrolment", "present"))
        last = session.attendance.select_related("noted_by").order_by("-noted_at", "-pk").first()
        counts = results.session_counts(self.run)
        return super().get_context_data(**kwargs) | {
            "session": session,
            "page": page,
            "rows": [(enrolment, written(noted.get(enrolment.pk))) for enrolment in page.object_list],
            "total": page.paginator.count,
            "count": next(count for count in counts if count.session.pk == session.pk),
            "counts": counts,
            "last": last,
            "open": permissions.can_be_noted(session, self.arrived_at),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save what was changed, and say what a colleague has noted otherwise."""
        session = self._session()
        listed = self.run.enrolments.values_list("pk", flat=True)
        named = [pk for pk in listed if f"shown-{pk}" in request.POST]
        try:
            noted = services.note_attendance(
                session, read_marks(request.POST, named), by=request.user, at=self.arrived_at
            )
        except MoveRefused as refused:
            messages.error(request, str(refused))
            return redirect(request.get_full_path())
        text = ngettext("Saved: %(n)s participant noted.", "Saved: %(n)s participants noted.", noted.written)
        messages.success(request, text % {"n": noted.written})
        if noted.clashes:
            names = ", ".join(str(enrolment.person) for enrolment in noted.clashes)
            text = _("A colleague has noted otherwise in the meantime, and that has been kept: %(names)s.")
            messages.warning(request, text % {"names": names})
        if noted.gone:
            text = ngettext(
                "%(n)s person no longer has a seat and is not noted.",
                "%(n)s people no longer have a seat and are not noted.",
                noted.gone,
            )
            messages.warning(request, text % {"n": noted.gone})
        return redirect(request.get_full_path())


class EvaluatePage(RunMixin, TemplateView):
    """A participant's evaluation: anonymous, once, for three weeks after the run."""

    template_name = "courses/completion/evaluate.html"
    page_title = gettext_lazy("Evaluate the run")

    def runs(self) -> QuerySet[Run]:
        """Runs the person has a seat on, whoever else sees them."""
        return Run.objects.filter(enrolments__in=self._own())

    def may_read(self) -> bool:
        """Participants."""
        self.enrolment = self._own().filter(run=self.run).get()
        self.enrolment.run = self.run
        return results.is_evaluator(self.enrolment)

    def _own(self) -> QuerySet[Enrolment]:
        return Enrolment.objects.filter(person=self.request.user).seated()

    def _form(self, posted: Any = None) -> EvaluationForm | None:
        given = EvaluationTicket.objects.filter(enrolment=self.enrolment).exists()
        if given or not permissions.can_be_evaluated(self.run, self.arrived_at):
            return None
        return EvaluationForm(posted, questions=services.evaluation_questions(self.run))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The questions; or that the person has answered, or when it is open."""
        return self._show(self._form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Hand in; sent twice it is handed in once."""
        form = self._form(request.POST)
        if form is None:
            return redirect(request.path)
        if form.is_valid():
            try:
                services.evaluate(self.enrolment, form.answers(), by=request.user, at=self.arrived_at)
            except MoveRefused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("Thank you. Your evaluation has been handed in."))
                return redirect(request.path)
        return self._show(form)

    def _show(self, form: EvaluationForm | None) -> HttpResponse:
        given = form is None and EvaluationTicket.objects.filter(enrolment=self.enrolment).exists()
        context = self.get_context_data(
            form=form,
            given=given,
            early=self.arrived_at < self.run.ends_at,
            until=self.run.ends_at + permissions.EVALUATION_OPEN,
        )
        return self.render_to_response(context)


class EvaluationResult(RunMixin, TemplateView):
    """The answers, from five on: a chart for each score, comments in no order."""

    template_name = "courses/completion/evaluation.html"
    page_title, page_is = gettext_lazy("Evaluation"), "evaluation"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The answers and how many have answered."""
        answered = self.run.evaluation_sheets.count()
        shown = results.shown_sheets(self.run).count()
        return super().get_context_data(**kwargs) | {
            "answered": answered,
            "asked": results.evaluators(self.run).count(),
            "needed": results.SHOWN_FROM,
            "shown": shown,
            "questions": results.evaluation(self.run),
            "planned": [] if answered else services.evaluation_questions(self.run),
            "over": self.run.ends_at <= self.arrived_at,
            "until": self.run.ends_at + permissions.EVALUATION_OPEN,
        }


class QuestionsPage(RunMixin, TemplateView):
    """What the evaluation asks; changed until the first answer has come."""

    template_name = "courses/completion/questions.html"
    page_title, page_is = gettext_lazy("Questions of the evaluation"), "evaluation"

    def may_read(self) -> bool:
        """Organisers."""
        return permissions.may_organise(self.run, self.request.user)

    def _form(self, posted: Any = None) -> QuestionsForm:
        asked = services.evaluation_questions(self.run)
        kinds = {"scores": "score", "words": "text"}
        initial = {
            name: "\n".join(question.words for question in asked if question.answered == kind)
            for name, kind in kinds.items()
        }
        return QuestionsForm(posted, initial=initial)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The questions as they are."""
        if self.run.evaluation_sheets.exists():
            return redirect(self.here("evaluation"))
        return self.render_to_response(self.get_context_data(form=self._form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save."""
        form = self._form(request.POST)
        if form.is_valid():
            try:
                services.set_evaluation_questions(self.run, by=request.user, **form.cleaned_data)
            except MoveRefused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("The questions are saved."))
                return redirect(self.here("evaluation"))
        return self.render_to_response(self.get_context_data(form=form))
