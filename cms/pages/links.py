"""Where the links of a page lead: which lead nowhere, and how links to other sites and dead links of old letters are shown."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from html import unescape
from ipaddress import ip_address
from socket import getaddrinfo
from typing import Any
from urllib.error import HTTPError
from urllib.parse import unquote, urlsplit
from urllib.request import Request, urlopen

from django.conf import settings
from django.http import Http404
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.html import escape
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.models import Page
from wagtail.rich_text import LinkHandler

from .blocks import ContentField
from .models_keeping import BrokenLink

ANCHOR = re.compile(r"<a\s([^>]*)>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
MOST_A_NIGHT = 300
PATIENCE = 8
"""Seconds another site has to answer."""
DEAD = frozenset({404, 410, 451})

type Fetch = Callable[[str], int | None]
"""Gives the status that an address answers with; None when nobody answers."""


class ExternalLinkHandler(LinkHandler):
    """A link to another site says so; the other site is not told where the reader came from."""

    identifier = "external"

    @classmethod
    def expand_db_attributes(cls, attrs: dict[str, str]) -> str:
        """The opening tag."""
        return f'<a href="{escape(attrs["href"])}" rel="external noreferrer">'


def links_of(page: Page) -> Iterator[str]:
    """Every link in the page's blocks: an address, `page:7` or `document:3`."""
    for field in page._meta.concrete_fields:
        if isinstance(field, ContentField):
            yield from _links_in(field.value_from_object(page).raw_data)


def _links_in(raw: Any) -> Iterator[str]:
    if isinstance(raw, str):
        yield from _in_text(raw)
    elif isinstance(raw, dict):
        for name, value in raw.items():
            if name in ("page", "document") and isinstance(value, int):
                yield f"{name}:{value}"
            elif name == "address" and isinstance(value, str) and value:
                yield value
            else:
                yield from _links_in(value)
    elif hasattr(raw, "__iter__"):
        for value in raw:
            yield from _links_in(value)


def _in_text(html: str) -> Iterator[str]:
    for tag in ANCHOR.findall(html):
        said = dict(ATTRIBUTE.findall(tag))
        if said.get("linktype") in ("page", "document"):
            yield f"{said['linktype']}:{said.get('id', '')}"
        elif href := unescape(said.get("href", "")):
            yield href


def leads_somewhere(address: str) -> bool:
    """Whether a link within the site has something at its end."""
    kind, _, number = address.partition(":")
    if kind == "page":
        return Page.objects.live().filter(pk=number).exists() if number.isdigit() else False
    if kind == "document":
        return Document.objects.filter(pk=number).exists() if number.isdigit() else False
    path = unquote(urlsplit(address).path) or "/"
    with translation.override("en" if path.startswith("/en/") else settings.LANGUAGE_CODE):
        try:
            match = resolve(path)
        except Resolver404:
            return _is_redirected(path)
        return match.url_name != "wagtail_serve" or _is_page(path) or _is_redirected(path)


def _is_page(path: str) -> bool:
    from .reference import home_page

    parts = [part for part in path.removeprefix("/en/").split("/") if part]
    try:
        home_page().route(None, parts)
    except Http404:
        return False
    return True


def _is_redirected(path: str) -> bool:
    return Redirect.objects.filter(old_path=Redirect.normalise_path(path)).exists()


def check(*, day: date, fetch: Fetch | None = None) -> int:
    """Try the links of all live pages, those to other sites only with `fetch`; returns how many lead nowhere."""
    found: dict[str, list[Page]] = {}
    for page in Page.objects.live().filter(depth__gt=1).specific():
        for address in set(links_of(page)):
            if not address.startswith(("mailto:", "tel:", "#")):
                found.setdefault(address, []).append(page)
    outside = sorted(address for address in found if _is_external(address))
    # What one night does not reach, the next begins with.
    start = (day.toordinal() * MOST_A_NIGHT) % len(outside) if outside else 0
    tried = (outside[start:] + outside[:start])[:MOST_A_NIGHT] if fetch else []
    for address, pages in found.items():
        if address not in outside:
            _note(address, pages, "" if leads_somewhere(address) else "404", day, BrokenLink.Kind.INTERNAL)
    for address in tried:
        status = fetch(address) if fetch else None
        _note(address, found[address], _verdict(status), day, BrokenLink.Kind.EXTERNAL)
    for row in BrokenLink.objects.all():
        if row.page_id not in {page.pk for page in found.get(row.address, [])}:
            row.delete()
    return BrokenLink.objects.count()


def _is_external(address: str) -> bool:
    return address.startswith(("http://", "https://", "//")) and not address.startswith(f"{settings.SITE_URL}/")


def _verdict(status: int | None) -> str:
    return "no answer" if status is None else str(status) if status in DEAD else ""


def _note(address: str, pages: list[Page], answer: str, day: date, kind: str) -> None:
    if not answer:
        BrokenLink.objects.filter(address=address[:2000]).delete()
        return
    for page in pages:
        BrokenLink.objects.update_or_create(
            page_id=page.pk,
            address=address[:2000],
            defaults={"kind": kind, "answer": answer, "tried_on": day},
            create_defaults={"kind": kind, "answer": answer, "tried_on": day, "found_on": day},
        )


def fetch(address: str) -> int | None:
    """Ask another site for the head of a page; never a machine of the inner network."""
    parts = urlsplit(f"https:{address}" if address.startswith("//") else address)
    try:
        met = {ip_address(found[4][0]) for found in getaddrinfo(parts.hostname or "", parts.port or 443)}
        if not all(one.is_global for one in met):
            return None
        asked = Request(parts.geturl(), method="HEAD", headers={"User-Agent": f"{settings.SITE_NAME} (links)"})  # noqa: S310
        with urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310 - http and https only
            status: int = answer.status
            return status
    except HTTPError as refused:
        return refused.code
    except (OSError, ValueError):
        return None


def mark_old(html: str, addresses: set[str], label: str) -> str:
    """The same text with `label` behind each link to one of these addresses."""

    def marked(match: re.Match[str]) -> str:
        href = dict(ATTRIBUTE.findall(match[1])).get("href", "")
        return (
            f'{match[0]} <span class="badge badge-neutral">{escape(label)}</span>'
            if unescape(href) in addresses
            else match[0]
        )

    return re.sub(r"<a\s([^>]*)>.*?</a>", marked, html, flags=re.DOTALL) if addresses else html
