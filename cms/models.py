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

__all__ = [
    "ArticlePage",
    "CourseIndexPage",
    "CoursePage",
    "DirectoryEntry",
    "Favourite",
    "Follow",
    "HomePage",
    "Meeting",
    "MeetingGuest",
    "MeetingMaterial",
    "Network",
    "NetworkRound",
    "Post",
    "PostAttachment",
    "PostEdit",
    "PostReport",
    "PublicationPage",
    "Reading",
    "SectionPage",
    "Thread",
    "Topic",
    "WelcomeStep",
]
