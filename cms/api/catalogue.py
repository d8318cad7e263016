"""Subjects, courses and learning paths."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema

from courses.catalogue.models import Course, LearningPath, PathStep, Shown, Subject

from .answers import as_csv
from .listing import KEY, Filters, Listing, Paging, known, page_of

router = Router(tags=["catalogue"])


class SubjectOut(Schema):
    """What courses are about."""

    key: str = Field(description=_("Short name, used as a filter."))
    title_da: str = Field(description=_("Title in Danish."))
    title_en: str = Field(description=_("Title in English; may be empty."))


class CourseOut(Schema):
    """A course that is offered."""

    slug: str = Field(description=_("Short name, used as a filter and in addresses."))
    title_da: str = Field(description=_("Title in Danish."))
    title_en: str = Field(description=_("Title in English; may be empty."))
    summary_da: str = Field(description=_("Summary in Danish."))
    summary_en: str = Field(description=_("Summary in English; may be empty."))
    subject: str = Field(description=_("Key of the subject."))
    level: Course.Level = Field(description=_("How much one should know beforehand."))
    hours: int | None = Field(description=_("Hours of teaching."))
    audience: str = Field(description=_("For whom."))
    aims: list[str] = Field(description=_("What one learns."))
    learning_paths: list[str] = Field(description=_("Short names of the learning paths it belongs to."))
    url: str = Field(description=_("Address of its page."))


class StepOut(Schema):
    """A course on a learning path."""

    course: str = Field(description=_("Short name of the course."))
    required: bool = Field(description=_("Whether the course must be taken."))


class PathOut(Schema):
    """A learning path that is offered."""

    slug: str = Field(description=_("Short name, used as a filter and in addresses."))
    title_da: str = Field(description=_("Title in Danish."))
    title_en: str = Field(description=_("Title in English; may be empty."))
    summary_da: str = Field(description=_("Summary in Danish."))
    summary_en: str = Field(description=_("Summary in English; may be empty."))
    ordered: bool = Field(description=_("Whether the courses are taken in order."))
    needed: int | None = Field(description=_("Courses that complete it; empty: all."))
    courses: list[StepOut] = Field(description=_("Its courses, in order."))
    url: str = Field(description=_("Address of its page."))


class CourseFilters(Filters):
    """Which courses."""

    subject: str | None = Field(default=None, pattern=KEY, max_length=40, description=_("Key of a subject."))
    level: Course.Level | None = Field(default=None, description=_("How much one should know beforehand."))
    learning_path: str | None = Field(
        default=None, pattern=KEY, max_length=60, description=_("Short name of a learning path.")
    )


class PathFilters(Filters):
    """Which learning paths."""

    course: str | None = Field(
        default=None, pattern=KEY, max_length=60, description=_("Short name of a course on the path.")
    )


class CourseQuery(Paging, CourseFilters):
    """A page of the courses."""


class PathQuery(Paging, PathFilters):
    """A page of the learning paths."""


COURSE_COLUMNS = list(CourseOut.model_fields)
PATH_COLUMNS = list(PathOut.model_fields)


# Which rows ---------------------------------------------------------------------------------------
def _offered() -> QuerySet[LearningPath]:
    return LearningPath.objects.offered().order_by("slug")


def _courses(filters: CourseFilters) -> QuerySet[Course]:
    rows = Course.objects.offered().order_by("slug")
    if filters.subject:
        rows = rows.filter(subject__key=filters.subject)
    if filters.level:
        rows = rows.filter(level=filters.level)
    if filters.learning_path:
        rows = rows.filter(
            pk__in=PathStep.objects.filter(path__in=_offered(), path__slug=filters.learning_path).values("course")
        )
    return rows.select_related("subject").prefetch_related(Prefetch("paths", _offered(), to_attr="offered_paths"))


def _paths(filters: PathFilters) -> QuerySet[LearningPath]:
    rows = _offered()
    if filters.course:
        rows = rows.filter(pk__in=PathStep.objects.filter(course__slug=filters.course).values("path"))
    steps = PathStep.objects.exclude(course__state=Shown.DRAFT).select_related("course")
    return rows.prefetch_related(Prefetch("steps", steps, to_attr="shown_steps"))


# How they are shown -------------------------------------------------------------------------------
def _subjects_out(rows: Iterable[Subject]) -> list[dict[str, Any]]:
    return [{"key": row.key, "title_da": row.title_da, "title_en": row.title_en} for row in rows]


def _titles(row: Course | LearningPath) -> dict[str, str]:
    return {name: getattr(row, name) for name in ("slug", "title_da", "title_en", "summary_da", "summary_en")}


def _courses_out(request: HttpRequest, rows: Iterable[Course]) -> list[dict[str, Any]]:
    return [
        {
            **_titles(row),
            "subject": row.subject.key,
            "level": row.level,
            "hours": row.hours,
            "audience": row.audience,
            "aims": [aim.strip() for aim in row.aims.splitlines() if aim.strip()],
            "learning_paths": [path.slug for path in row.offered_paths],
            "url": request.build_absolute_uri(row.get_absolute_url()),
        }
        for row in rows
    ]


def _paths_out(request: HttpRequest, rows: Iterable[LearningPath]) -> list[dict[str, Any]]:
    return [
        {
            **_titles(row),
            "ordered": row.ordered,
            "needed": row.needed,
            "courses": [{"course": step.course.slug, "required": step.required} for step in row.shown_steps],
            "url": request.build_absolute_uri(row.get_absolute_url()),
        }
        for row in rows
    ]


# The addresses ------------------------------------------------------------------------------------
@router.get(
    "/emner",
    response=Listing[SubjectOut],
    url_name="subjects",
    summary=_("Subjects"),
    description=_("The subjects of the courses."),
)
def subjects(request: HttpRequest, filters: Query[Paging]) -> Any:
    """List the subjects of the courses."""
    return page_of(request, Subject.objects.order_by("order", "key"), filters, _subjects_out)


@router.get("/emner.csv", url_name="subjects_csv", include_in_schema=False)
def subjects_csv(request: HttpRequest) -> HttpResponse:
    """All subjects as CSV."""
    known(request, Filters())
    rows = _subjects_out(Subject.objects.order_by("order", "key"))
    return as_csv("emner", list(SubjectOut.model_fields), (list(row.values()) for row in rows))


@router.get(
    "/kurser",
    response=Listing[CourseOut],
    url_name="courses",
    summary=_("Courses"),
    description=_("The courses that are offered. When they are held stands with the runs."),
)
def courses(request: HttpRequest, filters: Query[CourseQuery]) -> Any:
    """List the courses that are offered; when they are held stands with the runs."""
    return page_of(request, _courses(filters), filters, lambda rows: _courses_out(request, rows))


@router.get("/kurser.csv", url_name="courses_csv", include_in_schema=False)
def courses_csv(request: HttpRequest, filters: Query[CourseFilters]) -> HttpResponse:
    """All courses as CSV."""
    known(request, filters)
    rows = _courses_out(request, _courses(filters))
    return as_csv("kurser", COURSE_COLUMNS, ([row[name] for name in COURSE_COLUMNS] for row in rows))


@router.get(
    "/kurser/{slug}",
    response=CourseOut,
    url_name="course",
    summary=_("One course"),
    description=_("A course by its short name."),
)
def course(request: HttpRequest, slug: str) -> Any:
    """One course."""
    found = get_object_or_404(_courses(CourseFilters()), slug=slug)
    return _courses_out(request, [found])[0]


@router.get(
    "/forloeb",
    response=Listing[PathOut],
    url_name="paths",
    summary=_("Learning paths"),
    description=_("The learning paths that are offered, each with its courses."),
)
def paths(request: HttpRequest, filters: Query[PathQuery]) -> Any:
    """List the learning paths that are offered, each with its courses."""
    return page_of(request, _paths(filters), filters, lambda rows: _paths_out(request, rows))


@router.get("/forloeb.csv", url_name="paths_csv", include_in_schema=False)
def paths_csv(request: HttpRequest, filters: Query[PathFilters]) -> HttpResponse:
    """All learning paths as CSV."""
    known(request, filters)
    rows = _paths_out(request, _paths(filters))
    for row in rows:
        row["courses"] = [step["course"] for step in row["courses"]]
    return as_csv("forloeb", PATH_COLUMNS, ([row[name] for name in PATH_COLUMNS] for row in rows))


@router.get(
    "/forloeb/{slug}",
    response=PathOut,
    url_name="path",
    summary=_("One learning path"),
    description=_("A learning path by its short name."),
)
def path(request: HttpRequest, slug: str) -> Any:
    """One learning path."""
    found = get_object_or_404(_paths(PathFilters()), slug=slug)
    return _paths_out(request, [found])[0]
