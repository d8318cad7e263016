"""Follows every internal link from where a visitor begins, as that visitor."""

import html
import re
from collections import deque
from collections.abc import Callable, Iterable
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.db import transaction
from django.test import Client

LINKS = re.compile(
    r"""(?:href|src|action)="([^"]+)"|srcset="([^"]+)"|<(?:loc|link|id|guid)[^>]*>([^<]+)<|"(/[^"\s<>]*/)\"""",
    re.IGNORECASE,
)
HOSTS = {"", "testserver", urlsplit(settings.SITE_URL).netloc}
LEFT_OUT = ("/static/", "/konto/", "/cms/")
"""Files of the design, signing in and out, and the screens of editors, which are one rule of their own."""
VARIANTS = 4
"""Queries followed on one address: filters and orders of a list lead to no other things."""
DEPTH = 6


class Crawl:
    """One visitor's walk: `answers` holds the status of every address, `seen` the markers found in any answer."""

    def __init__(
        self,
        client: Client,
        markers: Iterable[str],
        until: Callable[["Crawl"], bool] | None = None,
        first: tuple[str, ...] = (),
    ) -> None:
        self.client = client
        self.markers = tuple(markers)
        self.until = until
        self.first = first
        self.answers: dict[str, int] = {}
        self.seen: dict[str, str] = {}
        self.variants: dict[str, int] = {}

    def walk(self, starts: Iterable[str]) -> "Crawl":
        """Breadth first, so that what is near is found early; before that whatever lies below `first`."""
        queue = deque((address, 0) for address in starts)
        near: deque[tuple[str, int]] = deque()
        while near or queue:
            address, depth = (near or queue).popleft()
            if address in self.answers or not self._wanted(address):
                continue
            found = self._visit(address)
            if self.until is not None and self.until(self):
                break
            if depth < DEPTH:
                for link in found:
                    (near if link.startswith(self.first) else queue).append((link, depth + 1))
        return self

    def _wanted(self, address: str) -> bool:
        path, _, query = address.partition("?")
        if path.removeprefix("/en").startswith(LEFT_OUT):
            return False
        if query:
            self.variants[path] = self.variants.get(path, 0) + 1
        return self.variants.get(path, 0) <= VARIANTS or not query

    def _visit(self, address: str) -> set[str]:
        with transaction.atomic():
            response = self.client.get(address)
            content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
            transaction.set_rollback(True)
        self.answers[address] = response.status_code
        text = content.decode("utf-8", "replace")
        for marker in self.markers:
            if marker in text or marker in response.headers.get("Location", ""):
                self.seen.setdefault(marker, address)
        if to := response.headers.get("Location"):
            return {self._inside(address, to)} - {""}
        found = {next(filter(None, match)) for match in LINKS.findall(text)}
        split = (part.strip().split(" ")[0] for one in found for part in html.unescape(one).split(", "))
        return {self._inside(address, one) for one in split} - {""}

    def _inside(self, base: str, link: str) -> str:
        """The address on this site, or nothing."""
        try:
            parts = urlsplit(urljoin(f"http://testserver{base}", link))
        except ValueError:
            return ""
        if parts.scheme not in {"http", "https"} or parts.netloc not in HOSTS:
            return ""
        return f"{parts.path}{'?' + parts.query if parts.query else ''}"
