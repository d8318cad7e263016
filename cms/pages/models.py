"""The page types every site has: home, section, article and publication; the others lie in `models_*.py` beside it."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.csp import CSP
from django.utils.functional import cached_property
from django.utils.translation import get_language, get_language_from_path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.models import Page
from wagtail.search import index
from wagtail.url_routing import RouteResult

from engagements.records.fields import GuardedCharField, GuardedJSONField, GuardedTextField, refuse_cpr

from .blocks import BLOCKS, ContentField, typed_in
from .forms_pages import ContentPageForm
from .letters import Doubt
from .panels import UncertainPanel
from .privacy import seen_by

# Our own addresses come before the page tree; a page with one of these slugs at the root would never be seen.
RESERVED_SLUGS = frozenset(
    [
        "konto",
        "min-kommune",
        "arbejdsplads",
        "ansoegninger",
        "forloeb",
        "opfoelgning",
        "besoeg",
        "spoergsmaal",
        "kurser",
        "mine-kurser",
        "bevis",
        "netvaerk",
        "tal",
        "statusundersoegelse",
        "selvevaluering",
        "breve",
        "orientering",
        "api",
        "cms",
        "en",
        "filer",
        "dokumenter",
        "lovkrav",
        "soeg",
        "static",
    ]
)

DEEPEST = 12
"""Pages below the front page that an address may lead through."""
GENERAL = [
    "cms.ArticlePage",
    "cms.NewsIndexPage",
    "cms.SeriesPage",
    "cms.GuidePage",
    "cms.AttentionPage",
    "cms.FaqPage",
    "cms.EventListPage",
    "cms.FormPage",
]
"""Pages that stand below the front page or a section."""


class ContentPage(Page):
    """What every page has: a lead and a body of blocks."""

    lead = GuardedTextField(_("lead"), max_length=500, blank=True, help_text=_("One or two sentences under the title."))
    body = ContentField(BLOCKS, verbose_name=_("content"), blank=True)
    title_en = GuardedCharField(
        _("title in English"),
        max_length=255,
        blank=True,
        help_text=_("A page without an English title is shown in Danish to English readers, with a note that it is."),
    )
    lead_en = GuardedTextField(_("lead in English"), max_length=500, blank=True)
    body_en = ContentField(BLOCKS, verbose_name=_("content in English"), blank=True)
    seo_title_en = GuardedCharField(_("title in search engines, in English"), max_length=255, blank=True)
    search_description_en = GuardedTextField(_("description in search engines, in English"), max_length=500, blank=True)
    reviewed_on = models.DateField(_("last reviewed"), null=True, blank=True)
    share_image = models.ForeignKey(
        "wagtailimages.Image",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture for sharing"),
        help_text=_("Shown where someone links to the page."),
    )

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    promote_panels = [
        *Page.promote_panels,
        FieldPanel("share_image"),
        FieldPanel("reviewed_on"),
        MultiFieldPanel(
            [
                FieldPanel("title_en"),
                FieldPanel("lead_en"),
                FieldPanel("body_en"),
                FieldPanel("seo_title_en"),
                FieldPanel("search_description_en"),
            ],
            heading=_("In English"),
        ),
    ]
    search_fields = [
        *Page.search_fields,
        *(index.SearchField(name) for name in ("lead", "body", "title_en", "lead_en", "body_en")),
    ]
    show_in_menus_default = True
    base_form_class = ContentPageForm
    share_type = "website"
    """What those who share the page are told that it is, in the words of Open Graph."""

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Guard Wagtail's own texts, and keep the site's own addresses free at the root of the tree."""
        super().clean()
        self._guard("title", "slug", "seo_title", "search_description")
        self._guard_blocks()
        parent = self.get_parent() if self.path else None
        # Django reads `/en-god-start/` as a page in English.
        taken = self.slug in RESERVED_SLUGS or get_language_from_path(f"/{self.slug}/") is not None
        if taken and (parent is None or parent.depth <= 2):
            raise ValidationError({"slug": _("This address belongs to a part of the portal itself; choose another.")})

    @property
    def only_in_danish(self) -> bool:
        """Whether an English reader is given the Danish page."""
        return get_language() != settings.LANGUAGE_CODE and not self.title_en

    @property
    def in_english(self) -> bool:
        """Whether this reader is given the English page."""
        return get_language() != settings.LANGUAGE_CODE and bool(self.title_en)

    @property
    def shown_title(self) -> str:
        """The title in the reader's language, else in Danish."""
        return self.title_en if self.in_english else self.title

    @property
    def head_title(self) -> str:
        """What stands in the browser and in search engines."""
        return self.seo_title_en or self.title_en if self.in_english else self.seo_title or self.title

    @property
    def head_description(self) -> str:
        """What search engines and those who share the page show of it."""
        said = (self.search_description_en if self.in_english else self.search_description) or self.shown_lead
        return said if len(said) <= 300 else f"{said[:299]}…"

    @property
    def shown_lead(self) -> str:
        """The lead that goes with the title."""
        return self.lead_en if self.in_english else self.lead

    @property
    def shown_body(self) -> Any:
        """The content that goes with the title; the Danish one where there is no English."""
        return self.in_language("body")

    def in_language(self, name: str) -> Any:
        """The English of this content for an English reader, where there is any; else the Danish."""
        english = getattr(self, f"{name}_en") if self.in_english else None
        return english or getattr(self, name)

    def stays_danish(self, name: str) -> bool:
        """Whether this content is Danish on a page that is in English."""
        return self.in_english and not getattr(self, f"{name}_en") and bool(getattr(self, name))

    @property
    def danish_body(self) -> bool:
        """Whether the body is Danish on a page that is in English."""
        return self.stays_danish("body")

    def above(self) -> list[Page]:
        """The pages between the front page and this one; the way to a visited page has left them in memory."""
        found: list[Page] = []
        page: Page = self
        while page.depth > 3:
            page = page.get_parent()
            if page.live:
                found.insert(0, page)
        return found if get_language() == settings.LANGUAGE_CODE else [page.specific for page in found]

    def make_preview_request(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The preview stands in a frame of the editor, so the editor's policy applies to it and not the public page's."""
        response: HttpResponseBase = super().make_preview_request(*args, **kwargs)
        response.headers.pop(CSP.HEADER_ENFORCE, None)
        return response

    def _guard_blocks(self) -> None:
        errors = {}
        for field in self._meta.concrete_fields:
            if isinstance(field, ContentField):
                try:
                    refuse_cpr(list(typed_in(field.value_from_object(self).raw_data)), field.verbose_name)
                except ValidationError as refused:
                    errors[field.name] = refused
        if errors:
            raise ValidationError(errors)

    def _guard(self, *names: str) -> None:
        errors = {}
        for name in names:
            field = self._meta.get_field(name)
            try:
                refuse_cpr(field.value_from_object(self), field.verbose_name)
            except ValidationError as refused:
                errors[name] = refused
        if errors:
            raise ValidationError(errors)


class HomePage(ContentPage):
    """The front page: what is offered, for whom, how to apply, and three ways in."""

    template = "pages/home_page.html"
    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.SectionPage", "cms.CourseIndexPage", "cms.LibraryIndexPage", *GENERAL]

    class Meta:
        verbose_name = _("front page")

    def route(self, request: HttpRequest | None, path_components: list[str]) -> RouteResult:
        """Find the whole way to a page in one query; Wagtail's own asks twice for each page on the way."""
        ways = [self.url_path]
        for slug in path_components[:DEEPEST]:
            ways.append(f"{ways[-1]}{slug}/")
        found = {page.url_path: page for page in Page.objects.filter(url_path__in=ways[1:]).descendant_of(self)}
        page: Page = self
        for way in ways[1:]:
            if way not in found or issubclass(page.specific_class or Page, RoutablePageMixin):
                break
            found[way]._cached_parent_obj = page
            page = found[way]
        rest = path_components[page.depth - self.depth :]
        return page.specific.route(request, rest) if page is not self else super().route(request, rest)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the rounds, the counts and the map; all are computed, none is typed."""
        from .overview import front_page

        return {**super().get_context(request, *args, **kwargs), **front_page(request)}


class SectionPage(ContentPage):
    """A page that gathers the pages below it."""

    template = "pages/section_page.html"
    parent_page_types = ["cms.HomePage", "cms.SectionPage"]
    subpage_types = [
        "cms.SectionPage",
        "cms.PublicationPage",
        "cms.PersonPage",
        "cms.CourseIndexPage",
        "cms.CoursePage",
        *GENERAL,
    ]
    page_size = 20

    class Meta:
        verbose_name = _("section")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the children that this visitor may see, publications newest first."""
        context = super().get_context(request, *args, **kwargs)
        shown = list(seen_by(request, self.get_children()).specific())
        shown.sort(key=lambda page: getattr(page, "sort_date", "") or "", reverse=True)
        context["pages"] = Paginator(shown, self.page_size).get_page(request.GET.get("side"))
        return context


class ArticlePage(ContentPage):
    """A page of text."""

    template = "pages/article_page.html"
    parent_page_types = ["cms.HomePage", "cms.SectionPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("article")


class RecipientGroup(models.TextChoices):
    """Whom a letter was written to."""

    MAYORS = "mayors", _("all mayors")
    COUNCIL_MEMBERS = "council_members", _("all council members")
    MUNICIPALITIES = "municipalities", _("all municipalities")
    MINISTERS = "ministers", _("ministers")
    OTHER = "other", _("others")


DOUBTS = {
    Doubt.TITLE: _("The letter has no heading; the title was made from its facts."),
    Doubt.SENDER: _("The sender's organisation is not named in the letter."),
    Doubt.RECIPIENTS: _("The recipients are not named in the letter."),
    Doubt.DATE: _("The letter has no date that could be read."),
    Doubt.NUMBERS: _("No case number or journal number was found."),
    Doubt.LINKS: _("A link was broken over several lines; check that it is joined correctly."),
}


class PublicationPage(ContentPage):
    """A publication: a letter, a study, a report. Numbers are strings, kept as printed and blank where blank."""

    class Series(models.TextChoices):
        LETTER = "letter", _("letter")
        STUDY = "study", _("practice study")
        KEY_FIGURES = "key_figures", _("key figures")
        SURVEY = "survey", _("status survey")
        OTHER = "other", _("other")

    series = models.CharField(_("series"), max_length=12, choices=Series, default=Series.OTHER)
    sender = GuardedCharField(_("sender"), max_length=250, blank=True)
    recipient_group = models.CharField(_("recipients"), max_length=20, choices=RecipientGroup, blank=True)
    published_on = models.DateField(_("date"), null=True, blank=True)
    case_no = GuardedCharField(_("case no."), max_length=40, blank=True)
    document_no = GuardedCharField(_("document no."), max_length=40, blank=True)
    journal_no = GuardedCharField(_("journal no."), max_length=40, blank=True)
    has_enclosure = models.BooleanField(_("has an enclosure"), default=False)
    source_name = models.CharField(_("imported from"), max_length=200, blank=True, editable=False)
    source_digest = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    uncertain = GuardedJSONField(_("to be looked through"), default=list, blank=True, editable=False)
    looked_through = models.BooleanField(
        _("looked through"), default=True, help_text=_("Tick when everything the import was uncertain of is in order.")
    )

    template = "pages/publication_page.html"
    share_type = "article"
    parent_page_types = ["cms.SectionPage", "cms.SeriesPage"]
    subpage_types: list[str] = []
    content_panels = [
        UncertainPanel(),
        *Page.content_panels,
        FieldPanel("lead"),
        MultiFieldPanel(
            [
                FieldPanel("series"),
                FieldPanel("sender"),
                FieldPanel("recipient_group"),
                FieldPanel("published_on"),
                FieldPanel("case_no"),
                FieldPanel("document_no"),
                FieldPanel("journal_no"),
                FieldPanel("has_enclosure"),
            ],
            heading=_("Facts"),
        ),
        FieldPanel("body"),
        FieldPanel("looked_through"),
    ]
    search_fields = [
        *ContentPage.search_fields,
        index.SearchField("sender"),
        index.SearchField("case_no"),
        index.SearchField("document_no"),
        index.FilterField("series"),
        index.FilterField("published_on"),
        index.FilterField("looked_through"),
        index.FilterField("recipient_group"),
    ]

    class Meta:
        verbose_name = _("publication")

    def uncertain_reasons(self) -> list[str]:
        """What the import was uncertain of, as sentences."""
        return [str(DOUBTS[doubt]) for doubt in self.uncertain if doubt in DOUBTS]

    @cached_property
    def dead_links(self) -> set[str]:
        """Addresses in a letter that no longer answer; the letter stands as it was sent, so they are marked instead."""
        return set(self.broken_links.values_list("address", flat=True)) if self.series == self.Series.LETTER else set()

    @property
    def sort_date(self) -> str:
        """ISO date for sorting; blank when the date is unknown."""
        return self.published_on.isoformat() if self.published_on else ""
