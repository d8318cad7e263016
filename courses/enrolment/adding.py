"""New enrolments: last in line, and given what the rules give them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from courses.runs.models import Question, Run
from engagements.batching import insert
from engagements.users.models import User

from .arrivals import Arrival, Refused
from .board import Board, candidate_for, trace, write_traces
from .models import Cause, Enrolment, EnrolmentState, Party, QuestionAnswer, Reason
from .seating import Candidate, Verdict, allot, can_ever_fit

type Answers = Mapping[int, Mapping[int, str]]
"""Answers to the run's questions: primary key of the person → primary key of the question → text."""


def add(board: Board, new: Sequence[Arrival], *, by: User, together: bool, fewer: bool) -> list[Enrolment]:
    """Put the new ones last in line and let the rules give the seats."""
    run, group = board.run, together and len(new) > 1
    party = Party.objects.create(run=run, together=group, created_by=by) if len(new) > 1 else None
    rows = [arrived(run, one, party, by, board.at) for one in new]
    asking = [row for row in rows if row.state == EnrolmentState.WAITING]
    if group:
        _refuse_impossible(board, [candidate_for(row) for row in rows])
    before = board.waiting
    # A group in which somebody awaits approval waits until that is answered.
    verdicts = [] if group and len(asking) < len(rows) else _allot_new(board, asking)
    seated = [verdict.candidate.ref for verdict in verdicts if verdict.seated]
    for row in seated:
        row.state, row.seated_at = EnrolmentState.SEATED, board.at
    board.note(verdicts)
    if fewer:
        rows = [row for row in rows if row.state != EnrolmentState.WAITING]
    board.waiting += sum(row.state == EnrolmentState.WAITING for row in rows)
    insert(rows, keyed=True)
    said = {id(verdict.candidate.ref): verdict for verdict in verdicts}
    traces, place = [], before
    for row in rows:
        verdict = said.get(id(row))
        facts = dict(verdict.facts) if verdict else {"capacity": run.capacity, "taken": board.total}
        reason = verdict.reason if verdict else Reason.TOGETHER
        if row.state == EnrolmentState.REQUESTED:
            reason = Reason.APPROVAL
        elif row.state == EnrolmentState.WAITING:
            place += 1
            facts["place"] = place
        traces.append(trace(row, Cause.ENROLLED, reason, facts, board.at))
    write_traces(traces)
    return rows


def _allot_new(board: Board, rows: list[Enrolment]) -> list[Verdict]:
    """Verdicts on rows not yet saved: those who wait were served a moment ago, so only the new are looked at."""
    if board.at >= board.run.starts_at:
        return []
    return allot(board.rules, board.taken, [candidate_for(row) for row in rows])


def arrived(run: Run, one: Arrival, party: Party | None, by: User, at: datetime) -> Enrolment:
    row = Enrolment(
        run=run,
        person=one.person,
        municipality_id=one.home,
        role=one.role,
        state=EnrolmentState.WAITING,
        party=party,
        in_training=one.in_training,
        queued_at=at,
        created_by=by,
    )
    if one.approve_within is not None:
        row.state = EnrolmentState.REQUESTED
        row.answer_by = min(at + one.approve_within, run.closes_at)
    return row


def _refuse_impossible(board: Board, group: list[Candidate]) -> None:
    if not can_ever_fit(board.rules, group) and not (board.run.release_at and len(group) <= board.rules.capacity):
        raise Refused(
            _("A group of %(size)s can never sit together on this run; enrol as many as fit, or fewer at a time.")
            % {"size": len(group)},
            code="too_many",
        )


def keep_answers(run: Run, rows: list[Enrolment], answers: Answers) -> None:
    """Save the answers given by the people now enrolled; the text is guarded like all others."""
    if not answers:
        return
    questions = {question.pk: question for question in Question.objects.filter(run=run)}
    kept = [
        QuestionAnswer(enrolment=row, question=questions[pk], text=text.strip())
        for row in rows
        for pk, text in answers.get(row.person_id, {}).items()
        if pk in questions and text.strip()
    ]
    for answer in kept:
        answer.clean_fields(exclude=["enrolment", "question"])
    QuestionAnswer.objects.bulk_create(kept)
