"""The one list of the app's models; each lives in its room."""

from .catalogue.models import Course, CourseMaterial, Interest, LearningPath, PathStep, Subject
from .completion.models import (
    Attendance,
    Certificate,
    EvaluationAnswer,
    EvaluationQuestion,
    EvaluationSheet,
    EvaluationTicket,
)
from .enrolment.models import CalendarFeed, Enrolment, Party, Policy, QuestionAnswer, Trace
from .runs.models import Allotment, Question, Run, RunMaterial, Session, Teacher

__all__ = [
    "Allotment",
    "Attendance",
    "CalendarFeed",
    "Certificate",
    "Course",
    "CourseMaterial",
    "Enrolment",
    "EvaluationAnswer",
    "EvaluationQuestion",
    "EvaluationSheet",
    "EvaluationTicket",
    "Interest",
    "LearningPath",
    "Party",
    "PathStep",
    "Policy",
    "Question",
    "QuestionAnswer",
    "Run",
    "RunMaterial",
    "Session",
    "Subject",
    "Teacher",
    "Trace",
]
