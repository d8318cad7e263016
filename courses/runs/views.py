"""The organisers' pages: the list, a new run, the overview of one run, its moves, and a copy of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from engagements.design.lists import Column, ListPage
from engagements.design.moves import MoveView
from engagements.design.templatetags.design import badge
from engagements.design.writing import FormPage, show_refusal
from engagements.lifecycle import MoveRefused

from . import checklist, copying, permissions, services
from .filters import RunFilter
from .forms import CloneForm, NewRunForm
from .models import Run
from .services import SessionPlan
from .standing import standing
from .tabs import address, tabs_of
from .words import rules_in_words


def organised_or_404(user: Any, slug: str, reference: str) -> Run:
    """The run at this address, if the user organises it."""
    rows = Run.objects.organised_by(user).select_related("course")
    run: Run = get_object_or_404(rows, reference=reference)
    if run.address_args["slug"] != slug:
        raise Http404
    return run


class OrganisersMixin(LoginRequiredMixin):
    """A page for those who organise some run; a stranger gets 404."""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Ask who it is before anything else."""
        if request.user.is_authenticated and not permissions.organises_some(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class RunMixin(LoginRequiredMixin):
    """A page of one run for those who organise it, found by `slug` and `reference`; templates extend `frame.html`.

    Set `active_tab` to the page's address name in `tabs.PAGES`, and `page_title` where the page is no tab.
    """

    active_tab = "runs:edit"
    page_title: Any = ""
    run: Run
    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Find the run before anything else, and note when the request arrived."""
        self.arrived_at = timezone.now()
        if request.user.is_authenticated:
            self.run = organised_or_404(request.user, kwargs["slug"], kwargs["reference"])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The run, where it stands, and the pages about it."""
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        tabs = tabs_of(self.run, self.active_tab)
        return {
            "run": self.run,
            "standing": standing(self.run, self.arrived_at),
            "tabs": tabs,
            "page_title": self.page_title or next((tab.label for tab in tabs if tab.active), ""),
            "overview": reverse("runs:edit", kwargs=self.run.address_args),
            "public_page": address(self.run, "courses:run"),
        } | context


class RunFormPage(RunMixin, FormPage):
    """A form about a run on one topic; it leads back to the overview."""

    template_name = "courses/runs/form.html"
    done = gettext_lazy("The run is changed.")

    def overview(self) -> str:
        """Where one goes next unless there is a better place."""
        return reverse("runs:edit", kwargs=self.run.address_args)


def _standing_cell(row: Run) -> SafeString:
    found = standing(row)
    return badge(found.label, found.colour)


def _seats(row: Run) -> str:
    return _("%(x)s of %(n)s") % {"x": row.taken, "n": row.capacity}


class RunList(OrganisersMixin, ListPage):
    """Every run the user organises; those to come first."""

    heading = gettext_lazy("Runs")
    intro = gettext_lazy("Courses, theme days and network meetings with their dates and seats.")
    filterset_class = RunFilter
    default_sort = ("-starts_at",)
    empty_title = gettext_lazy("No runs yet")
    empty_text = gettext_lazy("Make the first one; it stays a draft until you publish it.")
    columns = [
        Column("starts_at", gettext_lazy("Begins"), sort="starts_at"),
        Column("title", gettext_lazy("Title"), template="courses/runs/title_cell.html"),
        Column("reference", gettext_lazy("Reference"), sort="reference", template="courses/runs/reference_cell.html"),
        Column("kind", gettext_lazy("Kind"), sort="kind"),
        Column("standing", gettext_lazy("State"), _standing_cell),
        Column("taken", gettext_lazy("Seats taken"), _seats, sort="taken", numeric=True),
        Column("waiting", gettext_lazy("Waiting"), sort="waiting", numeric=True),
    ]

    def get_queryset(self) -> QuerySet[Run]:
        """With how many wait."""
        rows = Run.objects.organised_by(self.request.user).select_related("course")
        return rows.annotate(waiting=Count("enrolments", filter=Q(enrolments__state="waiting")))

    def get_actions(self) -> list[tuple[Any, str]]:
        """A new run, and what the runs have come to."""
        return [(_("New run"), reverse("runs:new")), (_("Reports"), reverse("courses:reports"))]


class NewRun(OrganisersMixin, TemplateView):
    """A draft with its first session."""

    template_name = "courses/runs/new.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """An empty form; `?course=<slug>` chooses the course."""
        form = NewRunForm(user=request.user)
        chosen = form.fields["course"].queryset.filter(slug=request.GET.get("course", "")[:60]).first()  # type: ignore[attr-defined]
        if chosen is not None:
            form.initial = {"kind": Run.Kind.COURSE, "course": chosen}
        return self.render_to_response(self.get_context_data(form=form))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make the draft and go on to what is missing."""
        form = NewRunForm(request.POST, user=request.user)
        if form.is_valid():
            fields = form.cleaned_data
            first = SessionPlan(
                fields["starts_at"], fields["ends_at"], place=fields["place"], online_link=fields["online_link"]
            )
            try:
                run = services.plan_run(
                    by=request.user,  # type: ignore[arg-type]
                    starts_at=first.starts_at,
                    ends_at=first.ends_at,
                    sessions=[first],
                    kind=fields["kind"],
                    course=fields["course"],
                    own_title=fields["own_title"],
                    capacity=fields["capacity"],
                    contact=request.user.email,  # type: ignore[union-attr]
                )
            except (ValidationError, MoveRefused) as refused:
                show_refusal(form, refused)
            else:
                messages.success(request, _("The draft is made. Go through what is missing, and publish it."))
                return redirect(reverse("runs:edit", kwargs=run.address_args))
        return self.render_to_response(self.get_context_data(form=form))


class Overview(RunMixin, TemplateView):
    """What is missing, how many are in and wait, the dates and the rules."""

    template_name = "courses/runs/overview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Counts come from the enrolments, asked for in one query."""
        run = self.run
        late = Count("pk", filter=Q(late=True))
        rows = list(run.enrolments.order_by().values_list("state").annotate(Count("pk"), missing=late))
        found = [(point, address(run, point.page)) for point in checklist.points(run, self.arrived_at)]
        interested = run.course.interested.count() if run.course and run.state == run.State.DRAFT else 0
        return super().get_context_data(**kwargs) | {
            "points": found if run.state != run.State.CANCELLED and run.ends_at > self.arrived_at else [],
            "blocked": any(point.blocks for point, _url in found),
            "counts": {state: count for state, count, _late in rows},
            "late": sum(late for _state, _count, late in rows),
            "participants": address(run, "enrolment:participants"),
            "sessions": run.sessions.all(),
            "teachers": run.teachers.all(),
            "rules": rules_in_words(run),
            "interested": 0 if run.members_only else interested,
            "dates_address": address(run, "enrolment:dates"),
            "cancel_address": address(run, "enrolment:cancel_run"),
        }


class Move(MoveView):
    """Publish."""

    def get_object(self, queryset: Any = None) -> Run:
        """A run the user organises."""
        return organised_or_404(self.request.user, self.kwargs["slug"], self.kwargs["reference"])

    def get_success_url(self) -> str:
        """The organiser's overview."""
        return reverse("runs:edit", kwargs=self.object.address_args)


class Clone(RunFormPage):
    """A copy on other dates: first the new dates, then the draft."""

    page_title = gettext_lazy("Copy the run")
    template_name = "courses/runs/clone.html"
    done = gettext_lazy("The copy is made as a draft.")

    def make_form(self, *args: Any, **kwargs: Any) -> CloneForm:
        """The new first day."""
        return CloneForm(*args)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the dates; make the copy once they have been seen."""
        if "make" in request.POST:
            return super().post(request, *args, **kwargs)
        form = self.make_form(request.POST)
        context: dict[str, Any] = {"form": form}
        if form.is_valid():
            context["preview"] = copying.dates_of_copy(self.run, form.cleaned_data["starts_on"])
        return self.render_to_response(self.get_context_data(**context))

    def save(self, form: CloneForm) -> str:
        """Make it."""
        copy = copying.clone_run(
            self.run,
            form.cleaned_data["starts_on"],
            by=self.request.user,  # type: ignore[arg-type]
            with_material=form.cleaned_data["with_material"],
        )
        return reverse("runs:edit", kwargs=copy.address_args)
