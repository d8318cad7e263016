"""The StreamField blocks that editors build pages from."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageChooserBlock

from engagements.records.fields import refuse_cpr

from .blocks_figures import ChartBlock, FigureBlock, VideoBlock

RICH_TEXT = ["bold", "italic", "link", "document-link", "ol", "ul", "h3"]


class GuardedRichTextBlock(blocks.RichTextBlock):
    """Rich text that refuses a CPR number like every other free text."""

    def clean(self, value: Any) -> Any:
        """Check what is shown, not the markup."""
        cleaned = super().clean(value)
        refuse_cpr(cleaned.source)
        return cleaned


class FactsBlock(blocks.StructBlock):
    """A box of facts beside the text."""

    heading = blocks.CharBlock(label=_("heading"), max_length=80)
    text = GuardedRichTextBlock(label=_("text"), features=["bold", "link", "ul"])

    class Meta:
        icon = "info-circle"
        label = _("facts box")
        template = "pages/blocks/facts.html"


class QuoteBlock(blocks.StructBlock):
    """A quotation with its source."""

    text = blocks.TextBlock(label=_("quotation"), max_length=600)
    source = blocks.CharBlock(label=_("source"), max_length=120, required=False)

    class Meta:
        icon = "openquote"
        label = _("quotation")
        template = "pages/blocks/quote.html"


class StepBlock(blocks.StructBlock):
    """One step of a procedure."""

    heading = blocks.CharBlock(label=_("heading"), max_length=80)
    text = GuardedRichTextBlock(label=_("text"), features=["bold", "link", "ul"])


class StepsBlock(blocks.StructBlock):
    """Steps in order."""

    steps = blocks.ListBlock(StepBlock(), label=_("steps"), min_num=2)

    class Meta:
        icon = "list-ol"
        label = _("steps")
        template = "pages/blocks/steps.html"


class AccordionBlock(blocks.StructBlock):
    """Questions whose answers open on request."""

    items = blocks.ListBlock(StepBlock(), label=_("questions"), min_num=1)

    class Meta:
        icon = "list-ul"
        label = _("questions and answers")
        template = "pages/blocks/accordion.html"


class PictureBlock(blocks.StructBlock):
    """A picture; its description is required because some readers cannot see it."""

    image = ImageChooserBlock(label=_("picture"))
    description = blocks.CharBlock(label=_("description for those who cannot see it"), max_length=200)
    caption = blocks.CharBlock(label=_("caption"), max_length=200, required=False)

    class Meta:
        icon = "image"
        label = _("picture")
        template = "pages/blocks/picture.html"


class DownloadBlock(blocks.StructBlock):
    """A file to download, with its type and size."""

    document = DocumentChooserBlock(label=_("file"))
    text = blocks.CharBlock(label=_("link text"), max_length=120, required=False)

    class Meta:
        icon = "download"
        label = _("download")
        template = "pages/blocks/download.html"


class CallToActionBlock(blocks.StructBlock):
    """A button that leads to the next step."""

    text = blocks.CharBlock(label=_("button text"), max_length=60)
    page = blocks.PageChooserBlock(label=_("page"), required=False)
    address = blocks.CharBlock(
        label=_("or an address on this site"), max_length=200, required=False, help_text=_("Begins with /.")
    )

    class Meta:
        icon = "arrow-right"
        label = _("call to action")
        template = "pages/blocks/call_to_action.html"

    def clean(self, value: Any) -> Any:
        """A button leads somewhere, and only within the site."""
        cleaned = super().clean(value)
        address = cleaned.get("address") or ""
        if not cleaned.get("page") and not address:
            raise blocks.StructBlockValidationError(
                block_errors={"page": ValidationError(_("Choose a page or write an address."))}
            )
        if address and (not address.startswith("/") or address.startswith("//")):
            raise blocks.StructBlockValidationError(
                block_errors={"address": ValidationError(_("The address begins with a single /."))}
            )
        return cleaned


BLOCKS: list[tuple[str, blocks.Block]] = [
    (
        "heading",
        blocks.CharBlock(label=_("heading"), max_length=120, icon="title", template="pages/blocks/heading.html"),
    ),
    ("text", GuardedRichTextBlock(label=_("text"), features=RICH_TEXT, template="pages/blocks/text.html")),
    ("facts", FactsBlock()),
    ("quote", QuoteBlock()),
    ("steps", StepsBlock()),
    ("accordion", AccordionBlock()),
    ("picture", PictureBlock()),
    ("figure", FigureBlock()),
    ("chart", ChartBlock()),
    ("video", VideoBlock()),
    ("download", DownloadBlock()),
    ("call_to_action", CallToActionBlock()),
]


def typed_in(raw: Any) -> Iterator[str]:
    """Every text in the raw value of a stream, without the identities of its blocks."""
    if isinstance(raw, str):
        yield raw
    elif isinstance(raw, dict):
        for name, item in raw.items():
            if name not in ("id", "type"):
                yield from typed_in(item)
    elif isinstance(raw, Iterable):
        for item in raw:
            yield from typed_in(item)


def capitalise(block: blocks.Block) -> None:
    """Begin the labels of the block and of those inside it with a capital letter, as the editor's other labels do."""
    block.label = block.meta.label = capfirst(block.meta.label or block.label)
    for child in [*getattr(block, "child_blocks", {}).values(), *filter(None, [getattr(block, "child_block", None)])]:
        capitalise(child)


class ContentField(StreamField):
    """A StreamField whose blocks stay out of the migrations, which would otherwise change with every block."""

    def __init__(self, block_types: Any, *args: Any, **kwargs: Any) -> None:
        for _name, block in block_types:
            capitalise(block)
        super().__init__(block_types, *args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Leave the block definitions out."""
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [[]], kwargs
