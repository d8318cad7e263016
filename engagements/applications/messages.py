"""Who is told what about an application."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.lifecycle import Step
from engagements.notices.registry import Tell, on_move, reminder
from engagements.notices.services import Text, notify
from engagements.people.models import Role
from engagements.people.permissions import CASE_STAFF, LEAD
from engagements.people.services import people_of, staff
from engagements.users.models import User

from . import documents
from .models import Application, SignOff, State
from .readiness import moment, sign_off_standing

if TYPE_CHECKING:
    from django.db.models import QuerySet

APPLICANTS = (Role.LEADER, Role.COORDINATOR)
TOLD = (Role.LEADER, Role.COORDINATOR, Role.DIRECTOR)
REMIND_BEFORE = (7, 2, 1)
"""Days before the round closes on which a draft is remembered."""


def staff_for(application: Application, *groups: str) -> "QuerySet[User]":
    """Staff of these groups who are not *inhabil* for the municipality."""
    return staff(*groups, about=application.municipality)


def _facts(application: Application) -> dict[str, str]:
    return {
        "municipality": application.municipality.full_name,
        "number": application.shown_number,
        "round": application.round.title,
        "closes": moment(application.round.closes_at),
        "answer_by": date_format(application.round.answer_by, "DATE_FORMAT"),
    }


@on_move(Application, "submit")
def arrived(application: Application, step: Step) -> Iterator[Tell]:
    """The receipt to the municipality, the arrival to the Task Force."""
    receipt = documents.file_receipt(application, by=step.by)
    yield Tell(
        people_of(application.municipality, *TOLD),
        lambda: _("Receipt: we have received the application (case no. %(number)s)") % _facts(application),
        lambda: (
            _(
                "We have received the application from %(municipality)s %(at)s (case no. %(number)s), "
                "and you will have an answer by %(answer_by)s. The receipt is attached with all your answers."
            )
            % (_facts(application) | {"at": moment(step.at)})
        ),
        lambda: reverse("applications:receipt", args=[application.reference]),
        receipt,
        also_actor=True,
    )
    yield Tell(
        staff_for(application, *CASE_STAFF),
        lambda: _("New application from %(municipality)s (%(number)s)") % _facts(application),
        lambda: (
            _("The application arrived in %(round)s. Both agencies assess it, each for itself.") % _facts(application)
        ),
        application,
    )


@on_move(Application, "ask_for_more")
def more_asked(application: Application, step: Step) -> Iterator[Tell]:
    """What is missing, to those who can answer."""
    yield Tell(
        people_of(application.municipality, *TOLD),
        lambda: _("We need more information about your application (case no. %(number)s)") % _facts(application),
        lambda: (
            _(
                "This is missing:\n\n%(question)s\n\nOpen the application, change or add to your answers, and send the "
                "supplement by %(due)s."
            )
            % {
                "question": application.question,
                "due": date_format(application.answer_due_on, "DATE_FORMAT") if application.answer_due_on else "",
            }
        ),
        application,
    )


@on_move(Application, "send_supplement")
def supplemented(application: Application, step: Step) -> Iterator[Tell]:
    """The answer has come."""
    documents.file_supplement(application, by=step.by)
    yield Tell(
        staff_for(application, *CASE_STAFF),
        lambda: _("%(municipality)s has sent a supplement (%(number)s)") % _facts(application),
        lambda: _("The answers have been changed or added to, and the assessment can go on."),
        application,
    )


@on_move(Application, "accept", "waitlist", "decline")
def decided(application: Application, step: Step) -> Iterator[Tell]:
    """The answer, with the letter; and the engagement's consultants hear of theirs."""
    letter = documents.file_answer(application, by=step.by)
    yield Tell(
        people_of(application.municipality, *TOLD),
        lambda: _("Answer to your application (case no. %(number)s)") % _facts(application),
        lambda: documents.opening_sentence(application) + "\n\n" + _("The letter with the reason is attached."),
        application,
        letter,
    )
    yield Tell(
        staff_for(application, *CASE_STAFF),
        lambda: _("%(municipality)s: the application is decided (%(number)s)") % _facts(application),
        lambda: _("The decision: %(state)s.") % {"state": application.get_state_display()},
        application,
    )


@on_move(Application, "withdraw")
def taken_back(application: Application, step: Step) -> Iterator[Tell]:
    """The municipality has withdrawn."""
    yield Tell(
        people_of(application.municipality, *TOLD),
        lambda: _("The application is withdrawn (%(number)s)") % _facts(application),
        lambda: (
            _("%(person)s has withdrawn the application from %(municipality)s.")
            % (_facts(application) | {"person": str(step.by)})
        ),
        application,
    )
    if application.submitted_at:
        yield Tell(
            staff_for(application, *CASE_STAFF),
            lambda: _("%(municipality)s has withdrawn its application (%(number)s)") % _facts(application),
            lambda: step.note or _("No reason was given."),
            application,
        )


