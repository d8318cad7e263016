"""Who is told what about questions: receipt, hand-out, second reading, the answer; reminders of due dates and old rules."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from engagements.lifecycle import Step
from engagements.notices.registry import Tell, on_move, reminder
from engagements.notices.services import notify
from engagements.people import permissions as who
from engagements.people.models import WORKING_ROLES
from engagements.people.services import people_of, staff
from engagements.users.models import User

from .models import LegalQuestion, PublishedAnswer, QuestionState
from .permissions import LAWYERS, READERS

SOON = timedelta(days=2)


def readers_of_answer(question: LegalQuestion) -> list[User]:
    """The one who asked, while still there, and the municipality's leaders and coordinators."""
    own = people_of(question.municipality, *WORKING_ROLES)
    asker = people_of(question.municipality, *READERS).filter(pk=question.asked_by_id)
    return list({user.pk: user for user in [*asker, *own]}.values())


def _lawyers(question: LegalQuestion) -> list[User]:
    return list(staff(*LAWYERS, about=question.municipality))


def _assigned(question: LegalQuestion) -> list[User]:
    return [question.assigned_to] if question.assigned_to else []


def _facts(question: LegalQuestion) -> dict[str, object]:
    return {
        "reference": question.reference,
        "title": question.title,
        "name": question.municipality.full_name,
        "day": date_format(question.due_on),
        "lawyer": question.assigned_to or "",
    }


def tell_asked(question: LegalQuestion) -> None:
    """The lawyers hear of it; whoever asked gets a receipt."""
    facts = _facts(question)
    notify(
        _lawyers(question),
        key=f"question-asked:{question.pk}",
        subject=lambda: _("New question from %(name)s") % facts,
        body=lambda: (
            _("%(reference)s: “%(title)s”. Hand it to a lawyer; the answer is due on %(day)s.") % _facts(question)
        ),
        address=question,
        fresh=True,
    )
    asker = question.asked_by
    notify(
        [asker] if asker else [],
        key=f"question-receipt:{question.pk}",
        subject=lambda: _("We have received your question (%(reference)s)") % facts,
        body=lambda: _("“%(title)s”. Two lawyers read it, and you get the answer by %(day)s.") % _facts(question),
        address=question,
        fresh=True,
    )


@on_move(LegalQuestion, "assign")
def assigned(question: LegalQuestion, step: Step) -> Iterator[Tell]:
    """The lawyer hears of the task."""
    yield Tell(
        _assigned(question),
        lambda: _("A question is yours to answer: %(reference)s") % _facts(question),
        lambda: _("“%(title)s”, asked by %(name)s. The answer is due on %(day)s.") % _facts(question),
        question,
    )


@on_move(LegalQuestion, "submit_draft")
def to_be_read(question: LegalQuestion, step: Step) -> Iterator[Tell]:
    """Those who have not written on the answer read it."""
    wrote = set(question.drafters.values_list("pk", flat=True))
    yield Tell(
        [user for user in _lawyers(question) if user.pk not in wrote],
        lambda: _("An answer awaits second reading: %(reference)s") % _facts(question),
        lambda: _("“%(title)s”. Read it, and send it or return it; it is due on %(day)s.") % _facts(question),
        question,
    )


@on_move(LegalQuestion, "send_back")
def returned(question: LegalQuestion, step: Step) -> Iterator[Tell]:
    """Those who wrote hear what is missing."""
    yield Tell(
        list({user.pk: user for user in [*question.drafters.all(), *_assigned(question)]}.values()),
        lambda: _("The answer to %(reference)s is returned") % _facts(question),
        lambda: _("“%(title)s”. What is missing: %(note)s") % {**_facts(question), "note": step.note},
        question,
    )


@on_move(LegalQuestion, "confirm")
def answered(question: LegalQuestion, step: Step) -> Iterator[Tell]:
    """The municipality gets its answer."""
    yield Tell(
        readers_of_answer(question),
        lambda: _("Your question is answered (%(reference)s)") % _facts(question),
        lambda: (
            _("The answer to “%(title)s” stands on the page of the question, with its legal basis.") % _facts(question)
        ),
        question,
    )


