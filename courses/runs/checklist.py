"""What is missing before a run can be published, and what is worth another look."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.catalogue.models import Shown

from .models import Run, RunState, Session


@dataclass(frozen=True)
class Point:
    """A sentence about what is missing; `page` names the address where it is put right, `blocks` publishing."""

    text: str
    page: str
    blocks: bool = True


def points(run: Run, at: datetime | None = None) -> list[Point]:
    """What blocks publishing first, then what is only worth another look."""
    found = [*_missing(run, list(run.sessions.all()), at or timezone.now()), *_worth_a_look(run)]
    return sorted(found, key=lambda point: not point.blocks)


def blocking(run: Run, at: datetime | None = None) -> list[str]:
    """The sentences that keep the run from being published."""
    return [point.text for point in _missing(run, list(run.sessions.all()), at or timezone.now())]


def _missing(run: Run, sessions: list[Session], at: datetime) -> Iterator[Point]:
    if not sessions:
        yield Point(_("The run has no session yet."), "runs:sessions")
    nowhere = sum(not session.place and not session.online_link for session in sessions)
    if nowhere:
        yield Point(
            ngettext(
                "%(n)s session has neither a place nor a link.",
                "%(n)s sessions have neither a place nor a link.",
                nowhere,
            )
            % {"n": nowhere},
            "runs:sessions",
        )
    if run.starts_at <= at:
        yield Point(_("The run begins in the past."), "runs:sessions")
    if run.closes_at <= at:
        yield Point(_("Enrolment closes in the past."), "runs:terms")
    if run.course is not None and run.course.state == Shown.DRAFT:
        yield Point(_("The course is a draft; publish it first."), "runs:facts")
    reserved = sum(share.reserved for share in run.allotments.all())
    if reserved > run.capacity:
        yield Point(
            _("%(reserved)s seats are reserved, but there are only %(n)s.") % {"reserved": reserved, "n": run.capacity},
            "enrolment:seats",
        )
    needed = run.certificate_sessions or 0
    if run.certificate_rule == run.CertificateRule.AT_LEAST and needed > len(sessions):
        yield Point(
            _("The certificate asks for more sessions (%(needed)s) than the run has (%(n)s).")
            % {"needed": needed, "n": len(sessions)},
            "runs:certificate",
        )


def _worth_a_look(run: Run) -> Iterator[Point]:
    if run.closes_at > run.starts_at:
        yield Point(_("Enrolment closes after the run has begun."), "runs:terms", blocks=False)
    if run.cancel_until > run.starts_at:
        yield Point(_("One can cancel without a reason after the run has begun."), "runs:terms", blocks=False)
    if run.release_at and run.release_at >= run.starts_at:
        yield Point(_("Unused seats are released only after the run has begun."), "enrolment:seats", blocks=False)
    if (run.quota or run.training_last or run.allotments.all()) and not run.release_at:
        yield Point(_("Unused seats are never released to others."), "enrolment:seats", blocks=False)
    if not run.contact:
        yield Point(_("Nobody is named whom participants can write to."), "runs:facts", blocks=False)
    if not run.teachers.all():
        yield Point(_("No teacher is named."), "runs:teachers", blocks=False)
    yield from _clashes(run)


def _clashes(run: Run) -> Iterator[Point]:
    """The same teacher or place at the same time on another run."""
    mine = list(run.sessions.all())
    if not mine:
        return
    teaching = [teacher.user_id for teacher in run.teachers.all() if teacher.user_id]
    places = [session.place for session in mine if session.place]
    others = (
        Session.objects.exclude(run=run)
        .exclude(run__state=RunState.CANCELLED)
        .filter(starts_at__lt=run.ends_at, ends_at__gt=run.starts_at)
        .filter(Q(place__in=places) | Q(run__teachers__user__in=teaching))
        .select_related("run__course")
        .prefetch_related("run__teachers")
        .distinct()[:50]
    )
    for other in others:
        for session in mine:
            if not (session.starts_at < other.ends_at and other.starts_at < session.ends_at):
                continue
            day = timezone.localtime(session.starts_at).date()
            facts = {"run": other.run.title, "place": session.place, "day": date_format(day)}
            if session.place and session.place == other.place and session.address == other.address:
                yield Point(_("%(place)s is also used by “%(run)s” on %(day)s.") % facts, "runs:sessions", blocks=False)
            for teacher in other.run.teachers.all():
                if teacher.user_id in teaching:
                    yield Point(
                        _("%(name)s also teaches on “%(run)s” on %(day)s.") % {**facts, "name": teacher.name},
                        "runs:teachers",
                        blocks=False,
                    )


def _date(day: object) -> str:
    from django.utils.formats import date_format

    return date_format(day)  # type: ignore[arg-type]
