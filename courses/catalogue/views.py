"""The pages of those who look after the catalogue, and the interest list's two buttons."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from engagements.design.lists import Column, ListPage
from engagements.design.moves import MoveView
from engagements.design.writing import FormPage
from engagements.lifecycle import MoveRefused
from engagements.people.models import Membership
from engagements.records.access import address

from . import services
from .filters import DeskFilter, PathDeskFilter
from .forms import CourseForm, MaterialForm, PathForm, StepFormSet
from .models import Course, CourseMaterial, Interest, LearningPath
from .permissions import administers

STATE = Column("state", gettext_lazy("State"), sort="state", template="components/state_cell.html")


class Administered(LoginRequiredMixin):
    """For those who look after the catalogue; for others there is nothing here."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """404 for everyone else who is signed in."""
        if request.user.is_authenticated and not administers(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class CourseDesk(Administered, ListPage):
    """All courses, drafts and retired ones too, with how many wait for a date."""

    heading = gettext_lazy("Look after the catalogue")
    intro = gettext_lazy("All courses, also drafts and those no longer offered.")
    template_name = "courses/catalogue/desk.html"
    filterset_class = DeskFilter
    default_sort = "folded_title"
    empty_title = gettext_lazy("No courses yet")
    empty_text = gettext_lazy("Make the first one; it is a draft until you publish it.")
    columns = [
        Column("title", gettext_lazy("Course"), sort="folded_title", link=True),
        Column("subject", gettext_lazy("Subject"), sort="subject__order"),
        Column("level", gettext_lazy("Level"), sort="level"),
        Column("runs_total", gettext_lazy("Runs"), sort="runs_total", numeric=True),
        Column(
            "waiting",
            gettext_lazy("On the interest list"),
            sort="waiting",
            numeric=True,
            template="courses/catalogue/waiting_cell.html",
        ),
        STATE,
    ]

    def get_queryset(self) -> QuerySet[Course]:
        """Every course with its numbers."""
        interest = Interest.objects.waiting().filter(course=OuterRef("pk")).order_by().values("course")
        waiting = Subquery(interest.annotate(n=Count("pk")).values("n"))
        return (
            Course.objects.visible_to(self.request.user)
            .select_related("subject")
            .annotate(runs_total=Count("runs"), waiting=Coalesce(waiting, 0))
        )

    def get_actions(self) -> list[tuple[Any, str]]:
        """The first step of a new course."""
        return [(_("New course"), reverse("catalogue:new"))]


class PathDesk(Administered, ListPage):
    """All learning paths, drafts and retired ones too."""

    heading = gettext_lazy("Look after learning paths")
    intro = gettext_lazy("All learning paths, also drafts and those no longer offered.")
    template_name = "courses/catalogue/desk.html"
    filterset_class = PathDeskFilter
    default_sort = "folded_title"
    empty_title = gettext_lazy("No learning paths yet")
    empty_text = gettext_lazy("Make the first one; it is a draft until you publish it.")
    columns = [
        Column("title", gettext_lazy("Learning path"), sort="folded_title", link=True),
        Column("steps_total", gettext_lazy("Courses"), sort="steps_total", numeric=True),
        Column("ordered", gettext_lazy("In order"), sort="ordered"),
        STATE,
    ]

    def get_queryset(self) -> QuerySet[LearningPath]:
        """Every path with its number of courses."""
        return LearningPath.objects.visible_to(self.request.user).annotate(steps_total=Count("steps"))

    def get_actions(self) -> list[tuple[Any, str]]:
        """The first step of a new path."""
        return [(_("New learning path"), reverse("catalogue:new_path"))]


class WritePage(Administered, FormPage):
    """A form on a thing of the catalogue."""

    template_name = "courses/catalogue/write.html"
    thing: Any = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The thing, and the way back."""
        return super().get_context_data(**kwargs) | {
            "thing": self.thing,
            "back": self.thing.get_absolute_url() if self.thing else reverse("catalogue:desk"),
        }


class WriteCourse(WritePage):
    """Make or change a course."""

    def prepare(self) -> None:
        """The course, if it is there already."""
        slug = self.kwargs.get("slug")
        self.thing = get_object_or_404(Course.objects.visible_to(self.request.user), slug=slug) if slug else None
        self.page_title = _("Change the course") if slug else _("New course")

    def make_form(self, *args: Any) -> CourseForm:
        """The facts of the course."""
        return CourseForm(*args, instance=self.thing or Course())

    def save(self, form: CourseForm) -> str:
        """Save it; a new one is a draft."""
        fields = {name: form.cleaned_data[name] for name in CourseForm.Meta.fields}
        stored = Course.objects.get(pk=self.thing.pk) if self.thing else None
        course = services.write_course(stored, by=self.request.user, version=form.expected_version, **fields)
        messages.success(self.request, _("The course is saved.") if stored else _("The course is saved as a draft."))
        return course.get_absolute_url()


