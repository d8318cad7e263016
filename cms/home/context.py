"""What every template may use: the site's name, the main navigation of this person, notices and the other language."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from wagtail.models import Page, PageViewRestriction, Site

from cms.network.permissions import belongs
from cms.pages.models_keeping import edition_of
from engagements.notices.services import unread_count
from engagements.people import permissions as who
from engagements.people.models import CASEWORK_ROLES, Role

HEADER_KEPT = 600
"""Seconds; every change of a page makes a new one at once."""

type Menu = list[tuple[str, str]]
"""Labels and addresses."""


@dataclass(frozen=True)
class Link:
    """An entry of the main navigation."""

    label: str
    url: str
    active: bool


@dataclass(frozen=True)
class OtherLanguage:
    """The same page in the other language."""

    code: str
    name: str
    url: str


def site(request: HttpRequest) -> dict[str, Any]:
    """Everything is lazy: a page that does not ask for it makes no query for it."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "LANGUAGE_CODE": get_language(),
        "DEMONSTRATION": settings.DEMONSTRATION,
        "navigation": SimpleLazyObject(lambda: navigation(request)),
        "shared_header": SimpleLazyObject(lambda: shared_header(request)),
        "shared_footer": SimpleLazyObject(shared_footer),
        "unread_notices": SimpleLazyObject(lambda: unread_notices(request)),
        "other_language": SimpleLazyObject(lambda: other_language(request)),
    }


def navigation(request: HttpRequest) -> list[Link]:
    """The ways in for this person: the public pages, or the start page and lists of their side."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        found = _public(request)
    elif who.is_task_force(user):
        found = _staff(user)
    elif who.is_host(user) and not who.municipalities_of(user):
        found = [(_("Network"), _address("network:start")), (_("Courses"), _address("courses:list"))]
    else:
        found = _municipality(user)
    return [Link(label, url, request.path.startswith(url)) for label, url in found if url]


def _staff(user: Any) -> Menu:
    entries = [(_("Workplace"), _address("home:workplace"))]
    if who.is_case_staff(user):
        entries += [
            (_("Applications"), _address("applications:list")),
            (_("Engagements"), _address("engagements:list")),
            (_("Follow-up"), _address("followup:list")),
        ]
    if who.is_case_staff(user) or who.is_staff_of(user, who.LEARNING):
        entries.append((_("Visits"), _address("visits:list")))
    if who.is_staff_of(user, who.LEGAL, who.LEAD):
        entries.append((pgettext("menu", "Questions"), _address("questions:list")))
    entries.append((_("Courses"), _address("courses:list")))
    entries.append((_("Network"), _address("network:start")))
    entries.append((_("Requirements of law"), _address("requirements:list")))
    if who.edits_site(user):
        entries.append((_("Editing"), _address("wagtailadmin_home")))
    return entries


def _municipality(user: Any) -> Menu:
    entries = [(_("My municipality"), _address("home:municipalities"))]
    if who.municipalities_of(user, *CASEWORK_ROLES):
        entries.append((_("Applications"), _address("applications:list")))
    if who.municipalities_of(user, *CASEWORK_ROLES, Role.CASEWORKER):
        entries.append((_("Engagements"), _address("engagements:list")))
        entries.append((_("Follow-up"), _address("followup:list")))
        entries.append((_("Visits"), _address("visits:list")))
        entries.append((pgettext("menu", "Questions"), _address("questions:list")))
    if who.municipalities_of(user, Role.COUNCIL, Role.SECRETARY):
        entries.append((_("Briefing"), _address("briefings:index")))
    entries.append((_("Courses"), _address("courses:list")))
    if belongs(user):
        entries.append((_("Network"), _address("network:start")))
    entries.append((_("Requirements of law"), _address("requirements:list")))
    return entries


def shared_header(request: HttpRequest) -> SafeString:
    """The page's head as every visitor without an account sees it; blank for those who have one.

    It is drawn once for each edition of the site and each entry of the menu that one may stand in.
    """
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return SafeString()
    menu, drawn, key = _kept_menu(request)
    here = tuple(number for number, (_label, url) in enumerate(menu) if request.path.startswith(url))
    if here not in drawn:
        words = {"SITE_NAME": settings.SITE_NAME, "DEMONSTRATION": settings.DEMONSTRATION}
        context = {**words, "LANGUAGE_CODE": get_language(), "user": AnonymousUser(), "navigation": navigation(request)}
        drawn[here] = str(render_to_string("components/header.html", context))
        cache.set(key, (menu, drawn), HEADER_KEPT)
    return SafeString(drawn[here])


def shared_footer() -> SafeString:
    """The links at the foot of every page, the same for all who read the language."""
    key = f"site:footer:{get_language()}"
    found: str | None = cache.get(key)
    if found is None:
        found = render_to_string("components/footer_links.html", {"LANGUAGE_CODE": get_language()})
        cache.set(key, found, HEADER_KEPT)
    return SafeString(found)


def _public(request: HttpRequest) -> Menu:
    """What stands in the menu; the pages in it are read once for each edition of the site."""
    return _kept_menu(request)[0]


def _kept_menu(request: HttpRequest) -> tuple[Menu, dict[tuple[int, ...], str], str]:
    """The menu, the heads drawn of it by the entries one stands in, and the name they are kept under."""
    key = f"site:menu:{edition_of(request)}:{request.get_host()}:{get_language()}"
    kept: tuple[Menu, dict[tuple[int, ...], str]] | None = cache.get(key)
    if kept is None:
        kept = [entry for entry in _menu(request) if entry[1]], {}
        cache.set(key, kept, HEADER_KEPT)
    return *kept, key


def _menu(request: HttpRequest) -> Menu:
    site = Site.find_for_request(request)
    if site is None:
        return []
    closed = PageViewRestriction.objects.filter(Q(page=OuterRef("pk")) | Q(page=site.root_page) | Q(page__depth=1))
    pages = Page.objects.child_of(site.root_page).live().in_menu().filter(~Exists(closed))
    if get_language() != settings.LANGUAGE_CODE:
        pages = pages.specific()
    found = [(getattr(page, "shown_title", page.title), page.get_url(request) or "") for page in pages]
    ours = [
        (_("Courses"), _address("courses:list")),
        (pgettext("menu", "Answers"), _address("questions:answers")),
        (_("Requirements of law"), _address("requirements:list")),
    ]
    return [*found, *ours]


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def unread_notices(request: HttpRequest) -> int:
    """How many notices this person has not opened."""
    user = getattr(request, "user", None)
    return 0 if user is None else unread_count(user)


def other_language(request: HttpRequest) -> OtherLanguage:
    """Danish from an English page, English from a Danish one; the front page where this page has no twin."""
    code, name = ("en", "English") if get_language() == "da" else ("da", "Dansk")
    here = request.get_full_path()
    match = request.resolver_match
    if match is not None and match.url_name == "wagtail_serve":  # every address names a page, so nothing is looked up
        there = f"/en{here}" if code == "en" else here.removeprefix("/en")
    else:
        there = translate_url(here, code)
    return OtherLanguage(code, name, there if there != here else ("/en/" if code == "en" else "/"))
