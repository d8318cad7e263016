"""What people do with questions: ask, hand out, answer in pairs, send; rewrite, publish, say whether it was useful."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.lifecycle import MoveRefused, move, record
from engagements.municipalities.models import Municipality
from engagements.people import permissions as who
from engagements.people.services import staff
from engagements.records.days import working_days_after
from engagements.records.numbers import next_question_reference
from engagements.records.versions import save_versioned, sent_twice
from engagements.requirements.models import RequirementVersion
from engagements.users.models import User

from . import messages, permissions, words
from .models import LegalQuestion, PublishedAnswer, QuestionNote, Usefulness

if TYPE_CHECKING:
    from django.db.models import QuerySet

WORKING_DAYS = 10
"""A question is answered within so many working days unless another day is set."""
SIMILAR = 4
LOOKED_THROUGH = 500


def similar_answers(text: str) -> list[PublishedAnswer]:
    """Published answers that have telling words in common with the text, those in force and most alike first."""
    asked = words.stems(text[: words.LONGEST * 10])
    if not asked:
        return []
    found = list(PublishedAnswer.objects.published()[:LOOKED_THROUGH])
    scored = zip(words.likeness(asked, [answer.folded_words for answer in found]), found, strict=True)
    alike = [(answer.is_outdated, -score, -answer.pk, answer) for score, answer in scored if score]
    return [answer for *_order, answer in sorted(alike, key=lambda row: row[:3])[:SIMILAR]]


@transaction.atomic
def ask(
    *,
    municipality: Municipality,
    title: str,
    text: str,
    topic: str,
    by: User,
    law: str = "",
    may_be_published: bool = True,
    at: datetime | None = None,
) -> LegalQuestion:
    """Ask on behalf of a municipality; a form sent twice asks once.

    Raises MoveRefused for those who may not ask there, ValidationError if a text holds a CPR number or a child's name.
    """
    if not who.has_role(by, municipality, *permissions.ASKERS):
        raise MoveRefused(_("Only leaders, coordinators and caseworkers of the municipality can ask."))
    at = at or timezone.now()
    Municipality.objects.select_for_update().get(pk=municipality.pk)
    same = {"municipality": municipality, "title": title, "text": text, "asked_by": by}
    if twin := sent_twice(LegalQuestion.objects.all(), when="asked_at", **same):
        return twin
    due_on = working_days_after(at, WORKING_DAYS)
    question = LegalQuestion(
        **same, topic=topic, law=law, may_be_published=may_be_published, asked_at=at, due_on=due_on
    )
    question.clean_fields(exclude=["reference", "municipality", "asked_by"])
    question.reference = next_question_reference(at)
    question.save()
    record(question, "asked", by=by)
    messages.tell_asked(question)
    return question


@transaction.atomic
def change_question(
    question: LegalQuestion,
    *,
    version: int,
    title: str,
    text: str,
    topic: str,
    law: str,
    may_be_published: bool | None = None,
    by: User,
) -> LegalQuestion:
    """Change the words of a question nobody works on yet, and whether it may be published. Raises StaleError if a colleague saved in between."""
    if not permissions.may_change(_locked(question), by):
        raise MoveRefused(_("The question is being answered, so its words stay as they are."))
    said: dict[str, Any] = {"title": title, "text": text, "topic": topic, "law": law}
    if may_be_published is not None:
        said["may_be_published"] = may_be_published
    return _save(question, version, by, "changed", **said)


def lawyers_for(question: LegalQuestion) -> "QuerySet[User]":
    """Those a question may be handed to: the legal consultants who are not *inhabil* for the municipality."""
    return staff(who.LEGAL, about=question.municipality).order_by("first_name", "last_name", "pk")


@transaction.atomic
def assign(
    question: LegalQuestion, *, lawyer: User, due_on: date, by: User, note: str = "", at: datetime | None = None
) -> LegalQuestion:
    """Hand the question to a lawyer with a due date; also to another one while it is being answered."""
    if not lawyers_for(question).filter(pk=lawyer.pk).exists():
        raise MoveRefused(
            _("%(name)s cannot answer this: the person is no legal consultant, or not impartial here.")
            % {"name": lawyer}
        )
    locked = _locked(question)
    locked.assigned_to, locked.due_on = lawyer, due_on
    locked.version += 1
    locked.save(update_fields=["assigned_to", "due_on", "version"])
    if note.strip():
        write_note(question, text=note, by=by)
    return move(question, "assign", by=by, at=at)


@transaction.atomic
def write_draft(
    question: LegalQuestion,
    *,
    version: int,
    answer: str,
    basis: Iterable[RequirementVersion],
    other_basis: str,
    by: User,
) -> LegalQuestion:
    """Write on the answer; whoever has done so cannot confirm it. Raises StaleError if somebody saved in between."""
    if not permissions.may_draft(_locked(question), by):
        raise MoveRefused(_("The answer cannot be changed now: it is in second reading, sent, or the question closed."))
    saved = _save(question, version, by, "drafted", answer=answer, other_basis=other_basis)
    saved.basis.set(basis)
    saved.drafters.add(by)
    return saved


@transaction.atomic
def move_question(
    question: LegalQuestion, name: str, *, by: User, note: str = "", at: datetime | None = None
) -> LegalQuestion:
    """Make a move; an answer that is to be corrected is kept in the log as it was sent, and has new readers."""
    sent = question.answer if name == "correct" else ""
    moved = move(question, name, by=by, note=note, at=at)
    if name == "correct":
        record(moved, "earlier_answer", by=by, internal=True, note=sent)
        moved.drafters.clear()
    return moved


@transaction.atomic
def write_note(question: LegalQuestion, *, text: str, by: User) -> QuestionNote:
    """Write an internal note; the same text from the same person within a minute is the same note."""
    if not permissions.may_handle(question, by):
        raise MoveRefused(_("Only those who answer questions write notes."))
    _locked(question)
    if twin := sent_twice(question.notes.all(), when="written_at", text=text.strip(), written_by=by):
        return twin
    note = QuestionNote(question=question, text=text.strip(), written_by=by)
    note.clean_fields(exclude=["question", "written_by"])
    note.save()
    record(question, "note_written", by=by, internal=True)
    return note


@transaction.atomic
def rewrite(
    question: LegalQuestion, *, version: int | None, basis: Iterable[RequirementVersion], by: User, **texts: Any
) -> PublishedAnswer:
    """Write an answered question anew for everyone, as a draft that another person publishes.

    Raises ValidationError, by field, where a text names the municipality or the person who asked; StaleError if
    somebody saved in between.
    """
    locked = _locked(question)
    if not locked.may_be_published:
        raise MoveRefused(_("The municipality has said no to publication, so the answer stays with the municipality."))
    if not permissions.may_rewrite(locked, by):
        raise MoveRefused(_("Only an answered question is rewritten, and only until it is published."))
    answer = PublishedAnswer.objects.filter(question=locked).first() or PublishedAnswer(question=locked)
    for name, value in {**texts, "written_by": by}.items():
        setattr(answer, name, value)
    answer.full_clean(exclude=["question", "written_by", "state"])
    answer.check_anonymous()
    if answer.pk:
        save_versioned(answer, version or 0, [*texts, "written_by"])
    else:
        answer.save()
    answer.basis.set(basis)
    answer.save(update_fields=["folded_words"])
    record(answer, "rewritten", by=by)
    record(question, "rewritten", by=by, internal=True)
    return answer


@transaction.atomic
def set_validity(
    answer: PublishedAnswer, *, version: int, valid_from: date, valid_until: date | None, by: User
) -> PublishedAnswer:
    """Say how long the rules hold that an answer rests on, also while it is public."""
    if not permissions.may_handle_answer(answer, by):
        raise MoveRefused(_("Only those who answer questions change how long an answer holds."))
    if valid_until and valid_until <= valid_from:
        raise ValidationError({"valid_until": _("The end must be after the beginning.")})
    answer.valid_from, answer.valid_until = valid_from, valid_until
    save_versioned(answer, version, ["valid_from", "valid_until"])
    record(answer, "validity_changed", by=by, internal=True, until=str(valid_until or ""))
    return answer


@transaction.atomic
def say_useful(answer: PublishedAnswer, *, useful: bool, user: User | None = None) -> None:
    """Keep whether an answer was useful; a person with an account is counted once, with the latest opinion."""
    if user is None:
        Usefulness.objects.create(answer=answer, useful=useful)
    else:
        Usefulness.objects.update_or_create(answer=answer, user=user, defaults={"useful": useful})


def validity_of(basis: Iterable[RequirementVersion]) -> tuple[date | None, date | None]:
    """The period in which all of the rules hold: from the latest beginning to the earliest end."""
    rows = list(basis)
    starts = [row.valid_from for row in rows]
    ends = [row.valid_until for row in rows if row.valid_until]
    return max(starts, default=None), min(ends, default=None)


def _locked(question: LegalQuestion) -> LegalQuestion:
    return LegalQuestion.objects.select_for_update().get(pk=question.pk)


def _save(question: LegalQuestion, version: int, by: User, act: str, **fields: Any) -> LegalQuestion:
    for name, value in fields.items():
        setattr(question, name, value)
    question.clean_fields(exclude={field.name for field in question._meta.fields} - fields.keys())
    save_versioned(question, version, fields)
    record(question, act, by=by, internal=act == "drafted")
    return question
