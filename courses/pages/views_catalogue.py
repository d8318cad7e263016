"""The catalogue: the list of courses, a course, the learning paths, a path."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from courses.catalogue import words
from courses.catalogue.models import Course, Interest, LearningPath, PathStep, Shown
from courses.catalogue.permissions import administers, may_have_material
from courses.catalogue.progress import Progress, completed_by, in_words, progress
from courses.runs.models import Run
from courses.runs.permissions import organises_some
from engagements.design.lists import Column, ListPage
from engagements.records.access import address

from .filters_catalogue import CatalogueFilter, PathFilter
from .shown import ShownRun, next_to_join, show

NO_DATE = datetime(2999, 1, 1, tzinfo=UTC)
TEASER = 3
EVENTS = 20


@dataclass(frozen=True)
class Card:
    """A course in the list, with the run one would take and how many more there are."""

    course: Course
    next: ShownRun | None
    more: int


class CourseList(ListPage):
    """Courses that are offered, soonest first, with theme days and learning paths beside them."""

    heading = gettext_lazy("Courses")
    template_name = "courses/pages/catalogue.html"
    filterset_class = CatalogueFilter
    default_sort = ("soonest", "folded_title")
    empty_title = gettext_lazy("No courses are offered now")
    empty_text = gettext_lazy("New courses are announced here.")
    columns = [
        Column("next_start", gettext_lazy("Next run"), sort=("soonest", "folded_title")),
        Column("title", gettext_lazy("Course"), sort="folded_title"),
        Column("subject", gettext_lazy("Subject"), sort=("subject__order", "folded_title")),
        Column("level", gettext_lazy("Level")),
        Column("hours", gettext_lazy("Hours of teaching"), numeric=True),
        Column("summary", gettext_lazy("Summary")),
    ]

    def get_queryset(self) -> QuerySet[Course]:
        """What the catalogue offers, with the date of the next run this visitor sees; those one can still join first."""
        now = timezone.now()
        seen = Run.objects.filter(pk__in=Run.objects.visible_to(self.request.user).values("pk"))
        upcoming = seen.upcoming(now).filter(course=OuterRef("pk"), starts_at__gt=now)
        begins = upcoming.values("starts_at")
        soonest = Coalesce(Subquery(begins.filter(closes_at__gte=now)[:1]), Value(NO_DATE))
        return (
            Course.objects.offered()
            .select_related("subject")
            .annotate(next_start=Subquery(begins[:1]), soonest=soonest)
        )

    def get_actions(self) -> list[tuple[Any, str]]:
        """The desk and the runs, for those who look after them."""
        user = self.request.user
        desk = [(_("Look after the catalogue"), reverse("catalogue:desk"))] if administers(user) else []
        return desk + ([(_("Plan runs"), reverse("runs:list"))] if organises_some(user) else [])

    def get_extra_context(self) -> dict[str, Any]:
        """The runs of the courses on this page, and what stands beside them on the first."""
        courses = list(self.object_list)
        first = not self.request.GET.get("page", "").strip("1")
        wanted = Q(course__in=courses)
        if first and self.filterset.shows_events():
            wanted |= Q(course=None)
        runs = self.filterset.runs().filter(wanted).select_related("course").prefetch_related("sessions")
        of_course: dict[int | None, list[ShownRun]] = defaultdict(list)
        for shown in show(runs, self.request.user, timezone.now()):
            of_course[shown.run.course_id].append(shown)
        events = [shown for shown in of_course[None] if self.filterset.names_event(shown.run)]
        return {
            "cards": [_card(course, of_course[course.pk]) for course in courses],
            "events": events[:EVENTS],
            "paths": LearningPath.objects.offered()[:TEASER] if first else [],
            "words": words.of_catalogue(self.request.user),
        }


def _card(course: Course, runs: list[ShownRun]) -> Card:
    chosen = next_to_join(runs)
    return Card(course, chosen, len(runs) - 1 if chosen else 0)


class CoursePage(TemplateView):
    """A course: what it is, when it is held, its material, the paths it belongs to, the interest list."""

    template_name = "courses/pages/course.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything this visitor may see of it."""
        user, now = self.request.user, timezone.now()
        rows = Course.objects.visible_to(user).select_related("subject")
        course = get_object_or_404(rows, slug=self.kwargs["slug"])
        runs = Run.objects.visible_to(user).filter(course=course).select_related("course").prefetch_related("sessions")
        shown = show(runs.order_by("starts_at", "pk"), user, now)
        upcoming = [one for one in shown if one.run.ends_at > now]
        looks_after = administers(user)
        return super().get_context_data(**kwargs) | {
            "course": course,
            "facts": _facts(course),
            "words": words.of_course(course, user),
            "upcoming": upcoming,
            "earlier": [one for one in reversed(shown) if one.run.ends_at <= now],
            "material": self._material(course, shown),
            "paths": LearningPath.objects.visible_to(user).filter(steps__course=course).distinct(),
            "looks_after": looks_after,
            "waiting": Interest.objects.waiting().filter(course=course).count() if looks_after else 0,
            **self._interest(course, upcoming),
        }

    def _material(self, course: Course, shown: list[ShownRun]) -> list[tuple[Any, str]]:
        if not self.request.user.is_authenticated or not may_have_material(course, self.request.user):
            return []
        return [(one, address(one) if one.file else one.link) for one in course.material.all()]

    def _interest(self, course: Course, upcoming: list[ShownRun]) -> dict[str, Any]:
        """The interest list is for a course without a run one could enrol on."""
        user = self.request.user
        own = Interest.objects.filter(course=course, person=user).first() if user.is_authenticated else None
        none_open = not any(one.standing.takes_enrolments or one.mine for one in upcoming)
        return {"interest": own, "may_show_interest": none_open and course.state == Shown.PUBLISHED}


