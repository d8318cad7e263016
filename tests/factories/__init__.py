"""Factories with traits; each is usable with no arguments."""

from .courses import CourseFactory, EnrolmentFactory, LearningPathFactory, RunFactory, SessionFactory, SubjectFactory
from .network import MeetingFactory, PostFactory, ThreadFactory
from .people import (
    PASSWORD,
    AgencyFactory,
    HostFactory,
    MembershipFactory,
    MunicipalityFactory,
    StaffFactory,
    UserFactory,
)
from .programme import ApplicationFactory, EngagementFactory, OfferFactory, RoundFactory
from .questions import PublishedAnswerFactory, QuestionFactory
from .reviews import (
    ActionFactory,
    BriefingFactory,
    FindingFactory,
    RecommendationFactory,
    ReportFactory,
    RequirementFactory,
    ReviewFactory,
)
from .visits import VisitFactory, VisitOfferFactory

__all__ = [
    "PASSWORD",
    "ActionFactory",
    "AgencyFactory",
    "ApplicationFactory",
    "BriefingFactory",
    "CourseFactory",
    "EngagementFactory",
    "EnrolmentFactory",
    "FindingFactory",
    "HostFactory",
    "LearningPathFactory",
    "MeetingFactory",
    "MembershipFactory",
    "MunicipalityFactory",
    "OfferFactory",
    "PostFactory",
    "PublishedAnswerFactory",
    "QuestionFactory",
    "RecommendationFactory",
    "ReportFactory",
    "RequirementFactory",
    "ReviewFactory",
    "RoundFactory",
    "RunFactory",
    "SessionFactory",
    "StaffFactory",
    "SubjectFactory",
    "ThreadFactory",
    "UserFactory",
    "VisitFactory",
    "VisitOfferFactory",
]
