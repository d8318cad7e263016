"""The library: pages that only the network reads, and a page for the theme of each year."""

from typing import Any

from django import forms
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.search import index

from cms.pages.models import ContentPage

from . import permissions
from .models import Topic

WORDS_A_MINUTE = 200
"""What a practised reader takes in of professional Danish."""


class MembersPage(ContentPage):
    """A page for members, wherever it stands and whatever its privacy says: never public, never in the site map."""

    topics = ParentalManyToManyField(Topic, blank=True, related_name="+", verbose_name=_("topics"))

    show_in_menus_default = False
    content_panels = [*ContentPage.content_panels, FieldPanel("topics", widget=forms.CheckboxSelectMultiple)]

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, to those who belong; for others it does not exist."""
        if not permissions.belongs(request.user):
            raise Http404
        response: HttpResponse = super().serve(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        return response

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """None: search engines are not told."""
        return []


class LibraryIndexPage(ContentPage):
    """The private section of the page tree; its readers use the list of material of the portal."""

    max_count = 1
    show_in_menus_default = False
    template = "pages/article_page.html"
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.LibraryPage", "cms.ThemePage"]

    class Meta:
        verbose_name = _("the network's library")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The list of material."""
        return HttpResponseRedirect(reverse("network:material"))

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """None."""
        return []


class LibraryPage(MembersPage):
    """Material for members, with topics; how long it takes to read follows from its words."""

    reading_minutes = models.PositiveSmallIntegerField(_("minutes to read"), default=1, editable=False)
    folded_words = models.TextField(_("words for search"), default="", editable=False)

    template = "network/library_page.html"
    parent_page_types = ["cms.LibraryIndexPage"]
    subpage_types: list[str] = []
    search_fields = [*ContentPage.search_fields, index.FilterField("reading_minutes")]

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("material")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Count the words, and keep the folded text in step."""
        from engagements.municipalities.models import fold

        words = self.text_of_page().split()
        self.reading_minutes = max(1, -(-len(words) // WORDS_A_MINUTE))
        self.folded_words = fold(f"{self.title} {' '.join(words)}")
        super().save(*args, **kwargs)

    def text_of_page(self) -> str:
        """Lead and body without markup."""
        field: Any = self._meta.get_field("body")
        body = [strip_tags(text) for text in field.get_searchable_content(self.body)] if self.body else []
        return " ".join([self.lead, *body])

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Who has read it, and whether the reader has, or keeps it at hand."""
        from .reading import of_page

        return {**super().get_context(request, *args, **kwargs), **of_page(self, request.user)}


class ThemePage(MembersPage):
    """The theme of a year: its text, and what belongs to it of meetings, material and threads."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)

    template = "network/theme_page.html"
    parent_page_types = ["cms.LibraryIndexPage"]
    subpage_types: list[str] = []
    content_panels = [*Page.content_panels, FieldPanel("year"), *MembersPage.content_panels[1:]]
    search_fields = [*ContentPage.search_fields, index.FilterField("year")]

    class Meta:
        verbose_name = _("theme of the year")
        verbose_name_plural = _("themes of the years")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Gather what belongs to the theme."""
        from .reading import of_theme

        return {**super().get_context(request, *args, **kwargs), **of_theme(self, request.user)}
