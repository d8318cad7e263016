"""The papers of an application: the receipt, the supplement and the answer, filed under its case number."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from engagements.people.models import Role
from engagements.records import pdf
from engagements.records.models import Document
from engagements.records.services import file_document

from .models import Application, State
from .readiness import moment, sign_off_standing
from .sections import SECTIONS, Answer, Declared, in_words

if TYPE_CHECKING:
    from engagements.users.models import User

PAPER_LANGUAGE = "da"
"""Papers of a case are in Danish, whatever language the person reads the site in."""


@dataclass(frozen=True)
class AnsweredSection:
    """A section with its answers in words, and whether it is complete."""

    declared: Declared
    row: Any
    answers: list[Answer]


def answered_sections(application: Application) -> list[AnsweredSection]:
    """Every section in order, with the answers as they are now."""
    rows = {row.key: row for row in application.sections.select_related("saved_by")}
    return [
        AnsweredSection(section, row, in_words(section, row.answers if row else {}))
        for section in SECTIONS
        for row in [rows.get(section.key)]
    ]


def _answers_paper(application: Application, kind: str) -> bytes:
    sign_off = sign_off_standing(application).sign_off
    return pdf.render(
        "applications/pdf/receipt.html",
        {
            "kind": kind,
            "application": application,
            "sections": answered_sections(application),
            "attachments": list(application.attachments.all()),
            "sign_off": sign_off,
            "signed_role": Role(sign_off.signed_role).label if sign_off and sign_off.signed_role else "",
            "arrived": moment(application.submitted_at) if application.submitted_at else "",
            "today": timezone.localdate(),
        },
    )


def file_receipt(application: Application, *, by: "User | None") -> Document:
    """The receipt with every answer as submitted; the attachments are filed beside it."""
    with override(PAPER_LANGUAGE):
        content = _answers_paper(application, "receipt")
        title = _("Receipt for the application from %(municipality)s") % {
            "municipality": application.municipality.full_name
        }
        receipt = _file(application, title, content, by=by, direction=Document.Direction.SENT, name="kvittering")
    Application.objects.filter(pk=application.pk).update(receipt=receipt)
    for attachment in application.attachments.all():
        with attachment.file.open("rb") as stored:
            _file(application, attachment.title, stored, by=by, direction=Document.Direction.RECEIVED)
    return receipt


def file_supplement(application: Application, *, by: "User | None") -> Document:
    """The answers as they are after the supplement, and the files that came with it."""
    with override(PAPER_LANGUAGE):
        content = _answers_paper(application, "supplement")
        title = _("Supplement from %(municipality)s") % {"municipality": application.municipality.full_name}
        paper = _file(application, title, content, by=by, direction=Document.Direction.RECEIVED, name="supplement")
    for attachment in application.attachments.filter(uploaded_at__gt=application.submitted_at):
        with attachment.file.open("rb") as stored:
            _file(application, attachment.title, stored, by=by, direction=Document.Direction.RECEIVED)
    return paper


@dataclass(frozen=True)
class Letter:
    """The answer as it goes out: what the preview shows and the PDF prints."""

    subject: str
    opening: str
    reason: str
    next_steps: list[str]


def letter(application: Application, *, outcome: str, reason: str, starts_on: date | None, place: int | None) -> Letter:
    """The answer in words; `outcome` is the state the decision leads to, `place` the place on the waiting list."""
    steps = {
        State.ACCEPTED: [
            _("The engagement starts %(date)s under the same case number.")
            % {"date": date_format(starts_on, "DATE_FORMAT") if starts_on else ""},
            _(
                "Your team at the Task Force calls within two weeks to arrange the first meeting and the start agreement."
            ),
            _("You find the plan and the team on the engagement's page."),
        ],
        State.WAITLISTED: [
            _(
                "If a place becomes free, it goes to the first on the list, and we write to you with ten working days to answer."
            ),
            _("You may withdraw the application at any time."),
        ],
        State.DECLINED: [
            _("You are welcome to apply again in the next application round."),
            _("You may always ask us about rules and practice, and your staff may take part in our courses."),
        ],
    }
    return Letter(
        subject=_("Answer to your application for %(offer)s") % {"offer": application.round.offer.title},
        opening=_opening(outcome, application, place),
        reason=reason,
        next_steps=steps.get(outcome, []),  # type: ignore[call-overload]
    )


def _opening(outcome: str, application: Application, place: int | None) -> str:
    facts = {"municipality": application.municipality.full_name, "round": application.round.title}
    if outcome == State.ACCEPTED:
        return _("The application from %(municipality)s in %(round)s is accepted.") % facts
    if outcome == State.WAITLISTED:
        return (
            _("The application from %(municipality)s in %(round)s is on the waiting list.") % facts
            + " "
            + _("You are number %(place)s.") % {"place": place or 1}
        )
    return _("The application from %(municipality)s in %(round)s is not accepted.") % facts


def opening_sentence(application: Application) -> str:
    """The decision in one sentence, for the mail that carries the letter."""
    return _opening(application.state, application, application.place_in_line)


def recorded_letter(application: Application) -> Letter:
    """The letter of a decision that has been made."""
    engagement = application.engagement
    return letter(
        application,
        outcome=application.state,
        reason=application.reason,
        starts_on=engagement.starts_on if engagement else None,
        place=application.place_in_line,
    )


def file_answer(application: Application, *, by: "User | None") -> Document:
    """The letter, filed as sent."""
    with override(PAPER_LANGUAGE):
        found = recorded_letter(application)
        content = pdf.render(
            "applications/pdf/answer.html",
            {
                "application": application,
                "letter": found,
                "decided_by": by,
                "today": timezone.localdate(application.decided_at) if application.decided_at else None,
            },
        )
        answer = _file(application, found.subject, content, by=by, direction=Document.Direction.SENT, name="svar")
    Application.objects.filter(pk=application.pk).update(answer=answer)
    return answer


def _file(
    application: Application, title: str, content: Any, *, by: "User | None", direction: str, name: str = ""
) -> Document:
    """File on the case; papers of our own making are named after what they are and the case."""
    own_name = f"{name}-{application.case_no}.pdf" if name else ""
    return file_document(
        str(application.case_no), title, content, by=by, internal=False, direction=direction, name=own_name
    )
