"""What the runs of a period came to, counted for those who organise them; never a name.

A handful of queries, however many runs there are: enrolments are counted by run, municipality, role and state, and
the lines of every table are sums of those groups.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from courses.catalogue.models import LearningPath
from courses.catalogue.progress import progress
from courses.completion.models import Attendance
from courses.enrolment.models import HOLDING, Enrolment, EnrolmentState
from courses.runs.models import Run, RunState
from courses.runs.standing import Standing, standing
from engagements.municipalities.models import fold
from engagements.people.models import Role

LEFT = frozenset({EnrolmentState.CANCELLED})


@dataclass
class Counts:
    """What is counted, each over its own whole.

    `taken` of `seats`; `late` of `cancelled`; `absent` of `expected` (seated where attendance was noted on a held run);
    `completed` of `finished` (seated on a held run). `waiting` are those who wait or are asked about now.
    """

    seats: int = 0
    taken: int = 0
    waiting: int = 0
    cancelled: int = 0
    late: int = 0
    absent: int = 0
    expected: int = 0
    completed: int = 0
    finished: int = 0

    def add(self, other: "Counts") -> None:
        """Sum up."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


@dataclass
class Line(Counts):
    """A line of a table: the counts of a run, a municipality, a role or a course."""

    name: str = ""
    run: Run | None = None
    standing: Standing | None = None


@dataclass(frozen=True)
class PathLine:
    """A learning path: how many have begun and how many of them have completed it."""

    path: LearningPath
    completed: int
    begun: int


@dataclass
class Report:
    """Everything on the page; `held` sums up the runs that are over, `coming` those that are not."""

    runs: list[Line] = field(default_factory=list)
    municipalities: list[Line] = field(default_factory=list)
    roles: list[Line] = field(default_factory=list)
    courses: list[Line] = field(default_factory=list)
    paths: list[PathLine] = field(default_factory=list)
    held: Counts = field(default_factory=Counts)
    coming: Counts = field(default_factory=Counts)
    total: Counts = field(default_factory=Counts)

    @property
    def held_runs(self) -> int:
        """How many runs of the period are over."""
        return sum(_is_held(line) for line in self.runs)

    @property
    def cancelled_runs(self) -> int:
        """How many were called off."""
        return sum(line.standing is not None and line.standing.code == "cancelled" for line in self.runs)


@dataclass(frozen=True)
class _Group:
    """The counts of one run, municipality and role."""

    run: int
    home: int | None
    home_name: str
    role: str
    counts: Counts


def report(rows: QuerySet[Run], *, at: datetime, until: date | None = None, with_paths: bool = True) -> Report:
    """Count these runs; learning paths as they stood at the end of the period."""
    rows = rows.exclude(state=RunState.DRAFT)
    noted = Exists(Attendance.objects.filter(session__run=OuterRef("pk")))
    listed = rows.select_related("course").annotate(is_noted=noted).order_by("-starts_at", "-pk")
    runs = {run.pk: run for run in listed}
    lines = {
        pk: Line(name=run.title, run=run, standing=standing(run, at), seats=run.capacity, taken=run.taken)
        for pk, run in runs.items()
    }
    groups = _groups(rows, lines)
    for group in groups:
        counts = group.counts
        line = lines[group.run]
        line.add(Counts(**{**vars(counts), "seats": 0, "taken": 0}))
    found = Report(runs=list(lines.values()))
    for line in found.runs:
        if line.standing is not None and line.standing.code == "cancelled":
            line.seats = line.taken = 0
        (found.held if _is_held(line) else found.coming).add(_counts(line))
        found.total.add(_counts(line))
    found.municipalities = _lines(groups, lambda group: group.home, lambda group: group.home_name)
    found.roles = _lines(groups, lambda group: group.role, lambda group: _role(group.role))
    found.courses = _courses(found.runs)
    found.paths = _paths(until) if with_paths else []
    return found


def _counts(line: Line) -> Counts:
    return Counts(**{name: getattr(line, name) for name in vars(Counts())})


def _is_held(line: Line) -> bool:
    return line.standing is not None and line.standing.code == "held"


