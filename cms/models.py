"""The one list of the app's models."""

from .pages.course_pages import CourseIndexPage, CoursePage
from .pages.models import ArticlePage, HomePage, PublicationPage, SectionPage

__all__ = ["ArticlePage", "CourseIndexPage", "CoursePage", "HomePage", "PublicationPage", "SectionPage"]
