"""A list as Excel or CSV: dates stay dates, numbers numbers, and no text is taken for a formula."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

FORMATS = {"xlsx": "Excel", "csv": "CSV"}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def respond(wanted: str, name: str, headings: list[str], lines: Iterable[list[Any]]) -> Any:
    """The file as a download."""
    if wanted == "csv":
        response: Any = StreamingHttpResponse(_csv(headings, lines), content_type="text/csv; charset=utf-8")
        return _named(response, name, wanted)
    return workbook(name, [("", headings, lines)])


def workbook(name: str, sheets: Iterable[tuple[str, list[str], Iterable[list[Any]]]]) -> Any:
    """Several lists as one Excel file: a sheet each, with its title, headings and lines."""
    response = HttpResponse(
        _xlsx(sheets), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    return _named(response, name, "xlsx")


def _named(response: Any, name: str, wanted: str) -> Any:
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate():%Y-%m-%d}.{wanted}"'
    return response


def plain(value: Any) -> Any:
    """A value a spreadsheet understands; times are the clock's here, without a zone."""
    if value is None or (isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)):
        return value
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0)
    if isinstance(value, date):
        return value
    return str(value)


class _Echo:
    def write(self, text: str) -> str:
        return text


def _csv(headings: list[str], lines: Iterable[list[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo(), delimiter=";")  # what Excel opens where the comma is decimal
    yield "\ufeff" + writer.writerow(headings)
    for line in lines:
        yield writer.writerow([_harmless(plain(value)) for value in line])


def _harmless(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return value


def _xlsx(sheets: Iterable[tuple[str, list[str], Iterable[list[Any]]]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    book = Workbook(write_only=True)

    def cell(sheet: Any, value: Any, bold: bool = False) -> Any:
        made = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value)
        if isinstance(value, str):
            made.data_type = "s"
        if bold:
            made.font = Font(bold=True)
        return made

    for title, headings, lines in sheets:
        sheet = book.create_sheet(title or None)
        sheet.freeze_panes = "A2"
        sheet.append([cell(sheet, heading, bold=True) for heading in headings])
        for line in lines:
            sheet.append([cell(sheet, plain(value)) for value in line])
    file = BytesIO()
    book.save(file)
    return file.getvalue()
