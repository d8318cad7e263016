"""Evaluations by participants: a link with a token, no sign-in, no trace of who answered; shown from five answers."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import Avg, Count, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.lifecycle import MoveRefused

from .models import Evaluation, Visit
from .models_parts import SHOWN_FROM

PAGE_LASTS = timedelta(hours=12)
"""An answer is sent from a page opened within this time."""
FEWEST_TAKEN = 10


def address(visit: Visit) -> str:
    """Where the participants answer."""
    return reverse("visits:evaluate", args=[visit.token])


def new_nonce(visit: Visit) -> str:
    """Marks one opened page: the same page sent twice is one answer."""
    return signing.dumps(secrets.token_hex(12), salt=_salt(visit))


def _salt(visit: Visit) -> str:
    return f"visits.evaluation.{visit.pk}"


def read_nonce(visit: Visit, signed: str) -> str | None:
    """The nonce of a page of ours; None for one that is too old, of another visit, or made up."""
    try:
        return str(signing.loads(signed, salt=_salt(visit), max_age=PAGE_LASTS))
    except signing.BadSignature:
        return None


def most_answers(visit: Visit) -> int:
    """As many as could have been there, with room for a wrong count; more than that no link takes."""
    numbers = visit.audience.aggregate(expected=Sum("expected"), attended=Sum("attended"))
    return max(FEWEST_TAKEN, 2 * max(numbers["expected"] or 0, numbers["attended"] or 0))


@transaction.atomic
def answer(visit: Visit, *, nonce: str, **fields: Any) -> Evaluation | None:
    """Keep one participant's answer; None if this page has been answered already.

    Raises MoveRefused when the evaluation is closed or full, ValidationError if a text is refused.
    """
    visit = Visit.objects.select_for_update().get(pk=visit.pk)
    if not visit.takes_evaluations():
        raise MoveRefused(_("The evaluation is closed."))
    if visit.evaluations.filter(nonce=nonce).exists():
        return None
    if visit.evaluations.count() >= most_answers(visit):
        raise MoveRefused(_("There are already more answers than participants; the evaluation takes no more."))
    row = Evaluation(visit=visit, nonce=nonce, **fields)
    row.clean_fields(exclude=["visit"])
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return None
    return row


@dataclass(frozen=True)
class Mean:
    """A question with the mean of its answers, and how many gave the two highest grades."""

    question: str
    mean: float
    high: int
    answers: int


@dataclass(frozen=True)
class Result:
    """What may be shown of a visit's evaluations: the count always, the rest from five answers."""

    answers: int
    people: int
    means: list[Mean]
    comments: list[str]

    @property
    def shown(self) -> bool:
        """Enough have answered that nobody can be told apart."""
        return self.answers >= SHOWN_FROM


def result(visit: Visit) -> Result:
    """The answers of a visit; means and comments only when at least five have answered."""
    people = visit.audience.aggregate(found=Sum("attended"))["found"] or 0
    count = visit.evaluations.count()
    if count < SHOWN_FROM:
        return Result(count, people, [], [])
    wanted: dict[str, Any] = {}
    for name in Evaluation.QUESTIONS:
        wanted[f"{name}_mean"] = Avg(name)
    found = visit.evaluations.order_by().aggregate(**wanted)
    high = {
        name: visit.evaluations.order_by().filter(**{f"{name}__gte": 4}).aggregate(n=Count("pk"))["n"]
        for name in Evaluation.QUESTIONS
    }
    means = [
        Mean(str(Evaluation._meta.get_field(name).verbose_name), found[f"{name}_mean"], high[name], count)
        for name in Evaluation.QUESTIONS
    ]
    comments = list(visit.evaluations.exclude(comment="").values_list("comment", flat=True))
    return Result(count, people, means, comments)
