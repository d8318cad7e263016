"""The list page: filter above, count, sortable table, 50 rows a page, Excel and CSV, an empty state that helps.

    class ApplicationList(LoginRequiredMixin, ListPage):
        heading = _("Applications")
        filterset_class = ApplicationFilter
        columns = [
            Column("reference", _("Reference"), link=True, sort="reference"),
            Column("municipality", _("Municipality"), sort="municipality__folded_name"),
            Column("state", _("State"), sort="state", template="components/state_cell.html"),
        ]
        default_sort = "-submitted_at"

        def get_queryset(self): return Application.objects.visible_to(self.request.user).select_related("municipality")

Nothing a visitor writes in the address is an error: an unknown page, order, format or filter value falls back.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.generic import ListView

from . import spreadsheets
from .forms import FilterForm

Text = str | Promise
PAGE_SIZE = 50


@dataclass(frozen=True)
class Column:
    """One column: how a row's value is found, shown, sorted and exported.

    `accessor` is an attribute path (`municipality.name`) or a function of the row; without it the name is the path, and
    a field with choices shows its label. `sort` is the field (or fields) to order by. `link` makes it a link to the
    row's own page. `template` draws the cell with `row` and `value`. `export=False` keeps it out of the spreadsheets.
    """

    name: str
    heading: Text
    accessor: str | Callable[[Any], Any] | None = None
    sort: str | Sequence[str] = ()
    link: bool = False
    numeric: bool = False
    template: str = ""
    export: bool = True

    @property
    def order(self) -> list[str]:
        """The fields this column sorts by."""
        return [self.sort] if isinstance(self.sort, str) else list(self.sort)

    def value(self, row: Any) -> Any:
        """The row's value, as it goes into a spreadsheet."""
        if callable(self.accessor):
            return self.accessor(row)
        path = self.accessor or self.name
        display = getattr(row, f"get_{path}_display", None)
        if display is not None:
            return display()
        found = row
        for part in path.split("."):
            found = getattr(found, part, None)
            if callable(found) and not hasattr(found, "_meta"):
                found = found()
            if found is None:
                return None
        return found

    def exported(self, row: Any) -> Any:
        """A date, a number or plain text."""
        value = self.value(row)
        if isinstance(value, SafeString):
            return strip_tags(value)
        return value


@dataclass(frozen=True)
class Cell:
    """A value ready to be shown."""

    column: Column
    shown: Any
    url: str = ""


@dataclass(frozen=True)
class Heading:
    """A column's heading and the address that sorts by it."""

    column: Column
    url: str
    direction: str  # "ascending", "descending" or ""


