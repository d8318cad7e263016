"""What every template may use: the site's name, the main navigation of this person, notices and the other language."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from cms.network.permissions import is_member
from engagements.notices.services import unread_count
from engagements.people import permissions as who
from engagements.people.models import CASEWORK_ROLES, Role


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
    else:
        found = _municipality(user)
    return [Link(label, url, request.path.startswith(url)) for label, url in found if url]


def _staff(user: Any) -> list[tuple[str, str]]:
    entries = [(_("Workplace"), _address("home:workplace"))]
    if who.is_case_staff(user):
        entries += [
            (_("Applications"), _address("applications:list")),
            (_("Engagements"), _address("engagements:list")),
            (_("Follow-up"), _address("followup:list")),
        ]
    if who.is_case_staff(user) or who.is_staff_of(user, who.LEARNING):
        entries.append((_("Visits"), _address("visits:list")))
    entries.append((_("Courses"), _address("courses:list")))
    entries.append((_("Network"), _address("network:start")))
    entries.append((_("Requirements of law"), _address("requirements:list")))
    if who.edits_site(user):
        entries.append((_("Editing"), _address("wagtailadmin_home")))
    return entries


def _municipality(user: Any) -> list[tuple[str, str]]:
    entries = [(_("My municipality"), _address("home:municipalities"))]
    if who.municipalities_of(user, *CASEWORK_ROLES):
        entries.append((_("Applications"), _address("applications:list")))
    if who.municipalities_of(user, *CASEWORK_ROLES, Role.CASEWORKER):
        entries.append((_("Engagements"), _address("engagements:list")))
        entries.append((_("Follow-up"), _address("followup:list")))
        entries.append((_("Visits"), _address("visits:list")))
    if who.municipalities_of(user, Role.COUNCIL, Role.SECRETARY):
        entries.append((_("Briefing"), _address("briefings:index")))
    entries.append((_("Courses"), _address("courses:list")))
    if is_member(user):
        entries.append((_("Network"), _address("network:start")))
    entries.append((_("Requirements of law"), _address("requirements:list")))
    return entries


def _public(request: HttpRequest) -> list[tuple[str, str]]:
    here = Site.find_for_request(request)
    pages = Page.objects.child_of(here.root_page).live().public().in_menu() if here else []
    found = [(page.title, page.get_url(request) or "") for page in pages]
    ours = [(_("Courses"), _address("courses:list")), (_("Requirements of law"), _address("requirements:list"))]
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
    there = translate_url(here, code)
    return OtherLanguage(code, name, there if there != here else ("/en/" if code == "en" else "/"))
