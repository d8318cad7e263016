"""The one list of the app's models; each lives in its room."""

from .applications.models import Application, Assessment, Attachment, Section, SignOff
from .briefings.models import Briefing
from .findings.models import Finding, Recommendation, Report, ReportVersion
from .followup.models import Action, Evidence, Reply
from .municipalities.models import Agency, AgencyName, Municipality, Partnership, Region, RegionPeriod, Unit
from .notices.models import Notice, OutboxMessage, Preference
from .people.models import Disqualification, Invitation, Membership, StaffProfile, WorkDomain
from .programme.models import (
    Engagement,
    EngagementNote,
    LastLook,
    Milestone,
    Offer,
    Phase,
    PhaseTemplate,
    PlanTemplate,
    Round,
    TeamMember,
)
from .questions.models import LegalQuestion, PublishedAnswer, QuestionNote, Usefulness
from .records.models import Document, NumberSeries
from .requirements.models import Requirement, RequirementVersion
from .requirements.models_rates import PublishedRate
from .reviews.models import Answer, Case, Review
from .visits.models import (
    Audience,
    Base,
    Evaluation,
    LearningPoint,
    Preparation,
    Visit,
    VisitMaterial,
    VisitMember,
    VisitOffer,
)

__all__ = [
    "Action",
    "Agency",
    "AgencyName",
    "Answer",
    "Application",
    "Assessment",
    "Attachment",
    "Audience",
    "Base",
    "Briefing",
    "Case",
    "Disqualification",
    "Document",
    "Engagement",
    "EngagementNote",
    "Evaluation",
    "Evidence",
    "Finding",
    "Invitation",
    "LastLook",
    "LearningPoint",
    "LegalQuestion",
    "Membership",
    "Milestone",
    "Municipality",
    "Notice",
    "NumberSeries",
    "Offer",
    "OutboxMessage",
    "Partnership",
    "Phase",
    "PhaseTemplate",
    "PlanTemplate",
    "Preference",
    "Preparation",
    "PublishedAnswer",
    "PublishedRate",
    "QuestionNote",
    "Recommendation",
    "Region",
    "RegionPeriod",
    "Reply",
    "Report",
    "ReportVersion",
    "Requirement",
    "RequirementVersion",
    "Review",
    "Round",
    "Section",
    "SignOff",
    "StaffProfile",
    "TeamMember",
    "Unit",
    "Usefulness",
    "Visit",
    "VisitMaterial",
    "VisitMember",
    "VisitOffer",
    "WorkDomain",
]
