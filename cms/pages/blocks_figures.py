"""Blocks that show figures: one the system computes, a chart of a small table, and a link to a film."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from engagements.charts.bars import Rate, bars
from engagements.charts.figure import Figure
from engagements.charts.lines import Series, lines
from engagements.records.fields import refuse_cpr

from . import figures

MOST_ROWS = 30
MOST_SERIES = 6
FEWEST_WORDS = 3


class FigureBlock(blocks.StructBlock):
    """A figure the system computes; its number is never typed, so it is never old."""

    name = blocks.ChoiceBlock(label=gettext_lazy("figure"), choices=figures.choices)

    class Meta:
        icon = "site"
        label = gettext_lazy("figure from the system")
        template = "pages/blocks/figure.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """The figure as it is now."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        found = figures.figure(value["name"])
        return context | ({"figure": found} if isinstance(found, Figure) else {"number": found})


def read_table(text: str) -> tuple[list[str], list[list[str]]]:
    """Headings and rows of a table whose cells are parted by semicolons or tabs; `ValidationError` names the line."""
    rows = [
        [cell.strip() for cell in line.replace("\t", ";").split(";")]
        for line in text.splitlines()
        if line.strip(" ;\t")
    ]
    if len(rows) < 2:
        raise ValidationError(_("Write the headings on the first line and at least one row below them."))
    if len(rows) - 1 > MOST_ROWS:
        raise ValidationError(_("A chart has at most %(most)s rows.") % {"most": MOST_ROWS})
    for number, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            raise ValidationError(
                _("Line %(line)s has %(found)s cells, but the first line has %(wanted)s.")
                % {"line": number, "found": len(row), "wanted": len(rows[0])}
            )
    return rows[0], rows[1:]


def read_number(text: str, line: int) -> Decimal:
    """A number as it is written in Danish or English; `ValidationError` names the line."""
    plain = text.replace(" ", "").replace("\xa0", "").rstrip("%")
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    try:
        found = Decimal(plain)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or abs(found) > 10**9:
        raise ValidationError(_("Line %(line)s: “%(text)s” is not a number.") % {"line": line, "text": text})
    return found


def read_bars(text: str) -> list[Rate]:
    """Rows of a name, how many, and of how many."""
    headings, rows = read_table(text)
    if len(headings) != 3:
        raise ValidationError(_("Bars need three cells on each line: name; how many; of how many."))
    rates = []
    for line, (label, x, n) in enumerate(rows, start=2):
        count, whole = read_number(x, line), read_number(n, line)
        if count % 1 or whole % 1 or not 0 <= count <= whole:
            raise ValidationError(
                _("Line %(line)s: the first number is a part of the second, and both are whole.") % {"line": line}
            )
        rates.append(Rate(label, int(count), int(whole)))
    return rates


def read_lines(text: str) -> tuple[list[int], list[Series], int]:
    """Years, a series for each further column, and the number of decimals; an empty cell breaks the line."""
    headings, rows = read_table(text)
    if not 2 <= len(headings) <= MOST_SERIES + 1:
        raise ValidationError(_("A line chart has a column of years and one to %(most)s more.") % {"most": MOST_SERIES})
    years: list[int] = []
    columns: list[list[float | None]] = [[] for _heading in headings[1:]]
    decimals = 0
    for line, (year, *cells) in enumerate(rows, start=2):
        if not (year.isdigit() and len(year) == 4) or (years and int(year) <= years[-1]):
            raise ValidationError(_("Line %(line)s: write the years in order, each with four digits.") % {"line": line})
        years.append(int(year))
        for column, cell in zip(columns, cells, strict=True):
            value = read_number(cell, line) if cell else None
            column.append(None if value is None else float(value))
            decimals = max(decimals, min(2, -int(value.as_tuple().exponent)) if value is not None else 0)
    return years, [Series(name, tuple(column)) for name, column in zip(headings[1:], columns, strict=True)], decimals


class ChartBlock(blocks.StructBlock):
    """A chart of a small table that the editor types or pastes from a spreadsheet; the table stands behind it."""

    title = blocks.CharBlock(
        label=gettext_lazy("title"),
        max_length=160,
        help_text=gettext_lazy("A sentence that says what the figures show, not what they are about."),
    )
    kind = blocks.ChoiceBlock(
        label=gettext_lazy("kind"),
        choices=[("bars", gettext_lazy("bars")), ("lines", gettext_lazy("lines"))],
        default="bars",
    )
    table = blocks.TextBlock(
        label=gettext_lazy("table"),
        rows=6,
        max_length=4000,
        help_text=gettext_lazy(
            "One line for each row, cells parted by semicolons; or paste from a spreadsheet. The first line holds the "
            "headings. Bars: name; how many; of how many. Lines: year; one column for each line."
        ),
    )
    unit = blocks.CharBlock(label=gettext_lazy("unit of the lines"), max_length=60, required=False)
    source = blocks.CharBlock(
        label=gettext_lazy("source"), max_length=160, help_text=gettext_lazy("Who counted, and for which period.")
    )

    class Meta:
        icon = "table"
        label = gettext_lazy("chart")
        template = "pages/blocks/chart.html"

    def clean(self, value: Any) -> Any:
        """A title that says something, a table that can be drawn, and no CPR number."""
        cleaned = super().clean(value)
        errors: dict[str, ValidationError] = {}
        if len(cleaned["title"].split()) < FEWEST_WORDS:
            errors["title"] = ValidationError(_("Write a whole sentence that says what the figures show."))
        try:
            draw(cleaned)
        except ValidationError as refused:
            errors["table"] = refused
        if errors:
            raise blocks.StructBlockValidationError(block_errors=errors)
        refuse_cpr(cleaned["table"], gettext_lazy("table"))
        return cleaned

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """The chart drawn."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        try:
            return context | {"figure": draw(value)}
        except ValidationError:  # a draft in preview
            return context


def draw(value: Any) -> Figure:
    """The chart of the block's table; `ValidationError` where it cannot be drawn."""
    if value["kind"] == "lines":
        years, series, decimals = read_lines(value["table"])
        return lines(
            years, series, title=value["title"], unit=value["unit"] or "", decimals=decimals, source=value["source"]
        )
    headings, _rows = read_table(value["table"])
    return bars(
        read_bars(value["table"]), title=value["title"], of=headings[0], counted=headings[1], source=value["source"]
    )


class VideoBlock(blocks.StructBlock):
    """A link to a film elsewhere, with a picture of our own: nobody is followed by a player they did not start."""

    title = blocks.CharBlock(label=gettext_lazy("title"), max_length=120)
    address = blocks.URLBlock(label=gettext_lazy("address of the film"), max_length=300)
    length = blocks.CharBlock(
        label=gettext_lazy("length"), max_length=20, required=False, help_text=gettext_lazy("Such as 3:20.")
    )
    image = ImageChooserBlock(label=gettext_lazy("picture"), required=False)
    text = blocks.TextBlock(
        label=gettext_lazy("what the film shows"),
        max_length=600,
        help_text=gettext_lazy("For those who cannot see or hear it."),
    )

    class Meta:
        icon = "media"
        label = gettext_lazy("film (link)")
        template = "pages/blocks/video.html"

    def clean(self, value: Any) -> Any:
        """Only over a safe connection."""
        cleaned = super().clean(value)
        if not cleaned["address"].startswith("https://"):
            raise blocks.StructBlockValidationError(
                block_errors={"address": ValidationError(_("The address begins with https://."))}
            )
        return cleaned

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """The host, so that one sees where the link leads."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        return context | {"host": value["address"].partition("//")[2].partition("/")[0].removeprefix("www.")}
