"""Pages that come with a date and the pages that gather them: news, and the series of publications."""

from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.models import Page
from wagtail.query import PageQuerySet
from wagtail.search import index

from .feeds import NewestAtomFeed, NewestFeed
from .models import ContentPage, PublicationPage
from .privacy import seen_by


class NewsPage(ContentPage):
    """A piece of news; its date is the editor's, so that it may be prepared in advance."""

    published_on = models.DateField(_("date"), default=timezone.localdate)

    template = "pages/dated_page.html"
    share_type = "article"
    parent_page_types = ["cms.NewsIndexPage"]
    subpage_types: list[str] = []
    show_in_menus_default = False
    content_panels = [*Page.content_panels, FieldPanel("published_on"), FieldPanel("lead"), FieldPanel("body")]
    search_fields = [*ContentPage.search_fields, index.FilterField("published_on")]

    class Meta:
        verbose_name = _("news")

    @property
    def sort_date(self) -> str:
        """ISO date for sorting in a section."""
        return self.published_on.isoformat()


class GatheringPage(RoutablePageMixin, ContentPage):
    """A page that lists dated pages by year, newest first, also as feeds."""

    page_size = 20
    kind: type[ContentPage]
    """The dated pages it lists."""

    class Meta:
        abstract = True

    def entries(self, request: HttpRequest | None) -> PageQuerySet:
        """What this visitor may see, newest first; without a request what everyone may."""
        return seen_by(request, self.among()).order_by(
            models.F("published_on").desc(nulls_last=True), "-first_published_at", "title"
        )

    def among(self) -> PageQuerySet:
        """What it lists: the pages of its kind below it."""
        return self.kind.objects.child_of(self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """One page of entries, of the year asked for."""
        context = super().get_context(request, *args, **kwargs)
        found = self.entries(request)
        years = [day.year for day in found.order_by().dates("published_on", "year", order="DESC")]
        asked = request.GET.get("aar", "")
        year = int(asked) if asked.isascii() and asked.isdigit() and int(asked) in years else None
        shown = found.filter(published_on__year=year) if year else found
        context["pages"] = Paginator(shown, self.page_size).get_page(request.GET.get("side"))
        return context | {"years": years if len(years) > 1 else [], "year": year}

    @path("rss/", name="rss")
    def rss(self, request: HttpRequest) -> HttpResponse:
        """The newest as RSS."""
        return NewestFeed(self)(request)

    @path("atom/", name="atom")
    def atom(self, request: HttpRequest) -> HttpResponse:
        """The newest as Atom."""
        return NewestAtomFeed(self)(request)


class NewsIndexPage(GatheringPage):
    """All news."""

    kind = NewsPage
    template = "pages/gathering_page.html"
    parent_page_types = ["cms.HomePage", "cms.SectionPage"]
    subpage_types = ["cms.NewsPage"]

    class Meta:
        verbose_name = _("list of news")


class SeriesPage(GatheringPage):
    """One series of publications, wherever in the tree they stand."""

    kind = PublicationPage
    series = models.CharField(_("series"), max_length=12, choices=PublicationPage.Series)

    template = "pages/gathering_page.html"
    parent_page_types = ["cms.HomePage", "cms.SectionPage"]
    subpage_types = ["cms.PublicationPage"]
    content_panels = [*Page.content_panels, FieldPanel("series"), FieldPanel("lead"), FieldPanel("body")]

    class Meta:
        verbose_name = _("series of publications")

    def among(self) -> PageQuerySet:
        """The publications of the series."""
        return PublicationPage.objects.filter(series=self.series, locale=self.locale_id)
