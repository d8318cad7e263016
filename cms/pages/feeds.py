"""RSS and Atom of the pages that gather dated pages; only what everyone may see is ever in a feed."""

from datetime import UTC, date, datetime, time
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

NEWEST = 30


class NewestFeed(Feed):
    """The newest entries of a listing page as RSS."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The page whose entries these are."""
        return self.page

    def title(self, page: Any) -> str:
        """The page and the site."""
        return f"{page.shown_title} – {settings.SITE_NAME}"

    def link(self, page: Any) -> str:
        """The page itself."""
        return page.full_url or "/"

    def description(self, page: Any) -> str:
        """What the page says it gathers."""
        return (
            page.shown_lead or page.search_description or _("The newest from %(name)s") % {"name": settings.SITE_NAME}
        )

    def items(self, page: Any) -> list[Any]:
        """The newest public entries."""
        return list(page.entries(None)[:NEWEST])

    def item_title(self, item: Any) -> str:
        """The entry's title."""
        return item.shown_title

    def item_description(self, item: Any) -> str:
        """The entry's lead."""
        return item.shown_lead or item.search_description

    def item_link(self, item: Any) -> str:
        """The entry's full address."""
        return item.full_url or "/"

    def item_guid(self, item: Any) -> str:
        """Stays the same when the entry moves."""
        return f"{settings.SITE_URL}/#{item.translation_key}"

    item_guid_is_permalink = False

    def item_pubdate(self, item: Any) -> datetime | None:
        """The printed date, at midnight here."""
        day: date | None = item.published_on
        if day is None:
            return item.first_published_at
        return datetime.combine(day, time(), tzinfo=timezone.get_current_timezone()).astimezone(UTC)

    def item_updateddate(self, item: Any) -> datetime | None:
        """When it was last changed."""
        return item.last_published_at


class NewestAtomFeed(NewestFeed):
    """The same as Atom."""

    feed_type = Atom1Feed

    def subtitle(self, page: Any) -> str:
        """What Atom calls the description."""
        return self.description(page)
