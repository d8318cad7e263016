"""The tabs of an engagement: each names a page of some room, and whose page it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engagements.lifecycle import Text

from . import permissions

if TYPE_CHECKING:
    from .models import Engagement


def _everyone(engagement: "Engagement", user: Any) -> bool:
    """Whoever may open the engagement at all."""
    return True


@dataclass(frozen=True)
class Tab:
    """A page of an engagement: `key` is the view's `active_tab`, `may_read` says who is offered it."""

    key: str
    label: Text
    url_name: str
    may_read: Callable[[Any, Any], bool]


@dataclass(frozen=True)
class Link:
    """A tab as the page shows it."""

    key: str
    label: Text
    url: str
    active: bool


TABS = (
    Tab("overview", _("Overview"), "engagements:detail", _everyone),
    Tab("plan", pgettext_lazy("of an engagement", "Plan"), "engagements:plan", permissions.reads_plan),
    Tab("reviews", _("Case review"), "reviews:list", permissions.reads_in_full),
    Tab("findings", _("Findings"), "findings:list", permissions.reads_in_full),
    Tab("report", _("Report"), "findings:reports", permissions.reads_plan),
    Tab("followup", _("Follow-up"), "followup:engagement", permissions.reads_in_full),
    Tab("briefing", _("Briefing"), "briefings:write", permissions.is_on_team),
    Tab("documents", _("Documents"), "engagements:documents", permissions.reads_in_full),
    Tab("history", _("History"), "engagements:history", permissions.reads_in_full),
)
"""In the order shown. A room below says with its URL name that it has a page here."""


def address_of(name: str, *args: Any) -> str:
    """The address of a page of some room; empty where the room has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def tabs_of(engagement: "Engagement", user: Any, active: str) -> list[Link]:
    """The tabs this person may open."""
    found = []
    for tab in TABS:
        if not tab.may_read(engagement, user):
            continue
        if address := address_of(tab.url_name, engagement.case_no):
            found.append(Link(tab.key, tab.label, address, tab.key == active))
    return found