def _facts(course: Course) -> list[tuple[str, Any]]:
    facts = [
        (_("Subject"), course.subject),
        (_("Level"), course.get_level_display().capitalize()),
        (_("Hours of teaching"), course.hours),
        (_("For whom"), course.audience),
    ]
    return [(label, value) for label, value in facts if value]


STEPS = Prefetch("steps", PathStep.objects.select_related("course"))


class PathList(ListPage):
    """Learning paths that are offered, with the visitor's own progress."""

    heading = gettext_lazy("Learning paths")
    intro = gettext_lazy("Courses that belong together. Take them at the pace that suits you and your workplace.")
    template_name = "courses/pages/paths.html"
    filterset_class = PathFilter
    default_sort = "folded_title"
    downloads = False
    empty_title = gettext_lazy("No learning paths are offered now")
    empty_text = gettext_lazy("New learning paths are announced here.")

    def get_queryset(self) -> QuerySet[LearningPath]:
        """With their courses."""
        return LearningPath.objects.offered().prefetch_related(STEPS)

    def get_actions(self) -> list[tuple[Any, str]]:
        """The desk, for those who look after the catalogue."""
        looks_after = administers(self.request.user)
        return [(_("Look after learning paths"), reverse("catalogue:paths_desk"))] if looks_after else []

    def get_extra_context(self) -> dict[str, Any]:
        """Requirements in words and progress."""
        completed = completed_by(self.request.user)
        return {"paths": [(path, in_words(path), progress(path, completed)) for path in self.object_list]}


@dataclass(frozen=True)
class ShownStep:
    """A course on the path: done or not, and its next run."""

    step: PathStep
    done: bool
    next: ShownRun | None


class PathPage(TemplateView):
    """A learning path: its courses, what completes it, how far the visitor is, and which course may come next."""

    template_name = "courses/pages/path.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The path with the next run of each course."""
        user = self.request.user
        rows = LearningPath.objects.visible_to(user).prefetch_related(STEPS)
        path = rows.filter(slug=self.kwargs["slug"]).first()
        if path is None:
            raise Http404
        here = progress(path, completed_by(user))
        steps = self._steps(path, here)
        return super().get_context_data(**kwargs) | {
            "path": path,
            "requirements": in_words(path),
            "progress": here if user.is_authenticated else None,
            "steps": steps,
            "next": _next_step(steps, here) if user.is_authenticated and not here.complete else None,
            "looks_after": administers(user),
        }

    def _steps(self, path: LearningPath, here: Progress) -> list[ShownStep]:
        """Its courses; one that is still a draft only to those who write it."""
        user, now = self.request.user, timezone.now()
        seen = [step for step in path.steps.all() if step.course.state != Shown.DRAFT or administers(user)]
        runs = Run.objects.visible_to(user).upcoming(now).filter(course__in=[step.course_id for step in seen])
        of_course: dict[int | None, list[ShownRun]] = defaultdict(list)
        for shown in show(runs.select_related("course").prefetch_related("sessions"), user, now):
            of_course[shown.run.course_id].append(shown)
        return [ShownStep(step, step.course_id in here.done, next_to_join(of_course[step.course_id])) for step in seen]


def _next_step(steps: list[ShownStep], here: Progress) -> ShownStep | None:
    """The first course that comes next; on a free path the one that is held soonest."""
    left = [step for step in steps if step.step in here.left]
    dated = [step for step in left if step.next is not None]
    return min(dated, key=lambda step: step.next.run.starts_at) if dated else next(iter(left), None)
