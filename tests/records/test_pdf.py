"""Every PDF can be read aloud and searched, and is made from our own files alone."""

import io
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as current
from django.utils import translation
from pypdf import PdfReader

from engagements.records import pdf


@pytest.fixture(autouse=True)
def own_templates(settings: Any) -> None:
    """Let the tests keep a template of their own."""
    templates = deepcopy(current.TEMPLATES)
    templates[0]["DIRS"] = [*templates[0]["DIRS"], Path(__file__).parent / "templates"]
    settings.TEMPLATES = templates


def report(**context: Any) -> PdfReader:
    """The report of these tests."""
    return PdfReader(io.BytesIO(pdf.render("tests/report.html", {"place": "Ærø", **context})))


def text_of(reader: PdfReader) -> str:
    return " ".join(page.extract_text() for page in reader.pages)


def test_a_pdf_is_tagged_and_has_language_title_and_outline() -> None:
    with translation.override("da"):
        reader = report()
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "da"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "/StructTreeRoot" in root
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    assert reader.metadata
    assert reader.metadata.title == "Rapport om Ærø"
    assert reader.metadata.author == current.SITE_NAME
    first, below = reader.outline
    assert first.title == "Sammenfatning"
    assert [item.title for item in below] == ["Inddragelse"]


def test_a_pdf_follows_the_language_of_the_reader() -> None:
    with translation.override("en"):
        reader = report()
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert "Page 1 of 2" in text_of(reader)


def test_the_text_can_be_searched_and_words_break_the_danish_way() -> None:
    with translation.override("da"):
        text = text_of(report())
    assert "Æblegrød på Ærø" in text
    assert "Side 2 af 2" in text
    assert "Sagsnr. 2026 - 0012" in text
    assert "-\n" in text


def test_a_figure_carries_its_alternative_text() -> None:
    reader = report()
    found: list[str] = []

    def walk(node: Any) -> None:
        node = node.get_object()
        if not isinstance(node, dict):
            return
        if "/Alt" in node:
            found.append(str(node["/Alt"]))
        children = node.get("/K", [])
        for child in children if isinstance(children, list) else [children]:
            walk(child)

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    assert "Søjle" in found


def test_the_fonts_are_embedded_and_our_own() -> None:
    page: Any = report().pages[0]
    names = {str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()}
    assert names
    assert all("IBM-Plex-Sans" in name or "IBMPlexSans" in name for name in names)


@pytest.mark.parametrize(("on", "pages"), [(True, 2), (False, 0)])
def test_the_demonstration_says_so_on_every_page(settings: Any, on: bool, pages: int) -> None:
    settings.DEMONSTRATION = on
    with translation.override("da"):
        reader = report()
    assert sum("Demonstration – opdigtede data" in page.extract_text() for page in reader.pages) == pages


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/x.png",
        "https://example.org/x.png",
        "file:///etc/passwd",
        "ftp://example.org/x",
        "/static/../manage.py",
        (pdf.FONTS / ".." / ".." / ".." / "package.json").as_uri(),
    ],
)
def test_nothing_is_fetched_from_elsewhere(address: str) -> None:
    with pytest.raises(ValueError, match="static files only"):
        pdf._allowed(address if ":" in address else current.SITE_URL + address)
    assert len(report(addresses=[address]).pages) == 2


def test_static_files_and_data_are_allowed() -> None:
    assert pdf._allowed(f"{current.SITE_URL}/static/site.css").startswith("file:")
    assert pdf._allowed("data:image/png;base64,AA==") == "data:image/png;base64,AA=="
    assert pdf._allowed((pdf.FONTS / "IBMPlexSans-Regular.ttf").as_uri()).startswith("file:")


def test_fonts_and_stylesheet_are_made_once() -> None:
    assert pdf._shared() is pdf._shared()
