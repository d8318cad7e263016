"""The one list of the app's models."""

from .network.models import (
    DirectoryEntry,
    Favourite,
    Follow,
    Meeting,
    MeetingGuest,
    MeetingMaterial,
    Network,
    NetworkRound,
    Post,
    PostAttachment,
    PostEdit,
    PostReport,
    Reading,
    Thread,
    Topic,
    WelcomeStep,
)
from .pages.course_pages import CourseIndexPage, CoursePage
from .pages.models import ArticlePage, HomePage, PublicationPage, SectionPage
from .pages.models_dated import NewsIndexPage, NewsPage, SeriesPage
from .pages.models_forms import FormField, FormPage
from .pages.models_guidance import AttentionPage, EventListPage, FaqPage, GuidePage, PersonPage
from .pages.models_keeping import BrokenLink, Edition, Synonym
from .pages.models_workflow import ApprovalTask

__all__ = [
    "ApprovalTask",
    "ArticlePage",
    "AttentionPage",
    "BrokenLink",
    "CourseIndexPage",
    "CoursePage",
    "DirectoryEntry",
    "Edition",
    "EventListPage",
    "FaqPage",
    "Favourite",
    "Follow",
    "FormField",
    "FormPage",
    "GuidePage",
    "HomePage",
    "Meeting",
    "MeetingGuest",
    "MeetingMaterial",
    "Network",
    "NetworkRound",
    "NewsIndexPage",
    "NewsPage",
    "PersonPage",
    "Post",
    "PostAttachment",
    "PostEdit",
    "PostReport",
    "PublicationPage",
    "Reading",
    "SectionPage",
    "SeriesPage",
    "Synonym",
    "Thread",
    "Topic",
    "WelcomeStep",
]
