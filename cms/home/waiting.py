"""What awaits whom, by when: one source per room, for the overview of an engagement and for both start pages."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.applications import permissions as application_permissions
from engagements.applications.models import Application, Assessment, SignOff
from engagements.applications.models import State as ApplicationState
from engagements.briefings.models import Briefing
from engagements.findings.models import Report
from engagements.municipalities.models import Municipality
from engagements.people import permissions as who
from engagements.people.models import SIGNING_ROLES, Membership
from engagements.programme.models import Engagement, Milestone
from engagements.programme.overview import Waiting
from engagements.programme.permissions import is_on_team, may_steer, remember_teams
from engagements.programme.tabs import address_of
from engagements.questions import permissions as question_permissions
from engagements.questions import waiting as questions
from engagements.questions.models import LegalQuestion, PublishedAnswer
from engagements.reviews.models import Review
from engagements.visits import waiting as visits
from engagements.visits.models import DONE, Visit, VisitState
from engagements.visits.models import OPEN as VISITS_OPEN

from .counts import counts_of

SOON = timedelta(days=30)
MUNICIPALITY, TASK_FORCE = Milestone.Side.MUNICIPALITY, Milestone.Side.TASK_FORCE


def in_engagements(engagements: Sequence[Engagement], user: Any) -> Iterator[Waiting]:
    """Everything that awaits somebody in these engagements, of what the reader may see."""
    running = {engagement.pk: engagement for engagement in engagements if engagement.state in Engagement.RUNNING}
    remember_teams(running.values(), user)
    yield from _plan(running, user)
    full = {
        pk: engagement
        for pk, engagement in running.items()
        if who.follows_cases_of(user, engagement.municipality_id) or may_steer(engagement, user)
    }
    if full:
        yield from _reviews(full, user)
        if who.is_case_staff(user):
            yield from _reports(full, user)
        yield from _replies_and_actions(full, user)
        yield from _briefings(full, user)


def _plan(running: dict[int, Engagement], user: Any) -> Iterator[Waiting]:
    today = timezone.localdate()
    due = Milestone.objects.filter(engagement__in=running, reached_on=None, due_on__lte=today + SOON)
    for milestone in due:
        engagement = running[milestone.engagement_id]
        theirs = milestone.side == MUNICIPALITY
        yield Waiting(
            text=_("Milestone: %(name)s") % {"name": milestone.name},
            address=address_of("engagements:plan", engagement.case_no),
            side=milestone.side,
            due_on=milestone.due_on,
            about=engagement.municipality.name,
            mine=who.works_for(user, engagement.municipality_id) if theirs else is_on_team(engagement, user),
        )
    for engagement in running.values():
        phase = engagement.current_phase
        if phase and phase.ends_on < today:
            yield Waiting(
                text=_("The phase “%(phase)s” should have ended: finish it or give it other dates") % {"phase": phase},
                address=address_of("engagements:plan", engagement.case_no),
                side=TASK_FORCE,
                due_on=phase.ends_on,
                about=engagement.municipality.name,
                mine=is_on_team(engagement, user),
            )


def _reviews(full: dict[int, Engagement], user: Any) -> Iterator[Waiting]:
    recorded = Count("cases", filter=Q(cases__recorded_at__isnull=False))
    rows = Review.objects.filter(engagement__in=full, state=Review.State.RECORDING).annotate(recorded=recorded)
    for review in rows:
        engagement = full[review.engagement_id]
        yield Waiting(
            text=_("Record the case review (%(kind)s): %(x)s of %(n)s cases are recorded")
            % {"kind": review.get_kind_display(), "x": review.recorded, "n": review.planned_cases},
            address=address_of("reviews:detail", engagement.case_no, review.pk),
            side=TASK_FORCE,
            about=engagement.municipality.name,
            mine=is_on_team(engagement, user),
        )


def _reports(full: dict[int, Engagement], user: Any) -> Iterator[Waiting]:
    for report in Report.objects.filter(engagement__in=full, state=Report.State.LOCKED):
        engagement = full[report.engagement_id]
        if may_steer(engagement, user):
            yield Waiting(
                text=_("Approve and publish: %(report)s") % {"report": report.get_kind_display()},
                address=address_of("findings:report", engagement.case_no, report.kind),
                side=TASK_FORCE,
                about=engagement.municipality.name,
                mine=who.is_lead(user),
            )


def _replies_and_actions(full: dict[int, Engagement], user: Any) -> Iterator[Waiting]:
    for pk, counts in counts_of(full.values()).items():
        engagement = full[pk]
        address = address_of("followup:engagement", engagement.case_no)
        about = engagement.municipality.name
        works, on_team = who.works_for(user, engagement.municipality_id), is_on_team(engagement, user)
        if count := counts.recommendations - counts.recommendations_answered:
            text = ngettext("Answer %(count)s recommendation", "Answer %(count)s recommendations", count)
            yield Waiting(text % {"count": count}, address, MUNICIPALITY, None, about, mine=works)
        if count := counts.actions_late:
            text = ngettext("%(count)s action is past its due date", "%(count)s actions are past their due date", count)
            due = counts.oldest_late_action
            yield Waiting(text % {"count": count}, address, MUNICIPALITY, due, about, mine=works)
        if count := counts.actions_reported:
            text = ngettext("Verify %(count)s action reported done", "Verify %(count)s actions reported done", count)
            yield Waiting(text % {"count": count}, address, TASK_FORCE, None, about, mine=on_team)


def _briefings(full: dict[int, Engagement], user: Any) -> Iterator[Waiting]:
    for briefing in Briefing.objects.filter(engagement__in=full, state=Briefing.State.WITH_DIRECTOR):
        engagement = full[briefing.engagement_id]
        yield Waiting(
            text=_("Release the briefing to the council, or return it with remarks"),
            address=address_of("briefings:council", engagement.municipality.slug),
            side=MUNICIPALITY,
            due_on=briefing.release_by,
            about=engagement.municipality.name,
            mine=who.signs_for(user, engagement.municipality_id),
        )


def in_applications(applications: Iterable[Application], user: Any) -> Iterator[Waiting]:
    """What the applications that are not decided await; `round` and `municipality` are loaded with them."""
    found = list(applications)
    asked: set[int] = set()
    if who.municipalities_of(user, *SIGNING_ROLES):
        open_requests = SignOff.objects.filter(application__in=found, signed_at=None, signer_email__iexact=user.email)
        asked = set(open_requests.values_list("application", flat=True))
    assessed: dict[int, set[str]] = {}
    if who.is_case_staff(user):
        done = Assessment.objects.filter(application__in=found, completed_at__isnull=False)
        for pk, agency in done.values_list("application", "agency"):
            assessed.setdefault(pk, set()).add(agency)
    for application in found:
        yield from _application(application, user, application.pk in asked, assessed.get(application.pk, set()))


def _application(application: Application, user: Any, asked: bool, assessed: set[str]) -> Iterator[Waiting]:
    closes = timezone.localtime(application.round.closes_at).date()
    answer_by = application.round.answer_by
    about, reference = application.municipality.name, application.reference
    detail = address_of("applications:detail", reference)
    works = who.works_for(user, application.municipality_id)
    if application.state == ApplicationState.DRAFT and application.round.is_open():
        if asked and application_permissions.may_sign(application, user):
            text = _("Approve the application on the municipality's behalf")
            yield Waiting(text, address_of("applications:sign", reference), MUNICIPALITY, closes, about, mine=True)
        else:
            yield Waiting(_("Finish and submit the application"), detail, MUNICIPALITY, closes, about, mine=works)
    elif application.state == ApplicationState.MORE_INFORMATION:
        text = _("Send the information that is missing in the application")
        yield Waiting(text, detail, MUNICIPALITY, None, about, mine=works)
    elif application.state == ApplicationState.SUBMITTED:
        mine = application_permissions.may_handle(application, user)
        yield Waiting(_("Start the assessment of the application"), detail, TASK_FORCE, answer_by, about, mine=mine)
    elif application.state == ApplicationState.ASSESSMENT:
        missing = [agency for agency in Assessment.Agency if agency not in assessed]
        if missing:
            mine = any(application_permissions.may_assess(application, agency, user) for agency in missing)
            text, address = _("Assess the application"), address_of("applications:assess", reference)
        else:
            mine = application_permissions.may_decide(application, user)
            text, address = _("Decide on the application"), address_of("applications:decide", reference)
        yield Waiting(text, address, TASK_FORCE, answer_by, about, mine=mine)


def in_people(municipality: Municipality, user: Any) -> Iterator[Waiting]:
    """People who have asked to join and await a leader's yes."""
    if who.may_manage_people(municipality, user):
        count = Membership.objects.waiting().filter(municipality=municipality).count()
        if count:
            yield Waiting(
                text=ngettext(
                    "Answer %(count)s person who has asked to join",
                    "Answer %(count)s people who have asked to join",
                    count,
                )
                % {"count": count},
                address=address_of("people:members", municipality.code),
                side=MUNICIPALITY,
                about=municipality.name,
                mine=True,
            )


