"""The words and pictures about courses; they are shown on the course's own page, the one page there is about it."""

from typing import Any

from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, PageViewRestriction

from courses.catalogue.models import Course, Shown
from courses.catalogue.words import Words
from engagements.people import permissions as who
from engagements.people.reference import let_edit

from .models import ContentPage


class ShownElsewhere(ContentPage):
    """A page whose text stands on a page of the portal: links lead there, and so does its own address."""

    template = "pages/article_page.html"
    show_in_menus_default = False

    shown: Any
    """The name of a page of the portal, or the thing whose page it is."""

    class Meta:
        abstract = True

    def address(self) -> str:
        """The page of the portal."""
        return resolve_url(self.shown)

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        """Wagtail's links, menus and site map name the page of the portal."""
        parts: tuple[int, str | None, str | None] | None = super().get_url_parts(request)
        return (parts[0], parts[1] or "", self.address()) if parts else None

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Go there."""
        return HttpResponseRedirect(self.address())

    def serve_preview(self, request: HttpRequest, mode_name: str) -> Any:
        """The editor sees the text as it is written."""
        return super().serve(request)


class CourseIndexPage(ShownElsewhere):
    """What stands above the catalogue, and the place of the pages about courses."""

    shown = "courses:list"
    max_count = 1
    parent_page_types = ["cms.HomePage", "cms.SectionPage"]
    subpage_types = ["cms.CoursePage"]

    class Meta:
        verbose_name = _("text above the catalogue")

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Course administrators write here and below, and nowhere else."""
        saved = super().save(*args, **kwargs)
        let_edit(self, who.COURSES)
        return saved


class CoursePage(ShownElsewhere):
    """The text and pictures about one course."""

    course = models.OneToOneField("courses.Course", models.PROTECT, related_name="page", verbose_name=_("course"))

    parent_page_types = ["cms.CourseIndexPage", "cms.SectionPage"]
    subpage_types: list[str] = []
    content_panels = [*Page.content_panels, FieldPanel("course"), FieldPanel("lead"), FieldPanel("body")]

    class Meta:
        verbose_name = _("text about a course")

    @property
    def shown(self) -> Course:
        """The course."""
        return self.course

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """Only courses that everyone sees."""
        found: list[dict[str, Any]] = super().get_sitemap_urls(request)
        return found if self.course.state != Shown.DRAFT else []


def of_course(course: Course, user: Any) -> Words:
    """What editors have published about the course, and where those who may edit it do so."""
    page = CoursePage.objects.filter(course=course).first()
    shown = _shown(page) if page is not None and page.live and not page.get_view_restrictions() else ""
    if not who.edits_site(user):
        return Words(shown)
    if page is not None:
        return Words(shown, reverse("wagtailadmin_pages:edit", args=[page.pk]))
    index = CourseIndexPage.objects.first()
    return Words(shown, reverse("wagtailadmin_pages:add", args=["cms", "coursepage", index.pk]) if index else "")


def of_catalogue(user: Any) -> Words:
    """What editors have published above the catalogue; one query, since every visitor of the list asks."""
    kept = PageViewRestriction.objects.annotate(here=ExpressionWrapper(OuterRef("path"), models.CharField())).filter(
        here__startswith=F("page__path")
    )
    page = CourseIndexPage.objects.live().filter(~Exists(kept)).first()
    return Words(_shown(page)) if page is not None else Words()


def _shown(page: ContentPage) -> SafeString:
    return render_to_string("pages/words.html", {"page": page}) if page.lead or page.body else SafeString()
