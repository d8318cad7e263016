"""Who is told what about seats; called by the services inside their transaction, in bulk."""

from collections.abc import Callable, Sequence

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.runs.models import Run
from engagements.notices.attachments import MadeWhenSent
from engagements.notices.services import notify
from engagements.people.models import WORKING_ROLES
from engagements.people.services import people_of
from engagements.users.models import User

from . import reminders  # noqa: F401 - registers what is said on a given day
from .calendars import attached
from .late import organisers_of
from .messages_dates import teachers_of
from .models import Enrolment, EnrolmentState
from .policies import leaders_who_approve

type Line = Callable[[], str]


def _key(row: Enrolment, event: str) -> str:
    return f"enrolment:{row.pk}:{event}"


def _when(run: Run) -> str:
    return formats.date_format(timezone.localtime(run.starts_at), "DATETIME_FORMAT")


def _until(run: Run) -> str:
    return formats.date_format(timezone.localtime(run.cancel_until), "DATETIME_FORMAT")


def _tell(row: Enrolment, event: str, subject: Line, body: Line, attachment: MadeWhenSent | None = None) -> None:
    # Fresh: an enrolment comes to each of its states once, under the run's lock.
    notify(
        [row.person],
        key=_key(row, event),
        subject=subject,
        body=body,
        address=row,
        attachment=attachment,
        fresh=True,
    )


def enrolled(run: Run, rows: Sequence[Enrolment], *, by: User, waiting: int) -> None:
    """Each person the result; the own leaders what awaits them; whoever enrolled others a receipt."""
    place = waiting - sum(row.state == EnrolmentState.WAITING for row in rows)
    for row in rows:
        if row.state == EnrolmentState.WAITING:
            place += 1
        _TOLD[row.state](run, row, place)
    _ask_leaders(run, [row for row in rows if row.state == EnrolmentState.REQUESTED], by=by)
    if any(row.person_id != by.pk for row in rows):
        _receipt(run, rows, by=by)


def _has_seat(run: Run, row: Enrolment, place: int = 0) -> None:
    _tell(
        row,
        "seated",
        lambda: _("You have a seat: %(run)s") % {"run": run.title},
        lambda: (
            _(
                "You have a seat on “%(run)s”, which begins %(when)s.\n\n"
                "If you cannot come, cancel no later than %(until)s, so that somebody else can have the seat."
            )
            % {"run": run.title, "when": _when(run), "until": _until(run)}
        ),
        attached(run),
    )


def _waits(run: Run, row: Enrolment, place: int) -> None:
    def body() -> str:
        facts = {"place": place, "run": run.title, "when": _when(run)}
        if run.training_last or run.waiting_order != run.Order.ARRIVAL:  # the number of arrival says nothing there
            return (
                _(
                    "You are on the waiting list for “%(run)s”, which begins %(when)s. "
                    "We write as soon as there is a seat for you; the page of your enrolment says why you wait, "
                    "and your place in line."
                )
                % facts
            )
        return (
            _(
                "You are number %(place)s on the waiting list for “%(run)s”, which begins %(when)s. "
                "We write as soon as there is a seat for you; the page of your enrolment says why you wait."
            )
            % facts
        )

    _tell(row, "waiting", lambda: _("You are on the waiting list: %(run)s") % {"run": run.title}, body)


def _awaits_approval(run: Run, row: Enrolment, place: int = 0) -> None:
    _tell(
        row,
        "requested",
        lambda: _("Your enrolment awaits approval: %(run)s") % {"run": run.title},
        lambda: _(
            "A leader in your municipality approves enrolments. We have asked, and write when there is an answer."
        ),
    )


_TOLD = {
    EnrolmentState.SEATED: _has_seat,
    EnrolmentState.WAITING: _waits,
    EnrolmentState.REQUESTED: _awaits_approval,
}


