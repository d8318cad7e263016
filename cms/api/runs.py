"""Runs: when and where courses, theme days and meetings are held, and how many seats are free."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema

from courses.catalogue.models import Shown
from courses.runs import standing
from courses.runs.models import Kind, Run, Session
from engagements.municipalities.models import fold

from .answers import as_csv
from .listing import KEY, Filters, Listing, Paging, known, page_of

router = Router(tags=["runs"])
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
STANDING = _("Where it is now, by what is decided, the clock and the seats.")
SHOWN_STANDINGS = Literal["open_soon", "open", "few_left", "waiting_list", "closed", "running", "held", "cancelled"]


class SessionOut(Schema):
    """One meeting of a run."""

    title: str = Field(description=_("Title; may be empty."))
    starts_at: datetime = Field(description=_("When it begins."))
    ends_at: datetime = Field(description=_("When it ends."))
    place: str = Field(description=_("Place; empty when it is held online."))
    address: str = Field(description=_("Address of the place."))
    online: bool = Field(description=_("Whether it is held over a link and in no place."))


class RunOut(Schema):
    """A run that is shown to everyone."""

    reference: str = Field(description=_("Its number."))
    kind: Kind = Field(description=_("Course, theme day or network meeting."))
    course: str | None = Field(description=_("Short name of the course, where it belongs to one."))
    subject: str | None = Field(description=_("Key of the subject, where it belongs to a course."))
    title: str = Field(description=_("Its own title, or the course's, in Danish."))
    description: str = Field(description=_("About this run."))
    standing: SHOWN_STANDINGS = Field(description=STANDING)
    starts_at: datetime = Field(description=_("When it begins."))
    ends_at: datetime = Field(description=_("When it ends."))
    opens_at: datetime = Field(description=_("When enrolment opens."))
    closes_at: datetime = Field(description=_("When enrolment closes."))
    seats: int = Field(description=_("Number of seats."))
    free_seats: int = Field(description=_("Seats nobody has and nobody has been promised."))
    sessions: list[SessionOut] = Field(description=_("Its sessions, in order."))
    url: str = Field(description=_("Address of its page."))


class RunFilters(Filters):
    """Which runs."""

    subject: str | None = Field(default=None, pattern=KEY, max_length=40, description=_("Key of a subject."))
    course: str | None = Field(default=None, pattern=KEY, max_length=60, description=_("Short name of a course."))
    kind: Kind | None = Field(default=None, description=_("Course, theme day or network meeting."))
    standing: SHOWN_STANDINGS | None = Field(default=None, description=STANDING)
    from_day: date | None = Field(
        default=None,
        alias="from",
        ge=EARLIEST,
        le=LATEST,
        description=_("Runs that end on this day or later (YYYY-MM-DD)."),
    )
    to_day: date | None = Field(
        default=None,
        alias="to",
        ge=EARLIEST,
        le=LATEST,
        description=_("Runs that begin on this day or earlier (YYYY-MM-DD)."),
    )
    place: str | None = Field(
        default=None,
        min_length=2,
        max_length=80,
        description=_("Part of the name or address of a place, such as a town."),
    )
    online: bool | None = Field(default=None, description=_("Whether some of it is held over a link."))


class RunQuery(Paging, RunFilters):
    """A page of the runs."""


COLUMNS = [name for name in RunOut.model_fields if name != "sessions"]
COLUMNS[-1:-1] = ["session_count", "places"]


def _runs(filters: RunFilters, at: datetime) -> QuerySet[Run]:
    """What everyone may see; a run of a course that is still being written is not told of."""
    rows = Run.objects.visible_to(AnonymousUser()).exclude(course__state=Shown.DRAFT)
    if filters.subject:
        rows = rows.filter(course__subject__key=filters.subject)
    if filters.course:
        rows = rows.filter(course__slug=filters.course)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.standing:
        rows = rows.filter(standing.stands(filters.standing, at))
    if filters.from_day:
        rows = rows.filter(ends_at__gte=_midnight(filters.from_day))
    if filters.to_day:
        rows = rows.filter(starts_at__lt=_midnight(filters.to_day + timedelta(days=1)))
    if filters.place:
        rows = rows.filter(pk__in=_at_place(filters.place).values("run"))
    if filters.online is not None:
        online = Session.objects.exclude(online_link="").filter(place="").values("run")
        rows = rows.filter(pk__in=online) if filters.online else rows.exclude(pk__in=online)
    return rows.select_related("course__subject").prefetch_related("sessions").order_by("starts_at", "pk")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _at_place(words: str) -> QuerySet[Session]:
    """Sessions there, whatever the case of the letters: Ærø is found by *ærø* on any database."""
    wanted = fold(words)
    pairs = Session.objects.order_by().values_list("place", "address").distinct()
    hits = [text for text in {text for pair in pairs for text in pair} if wanted in fold(text)]
    return Session.objects.filter(Q(place__in=hits) | Q(address__in=hits))


def _out(request: HttpRequest, rows: Iterable[Run], at: datetime) -> list[dict[str, Any]]:
    return [
        {
            "reference": row.reference,
            "kind": row.kind,
            "course": row.course.slug if row.course else None,
            "subject": row.course.subject.key if row.course else None,
            "title": row.own_title or (row.course.title_da if row.course else row.reference),
            "description": row.description,
            "standing": standing.standing(row, at).code,
            **{name: _local(getattr(row, name)) for name in ("starts_at", "ends_at", "opens_at", "closes_at")},
            "seats": row.capacity,
            "free_seats": row.free,
            "sessions": [_session(session) for session in row.sessions.all()],
            "url": request.build_absolute_uri(row.get_absolute_url()),
        }
        for row in rows
    ]


def _session(row: Session) -> dict[str, Any]:
    """Without its link, which is for those who have a seat."""
    return {
        "title": row.title,
        "starts_at": _local(row.starts_at),
        "ends_at": _local(row.ends_at),
        "place": row.place,
        "address": row.address,
        "online": row.is_online,
    }


def _local(moment: datetime) -> datetime:
    """The clock here, with its offset."""
    return timezone.localtime(moment)


@router.get(
    "/hold",
    response=Listing[RunOut],
    url_name="runs",
    summary=_("Runs"),
    description=_("The runs that are published or cancelled, in order of date, with their sessions and free seats."),
)
def runs(request: HttpRequest, filters: Query[RunQuery]) -> Any:
    """List the runs, published and cancelled, in order of date, with their sessions and free seats."""
    at = timezone.now()
    return page_of(request, _runs(filters, at), filters, lambda rows: _out(request, rows, at))


@router.get("/hold.csv", url_name="runs_csv", include_in_schema=False)
def runs_csv(request: HttpRequest, filters: Query[RunFilters]) -> HttpResponse:
    """All runs as CSV, a line each, with the number of sessions and their places."""
    known(request, filters)
    at = timezone.now()
    rows = _out(request, _runs(filters, at), at)
    for row in rows:
        row["session_count"] = len(row["sessions"])
        row["places"] = list(dict.fromkeys(session["place"] for session in row["sessions"] if session["place"]))
    return as_csv("hold", COLUMNS, ([row[name] for name in COLUMNS] for row in rows))


@router.get(
    "/hold/{reference}", response=RunOut, url_name="run", summary=_("One run"), description=_("A run by its number.")
)
def run(request: HttpRequest, reference: str) -> Any:
    """One run, by its number."""
    at = timezone.now()
    found = get_object_or_404(_runs(RunFilters(), at), reference=reference)
    return _out(request, [found], at)[0]
