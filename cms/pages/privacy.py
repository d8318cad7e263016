"""Which pages a visitor may see: a listing, a feed and a search ask here, so that none of them can say more than the page."""

from typing import Any

from django.http import HttpRequest
from wagtail.models import Page, PageViewRestriction
from wagtail.query import PageQuerySet


def seen_by(request: HttpRequest | None, pages: PageQuerySet) -> PageQuerySet:
    """Live pages that this visitor may open; without a request, those that everyone may."""
    live = pages.live()
    if request is None or not _carries_session(request):
        return live.public()
    for restriction in PageViewRestriction.objects.select_related("page"):
        if not restriction.accept_request(request):
            live = live.not_descendant_of(restriction.page, inclusive=True)
    return live


def _carries_session(request: HttpRequest) -> bool:
    """Only a session can have passed a restriction: by sign-in or by a password typed."""
    user: Any = getattr(request, "user", None)
    return bool(user is not None and user.is_authenticated) or bool(getattr(request, "session", {}))


def is_public(page: Page) -> bool:
    """Whether everyone may open the page."""
    return page.live and not page.get_view_restrictions()