def shown(value: Any) -> Any:
    """A value in the words of a page."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return format_html("<time>{}</time>", formats.date_format(timezone.localtime(value), "DATETIME_FORMAT"))
    if isinstance(value, date):
        return format_html("<time>{}</time>", formats.date_format(value, "DATE_FORMAT"))
    if isinstance(value, (int, float)):
        return formats.localize(value)
    return value


class ListPage(ListView):
    """Base of every list; a subclass gives `get_queryset` (starting from `visible_to`), `columns` and `heading`."""

    template_name = "components/list_page.html"
    paginate_by = PAGE_SIZE
    heading: Text = ""
    intro: Text = ""
    columns: Sequence[Column] = ()
    filterset_class: Any = None
    default_sort: str | Sequence[str] = ()
    empty_title: Text = ""
    empty_text: Text = ""
    actions: Sequence[tuple[Text, str]] = ()
    """Buttons above the list: label and address; override `get_actions` when they depend on the person."""
    downloads = True

    # What is shown ---------------------------------------------------------------------------------
    def get_columns(self) -> Sequence[Column]:
        """The columns for this person."""
        return self.columns

    def get_actions(self) -> Sequence[tuple[Text, str]]:
        """The buttons for this person."""
        return self.actions

    def get_heading(self) -> Text:
        """The page's heading."""
        return self.heading

    # Which rows ------------------------------------------------------------------------------------
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, or the whole filtered list as a spreadsheet."""
        self.columns = self.get_columns()
        self.filterset = self._filterset()
        self.everything = self.get_queryset()
        chosen = self.filterset.qs if self.filterset is not None else self.everything
        self.rows = self._ordered(chosen)
        wanted = request.GET.get("format")
        if self.downloads and wanted in spreadsheets.FORMATS:
            return self._spreadsheet(wanted)
        page = self.get_paginator(self.rows, self.paginate_by).get_page(request.GET.get("page"))
        self.object_list = page.object_list
        return self.render_to_response(self._context(page))

    def _filterset(self) -> Any:
        if self.filterset_class is None:
            return None
        if self.filterset_class._meta.form is forms.Form:
            self.filterset_class._meta.form = FilterForm
        return self.filterset_class(self.request.GET or None, queryset=self.get_queryset(), request=self.request)

    def _sort(self) -> tuple[str, bool]:
        asked = self.request.GET.get("sort", "")
        name = asked.removeprefix("-")
        known = {column.name for column in self.columns if column.order}
        return (name, asked.startswith("-")) if name in known else ("", False)

    def _ordered(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        name, down = self._sort()
        if name:
            fields = next(column for column in self.columns if column.name == name).order
            return rows.order_by(*(_turned(field) if down else field for field in fields), "pk")
        if self.default_sort:
            fields = [self.default_sort] if isinstance(self.default_sort, str) else list(self.default_sort)
            return rows.order_by(*fields, "pk")
        return rows if rows.query.order_by or rows.query.get_meta().ordering else rows.order_by("pk")

    # The page --------------------------------------------------------------------------------------
    def _context(self, page: Page[Any]) -> dict[str, Any]:
        filter_form = self.filterset.form if self.filterset is not None else None
        asked = any(value for name, value in self.request.GET.items() if filter_form and name in filter_form.fields)
        context = {
            "view": self,
            "heading": self.get_heading(),
            "intro": self.intro,
            "actions": self.get_actions(),
            "filter_form": filter_form,
            "form": filter_form,
            "filtered": asked,
            "headings": [self._heading(column) for column in self.columns],
            "table": [[self._cell(column, row) for column in self.columns] for row in page.object_list],
            "page_obj": page,
            "page_links": self._page_links(page),
            "count": page.paginator.count,
            "downloads": [(label, self._address(format=key, page=None)) for key, label in spreadsheets.FORMATS.items()]
            if self.downloads and page.paginator.count
            else [],
            "empty_title": self.empty_title,
            "empty_text": self.empty_text,
        }
        return {**context, **self.get_extra_context()}

    def get_extra_context(self) -> dict[str, Any]:
        """More for a subclass's own template."""
        return {}

    def _address(self, **changes: Any) -> str:
        query = self.request.GET.copy()
        for name, value in changes.items():
            query.pop(name, None)
            if value is not None:
                query[name] = str(value)
        return f"?{query.urlencode()}" if query else "?"

    def _heading(self, column: Column) -> Heading:
        if not column.order:
            return Heading(column, "", "")
        name, down = self._sort()
        current = name == column.name
        direction = ("descending" if down else "ascending") if current else ""
        turned = f"-{column.name}" if current and not down else column.name
        return Heading(column, self._address(sort=turned, page=None, format=None), direction)

    def _cell(self, column: Column, row: Any) -> Cell:
        value = column.value(row)
        url = row.get_absolute_url() if column.link else ""
        if column.template:
            content = {"row": row, "value": value, "user": self.request.user}
            return Cell(column, render_to_string(column.template, content), url)
        return Cell(column, shown(value), url)

    def _page_links(self, page: Page[Any]) -> dict[str, Any]:
        paginator = page.paginator
        if paginator.num_pages < 2:
            return {}
        numbers = paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
        return {
            "numbers": [(n, self._address(page=n, format=None) if isinstance(n, int) else "") for n in numbers],
            "previous": self._address(page=page.number - 1, format=None) if page.has_previous() else "",
            "next": self._address(page=page.number + 1, format=None) if page.has_next() else "",
        }

    # Spreadsheets ----------------------------------------------------------------------------------
    def _spreadsheet(self, wanted: str) -> HttpResponse:
        columns = [column for column in self.columns if column.export]
        heads = [str(column.heading) for column in columns]
        name = slugify(str(self.get_heading())) or "list"
        return spreadsheets.respond(wanted, name, heads, self._lines(columns))

    def _lines(self, columns: Sequence[Column]) -> Iterator[list[Any]]:
        for row in self.rows.iterator(chunk_size=500):
            yield [column.exported(row) for column in columns]


def _turned(field: str) -> str:
    return field.removeprefix("-") if field.startswith("-") else f"-{field}"