def _ask_leaders(run: Run, rows: Sequence[Enrolment], *, by: User) -> None:
    for row in rows:
        if row.municipality is None:
            continue
        notify(
            people_of(row.municipality, *WORKING_ROLES).exclude(pk=row.person_id),
            key=_key(row, "approval"),
            subject=lambda row=row: _("%(name)s asks to go to “%(run)s”") % {"name": row.person, "run": run.title},
            body=lambda row=row: (
                _("Approve or refuse no later than %(when)s; after that the request ends by itself.")
                % {"when": formats.date_format(timezone.localtime(row.answer_by), "DATETIME_FORMAT")}
            ),
            address=row,
        )


def _receipt(run: Run, rows: Sequence[Enrolment], *, by: User) -> None:
    count = {state: sum(row.state == state for row in rows) for state in EnrolmentState}

    def body() -> str:
        seated, waits = count[EnrolmentState.SEATED], count[EnrolmentState.WAITING]
        asks = count[EnrolmentState.REQUESTED]
        lines = [
            ngettext("%(n)s has a seat.", "%(n)s have a seat.", seated) % {"n": seated} if seated else "",
            ngettext("%(n)s is on the waiting list.", "%(n)s are on the waiting list.", waits) % {"n": waits}
            if waits
            else "",
            ngettext("%(n)s awaits approval.", "%(n)s await approval.", asks) % {"n": asks} if asks else "",
        ]
        names = ", ".join(str(row.person) for row in rows)
        return "\n".join([*filter(None, lines), "", names])

    notify(
        [by],
        key=f"enrolled-by:{by.pk}:{rows[0].pk}",
        subject=lambda: _("Receipt: enrolment on “%(run)s”") % {"run": run.title},
        body=body,
        address=run,
    )


def moved_up(run: Run, rows: Sequence[Enrolment]) -> None:
    """Those who got a seat from the waiting list, or are offered one."""
    for row in rows:
        if row.state == EnrolmentState.OFFERED:
            _offered(run, row)
        else:
            _has_seat(run, row)


def _offered(run: Run, row: Enrolment) -> None:
    _tell(
        row,
        "offered",
        lambda: _("There is a seat for you: %(run)s") % {"run": run.title},
        lambda: (
            _("A seat on “%(run)s” is kept for you until %(by)s. Say yes or no on the page of your enrolment.")
            % {
                "run": run.title,
                "by": formats.date_format(timezone.localtime(row.answer_by), "DATETIME_FORMAT"),
            }
        ),
    )


def accepted(run: Run, row: Enrolment, *, by: User) -> None:
    """A receipt for the yes."""
    _has_seat(run, row)


def approved(run: Run, row: Enrolment, *, by: User) -> None:
    """The person hears of the approval; what follows, a seat or a place in line, is told on its own."""
    _tell(
        row,
        "approved",
        lambda: _("Your enrolment has been approved: %(run)s") % {"run": run.title},
        lambda: _("%(name)s has approved your enrolment.") % {"name": by},
    )


def rejected(run: Run, row: Enrolment, *, by: User, note: str) -> None:
    """The person hears of the refusal, with the leader's words."""
    _tell(
        row,
        "rejected",
        lambda: _("Your enrolment was not approved: %(run)s") % {"run": run.title},
        lambda: "\n\n".join(
            filter(None, [_("%(name)s has not approved your enrolment.") % {"name": by}, note.strip()])
        ),
    )


def expired(run: Run, requests: Sequence[Enrolment], offers: Sequence[Enrolment]) -> None:
    """Those whose request or offer was not answered in time."""
    for row in requests:
        _tell(
            row,
            "expired",
            lambda: _("Nobody answered your enrolment: %(run)s") % {"run": run.title},
            lambda: _("The request was not answered in time and has ended. Ask a leader, and enrol again."),
        )
    for row in offers:
        _tell(
            row,
            "expired",
            lambda: _("The offer of a seat has ended: %(run)s") % {"run": run.title},
            lambda: _("The seat was not taken in time and goes to the next in line."),
        )


