"""What people do around and after a run: note attendance, evaluate, issue certificates."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from courses.enrolment.models import Enrolment
from courses.runs.models import Run, Session
from engagements.lifecycle import MoveRefused, record, record_all
from engagements.municipalities.models import Agency
from engagements.notices.services import gathered
from engagements.records.numbers import next_certificate_numbers

from . import permissions, results
from .models import (
    STANDARD_QUESTIONS,
    Attendance,
    Certificate,
    EvaluationAnswer,
    EvaluationQuestion,
    EvaluationSheet,
    EvaluationTicket,
)

if TYPE_CHECKING:
    from engagements.users.models import User

MOST_QUESTIONS = 12


def _refuse_unless(allowed: bool, why: str = "") -> None:
    if not allowed:
        raise MoveRefused(why or _("Only those who organise or teach on the run can do this."))


# Attendance --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Mark:
    """What the form showed of a participant, and what was chosen."""

    shown: bool | None
    chosen: bool | None


@dataclass
class Noted:
    """What became of the marks: how many were written, whom a colleague has noted otherwise, who has left."""

    written: int = 0
    clashes: list[Enrolment] = field(default_factory=list)
    gone: int = 0


@transaction.atomic
def note_attendance(session: Session, marks: Mapping[int, Mark], *, by: "User", at: datetime | None = None) -> Noted:
    """Note who was there; `marks` by primary key of the enrolment.

    Only what was changed on the form is written, so that two people may note at once. What a colleague has noted
    otherwise in the meantime stays and is reported; so does whoever no longer has a seat.
    """
    at = at or timezone.now()
    _refuse_unless(permissions.may_hold(session.run, by))
    _refuse_unless(permissions.can_be_noted(session, at), _("Attendance is noted from the day of the session on."))
    Session.objects.select_for_update().get(pk=session.pk)
    changed = {pk: mark for pk, mark in marks.items() if mark.chosen is not None and mark.chosen != mark.shown}
    seated = {row.pk: row for row in session.run.enrolments.seated().filter(pk__in=changed).select_related("person")}
    stored = dict(session.attendance.filter(enrolment__in=seated).values_list("enrolment", "present"))
    noted = Noted(gone=len(changed) - len(seated))
    rows = []
    for pk, enrolment in seated.items():
        mark = changed[pk]
        if stored.get(pk) == mark.chosen:
            continue
        if stored.get(pk) != mark.shown:
            noted.clashes.append(enrolment)
            continue
        rows.append(Attendance(enrolment=enrolment, session=session, present=bool(mark.chosen), noted_by=by))
    Attendance.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["enrolment", "session"],
        update_fields=["present", "noted_by", "noted_at"],
    )
    noted.written = len(rows)
    if rows:
        record(session.run, "attendance_noted", by=by, session=session.pk, participants=len(rows))
    return noted


# Evaluation --------------------------------------------------------------------------------------
@transaction.atomic
def evaluation_questions(run: Run) -> list[EvaluationQuestion]:
    """The questions of the run's evaluation; the standard ones are made when they are first needed."""
    found = list(run.evaluation_questions.all())
    if found:
        return found
    Run.objects.select_for_update().get(pk=run.pk)
    if not run.evaluation_questions.exists():
        EvaluationQuestion.objects.bulk_create(
            EvaluationQuestion(run=run, text=text, answered=answered, order=order)
            for order, (answered, text) in enumerate(STANDARD_QUESTIONS, 1)
        )
    return list(run.evaluation_questions.all())


@transaction.atomic
def set_evaluation_questions(
    run: Run, *, scores: Sequence[str], words: Sequence[str], by: "User"
) -> list[EvaluationQuestion]:
    """Say what the evaluation asks: questions answered from 1 to 5, then those in words. Not after the first answer."""
    _refuse_unless(permissions.may_organise(run, by), _("Only those who organise the run can do this."))
    Run.objects.select_for_update().get(pk=run.pk)
    _refuse_unless(
        not run.evaluation_sheets.exists(), _("The questions can no longer be changed: the first answer has come.")
    )
    kept = {(one.answered, one.words): one for one in evaluation_questions(run)}
    answered = EvaluationQuestion.Answered
    wanted = dict.fromkeys([*((answered.SCORE, text) for text in scores), *((answered.TEXT, text) for text in words)])
    _refuse_unless(0 < len(wanted) <= MOST_QUESTIONS, _("Ask at least one question and at most twelve."))
    for order, (kind, text) in enumerate(wanted, 1):
        question = kept.pop((kind, text), None) or EvaluationQuestion(run=run, answered=kind, text=text)
        question.order = order
        question.clean_fields(exclude=["run"])
        question.save()
    run.evaluation_questions.filter(pk__in=[left.pk for left in kept.values()]).delete()
    record(run, "evaluation_changed", by=by)
    return list(run.evaluation_questions.all())


