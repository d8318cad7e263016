"""One small world with a thing of each kind and a person of each role; what tests/access.py is walked in."""

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from courses import models as c
from courses.completion.services import facts_of
from engagements import models as m
from engagements.people.models import Role
from engagements.users.models import User

from . import access
from . import factories as f


@dataclass
class World:
    """The things have the names that the access table uses; `users` holds one person per role."""

    users: dict[str, User] = field(default_factory=dict)
    municipality: Any = None
    elsewhere: Any = None
    membership: Any = None
    engagement: Any = None
    milestone: Any = None
    draft: Any = None
    application: Any = None
    review: Any = None
    case: Any = None
    requirement: Any = None
    finding: Any = None
    recommendation: Any = None
    report: Any = None
    action: Any = None
    briefing: Any = None
    document: Any = None
    notice: Any = None
    question: Any = None
    drafted: Any = None
    answer: Any = None
    course: Any = None
    path: Any = None
    run: Any = None
    session: Any = None
    enrolment: Any = None
    certificate: Any = None
    visit_offer: Any = None
    visit: Any = None
    wish: Any = None
    point: Any = None
    thread: Any = None
    post: Any = None
    meeting: Any = None


def build() -> World:
    """A municipality in an engagement whose report is published, and a neighbour that has nothing to do with it."""
    w = World()
    w.municipality = f.MunicipalityFactory(name="Korsbæk", slug="korsbaek")
    w.elsewhere = f.MunicipalityFactory(name="Nordager", slug="nordager")
    w.users = _people(w)
    team = w.users[access.TEAM]
    leader = w.users[access.LEADER]
    w.membership = leader.memberships.get()
    w.engagement = f.EngagementFactory(municipality=w.municipality, team=[team])
    engagement = w.engagement
    m.Milestone.objects.create(engagement=engagement, title="Rapport", due_on=timezone.localdate())
    w.milestone = m.Milestone.objects.create(engagement=engagement, title="Styregruppe", due_on=timezone.localdate())
    w.application = f.ApplicationFactory(in_assessment=True, municipality=w.municipality, created_by=leader)
    w.draft = f.ApplicationFactory(
        municipality=w.municipality,
        created_by=leader,
        round__offer=f.OfferFactory(key="advisory", title_da="Rådgivningsforløb", title_en="Advisory course"),
    )
    w.review = f.ReviewFactory(engagement=engagement, cases=2)
    w.case = w.review.cases.get(number=1)
    w.requirement = w.review.requirements.first()
    _publish(w)
    w.action = f.ActionFactory(engagement=engagement, recommendation=w.recommendation)
    w.briefing = f.BriefingFactory(engagement=engagement, state="released")
    _teach(w)
    _visit(w)
    _network(w)
    _ask(w)
    w.notice = m.Notice.objects.create(recipient=leader, key="world", subject="Besked", body="Tekst", address="/")
    return w


def _publish(w: World) -> None:
    now = timezone.now()
    w.finding = f.FindingFactory(engagement=w.engagement, review=w.review, published_at=now)
    w.recommendation = f.RecommendationFactory(engagement=w.engagement, published=True, findings=[w.finding])
    w.report = f.ReportFactory(engagement=w.engagement, state="published", published_at=now)


def _teach(w: World) -> None:
    """A course with a run that the municipality's caseworker has been on, certificate included."""
    w.course = f.CourseFactory(slug="inddragelse")
    w.path = f.LearningPathFactory(slug="ny-sagsbehandler", courses=[w.course])
    w.run = f.RunFactory(course=w.course)
    w.session = w.run.sessions.get()
    w.enrolment = f.EnrolmentFactory(run=w.run, municipality=w.municipality, person=w.users[access.CASEWORKER])
    w.certificate = c.Certificate.objects.create(
        number="K-2019-0001",
        enrolment=w.enrolment,
        person=w.enrolment.person,
        facts={"name": "Amalie", "attended": 1, "of": 1, **facts_of(w.run), "title": "Inddragelse af barnet"},
        issued_at=timezone.now(),
    )


def _visit(w: World) -> None:
    """A visit that was held by the learning team, and a wish for another one."""
    w.visit_offer = f.VisitOfferFactory()
    w.visit = f.VisitFactory(
        municipality=w.municipality, offer=w.visit_offer, held=True, team=[w.users[access.LEARNING]], token="besoeg"
    )
    w.point = m.LearningPoint.objects.create(
        visit=w.visit, text="Indfør en fast dagsorden", owner="Faglig leder", due_on=timezone.localdate()
    )
    w.wish = f.VisitFactory(municipality=w.municipality, offer=w.visit_offer)


def _network(w: World) -> None:
    """A meeting of the leaders, and a thread that the network's editor has started."""
    w.meeting = f.MeetingFactory(theme="Ledelse i praksis")
    w.thread = f.ThreadFactory(started_by=w.users[access.NETWORK])
    w.post = w.thread.posts.get()


def _ask(w: World) -> None:
    """A question with its lawyer, one in second reading, and one that is answered and published."""
    asked = {"municipality": w.municipality, "asked_by": w.users[access.CASEWORKER]}
    w.question = f.QuestionFactory(assigned=True, assigned_to=w.users[access.TEAM], **asked)
    w.drafted = f.QuestionFactory(drafted=True, assigned_to=w.users[access.TEAM], **asked)
    w.answer = f.PublishedAnswerFactory(question=f.QuestionFactory(answered=True, **asked))


def _people(w: World) -> dict[str, User]:
    def member(role: str, municipality: Any = None) -> User:
        user: User = f.MembershipFactory(role=role, municipality=municipality or w.municipality).user
        return user

    return {
        access.STRANGER: member(Role.LEADER, w.elsewhere),
        access.LEADER: member(Role.LEADER),
        access.COORDINATOR: member(Role.COORDINATOR),
        access.DIRECTOR: member(Role.DIRECTOR),
        access.CASEWORKER: member(Role.CASEWORKER),
        access.COUNCIL: member(Role.COUNCIL),
        access.TEAM: f.StaffFactory(agency="legal", group="legal"),
        access.STAFF: f.StaffFactory(agency="social", group="social"),
        access.LEAD: f.StaffFactory(agency="legal", group="lead"),
        access.ANALYST: f.StaffFactory(agency="legal", group="analyst"),
        access.ADMIN: f.StaffFactory(agency="legal", group="administrators"),
        access.COURSES: f.StaffFactory(agency="social", group="courses"),
        access.NETWORK: f.StaffFactory(agency="social", group="network"),
        access.LEARNING: f.StaffFactory(agency="social", group="learning"),
        access.HOST: f.HostFactory(),
    }