def unseated(run: Run, rows: Sequence[Enrolment]) -> None:
    """Those who still waited when the run began."""
    for row in rows:
        _tell(
            row,
            "unseated",
            lambda: _("No seat became free: %(run)s") % {"run": run.title},
            lambda: _(
                "The run has begun, and no seat became free for you. The waiting list has ended; "
                "see in the catalogue when there are courses again."
            ),
        )


def cancelled(run: Run, row: Enrolment, *, by: User) -> None:
    """The person, with a calendar file that takes the run out again where there was a seat."""
    _tell(
        row,
        "cancelled",
        lambda: _("The enrolment is cancelled: %(run)s") % {"run": run.title},
        lambda: _("Your enrolment on “%(run)s” has been cancelled.") % {"run": run.title},
        attached(run, "CANCEL") if row.seated_at else None,
    )


def late(run: Run, row: Enrolment, *, by: User) -> None:
    """Those who organise, of a seat given up after the date for it; the reason, often somebody's health, stays here."""
    facts = {"name": row.person, "run": run.title}
    notify(
        [one for one in organisers_of(run) if one != by],
        key=_key(row, "late"),
        subject=lambda: _("Late cancellation: %(name)s, “%(run)s”") % facts,
        body=lambda: _("The run begins %(when)s. The list of participants says why.") % {"when": _when(run)},
        address=lambda: reverse("enrolment:participants", kwargs=run.address_args) + "#late",
    )


def moved(old: Enrolment, new: Enrolment, *, by: User) -> None:
    """Leaders who approve enrolments, of somebody of theirs who moved to another run by themself."""
    if old.person_id != by.pk:
        return
    facts = {"name": old.person, "run": new.run.title}
    notify(
        leaders_who_approve(old.municipality).exclude(pk=by.pk),
        key=_key(new, "moved"),
        subject=lambda: _("%(name)s has moved to other dates: “%(run)s”") % facts,
        body=lambda: (
            _("From the run that begins %(old)s to the one that begins %(new)s.")
            % {"old": _when(old.run), "new": _when(new.run)}
        ),
        address=new,
    )


def swapped(run: Run, old: Enrolment, new: Enrolment, *, by: User) -> None:
    """Both colleagues."""
    cancelled(run, old, by=by)
    _has_seat(run, new)


def cancelled_subject(run: Run) -> str:
    """The line the message about a cancelled run begins with."""
    return _("Cancelled: %(run)s") % {"run": run.title}


def cancelled_body(run: Run, why: str, offers: Sequence[Run]) -> str:
    """Why the run is not held, and which other runs one may choose."""
    lines = [_("“%(run)s” is not held. %(why)s") % {"run": run.title, "why": why}]
    if offers:
        lines += ["", _("You may enrol on one of these instead:")]
        lines += [f"{one.title}, {_when(one)}" for one in offers]
    return "\n".join(lines)


def run_cancelled(run: Run, rows: Sequence[Enrolment], *, held: set[int], offers: Sequence[Run]) -> None:
    """Everyone who was enrolled, and the teachers: why, and which other runs they may choose."""
    enrolled_too = {row.person_id for row in rows}
    # Only those who had a seat have the run in their calendars.
    for told, others, attachment in (
        ([row.person for row in rows if row.pk in held], offers, attached(run, "CANCEL")),
        ([row.person for row in rows if row.pk not in held], offers, None),
        ([user for user in teachers_of(run) if user.pk not in enrolled_too], [], None),
    ):
        notify(
            told,
            key=f"run-cancelled:{run.pk}",
            subject=lambda: cancelled_subject(run),
            body=lambda others=others: cancelled_body(run, run.cancelled_because, others),
            address=lambda: reverse("courses:run", kwargs=run.address_args),
            attachment=attachment,
        )
