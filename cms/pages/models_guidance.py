"""Pages that guide: for the council, points of attention, questions and answers, people, and what is coming up."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page
from wagtail.search import index

from courses.pages.shown import show
from courses.runs.models import Run
from engagements.records.fields import GuardedCharField
from engagements.requirements.models import Theme

from .blocks import ContentField, GuardedRichTextBlock
from .models import ContentPage

PARENTS = ["cms.HomePage", "cms.SectionPage"]
SIMPLE = ["bold", "italic", "link", "document-link", "ul"]


class AskBlock(blocks.StructBlock):
    """A question the council may ask, and what a good answer holds."""

    question = blocks.CharBlock(label=_("question"), max_length=200)
    answer = GuardedRichTextBlock(label=_("what a good answer contains"), features=SIMPLE, required=False)

    class Meta:
        icon = "help"
        label = _("question to ask")


class PointBlock(blocks.StructBlock):
    """Something to be attentive to: what, why, how to see it in one's own municipality."""

    theme = blocks.ChoiceBlock(label=_("theme"), choices=Theme.choices, required=False)
    heading = blocks.CharBlock(label=_("point of attention"), max_length=200)
    text = GuardedRichTextBlock(label=_("why, and what to look for"), features=SIMPLE)
    basis = blocks.CharBlock(label=_("legal basis"), max_length=120, required=False)

    class Meta:
        icon = "warning"
        label = _("point of attention")


class AnswerBlock(blocks.StructBlock):
    """A question and its answer."""

    question = blocks.CharBlock(label=_("question"), max_length=200)
    answer = GuardedRichTextBlock(label=_("answer"), features=SIMPLE)

    class Meta:
        icon = "help"
        label = _("question and answer")


def _heading() -> tuple[str, blocks.Block]:
    return "heading", blocks.CharBlock(label=_("heading"), max_length=120, icon="title")


class GuidePage(ContentPage):
    """A guide for the council: what it is responsible for, and what to ask the administration."""

    questions = ContentField([("ask", AskBlock())], verbose_name=_("questions to ask"), blank=True)
    questions_en = ContentField([("ask", AskBlock())], verbose_name=_("questions to ask, in English"), blank=True)

    template = "pages/guide_page.html"
    parent_page_types = PARENTS
    subpage_types: list[str] = []
    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body"), FieldPanel("questions")]
    promote_panels = [*ContentPage.promote_panels, FieldPanel("questions_en")]
    search_fields = [*ContentPage.search_fields, index.SearchField("questions"), index.SearchField("questions_en")]

    class Meta:
        verbose_name = _("guide for the council")

    @property
    def shown_questions(self) -> Any:
        """In the reader's language, where it has been written."""
        return self.in_language("questions")

    @property
    def danish_questions(self) -> bool:
        """Whether they are Danish on a page that is in English."""
        return self.stays_danish("questions")


class AttentionPage(ContentPage):
    """Points of attention for municipalities, by theme."""

    points = ContentField([("point", PointBlock())], verbose_name=_("points of attention"), blank=True)
    points_en = ContentField([("point", PointBlock())], verbose_name=_("points of attention, in English"), blank=True)

    template = "pages/attention_page.html"
    parent_page_types = PARENTS
    subpage_types: list[str] = []
    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body"), FieldPanel("points")]
    promote_panels = [*ContentPage.promote_panels, FieldPanel("points_en")]
    search_fields = [*ContentPage.search_fields, index.SearchField("points"), index.SearchField("points_en")]

    class Meta:
        verbose_name = _("page with points of attention")

    @property
    def shown_points(self) -> Any:
        """In the reader's language, where it has been written."""
        return self.in_language("points")

    @property
    def danish_points(self) -> bool:
        """Whether they are Danish on a page that is in English."""
        return self.stays_danish("points")

    def by_theme(self) -> list[tuple[str, list[Any]]]:
        """The points under their themes, in the order of the themes; those without one last."""
        labels = dict(Theme.choices)
        order = {theme: place for place, theme in enumerate(labels)}
        grouped: dict[str, list[Any]] = {}
        for block in self.shown_points:
            grouped.setdefault(block.value["theme"] or "", []).append(block.value)
        themes = sorted(grouped, key=lambda theme: order.get(theme, len(order)))
        return [(str(labels.get(theme, "")), grouped[theme]) for theme in themes]


class FaqPage(ContentPage):
    """Questions and answers under headings."""

    answers = ContentField([_heading(), ("answer", AnswerBlock())], verbose_name=_("questions and answers"), blank=True)
    answers_en = ContentField(
        [_heading(), ("answer", AnswerBlock())], verbose_name=_("questions and answers, in English"), blank=True
    )

    template = "pages/faq_page.html"
    parent_page_types = PARENTS
    subpage_types: list[str] = []
    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body"), FieldPanel("answers")]
    promote_panels = [*ContentPage.promote_panels, FieldPanel("answers_en")]
    search_fields = [*ContentPage.search_fields, index.SearchField("answers"), index.SearchField("answers_en")]

    class Meta:
        verbose_name = _("questions and answers")

    @property
    def shown_answers(self) -> Any:
        """In the reader's language, where it has been written."""
        return self.in_language("answers")

    @property
    def danish_answers(self) -> bool:
        """Whether they are Danish on a page that is in English."""
        return self.stays_danish("answers")


class PersonPage(ContentPage):
    """A person to turn to; the title of the page is the name."""

    job = GuardedCharField(_("position"), max_length=120)
    agency = GuardedCharField(_("agency"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = GuardedCharField(_("telephone"), max_length=40, blank=True)
    portrait = models.ForeignKey(
        "wagtailimages.Image", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("portrait")
    )

    template = "pages/person_page.html"
    parent_page_types = ["cms.SectionPage"]
    subpage_types: list[str] = []
    show_in_menus_default = False
    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("job"),
                FieldPanel("agency"),
                FieldPanel("email"),
                FieldPanel("phone"),
                FieldPanel("portrait"),
            ],
            heading=_("Facts"),
        ),
        FieldPanel("lead"),
        FieldPanel("body"),
    ]
    search_fields = [*ContentPage.search_fields, index.SearchField("job"), index.SearchField("agency")]

    class Meta:
        verbose_name = _("person")


class EventListPage(ContentPage):
    """The runs, theme days and meetings to come that everyone may see; the rows are those of the catalogue."""

    template = "pages/event_list_page.html"
    max_count = 1
    parent_page_types = PARENTS
    subpage_types: list[str] = []
    page_size = 20

    class Meta:
        verbose_name = _("list of events")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """What is coming up, the same for everyone."""
        context = super().get_context(request, *args, **kwargs)
        now = timezone.now()
        coming = Run.objects.visible_to(AnonymousUser()).upcoming(now).select_related("course")
        pages = Paginator(coming.prefetch_related("sessions"), self.page_size).get_page(request.GET.get("side"))
        return context | {"pages": pages, "events": show(pages.object_list, AnonymousUser(), now)}
