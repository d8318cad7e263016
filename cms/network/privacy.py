"""Pages and files for members only: a stranger who is signed in is told that there is no such thing."""

from typing import Any

from django.http import Http404, HttpRequest
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Page, ReferenceIndex
from wagtail.signals import page_published

from . import permissions, reference
from .library import LibraryIndexPage, LibraryPage, MembersPage, ThemePage


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


def connect() -> None:
    """Look after the files of every page of the library that is published."""
    page_published.connect(_published, dispatch_uid="cms.network.privacy")


def _published(sender: Any, instance: Page, **kwargs: Any) -> None:
    if isinstance(instance, MembersPage):
        keep_files_private(instance)


def keep_files_private(page: MembersPage) -> int:
    """Move pictures and documents that only the library uses to its own collection; returns how many were moved.

    An editor who chooses a file from another collection need not think of it. One that a page outside the library also
    shows stays where it is.
    """
    private = reference.collection()
    if private is None:
        return 0
    field: Any = page._meta.get_field("body")
    moved = 0
    for model, pk, *_path in field.extract_references(page.body):
        if model not in (Image, Document):
            continue
        file = model.objects.filter(pk=pk).exclude(collection=private).first()
        if file is not None and not _is_used_outside(file):
            file.collection = private
            file.save()
            moved += 1
    return moved


def _is_used_outside(file: Any) -> bool:
    users = ReferenceIndex.get_references_to(file).values_list("base_content_type__model", "object_id")
    inside = {str(pk) for kind in (LibraryPage, ThemePage) for pk in kind.objects.values_list("pk", flat=True)}
    return any(kind != "page" or pk not in inside for kind, pk in users)
