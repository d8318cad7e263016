"""What awaits whom in questions; the page of a question and the start pages say the same."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from engagements.programme.models import Milestone
from engagements.programme.overview import Waiting

from . import permissions
from .models import LegalQuestion, PublishedAnswer, QuestionState

TASK_FORCE = Milestone.Side.TASK_FORCE


def awaited(questions: Iterable[LegalQuestion], user: Any) -> Iterator[Waiting]:
    """What the open questions await; `mine` for those who may do it."""
    for question in questions:
        if not question.is_open:
            continue
        text, mine = _of(question, user)
        yield Waiting(
            text=text,
            address=question.get_absolute_url(),
            side=TASK_FORCE,
            due_on=question.due_on,
            about=question.municipality.name,
            mine=mine,
        )


def _of(question: LegalQuestion, user: Any) -> tuple[str, bool]:
    handles = permissions.may_handle(question, user)
    facts = {"reference": question.reference}
    if not handles:
        return _("%(reference)s: the question is being answered") % facts, False
    if question.state == QuestionState.ASKED:
        return _("%(reference)s: hand the question to a lawyer") % facts, True
    if question.state == QuestionState.ASSIGNED:
        return _("%(reference)s: write the answer") % facts, question.assigned_to_id == user.pk
    wrote = user.pk in {person.pk for person in question.drafters.all()}
    return _("%(reference)s: read the answer, and send or return it") % facts, not wrote


def to_publish(answers: Iterable[PublishedAnswer], user: Any) -> Iterator[Waiting]:
    """Rewritten answers that somebody else than the writer publishes."""
    for answer in answers:
        yield Waiting(
            text=_("%(reference)s: read the rewritten answer, and publish it")
            % {"reference": answer.question.reference},
            address=answer.get_absolute_url(),
            side=TASK_FORCE,
            about=answer.question.municipality.name,
            mine=permissions.may_publish(answer, user),
        )
