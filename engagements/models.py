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
from .records.models import Document, NumberSeries
from .requirements.models import Requirement, RequirementVersion
from .reviews.models import Answer, Case, Review

__all__ = [
    "Action",
    "Agency",
    "AgencyName",
    "Answer",
    "Application",
    "Assessment",
    "Attachment",
    "Briefing",
    "Case",
    "Disqualification",
    "Document",
    "Engagement",
    "EngagementNote",
    "Evidence",
    "Finding",
    "Invitation",
    "LastLook",
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
    "WorkDomain",
]
