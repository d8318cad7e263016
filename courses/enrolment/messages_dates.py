"""What is said when the dates of a run move: the words, and to whom; the page shows the same before it is done."""

from collections.abc import Iterator, Sequence

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.runs.models import Run
from courses.runs.services import Changes, SessionPlan
from engagements.notices.services import notify
from engagements.users.models import User

from .calendars import attached, invitation
from .models import Enrolment, EnrolmentState


def teachers_of(run: Run) -> list[User]:
    """The teachers who have an account here."""
    return [teacher.user for teacher in run.teachers.select_related("user") if teacher.user]


def subject(run: Run) -> str:
    """The line a mail begins with."""
    return _("Changed dates: %(run)s") % {"run": run.title}


def body(run: Run, changes: Changes, note: str, state: str = "") -> str:
    """What changes and why, and what that means for somebody in this state (empty for a teacher)."""
    lines = [_("The organiser has changed “%(run)s”:") % {"run": run.title}]
    lines += [f"– {line}" for line in in_words(changes)]
    if note.strip():
        lines += ["", note.strip()]
    if state in (EnrolmentState.SEATED, EnrolmentState.OFFERED):
        until = date_format(timezone.localtime(run.cancel_until), "DATETIME_FORMAT")
        lines += ["", _("If you cannot come any more, cancel no later than %(until)s.") % {"until": until}]
    elif state == EnrolmentState.WAITING:
        lines += ["", _("You keep your place on the waiting list.")]
    elif state == EnrolmentState.REQUESTED:
        lines += ["", _("Your enrolment still awaits approval.")]
    if state == EnrolmentState.SEATED:
        lines += ["", _("The calendar file in this mail puts the new dates in place of the old ones.")]
    return "\n".join(lines)


def dates_moved(run: Run, changes: Changes, rows: Sequence[Enrolment], *, by: User, note: str) -> None:
    """Everyone enrolled, those with a seat with a calendar file; then the teachers, but not the one who did it."""
    key = f"dates:{run.pk}:{run.calendar_sequence}"
    gone = [plan.session for plan in changes.removed if plan.session]
    for row in rows:
        seated = row.state == EnrolmentState.SEATED
        notify(
            [row.person],
            key=key,
            subject=lambda: subject(run),
            body=lambda row=row: body(run, changes, note, row.state),
            address=row,
            attachment=attached(run) if seated else None,
        )
    seated_people = [row.person for row in rows if row.state == EnrolmentState.SEATED]
    if gone and seated_people:
        notify(
            seated_people,
            key=f"{key}:gone",
            subject=lambda: _("Taken out of your calendar: %(run)s") % {"run": run.title},
            body=lambda: _("The calendar file takes the sessions out that are not held. The others stay."),
            address=run,
            attachment=invitation(run, method="CANCEL", sessions=gone, with_links=False),
        )
    told = {row.person_id for row in rows} | {by.pk}
    notify(
        [user for user in teachers_of(run) if user.pk not in told],
        key=key,
        subject=lambda: subject(run),
        body=lambda: body(run, changes, note),
        address=run,
    )


def in_words(changes: Changes) -> list[str]:
    """What changes, one sentence a session."""
    return [*_lines(changes)]


def _lines(changes: Changes) -> Iterator[str]:
    for before, after in changes.changed:
        if (before.starts_at, before.ends_at) != (after.starts_at, after.ends_at):
            yield _("%(before)s is moved to %(after)s.") % {"before": _when(before), "after": _when(after)}
        where = (after.place, after.address)
        if (before.place, before.address) != where:
            yield (
                _("%(when)s: the place is now %(place)s.")
                % {"when": _when(after), "place": ", ".join(filter(None, where))}
                if any(where)
                else _("%(when)s: there is no longer a place to meet.") % {"when": _when(after)}
            )
        if before.online_link != after.online_link:
            yield _("%(when)s: the online link is new; you find it on the page of the run.") % {"when": _when(after)}
        if before.title != after.title:
            yield _("%(when)s: the session is now called “%(title)s”.") % {"when": _when(after), "title": after.title}
    for plan in changes.added:
        said = _("A session is added: %(when)s.") % {"when": _when(plan)}
        yield f"{said} {', '.join(filter(None, (plan.place, plan.address)))}".strip()
    for plan in changes.removed:
        yield _("The session on %(when)s is not held.") % {"when": _when(plan)}


def _when(plan: SessionPlan) -> str:
    """`3. december 2026 kl. 9.00–15.00`, with both days where it ends on another."""
    begins, ends = timezone.localtime(plan.starts_at), timezone.localtime(plan.ends_at)
    end = date_format(ends, "TIME_FORMAT" if begins.date() == ends.date() else "DATETIME_FORMAT")
    return f"{date_format(begins, 'DATETIME_FORMAT')}–{end}"
