"""A public article beside a minimal Wagtail page with the same blocks, and a kept page beside a bare Django response."""

from collections.abc import Callable
from functools import partial
from typing import Any
from unittest.mock import patch

from django.http import HttpRequest, HttpResponse
from django.template import engines

from .measure import Result, in_turns

MINIMAL = (
    "{% load wagtailcore_tags %}<!doctype html><html lang='da'><head><title>{{ page.title }}</title></head><body><main>"
    "<h1>{{ page.title }}</h1>{% for block in page.body %}{% include_block block %}{% endfor %}</main></body></html>"
)
TEXT = "<p>" + "Kommunen følger op, når familien har brug for det. " * 6 + '<a href="/kontakt/">Skriv til os</a>.</p>'
kept_body: dict[str, bytes] = {}


def bare(request: HttpRequest) -> HttpResponse:
    """What a view can do least: the same bytes."""
    return HttpResponse(kept_body["html"])


def body() -> list[tuple[str, Any]]:
    """Twenty blocks of text as they stand on an ordinary page."""
    step = {"heading": "Send ansøgningen", "text": TEXT}
    return [
        ("heading", "Hvad I får"),
        *[("text", TEXT)] * 6,
        ("facts", {"heading": "Kort fortalt", "text": TEXT}),
        ("heading", "Sådan gør I"),
        ("steps", {"steps": [step] * 4}),
        *[("text", TEXT)] * 6,
        ("accordion", {"items": [step] * 4}),
        ("quote", {"text": "Det gav os et fælles sprog.", "source": "En leder"}),
        ("call_to_action", {"text": "Søg om et forløb", "page": None, "address": "/ansoegninger/"}),
    ]


def measure_pages(rounds: int = 40) -> list[Result]:
    """Two lines: without and with what is kept."""
    from django.test import Client
    from django.test.utils import override_settings

    from cms.pages.models import ArticlePage
    from cms.pages.reference import home_page, write_programme_pages

    write_programme_pages()
    home = home_page()
    for slug in ("artikel", "mindst"):
        home.add_child(instance=ArticlePage(title="En side", slug=slug, lead="Det korte.", body=body()))
    minimal, ordinary = engines["django"].from_string(MINIMAL), ArticlePage.get_template

    def template(page: ArticlePage, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return minimal if page.slug == "mindst" else ordinary(page, request, *args, **kwargs)

    client = Client()

    def visit(address: str) -> Callable[[], object]:
        assert client.get(address).status_code == 200
        return partial(client.get, address)

    with patch.object(ArticlePage, "get_template", template), override_settings(PAGE_CACHE=False):
        plain = in_turns("a public article, nothing kept", visit("/artikel/"), visit("/mindst/"), rounds=rounds)
    kept_body["html"] = client.get("/artikel/").content
    assert client.get("/artikel/").headers["X-Page-Cache"] == "kept"
    kept = in_turns("the same article, kept", visit("/artikel/"), visit("/bare-side/"), rounds=rounds * 3)
    return [plain, kept]
