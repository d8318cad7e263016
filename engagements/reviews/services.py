"""What people do with a case review: open it, record cases one by one or cell by cell, share its results."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.design.versions import StaleError
from engagements.lifecycle import MoveRefused, record
from engagements.requirements.models import Requirement, RequirementVersion, Theme

from . import permissions
from .models import Answer, Case, CaseType, Review, Verdict

if TYPE_CHECKING:
    from engagements.programme.models import Engagement
    from engagements.users.models import User

STANDARD = (
    "UND-24T",
    "UND-SYS",
    "BFU-1",
    "BFU-4M",
    "BFU-HEL",
    "INV-SAMT",
    "BFU-SAM",
    "HPL-1",
    "HPL-MAAL",
    "OPF-3M",
    "FVL-1",
    "JOU-1",
)
"""Codes of the requirements a review begins with unless others are chosen: the central ones of every guidepost."""


class CellTaken(Exception):
    """Somebody else has answered the cell since it was shown; `answer` is theirs (None: taken away). Nothing is changed."""

    def __init__(self, answer: Answer | None) -> None:
        super().__init__(_("Somebody else has answered this since you opened it. Nothing has been overwritten."))
        self.answer = answer


def assessable_requirements() -> "Iterable[Requirement]":
    """The requirements that can be seen in a single case, with a published wording."""
    return Requirement.objects.exclude(theme=Theme.ORGANISATION).filter(versions__published_at__isnull=False).distinct()


@transaction.atomic
def open_review(
    *,
    engagement: "Engagement",
    kind: str,
    requirements: Iterable[Requirement],
    by: "User",
    planned_cases: int = 20,
    drawn_at_random: bool = False,
    register_size: int | None = None,
    period: str = "",
    usual_year: int | None = None,
    case_type: str = CaseType.FAMILY,
) -> Review:
    """Open a review with its cases S-01, S-02, …; `usual_year` is the cases' year of decision until changed one by one.

    Raises MoveRefused if `by` is not on the team of a running engagement or such a review is already being recorded.
    """
    if not permissions.may_open(engagement, by):
        raise MoveRefused(_("Only the team of a running engagement can open a case review."))
    if Review.objects.filter(engagement=engagement, kind=kind, state=Review.State.RECORDING).exists():
        raise MoveRefused(_("A case review of this kind is already being recorded. Close it first."))
    review = Review(
        engagement=engagement,
        kind=kind,
        planned_cases=planned_cases,
        drawn_at_random=drawn_at_random,
        register_size=register_size,
        period=period.strip(),
        created_by=by,
    )
    review.full_clean()
    review.save()
    review.requirements.set(requirements)
    year = usual_year or timezone.localdate().year - 1
    cases = [Case(review=review, number=i + 1, decision_year=year, case_type=case_type) for i in range(planned_cases)]
    cases[0].full_clean(exclude=["review"])
    Case.objects.bulk_create(cases)
    record(review, "opened", by=by)
    return review


@transaction.atomic
def change_review(
    review: Review, *, requirements: Iterable[Requirement], by: "User", expected_version: int | None = None
) -> Review:
    """Save a review's changed sample facts and requirements; answers to requirements taken out are deleted with them.

    Raises `StaleError` if somebody saved the review meanwhile.
    """
    stored = _require_recording(review, by)
    if expected_version is not None and stored.version != expected_version:
        raise StaleError(stored)
    review.version = stored.version + 1
    review.full_clean()
    review.save()
    review.requirements.set(requirements)
    Answer.objects.filter(case__review=review).exclude(requirement__in=review.requirements.all()).delete()
    record(review, "changed", by=by)
    return review


@transaction.atomic
def add_case(review: Review, *, by: "User") -> Case:
    """Add a substitute case with the next number."""
    _require_recording(review, by)
    last = review.cases.order_by("-number").first()
    year = last.decision_year if last else timezone.localdate().year - 1
    number = (review.cases.aggregate(last=Max("number"))["last"] or 0) + 1
    case = Case.objects.create(review=review, number=number, decision_year=year, is_reserve=True)
    record(review, "case_added", by=by, case=case.code)
    return case


@transaction.atomic
def record_case(
    case: Case,
    *,
    expected_version: int | None,
    by: "User",
    case_type: str,
    age_band: str,
    decision_year: int,
    is_reserve: bool = False,
    note: str = "",
    answers: Mapping[int, str],
) -> Case:
    """Save one case with its answers by primary key of the requirement ("" takes an answer away).

    The law that judges the case follows its year: when that changes, every answer is tied to the wording of the new
    law, and answers to what that law does not ask are dropped. Raises `StaleError` if somebody saved the case meanwhile.
    """
    _require_recording(case.review, by)
    locked = Case.objects.select_for_update().get(pk=case.pk)
    if expected_version is not None and locked.version != expected_version:
        raise StaleError(locked)
    locked.case_type, locked.age_band, locked.decision_year = case_type, age_band, decision_year
    locked.is_reserve, locked.note = is_reserve, note.strip()
    locked.version, locked.recorded_by, locked.recorded_at = locked.version + 1, by, timezone.now()
    locked.full_clean(exclude=["review"])
    locked.save()
    wordings = wordings_of(case.review, decision_year)
    stored = {answer.requirement_id: answer for answer in locked.answers.all()}
    for pk in {*stored, *answers}:
        before = stored.get(pk)
        wanted = answers.get(pk, before.verdict if before else "")
        _settle(locked, pk, wanted if pk in wordings else "", wordings.get(pk), before, by)
    record(locked, "recorded", by=by)
    return locked


def _settle(
    case: Case, requirement: int, wanted: str, wording: RequirementVersion | None, stored: Answer | None, by: "User"
) -> Answer | None:
    """Make the stored answer say `wanted` under `wording`; an answer that already does keeps its author."""
    if not wanted or wording is None:
        if stored is not None:
            stored.delete()
        return None
    if stored is None:
        stored = Answer(case=case, requirement_id=requirement)
    elif stored.verdict == wanted and stored.requirement_version_id == wording.pk:
        return stored
    if stored.verdict != wanted:
        stored.verdict, stored.answered_by = Verdict(wanted), by
    stored.requirement_version = wording
    stored.save()
    return stored


@transaction.atomic
def record_answer(*, case: Case, requirement: Requirement | int, verdict: str, seen: str, by: "User") -> Answer | None:
    """Answer one cell ("" takes the answer away); `seen` is what the cell said when it was shown ("" for nothing).

    Returns the stored answer. Raises CellTaken if the cell now says something else than both `seen` and `verdict`,
    and ValueError if the case's law does not ask this or there is no such verdict.
    """
    _require_recording(case.review, by)
    if verdict and verdict not in Verdict.values:
        raise ValueError("no such verdict")
    pk = requirement if isinstance(requirement, int) else requirement.pk
    locked = Case.objects.select_for_update().get(pk=case.pk)
    wording = wordings_of(case.review, locked.decision_year).get(pk)
    if wording is None:
        raise ValueError("the law of the case does not ask this")
    stored = locked.answers.select_related("answered_by").filter(requirement=pk).first()
    now = stored.verdict if stored else ""
    if now == verdict:
        return stored
    if now != seen:
        raise CellTaken(stored)
    answer = _settle(locked, pk, verdict, wording, stored, by)
    first = locked.recorded_at is None
    Case.objects.filter(pk=locked.pk).update(version=F("version") + 1, recorded_by=by, recorded_at=timezone.now())
    if first:
        record(locked, "recorded", by=by)
    return answer


def wordings_of(review: Review, year: int) -> dict[int, RequirementVersion]:
    """The wording of each of the review's requirements under the law of `year`, by the requirement's primary key."""
    found = RequirementVersion.objects.for_year(year).filter(requirement__in=review.requirements.all())
    return {wording.requirement_id: wording for wording in found}


@transaction.atomic
def share(reviews: Iterable[Review], *, by: "User | None", at: datetime | None = None) -> None:
    """Let the municipality read the results of these recorded reviews, because a report with them is published."""
    for review in reviews:
        if review.state == Review.State.CLOSED and review.shared_at is None:
            review.shared_at = at or timezone.now()
            review.save(update_fields=["shared_at"])
            record(review, "shared", by=by)


def _require_recording(review: Review, by: "User") -> Review:
    """The review's row, locked so that it is not closed while something is recorded in it."""
    locked = Review.objects.select_for_update().get(pk=review.pk)
    if locked.state != Review.State.RECORDING:
        raise MoveRefused(_("The case review is closed and can no longer be changed."))
    if not permissions.may_record(review, by):
        raise MoveRefused(_("Only the team can record a case review."))
    return locked
