"""The one list of the app's models."""

from .pages.models import ArticlePage, HomePage, PublicationPage, SectionPage

__all__ = ["ArticlePage", "HomePage", "PublicationPage", "SectionPage"]
