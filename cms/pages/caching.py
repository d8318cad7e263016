"""Public pages of the CMS for visitors without a session: made once for each edition of the site, then handed out.

What is kept is what an anonymous visitor got without any cookie being set; so it holds no token, no message and
nothing of a private page. The edition's number is read from the database for every visit and grows in the same
transaction as each publication, move or change of privacy: a page that is moved under a private parent is gone from
here in the moment that it is moved. Counts and deadlines on a page may be `KEPT` seconds old.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import CollectionViewRestriction, Locale, Page, PageViewRestriction, Site
from wagtail.signals import page_published, page_unpublished, post_page_move

from .models_keeping import BrokenLink, Edition, edition_of

KEPT = 60
"""Seconds."""
PERSONAL = (settings.SESSION_COOKIE_NAME, "messages", settings.LANGUAGE_COOKIE_NAME)
"""Cookies of visitors who get pages of their own."""
ASKED = frozenset({"side", "aar"})
"""Parameters that pages understand; an address with others is not kept, so that nobody fills the store."""
WATCHED = (Page, Redirect, BrokenLink, Document, Image, PageViewRestriction, CollectionViewRestriction, Site, Locale)


class PageCacheMiddleware:
    """Stands outside everything that knows the visitor; `X-Page-Cache` says what it did."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not _may_be_shared(request):
            return self.get_response(request)
        key = _key(request, edition_of(request))
        if kept := cache.get(key):
            return _again(kept)
        response = self.get_response(request)
        if _is_for_everyone(request, response):
            headers = [(name, value) for name, value in response.items() if name != "X-Page-Cache"]
            cache.set(key, (response.content, headers), KEPT)  # type: ignore[attr-defined]
        return response


def _may_be_shared(request: HttpRequest) -> bool:
    if request.method != "GET" or not settings.PAGE_CACHE:
        return False
    if not ASKED.issuperset(request.GET) or len(request.get_full_path()) > 300:
        return False
    return not any(name in request.COOKIES for name in PERSONAL)


def _key(request: HttpRequest, edition: int) -> str:
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    said = (request.get_host(), request.is_secure(), request.get_full_path(), packed)
    return f"pages:{edition}:{sha256(repr(said).encode()).hexdigest()}"


def _again(kept: tuple[bytes, list[tuple[str, str]]]) -> HttpResponse:
    content, headers = kept
    response = HttpResponse(content)
    for name, value in headers:
        response.headers[name] = value
    response.headers["X-Page-Cache"] = "kept"
    return response


def _is_for_everyone(request: HttpRequest, response: HttpResponseBase) -> bool:
    """A page of the page tree, found, that set no cookie, carries no token and did not look at a session."""
    match = request.resolver_match
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and match is not None
        and match.url_name == "wagtail_serve"
        and "CSRF_COOKIE" not in request.META
        and "private" not in response.headers.get("Cache-Control", "")
        and response.headers.get("Content-Type", "").startswith("text/html")
    )


def _changed(**_kwargs: Any) -> None:
    Edition.bump()


def connect() -> None:
    """Let every change of what visitors are shown begin a new edition.

    Each kind of page is connected by itself: a signal without a sender would be heard for every model of the site,
    and rows that are written together would be saved one by one.
    """
    for model in apps.get_models():
        if issubclass(model, WATCHED):
            for signal in (post_save, post_delete):
                signal.connect(_changed, sender=model, dispatch_uid=f"pages.edition.{model._meta.label_lower}")
    for change in (page_published, page_unpublished, post_page_move):
        change.connect(Edition.bump, dispatch_uid="pages.edition")
