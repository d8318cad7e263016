"""The one list of the app's models."""

from .network.library import LibraryIndexPage, LibraryPage, ThemePage
from .network.models import Meeting, MeetingGuest, MeetingMaterial, Network, NetworkRound, Topic
from .network.models_own import DirectoryEntry, Favourite, Reading, WelcomeStep
from .network.models_threads import Follow, Post, PostAttachment, PostEdit, PostReport, Thread, ThreadVisit
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
    "LibraryIndexPage",
    "LibraryPage",
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
    "ThemePage",
    "Thread",
    "ThreadVisit",
    "Topic",
    "WelcomeStep",
]
