"""Who may do what with questions and answers; nobody approves the own work."""

from typing import TYPE_CHECKING, Any

from engagements.people import permissions as who
from engagements.people.models import CASEWORK_ROLES, WORKING_ROLES, Role

if TYPE_CHECKING:
    from .models import LegalQuestion, PublishedAnswer

ASKERS = WORKING_ROLES | {Role.CASEWORKER}
"""Those who ask on behalf of a municipality."""
READERS = CASEWORK_ROLES | {Role.CASEWORKER}
"""Those who read what their municipality has asked."""
LAWYERS = (who.LEGAL, who.LEAD)


def answers_questions(user: Any) -> bool:
    """Lawyers and the lead."""
    return who.is_staff_of(user, *LAWYERS)


def may_handle(question: "LegalQuestion", user: Any) -> bool:
    """Hand out, answer and close: lawyers and the lead who are not *inhabil* for the municipality."""
    return answers_questions(user) and question.municipality_id not in who.disqualified_for(user)


def may_change(question: "LegalQuestion", user: Any) -> bool:
    """Change the words of a question nobody works on yet: those who may ask there."""
    return question.state == "asked" and who.has_role(user, question.municipality_id, *ASKERS)


def may_withdraw(question: "LegalQuestion", user: Any) -> bool:
    """The one who asked, and leaders and coordinators."""
    own = question.asked_by_id == user.pk and who.has_role(user, question.municipality_id, *ASKERS)
    return own or who.works_for(user, question.municipality_id)


def may_assign(question: "LegalQuestion", user: Any) -> bool:
    """Hand the question to a lawyer, while it is not written or answered."""
    return may_handle(question, user) and question.state in ("asked", "assigned")


def may_draft(question: "LegalQuestion", user: Any) -> bool:
    """Write on the answer: any lawyer, while it is being written."""
    return may_handle(question, user) and question.state == "assigned"


def may_confirm(question: "LegalQuestion", user: Any) -> bool:
    """Read the answer and send or return it: a lawyer or the lead who has not written on it."""
    return may_handle(question, user) and not question.drafters.filter(pk=user.pk).exists()


def may_correct(question: "LegalQuestion", user: Any) -> bool:
    """Take up an answer that turned out to be wrong."""
    return may_handle(question, user)


def may_rewrite(question: "LegalQuestion", user: Any) -> bool:
    """Rewrite an answer for publication while it is not public, unless the municipality has said no."""
    if question.state != "answered" or not question.may_be_published or not may_handle(question, user):
        return False
    published = getattr(question, "publication", None)
    return published is None or published.state == "draft"


def may_handle_answer(answer: "PublishedAnswer", user: Any) -> bool:
    """Withdraw an answer, or change how long it holds."""
    return may_handle(answer.question, user)


def may_publish(answer: "PublishedAnswer", user: Any) -> bool:
    """Publish: a lawyer or the lead who did not write the text last."""
    return may_handle(answer.question, user) and answer.written_by_id != user.pk