# Visits of the learning team -----------------------------------------------------------------------------------------


def visits_of(user: Any, municipality: Municipality | None = None) -> list[Visit]:
    """The visits that are not closed: a municipality's own, or for staff those they run or are on."""
    rows = Visit.objects.visible_to(user).filter(state__in=[*VISITS_OPEN, *(DONE - {VisitState.CLOSED})])
    if municipality is not None:
        rows = rows.filter(municipality=municipality)
    elif not who.is_staff_of(user, who.LEARNING, who.LEAD):
        rows = rows.filter(team__user=user)
    return list(visits.ready(rows).order_by("starts_at", "pk"))


def in_visits(found: Iterable[Visit], user: Any) -> Iterator[Waiting]:
    """What these visits await, of what the reader may see."""
    yield from visits.awaited(found, user)


def in_questions(user: Any, municipality: Municipality | None = None) -> Iterator[Waiting]:
    """What open questions await: those of a municipality, or for lawyers everything that is theirs to do."""
    rows = LegalQuestion.objects.visible_to(user).open().select_related("municipality").prefetch_related("drafters")
    if municipality is not None:
        yield from questions.awaited(rows.filter(municipality=municipality), user)
    elif question_permissions.answers_questions(user):
        yield from questions.awaited(rows, user)
        drafts = PublishedAnswer.objects.visible_to(user).filter(state=PublishedAnswer.State.DRAFT)
        yield from questions.to_publish(drafts.select_related("question__municipality"), user)
