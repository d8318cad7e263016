"""Tagged PDF from a template: `templates/pdf/base.html` holds the page, `templates/pdf/pdf.css` its looks."""

import atexit
import threading
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.template.loader import render_to_string
from django.utils.translation import get_language

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

FONTS = Path(settings.ASSETS_DIR) / "node_modules" / "dkfds" / "dist" / "fonts" / "IBMPlexSans" / "complete" / "ttf"
FACES = (("Regular", 400, "normal"), ("Italic", 400, "italic"), ("SemiBold", 600, "normal"), ("Bold", 700, "normal"))
STYLESHEET = Path(settings.BASE_DIR) / "templates" / "pdf" / "pdf.css"

# Pango, which sets the type, is not made for several threads at once.
_one_at_a_time = threading.Lock()


def render(template: str, context: dict[str, Any], *, variant: str = "pdf/ua-1") -> bytes:
    """The template as a PDF that can be read aloud: tagged, with language, title and outline.

    The template extends `pdf/base.html` and fills `title` and `content`. In the demonstration every page says so.
    Nothing is fetched from the network; pictures come from the static files or as `data:`.
    """
    html = render_to_string(
        template,
        {
            "SITE_NAME": settings.SITE_NAME,
            "DEMONSTRATION": settings.DEMONSTRATION,
            "LANGUAGE_CODE": get_language() or settings.LANGUAGE_CODE,
            "paper": True,
            **context,
        },
    )
    return from_html(html, variant=variant)


def from_html(html: str, *, variant: str = "pdf/ua-1") -> bytes:
    """A whole HTML page as a PDF; `render` is what rooms use."""
    from weasyprint import HTML

    with _one_at_a_time:
        stylesheet, fonts = _shared()
        document = HTML(string=html, base_url=f"{settings.SITE_URL}/", url_fetcher=_fetcher())
        made: bytes = document.write_pdf(
            stylesheets=[stylesheet], font_config=fonts, pdf_variant=variant, pdf_tags=True, optimize_images=True
        )
    return made


@cache
def _shared() -> "tuple[CSS, FontConfiguration]":
    """One stylesheet with its fonts for the life of the process; making them costs more than a letter does."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    faces = "".join(
        f"@font-face {{ font-family: 'IBM Plex Sans'; font-weight: {weight}; font-style: {style}; "
        f"src: url('{(FONTS / f'IBMPlexSans-{name}.ttf').as_uri()}'); }}\n"
        for name, weight, style in FACES
    )
    css = faces + STYLESHEET.read_text()
    return CSS(string=css, font_config=fonts, url_fetcher=_fetcher()), fonts


# Pango's library is gone when the interpreter itself clears what is left.
atexit.register(_shared.cache_clear)


@cache
def _fetcher() -> "URLFetcher":
    """Reads our own static files and fonts and `data:` addresses, and refuses everything else."""
    from weasyprint.urls import URLFetcher

    class LocalFetcher(URLFetcher):
        """No network, and of the disk only what is public anyway."""

        def __init__(self) -> None:
            super().__init__(allowed_protocols=["file", "data"], allow_redirects=False)

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> "URLFetcherResponse":
            """The content behind an allowed address; ValueError for any other."""
            return super().fetch(_allowed(url), headers)

    return LocalFetcher()


def _allowed(url: str) -> str:
    static = f"{settings.SITE_URL}{settings.STATIC_URL}"
    if url.startswith("data:"):
        return url
    if url.startswith(static):
        with suppress(SuspiciousFileOperation):
            found = finders.find(unquote(urlsplit(url.removeprefix(static)).path))
            if isinstance(found, str):
                return Path(found).as_uri()
    elif url.startswith("file:"):
        path = Path(unquote(urlsplit(url).path)).resolve()
        if path.is_relative_to(FONTS.resolve()):
            return path.as_uri()
    raise ValueError("A PDF is made from our own static files only.")
