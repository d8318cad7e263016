"""What staff do with an application: assess it, each agency for itself, and decide."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.design.versions import StaleError
from engagements.lifecycle import MoveRefused, move, moves_for, record
from engagements.people import permissions as who
from engagements.programme import services as programme
from engagements.programme.models import Competence, Round

from . import messages, permissions, readiness
from .models import Application, Assessment, State

if TYPE_CHECKING:
    from engagements.users.models import User

ACCEPT, WAITLIST, DECLINE = "accept", "waitlist", "decline"
OUTCOMES = {State.ACCEPTED: ACCEPT, State.WAITLISTED: WAITLIST, State.DECLINED: DECLINE}


def assessments_for(application: Application, user: "User") -> list[Assessment]:
    """The assessments the user may read: the own agency's; the other's when both are complete."""
    if not permissions.may_handle(application, user):
        return []
    rows = list(application.assessments.select_related("assessed_by").order_by("agency"))
    if both_complete(rows):
        return rows
    return [row for row in rows if permissions.may_assess(application, row.agency, user)]


def both_complete(rows: Iterable[Assessment]) -> bool:
    """Whether each agency has completed its assessment."""
    return {row.agency for row in rows if row.completed_at} == set(Assessment.Agency.values)


def score_rows(assessments: Iterable[Assessment]) -> list[tuple[Any, list[str]]]:
    """The grid: each criterion with the score of each of these assessments, in words."""
    rows = list(assessments)
    fields = {field.name: field.verbose_name for field in Assessment._meta.fields}
    return [(fields[name], [_score_in_words(row, name) for row in rows]) for name in Assessment.CRITERIA]


def _score_in_words(row: Assessment, name: str) -> str:
    score = getattr(row, name)
    return f"{score} – {Assessment.Score(score).label}" if score else "–"


@transaction.atomic
def assess(
    application: Application,
    *,
    agency: str,
    scores: Mapping[str, int | None],
    comment: str,
    complete: bool,
    by: "User",
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Assessment:
    """Save one agency's assessment, or complete it; the first save takes the application from the queue.

    A completed assessment may be changed until the other agency has completed its own; then both stand.
    Raises MoveRefused when not allowed now or for this person or a score is missing, StaleError when a colleague came first.
    """
    at = at or timezone.now()
    locked = Application.objects.select_for_update().get(pk=application.pk)
    if not permissions.may_assess(locked, agency, by):
        raise MoveRefused(_("Only this agency's consultants can fill in its assessment."))
    if locked.state == State.SUBMITTED:
        move(locked, "start_assessment", by=by, at=at)
    elif locked.state not in {State.ASSESSMENT, State.MORE_INFORMATION}:
        raise MoveRefused(_("The application is not being assessed now. Nothing has been saved."))
    if both_complete(locked.assessments.all()):
        raise MoveRefused(_("Both assessments are complete and can no longer be changed."))
    if complete and any(scores.get(name) is None for name in Assessment.CRITERIA):
        raise MoveRefused(_("Give a score on each of the five criteria before you complete the assessment."))
    assessment = locked.assessments.filter(agency=agency).first() or Assessment(application=locked, agency=agency)
    if assessment.pk and assessment.version != expected_version:
        raise StaleError(assessment)
    for name in Assessment.CRITERIA:
        setattr(assessment, name, scores.get(name))
    assessment.comment = comment
    assessment.assessed_by = by
    assessment.completed_at = at if complete else None
    assessment.version = assessment.version + 1 if assessment.pk else 1
    assessment.full_clean(exclude=["application", "assessed_by"])
    assessment.save()
    # The log is read by both sides; which agency, not what it thought.
    record(locked, "assessed" if complete else "assessment_saved", by=by, agency=agency, internal=True)
    if complete and both_complete(locked.assessments.all()):
        messages.assessed_by_both(locked, by=by)
    return assessment


def lock_round(pk: int) -> Round:
    """The round's row, locked: places are counted and taken by one decision at a time."""
    return Round.objects.select_for_update().get(pk=pk)


def places_left(round: Round) -> int:
    """The round's places that no accepted application holds."""
    return round.capacity - Application.objects.filter(round=round).holding_a_place().count()


@transaction.atomic
def decide(
    application: Application,
    *,
    outcome: str,
    reason: str,
    by: "User",
    starts_on: date | None = None,
    team: "Iterable[User]" = (),
    at: datetime | None = None,
) -> Application:
    """Accept, put on the waiting list or decline; an accepted application opens its engagement with the same case number.

    Raises MoveRefused, with nothing changed, if `by` is not a lead, an assessment is missing, the round has no place
    left, or the application is not awaiting a decision.
    """
    at = at or timezone.now()
    round = lock_round(application.round_id)
    application = Application.objects.select_related("municipality", "round__offer").get(pk=application.pk)
    _require_decidable(application, outcome, by)
    if outcome == ACCEPT:
        if places_left(round) < 1:
            raise MoveRefused(_("The round has no place left. Put the application on the waiting list instead."))
        _open_engagement(application, starts_on or timezone.localdate(at), team, by)
    elif outcome == WAITLIST:
        last = Application.objects.filter(round=round).aggregate(last=Max("wait_position"))["last"]
        Application.objects.filter(pk=application.pk).update(wait_position=(last or 0) + 1)
    return move(application, outcome, by=by, note=reason, at=at)


def _require_decidable(application: Application, outcome: str, by: "User") -> None:
    if outcome not in OUTCOMES.values():
        raise MoveRefused(_("There is no such step."))
    if outcome not in {found.name for found in moves_for(application, by)}:
        # Let the lifecycle say why: the state, or the person.
        move(application, outcome, by=by, note="-")
    waiting_for = readiness.unassessed(application)
    if waiting_for:
        raise MoveRefused(
            _("An assessment is missing: %(agencies)s. Both agencies assess before a decision.")
            % {"agencies": ", ".join(waiting_for)}
        )


def _open_engagement(application: Application, starts_on: date, team: "Iterable[User]", by: "User") -> None:
    focus = application.sections.filter(key="motivation").values_list("answers", flat=True).first() or {}
    engagement = programme.open_engagement(
        municipality=application.municipality,
        offer=application.round.offer,
        case_no=str(application.case_no),
        focus=str(focus.get("focus") or ""),
        starts_on=starts_on,
        by=by,
    )
    for user in team:
        competence = Competence.LEGAL if who.is_staff_of(user, who.LEGAL) else Competence.SOCIAL
        programme.add_to_team(engagement, user=user, competence=competence, by=by)
    Application.objects.filter(pk=application.pk).update(engagement=engagement)
