"""How lists of the open data are asked and cut into pages."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Schema
from ninja.errors import ValidationError

LARGEST = 100
KEY = r"^[-a-zA-Z0-9_]+$"


class Filters(Schema):
    """The parameters of a list; those of a page come in with `Paging`."""


class Paging(Schema):
    """Which page of a list."""

    page: int = Field(default=1, ge=1, le=1_000_000, description=_("The page, from 1."))
    page_size: int = Field(default=50, ge=1, le=LARGEST, description=_("Rows on a page, at most 100."))


class Listing[T](Schema):
    """A page of a list."""

    count: int = Field(description=_("Rows on all pages."))
    pages: int = Field(description=_("Number of pages."))
    next: str | None = Field(description=_("Address of the next page."))
    previous: str | None = Field(description=_("Address of the page before."))
    results: list[T] = Field(description=_("The rows."))


def known(request: HttpRequest, filters: Schema) -> None:
    """Refuse a parameter that does not exist: a misspelt one would silently give everything."""
    names = {field.alias or name for name, field in type(filters).model_fields.items()}
    unknown = sorted(set(request.GET) - names)
    if unknown:
        raise ValidationError([{"loc": ("query", name), "msg": "There is no such parameter."} for name in unknown])


def page_of[M: Model](
    request: HttpRequest, rows: QuerySet[M], paging: Paging, shown: Callable[[Iterable[M]], list[Any]]
) -> dict[str, Any]:
    """The wanted page of the rows; two queries and those of what is fetched with the rows."""
    known(request, paging)
    count = rows.count()
    pages = max(1, -(-count // paging.page_size))
    if paging.page > pages:
        raise Http404(f"page {paging.page} of {pages}")
    start = (paging.page - 1) * paging.page_size
    return {
        "count": count,
        "pages": pages,
        "next": _address(request, paging.page + 1) if paging.page < pages else None,
        "previous": _address(request, paging.page - 1) if paging.page > 1 else None,
        "results": shown(rows[start : start + paging.page_size]),
    }


def _address(request: HttpRequest, page: int) -> str:
    query = request.GET.copy()
    query["page"] = str(page)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