@on_move(LegalQuestion, "correct")
def to_be_corrected(question: LegalQuestion, step: Step) -> Iterator[Tell]:
    """The municipality must not rest on an answer that does not hold."""
    yield Tell(
        readers_of_answer(question),
        lambda: _("The answer to %(reference)s is being corrected") % _facts(question),
        lambda: (
            _("Wait with using the answer to “%(title)s”. What is corrected: %(note)s")
            % {**_facts(question), "note": step.note}
        ),
        question,
    )
    yield Tell(
        _assigned(question),
        lambda: _("An answer is to be corrected: %(reference)s") % _facts(question),
        lambda: _("“%(title)s”: %(note)s") % {**_facts(question), "note": step.note},
        question,
    )


@on_move(LegalQuestion, "reject")
def rejected(question: LegalQuestion, step: Step) -> Iterator[Tell]:
    """Why there is no answer, and where to turn."""
    yield Tell(
        readers_of_answer(question),
        lambda: _("Your question %(reference)s is closed without an answer") % _facts(question),
        lambda: _("“%(title)s”: %(note)s") % {**_facts(question), "note": step.note},
        question,
    )


@on_move(LegalQuestion, "withdraw")
def withdrawn(question: LegalQuestion, step: Step) -> Iterator[Tell]:
    """Nobody need work on it."""
    yield Tell(
        [*_assigned(question)],
        lambda: _("%(name)s has withdrawn %(reference)s") % _facts(question),
        lambda: _("“%(title)s” need not be answered.") % _facts(question),
        question,
    )


@on_move(PublishedAnswer, "publish")
def published(answer: PublishedAnswer, step: Step) -> Iterator[Tell]:
    """Whoever asked hears that others can read it, and that nobody can see who asked."""
    question = answer.question
    yield Tell(
        [question.asked_by] if question.asked_by else [],
        lambda: _("The answer to your question is published"),
        lambda: (
            _("“%(title)s” can be read by everyone. It is rewritten, and does not tell who asked.")
            % {"title": answer.published_title}
        ),
        answer,
    )


@reminder
def due_dates(day: date) -> Iterator[tuple[str, Tell]]:
    """Two days before the due date and once when it has passed: the lawyer, and the lead when it is late or unowned."""
    rows = LegalQuestion.objects.open().filter(due_on__lte=day + SOON)
    for question in rows.select_related("municipality", "assigned_to"):
        late = question.due_on < day
        leads = list(staff(who.LEAD, about=question.municipality)) if late or not question.assigned_to else []
        if question.state == QuestionState.SECOND_READING and not late:
            wrote = set(question.drafters.values_list("pk", flat=True))
            people = [user for user in _lawyers(question) if user.pk not in wrote]
        else:
            people = [*_assigned(question), *leads]
        if late:
            subject = lambda q=question: _("The answer to %(reference)s is late") % _facts(q)  # noqa: E731
        else:
            subject = lambda q=question: _("The answer to %(reference)s is due on %(day)s") % _facts(q)  # noqa: E731
        body = lambda q=question: _("“%(title)s”, asked by %(name)s. It is due on %(day)s.") % _facts(q)  # noqa: E731
        yield (
            f"question-{'late' if late else 'due'}:{question.pk}:{question.due_on}",
            Tell(people, subject, body, question),
        )


@reminder
def old_rules(day: date) -> Iterator[tuple[str, Tell]]:
    """A published answer rests on a rule that has ended, and nobody has said so on the answer yet."""
    ended = Q(basis__valid_until__lte=day) & (Q(valid_until__isnull=True) | Q(valid_until__gt=F("basis__valid_until")))
    for answer in PublishedAnswer.objects.published().filter(ended).select_related("question__municipality").distinct():
        yield (
            f"answer-old-rules:{answer.pk}:{answer.version}",
            Tell(
                _lawyers(answer.question),
                lambda: _("A published answer rests on rules that have ended"),
                lambda a=answer: (
                    _("Look through “%(title)s”, and say until when it holds, or withdraw it.")
                    % {"title": a.published_title}
                ),
                answer,
            ),
        )
