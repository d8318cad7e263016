"""Pages and documents for members only: a stranger who is signed in is told that there is no such thing."""

from typing import Any

from django.http import Http404, HttpRequest
from wagtail.documents.models import Document
from wagtail.models import Page

from . import permissions
from .library import LibraryIndexPage, MembersPage


def hide_page(page: Page, request: HttpRequest, args: Any, kwargs: Any) -> None:
    """404 instead of a second sign-in; the library asks who belongs now, not only whom the groups held this morning."""
    if not request.user.is_authenticated:
        return
    if isinstance(page.specific, (MembersPage, LibraryIndexPage)) and not permissions.belongs(request.user):
        raise Http404
    if not all(restriction.accept_request(request) for restriction in _by_group(page.get_view_restrictions())):
        raise Http404


def hide_document(document: Document, request: HttpRequest) -> None:
    """The same for documents in a private collection."""
    if not request.user.is_authenticated:
        return
    restrictions = _by_group(document.collection.get_view_restrictions())
    if not all(restriction.accept_request(request) for restriction in restrictions):
        raise Http404


def _by_group(restrictions: Any) -> list[Any]:
    """A password can still be given; a group one is not in cannot."""
    return [one for one in restrictions if one.restriction_type == "groups"]