class WritePath(WritePage):
    """Make or change a learning path with its courses."""

    template_name = "courses/catalogue/write_path.html"

    def prepare(self) -> None:
        """The path, if it is there already."""
        slug = self.kwargs.get("slug")
        self.thing = get_object_or_404(LearningPath.objects.visible_to(self.request.user), slug=slug) if slug else None
        self.page_title = _("Change the learning path") if slug else _("New learning path")

    def make_form(self, *args: Any) -> PathForm:
        """The path, and a row for each course with some empty ones."""
        stored = list(self.thing.steps.select_related("course")) if self.thing else []
        initial = [
            {"course": step.course_id, "order": place, "required": step.required}
            for place, step in enumerate(stored, 1)
        ]
        # A row that says what is stored is a row like any other.
        each = {"empty_permitted": False, "use_required_attribute": False}
        self.steps = StepFormSet(*args[:1], initial=initial, prefix="steps", form_kwargs=each)
        return PathForm(*args, instance=self.thing or LearningPath())

    def is_valid(self, form: PathForm) -> bool:
        """The path and its rows, and a number needed that the rows can meet."""
        both = [form.is_valid(), self.steps.is_valid()]
        if all(both):
            needed, total = form.cleaned_data["needed"], len(self.steps.steps())
            if needed is not None and not 1 <= needed <= total:
                form.add_error("needed", _("Write a number from 1 to the number of courses on the path."))
                return False
        return all(both)

    def save(self, form: PathForm) -> str:
        """Save it; a new one is a draft."""
        fields = {name: form.cleaned_data[name] for name in PathForm.Meta.fields}
        stored = LearningPath.objects.get(pk=self.thing.pk) if self.thing else None
        path = services.write_path(
            stored, steps=self.steps.steps(), by=self.request.user, version=form.expected_version, **fields
        )
        saved, draft = _("The learning path is saved."), _("The learning path is saved as a draft.")
        messages.success(self.request, saved if stored else draft)
        return path.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rows beside the form."""
        return super().get_context_data(**kwargs) | {
            "steps": self.steps,
            "page_has_errors": self.steps.is_bound and not self.steps.is_valid(),
        }


class MaterialPage(WritePage):
    """The course's material: what is there, and one more file or link."""

    template_name = "courses/catalogue/material.html"

    def prepare(self) -> None:
        """The course."""
        self.thing = get_object_or_404(Course.objects.visible_to(self.request.user), slug=self.kwargs["slug"])
        self.page_title = _("Material for participants")

    def make_form(self, *args: Any) -> MaterialForm:
        """One more."""
        return MaterialForm(*args)

    def save(self, form: MaterialForm) -> str:
        """Put it with the course."""
        services.add_material(self.thing, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, _("The material is added."))
        return reverse("catalogue:material", args=[self.thing.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is there."""
        material = [(one, address(one) if one.file else one.link) for one in self.thing.material.all()]
        return super().get_context_data(**kwargs) | {"material": material}


class RemoveMaterial(Administered, TemplateView):
    """Asks before a file or link is taken away."""

    template_name = "courses/catalogue/remove_material.html"

    def _found(self) -> CourseMaterial:
        rows = CourseMaterial.objects.select_related("course")
        return get_object_or_404(rows, course__slug=self.kwargs["slug"], pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What would be taken away."""
        return super().get_context_data(**kwargs) | {"material": self._found()}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take it away."""
        services.remove_material(self._found(), by=request.user)
        messages.success(request, _("The material is removed."))
        return redirect("catalogue:material", self.kwargs["slug"])


def _from_where(interest: Interest) -> str:
    return ", ".join(sorted({str(membership.municipality) for membership in interest.person.active}))


class Interested(Administered, ListPage):
    """Who waits for a date of the course."""

    template_name = "courses/catalogue/interested.html"
    intro = gettext_lazy("They are told when a run is published, and leave the list when they enrol.")
    default_sort = "since"
    empty_title = gettext_lazy("Nobody is on the interest list")
    empty_text = gettext_lazy("People can put themselves on the list while no run of the course is open.")
    columns = [
        Column("person", gettext_lazy("Person"), sort=("person__first_name", "person__last_name")),
        Column("email", gettext_lazy("E-mail"), "person.email", sort="person__email"),
        Column("municipality", gettext_lazy("Municipality"), _from_where),
        Column("since", gettext_lazy("Since"), sort="since"),
    ]

    def get_heading(self) -> str:
        """Names the course."""
        return _("Interest list: %(course)s") % {"course": self.course}

    def get_extra_context(self) -> dict[str, Any]:
        """The course, as the way back."""
        return {"course": self.course}

    def get_queryset(self) -> QuerySet[Interest]:
        """Those who still wait."""
        self.course = get_object_or_404(Course.objects.visible_to(self.request.user), slug=self.kwargs["slug"])
        rows = Interest.objects.visible_to(self.request.user).waiting().filter(course=self.course)
        here = Prefetch("person__memberships", Membership.objects.active().select_related("municipality"), "active")
        return rows.select_related("person").prefetch_related(here)


class InterestView(LoginRequiredMixin, View):
    """On the interest list and off it again."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Whoever signed in on the way finds the buttons on the course's page."""
        return redirect("courses:course", slug)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """`act` says on or off."""
        course = get_object_or_404(Course.objects.visible_to(request.user), slug=slug)
        if request.POST.get("act") == "off":
            services.withdraw_interest(course, by=request.user)
            messages.success(request, _("You are no longer on the interest list."))
            return redirect(course)
        try:
            services.show_interest(course, by=request.user)
        except MoveRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("You are on the interest list. We write to you when the course gets a date."))
        return redirect(course)


class CatalogueMove(MoveView):
    """Publish and retire."""

    kinds: dict[str, Any] = {"kursus": Course, "forloeb": LearningPath}

    def get_queryset(self) -> QuerySet[Any]:
        """Courses or paths, as the address says."""
        if self.kwargs["kind"] not in self.kinds:
            raise Http404
        rows: QuerySet[Any] = self.kinds[self.kwargs["kind"]].objects.visible_to(self.request.user)
        return rows