@transaction.atomic
def evaluate(enrolment: Enrolment, answers: Mapping[int, int | str], *, by: "User", at: datetime | None = None) -> None:
    """Hand in a participant's evaluation; `answers` by primary key of the question, those left out are not answered.

    A ticket says that the participant has answered, a sheet what; nothing leads from one to the other, and nothing
    about the act is recorded. Every fifth evaluation lets the last five be shown together.
    """
    at = at or timezone.now()
    run = enrolment.run
    _refuse_unless(enrolment.person_id == by.pk and results.is_evaluator(enrolment), _("Only participants evaluate."))
    _refuse_unless(permissions.can_be_evaluated(run, at), _("The evaluation is not open now."))
    Run.objects.select_for_update().get(pk=run.pk)
    given = {question: answers[question.pk] for question in run.evaluation_questions.all() if question.pk in answers}
    given = {question: answer for question, answer in given.items() if answer not in ("", None)}
    _refuse_unless(bool(given), _("Answer at least one question."))
    _ticket, made = EvaluationTicket.objects.get_or_create(enrolment=enrolment)
    _refuse_unless(made, _("You have already evaluated this run."))
    sheet = EvaluationSheet.objects.create(run=run)
    rows = [_answer(sheet, question, answer) for question, answer in given.items()]
    for row in rows:
        row.clean_fields(exclude=["sheet", "question"])
    EvaluationAnswer.objects.bulk_create(rows)
    held_back = run.evaluation_sheets.filter(shown=False)
    if held_back.count() >= results.SHOWN_FROM:
        held_back.update(shown=True)


def _answer(sheet: EvaluationSheet, question: EvaluationQuestion, answer: Any) -> EvaluationAnswer:
    if question.answered == question.Answered.SCORE:
        return EvaluationAnswer(sheet=sheet, question=question, score=int(answer))
    return EvaluationAnswer(sheet=sheet, question=question, text=str(answer))


# Certificates ------------------------------------------------------------------------------------
@transaction.atomic
def issue_certificates(
    run: Run, *, by: "User", chosen: Collection[int] = (), at: datetime | None = None
) -> list[Certificate]:
    """Conclude the run: note who has completed it, and issue the certificates that its rule gives.

    `chosen` (primary keys of enrolments) are those the organiser has picked: everyone who gets one where the organiser
    decides, and those whose earlier certificate was revoked. Asking twice gives nobody a second one.
    """
    from .messages import certificate_issued

    at = at or timezone.now()
    _refuse_unless(permissions.may_organise(run, by), _("Only those who organise the run can do this."))
    _refuse_unless(permissions.can_be_concluded(run, at), _("Certificates are issued when the run is over."))
    Run.objects.select_for_update().get(pk=run.pk)
    found = results.outcomes(run)
    picked = [one for one in found if one.earns or (one.may_be_chosen and one.enrolment.pk in set(chosen))]
    completed = run.enrolments.filter(pk__in=[one.enrolment.pk for one in picked], completed_at__isnull=True)
    newly = completed.update(completed_at=at)
    if run.certificate_rule == Run.CertificateRule.NONE:
        if newly:
            record(run, "concluded", by=by, participants=newly)
        return []
    if not picked:
        return []
    shared = facts_of(run)
    numbers = next_certificate_numbers(at, len(picked))
    made = Certificate.objects.bulk_create(
        Certificate(
            number=number,
            enrolment=one.enrolment,
            person=one.enrolment.person,
            facts={"name": str(one.enrolment.person), "attended": one.attended, "of": one.of, **shared},
            issued_at=at,
            issued_by=by,
        )
        for number, one in zip(numbers, picked, strict=True)
    )
    record_all(made, "issued", by=by, entries=[{} for _certificate in made])
    with gathered():
        for certificate in made:
            certificate_issued(certificate)
    return made


def facts_of(run: Run) -> dict[str, Any]:
    """What every certificate of the run says, frozen as it is now, in Danish."""
    sessions = list(run.sessions.all())
    taught = round(sum((session.ends_at - session.starts_at).total_seconds() for session in sessions) / 3600, 1)
    day = timezone.localdate(run.ends_at)
    agencies = Agency.objects.filter(kind__in=[Agency.Kind.LEGAL, Agency.Kind.SOCIAL]).prefetch_related("names")
    with translation.override("da"):
        places = [session.place or (_("online") if session.is_online else "") for session in sessions]
        return {
            "title": run.title,
            "kind": run.kind,
            "hours": (run.course.hours if run.course else None) or (int(taught) if taught == int(taught) else taught),
            "begins": timezone.localdate(run.starts_at).isoformat(),
            "ends": day.isoformat(),
            "places": list(dict.fromkeys(filter(None, places))),
            "issued_by": [agency.name_on(day) for agency in agencies],
        }