def _groups(rows: QuerySet[Run], lines: dict[int, Line]) -> list[_Group]:
    """Enrolments by run, municipality, role and state; a seat handed over or moved is no cancellation."""
    runs = rows.order_by().values("pk")
    enrolments = Enrolment.objects.filter(run__in=runs).order_by()
    by = ("run", "municipality", "municipality__name", "role")
    present = Attendance.objects.filter(enrolment=OuterRef("pk"), present=True)
    absent = {
        (run, home, role): count
        for run, home, _name, role, count in enrolments.seated()  # type: ignore[attr-defined]
        .filter(~Exists(present))
        .values_list(*by)
        .annotate(count=Count("pk"))
    }
    counted = enrolments.values_list(*by, "state").annotate(
        count=Count("pk"),
        late=Count("pk", filter=Q(late=True, moved_to=None)),
        completed=Count("pk", filter=Q(completed_at__isnull=False)),
        moved=Count("pk", filter=Q(moved_to__isnull=False)),
    )
    found = []
    for run, home, name, role, state, count, late, completed, moved in counted:
        line = lines[run]
        counts = Counts()
        if state in HOLDING:
            counts.taken = count
        if state == EnrolmentState.SEATED and _is_held(line):
            counts.finished, counts.completed = count, completed
            if line.run is not None and line.run.is_noted:
                counts.expected, counts.absent = count, absent.get((run, home, role), 0)
        if state in (EnrolmentState.WAITING, EnrolmentState.REQUESTED) and not (
            line.standing and line.standing.is_over
        ):
            counts.waiting = count
        if state in LEFT and not (line.standing and line.standing.code == "cancelled"):
            counts.cancelled, counts.late = count - moved, late
        found.append(_Group(run, home, name or _("no municipality"), role, counts))
    return found


def _lines(groups: Iterable[_Group], key: Callable[[_Group], Hashable], name: Callable[[_Group], str]) -> list[Line]:
    """The groups summed up by something, by name."""
    found: dict[Hashable, Line] = {}
    for group in groups:
        line = found.setdefault(key(group), Line(name=name(group)))
        line.add(group.counts)
    return sorted(found.values(), key=lambda line: fold(line.name))


def _role(role: str) -> str:
    return str(Role(role).label).capitalize() if role else _("No role in a municipality")


def _courses(lines: Iterable[Line]) -> list[Line]:
    """Held runs by course; those without one stand alone."""
    found: dict[Hashable, Line] = {}
    for line in lines:
        if _is_held(line) and line.run is not None:
            course = line.run.course
            key: Hashable = course.pk if course else f"run-{line.run.pk}"
            found.setdefault(key, Line(name=course.title if course else line.name)).add(_counts(line))
    return sorted(found.values(), key=lambda line: (-line.taken / max(line.seats, 1), fold(line.name)))


def _paths(until: date | None) -> list[PathLine]:
    """Everyone's completed courses against each path that is offered."""
    done = Enrolment.objects.seated().filter(completed_at__isnull=False, run__course__isnull=False)
    if until is not None:
        done = done.filter(completed_at__date__lte=until)
    completed: defaultdict[int, set[int]] = defaultdict(set)
    for person, course in done.order_by().values_list("person", "run__course").distinct():
        completed[person].add(course)
    paths = LearningPath.objects.offered().prefetch_related("steps")
    return [_path_line(path, completed.values()) for path in paths]


def _path_line(path: LearningPath, everyone: Iterable[set[int]]) -> PathLine:
    stands = [progress(path, frozenset(courses)) for courses in everyone]
    begun = [one for one in stands if one.done]
    return PathLine(path, sum(one.complete for one in begun), len(begun))


def share(x: int, n: int) -> float | None:
    """For a spreadsheet: the share, or nothing where nothing was counted."""
    return round(x / n, 4) if n else None


def sheets(found: Report) -> list[tuple[str, list[str], list[list[Any]]]]:
    """The report as sheets of a workbook: title, headings and lines."""
    counted = [
        _("Seats taken"),
        _("Waiting"),
        _("Cancelled by participants"),
        _("Of these late"),
        _("Expected"),
        _("Did not come"),
        _("Finished"),
        _("Have completed"),
    ]

    def counts(line: Line) -> list[Any]:
        return [
            line.taken,
            line.waiting,
            line.cancelled,
            line.late,
            line.expected,
            line.absent,
            line.finished,
            line.completed,
        ]

    of_runs = [
        [
            line.run.reference if line.run else "",
            line.name,
            line.run.starts_at if line.run else None,
            line.standing.label if line.standing else "",
            line.seats,
            share(line.taken, line.seats),
            *counts(line),
        ]
        for line in found.runs
    ]
    return [
        (
            _("Runs"),
            [_("Reference"), _("Title"), _("Begins"), _("State"), _("Seats"), _("Share taken"), *counted],
            of_runs,
        ),
        (_("Municipalities"), [_("Municipality"), *counted], [[x.name, *counts(x)] for x in found.municipalities]),
        (_("Roles"), [_("Role"), *counted], [[x.name, *counts(x)] for x in found.roles]),
        (
            _("Learning paths"),
            [_("Learning path"), _("Have begun"), _("Have completed")],
            [[x.path.title, x.begun, x.completed] for x in found.paths],
        ),
    ]
