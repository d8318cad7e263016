"""The list of participants with its spreadsheets and PDFs, a municipality's rule, and calendars."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Case, IntegerField, Prefetch, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from courses.runs.models import Question, Run, Session
from courses.runs.permissions import may_hold, may_organise
from courses.runs.tabs import tabs_of
from engagements.design import spreadsheets
from engagements.design.lists import Column, ListPage
from engagements.lifecycle import record
from engagements.municipalities.models import Municipality
from engagements.people import permissions as who

from . import calendars, documents
from .explaining import places
from .filters import ParticipantFilter
from .forms import PolicyForm
from .late import late_cancellations
from .models import CalendarFeed, Enrolment, EnrolmentState, Policy, QuestionAnswer, new_token
from .policies import change_policy
from .views import RunMixin

IN_ORDER = [
    EnrolmentState.SEATED,
    EnrolmentState.OFFERED,
    EnrolmentState.WAITING,
    EnrolmentState.REQUESTED,
    EnrolmentState.CANCELLED,
    EnrolmentState.REJECTED,
    EnrolmentState.EXPIRED,
    EnrolmentState.UNSEATED,
]
"""Those with a seat first; those whose enrolment has ended last."""


MOST_TURNS = 300
"""So far down a waiting list that is not in the order of enrolment the list is sorted; the place is shown for all."""


def in_order(rows: QuerySet[Enrolment], line: dict[int, int]) -> QuerySet[Enrolment]:
    """With `rank`, which sorts by state as the list shows it, and `turn`, the place in line where it is not by arrival."""
    cases = [When(state=state, then=Value(rank)) for rank, state in enumerate(IN_ORDER)]
    turns: list[When] = []
    if list(line) != sorted(line):
        turns = [When(pk=pk, then=Value(place)) for pk, place in list(line.items())[:MOST_TURNS]]
    return rows.annotate(
        rank=Case(*cases, default=Value(len(IN_ORDER)), output_field=IntegerField()),
        turn=Case(*turns, default=Value(MOST_TURNS + 1), output_field=IntegerField()),
    )


class Participants(RunMixin, ListPage):
    """Who comes, who waits in which order, and what they answered; for the organiser and the teachers."""

    template_name = "courses/enrolment/participants.html"
    intro = gettext_lazy("Those with a seat first, then those who wait, in the order of the line.")
    filterset_class = ParticipantFilter
    default_sort = ("rank", "turn", "pk")
    empty_title = gettext_lazy("Nobody is enrolled yet")
    empty_text = gettext_lazy("Participants appear here as soon as somebody enrols.")

    def may_enter(self) -> bool:
        """Organisers and the run's own teachers."""
        return may_hold(self.run, self.request.user)

    def get_heading(self) -> str:
        """Named after the run; the spreadsheet too."""
        return _("Participants: %(run)s") % {"run": self.run.title}

    def get_queryset(self) -> QuerySet[Enrolment]:
        """Everyone who is or was enrolled."""
        rows = in_order(Enrolment.objects.visible_to(self.request.user).filter(run=self.run), self.line)
        answers = QuestionAnswer.objects.only("enrolment_id", "question_id", "text")
        if self.asked:
            rows = rows.prefetch_related(Prefetch("answers", answers))
        return rows.select_related("person", "municipality", "created_by")

    @cached_property
    def line(self) -> dict[int, int]:
        """Places on the waiting list, the first first."""
        return places(self.run)

    @cached_property
    def asked(self) -> list[Question]:
        """The questions whose answers this reader may see: the organiser's only."""
        return list(self.run.questions.all()) if may_organise(self.run, self.request.user) else []

    def get_columns(self) -> Sequence[Column]:
        """The person, the state with the place in line, a column for each question; in a file also how to write."""
        fetched = self.request.GET.get("format") in spreadsheets.FORMATS
        more = [
            Column("email", _("E-mail address"), "person.email"),
            Column("in_training", _("In training")),
            Column("created_at", _("Enrolled")),
        ]
        return [
            Column("person", _("Name"), sort=("person__first_name", "person__last_name"), link=True),
            Column("municipality", _("Municipality"), "municipality.name", sort="municipality__folded_name"),
            Column("role", _("Role"), role_of, sort="role"),
            Column("state", _("State"), sort="rank", template="" if fetched else "components/state_cell.html"),
            Column("place", _("Place in line"), lambda row: self.line.get(row.pk), numeric=True),
            *(more if fetched else []),
            *[Column(f"q{one.pk}", one.text, accessor=lambda row, pk=one.pk: answer_to(row, pk)) for one in self.asked],
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page; that somebody fetched the list is recorded."""
        if request.GET.get("format") in spreadsheets.FORMATS:
            seen(self.run, request.user, str(request.GET["format"]))
        return super().get(request, *args, **kwargs)

    def get_extra_context(self) -> dict[str, Any]:
        """The run, its sessions for the sign-in lists, and the counts."""
        organises = may_organise(self.run, self.request.user)
        return {
            "run": self.run,
            "sessions": list(self.run.sessions.all()),
            "tabs": tabs_of(self.run, "enrolment:participants") if organises else [],
            "late": late_cancellations(self.run) if organises else [],
        }


def role_of(row: Enrolment) -> str:
    """The role the person was enrolled in, and whether in training."""
    return ", ".join(filter(None, [row.get_role_display(), _("in training") if row.in_training else ""]))


def answer_to(row: Enrolment, question: int) -> str:
    """The participant's answer to a question; empty where there is none."""
    return next((answer.text for answer in row.answers.all() if answer.question_id == question), "")


def seen(run: Run, user: Any, what: str) -> None:
    """Note who fetched the list, and as what."""
    record(run, "list_seen", by=user, fetched=what)


class Paper(RunMixin, View):
    """The list of participants, the name badges, or the sign-in list of a session as a PDF."""

    request: HttpRequest

    def may_enter(self) -> bool:
        """Organisers and the run's own teachers."""
        return may_hold(self.run, self.request.user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The PDF, made now; that it was fetched is recorded."""
        paper = kwargs["paper"]
        if paper == "sign_in":
            session = get_object_or_404(Session, run=self.run, pk=kwargs["session"])
            made = documents.sign_in_list(self.run, session)
        else:
            made = documents.participant_list(self.run) if paper == "list" else documents.badges(self.run)
        seen(self.run, request.user, paper)
        answer = HttpResponse(made, content_type="application/pdf")
        answer["Content-Disposition"] = f'inline; filename="{self.run.reference}-{paper}.pdf"'
        return answer


class PolicyPage(LoginRequiredMixin, TemplateView):
    """A municipality's own rule: whether a leader approves those who enrol themselves."""

    template_name = "courses/enrolment/policy.html"

    def prepare(self) -> None:
        """For leaders and coordinators of the municipality."""
        user = self.request.user
        self.municipality = get_object_or_404(Municipality, code=self.kwargs["code"])
        if not who.may_enrol_for(self.municipality, user):
            raise Http404
        self.policy = Policy.objects.filter(municipality=self.municipality).first() or Policy(
            municipality=self.municipality
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The rule as it is."""
        self.prepare()
        return self.render_to_response(self.get_context_data(form=PolicyForm(instance=self.policy)))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save it; those who await approval already still do."""
        self.prepare()
        form = PolicyForm(request.POST, instance=self.policy)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        user: Any = request.user
        change_policy(self.municipality, by=user, **form.cleaned_data)
        messages.success(request, _("The rule is saved and applies to enrolments from now on."))
        return redirect("courses:municipality", self.municipality.code)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The municipality."""
        return super().get_context_data(**kwargs) | {"municipality": self.municipality}


class RunCalendar(View):
    """A run as a calendar file; links of online sessions only for those with a seat."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Anyone who may see the run may put it in a calendar."""
        runs = Run.objects.visible_to(request.user).select_related("course").prefetch_related("sessions")
        run = get_object_or_404(runs, reference=kwargs["reference"])
        user: Any = request.user
        seated = user.is_authenticated and run.enrolments.seated().filter(person=user).exists()
        file = calendars.invitation(run, method="PUBLISH", with_links=seated)
        return _calendar(file.read(), str(file.name))


class Feed(View):
    """A person's own calendar at an address that only they know; no sign-in, since a calendar program has none."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """404 for an address that never was or was closed."""
        found = get_object_or_404(CalendarFeed.objects.select_related("person"), token=kwargs["token"])
        if not found.person.is_active:
            raise Http404
        answer = _calendar(calendars.feed(found.person), "kurser.ics")
        answer["X-Robots-Tag"] = "noindex"
        return answer


def _calendar(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


class NewFeed(LoginRequiredMixin, View):
    """Make the address of the own calendar, or another one: the old one is closed at once."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A new secret, or none any more."""
        user: Any = request.user
        if request.POST.get("close"):
            CalendarFeed.objects.filter(person=user).delete()
            messages.success(request, _("The address of your calendar is closed."))
        else:
            _feed, made = CalendarFeed.objects.update_or_create(person=user, defaults={"token": new_token()})
            messages.success(
                request,
                _("Your calendar has an address.")
                if made
                else _("Your calendar has a new address. The old one no longer works."),
            )
        return redirect(f"{reverse('courses:mine')}#calendar")