def colleague_asked(application: Application, colleague: User, *, by: User) -> None:
    """A colleague who already has access is asked to help."""
    notify(
        [colleague],
        key=f"application:{application.pk}:colleague:{by.pk}:{timezone.localdate()}",
        subject=lambda: _("%(person)s asks you to help with the application") % {"person": str(by)},
        body=lambda: (
            _("%(municipality)s is writing an application in %(round)s. The round closes %(closes)s.")
            % _facts(application)
        ),
        address=application,
    )


def sign_off_asked(sign_off: SignOff, *, by: User) -> None:
    """The link to the director or deputy; it leads to sign-in."""
    application = sign_off.application
    assert sign_off.signer is not None  # noqa: S101 - the caller has found the member
    notify(
        [sign_off.signer],
        key=f"application:{application.pk}:sign-off:{sign_off.pk}",
        subject=lambda: _("Sign off the application from %(municipality)s") % _facts(application),
        body=lambda: (
            _(
                "%(person)s asks you to sign off the application on the municipality's behalf. "
                "The round closes %(closes)s. The link opens the answers after you have signed in."
            )
            % (_facts(application) | {"person": str(by)})
        ),
        address=lambda: reverse("applications:sign_off", args=[sign_off.token]),
    )


def signed(sign_off: SignOff, *, by: User) -> None:
    """The applicants hear that they may submit."""
    application = sign_off.application
    notify(
        [user for user in people_of(application.municipality, *APPLICANTS) if user.pk != by.pk],
        key=f"application:{application.pk}:signed:{sign_off.pk}",
        subject=lambda: _("The application is signed off"),
        body=lambda: (
            _("%(person)s has signed off. A leader can now submit; the round closes %(closes)s.")
            % (_facts(application) | {"person": str(by)})
        ),
        address=application,
    )


def assessed_by_both(application: Application, *, by: User) -> None:
    """Both assessments are complete: the lead can decide."""
    notify(
        staff_for(application, LEAD),
        key=f"application:{application.pk}:assessed",
        subject=lambda: _("%(municipality)s is assessed by both agencies (%(number)s)") % _facts(application),
        body=lambda: (
            _("The application awaits your decision. The answer is promised by %(answer_by)s.") % _facts(application)
        ),
        address=lambda: reverse("applications:decide", args=[application.reference]),
    )


@reminder
def drafts_before_the_deadline(day: date) -> Iterator[tuple[str, Tell]]:
    """A week, two days and one day before the round closes, what is still missing."""
    drafts = Application.objects.filter(state=State.DRAFT, round__closes_at__date__gte=day)
    for application in drafts.select_related("municipality", "round"):
        days = (timezone.localdate(application.round.closes_at) - day).days
        due = [limit for limit in REMIND_BEFORE if days <= limit]
        if not due:
            continue
        yield (
            f"application:{application.pk}:closes:{min(due)}",
            Tell(people_of(application.municipality, *APPLICANTS), *_deadline_texts(application, days)),
        )


def _deadline_texts(application: Application, days: int) -> tuple[Text, Text, Application]:
    signed_off = sign_off_standing(application).kind == "signed"

    def subject() -> str:
        if days == 0:
            return _("The application round closes today")
        return ngettext(
            "The application round closes in %(n)s day", "The application round closes in %(n)s days", days
        ) % {"n": days}

    def body() -> str:
        text = _("Your application in %(round)s has not been submitted. The round closes %(closes)s.") % _facts(
            application
        )
        return text if signed_off else text + " " + _("The director's sign-off is still needed.")

    return subject, body, application


@reminder
def supplements_due(day: date) -> Iterator[tuple[str, Tell]]:
    """Three days before a supplement is due, and when it has become late."""
    waiting = Application.objects.filter(state=State.MORE_INFORMATION, answer_due_on__lte=day + timedelta(days=3))
    for application in waiting.select_related("municipality", "round"):
        late = application.answer_due_on is not None and application.answer_due_on < day
        yield (
            f"application:{application.pk}:supplement:{application.answer_due_on}:{'late' if late else 'soon'}",
            Tell(
                people_of(application.municipality, *APPLICANTS),
                _supplement_subject(late),
                _supplement_body(application),
                application,
            ),
        )


def _supplement_subject(late: bool) -> Text:
    return lambda: _("The date for your supplement has passed") if late else _("Your supplement is due soon")


def _supplement_body(application: Application) -> Text:
    return lambda: (
        _("We asked for more information by %(due)s:\n\n%(question)s")
        % {
            "due": date_format(application.answer_due_on, "DATE_FORMAT") if application.answer_due_on else "",
            "question": application.question,
        }
    )
