"""The papers of a course day: list of participants, name badges, and the sign-in list of a session."""

from typing import Any

from django.utils import timezone

from courses.runs.models import Run, Session
from engagements.records.pdf import render

from .explaining import places
from .models import Enrolment

ON_A_SHEET = 8
"""Name badges on an A4 sheet."""


def _seated(run: Run) -> list[Enrolment]:
    rows = run.enrolments.seated().select_related("person", "municipality")
    return sorted(rows, key=lambda row: (str(row.person).casefold(), row.pk))


def participant_list(run: Run) -> bytes:
    """Those with a seat by name, and the waiting list in order."""
    order = places(run)
    waiting = run.enrolments.in_line().select_related("person", "municipality")
    line = sorted(waiting, key=lambda row: order.get(row.pk, len(order) + row.pk))
    return _render(
        "courses/enrolment/pdf_participants.html",
        run,
        seated=_seated(run),
        line=[(order.get(row.pk, 0), row) for row in line],
        sessions=list(run.sessions.all()),
        teachers=list(run.teachers.all()),
    )


def badges(run: Run) -> bytes:
    """Eight name badges a sheet, with municipality; teachers first."""
    cards = [(teacher.name, teacher.title) for teacher in run.teachers.all()]
    cards += [(str(row.person), row.municipality.full_name if row.municipality else "") for row in _seated(run)]
    sheets = [cards[start : start + ON_A_SHEET] for start in range(0, len(cards), ON_A_SHEET)]
    return _render("courses/enrolment/pdf_badges.html", run, sheets=sheets)


def sign_in_list(run: Run, session: Session) -> bytes:
    """Those with a seat, each with a line to sign on, for one session."""
    return _render("courses/enrolment/pdf_sign_in.html", run, session=session, seated=_seated(run))


def _render(template: str, run: Run, **context: Any) -> bytes:
    return render(template, {"run": run, "made_at": timezone.now(), **context})
