"""The root of the page tree, and the programme's own pages, made once and then the editors' to change."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from wagtail.models import Collection, Page, Site
from wagtail.rich_text import RichText

from engagements.people.reference import ensure_page_rights

from .course_pages import CourseIndexPage
from .models import ArticlePage, ContentPage, HomePage, SectionPage
from .models_guidance import GuidePage

TEXTS = Path(__file__).parent / "texts"
QUESTION = re.compile(r"\s*<details><summary>(.*?)</summary>(.*?)</details>", re.DOTALL)
"""A question and its answer in a text file."""
KINDS: dict[str, type[ContentPage]] = {
    "section": SectionPage,
    "article": ArticlePage,
    "courses": CourseIndexPage,
    "guide": GuidePage,
}


def ensure(**kwargs: Any) -> None:
    """Make the front page, point the site at it, and write the editors' style guide; also after a test has flushed the database."""
    from . import style_guide
    from .approving import ensure_workflow

    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")
    ensure_home()
    ensure_page_rights()
    ensure_workflow(home_page())
    style_guide.write()


def ensure_home() -> None:
    """Make the front page unless there is one."""
    from django.contrib.contenttypes.models import ContentType
    from wagtail.models import Locale

    if HomePage.objects.exists():
        return
    Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    root = Page.get_first_root_node()
    if root is None:
        root = Page.add_root(title="Root", slug="root", content_type=ContentType.objects.get_for_model(Page))
    home = HomePage(title=settings.SITE_NAME, slug="forside")
    root.add_child(instance=home)
    # Wagtail's own first page ("Welcome to your new Wagtail site!") makes room.
    root.get_children().exclude(pk=home.pk).filter(slug="home").delete()
    host, _, port = settings.SITE_URL.split("//")[-1].partition(":")
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": host, "port": int(port or 80), "root_page": home, "site_name": settings.SITE_NAME},
    )


def home_page() -> HomePage:
    """The front page, in Danish."""
    ensure_home()
    return HomePage.objects.get(locale__language_code=settings.LANGUAGE_CODE)


def letters_section() -> SectionPage:
    """The section that receives letters: Publikationer / Breve."""
    publications = _section(home_page(), "publikationer", "Publikationer")
    return _section(publications, "breve", "Breve")


def _section(parent: Page, slug: str, title: str) -> SectionPage:
    found = SectionPage.objects.child_of(parent).filter(slug=slug).first()
    if found is None:
        found = SectionPage(title=title, slug=slug)
        parent.add_child(instance=found)
    return found


def write_programme_pages() -> int:
    """Make the pages of `texts/` that do not exist yet; returns how many were made. Existing pages are left alone."""
    made = 0
    home = home_page()
    for path in sorted(TEXTS.glob("*.html")):
        facts, html = _read(path)
        if facts["kind"] == "home":
            if not home.lead:
                home.lead, home.body = facts["lead"], blocks_of(html)  # type: ignore[assignment]
                home.save_revision().publish()
            continue
        parent: Page = home
        for slug in filter(None, facts.get("parent", "").split("/")):
            parent = parent.get_children().get(slug=slug)
        if parent.get_children().filter(slug=facts["slug"]).exists():
            continue
        page = KINDS[facts["kind"]](
            title=facts["title"],
            slug=facts["slug"],
            lead=facts["lead"],
            search_description=facts["lead"][:250],
            body=blocks_of(html),
            show_in_menus=facts.get("menu") == "yes",
        )
        if isinstance(page, GuidePage):
            page.questions = questions_of(html)  # type: ignore[assignment]
        parent.add_child(instance=page)
        page.save_revision().publish()
        made += 1
    letters_section()
    return made


def _read(path: Path) -> tuple[dict[str, str], str]:
    """A text file: `name: value` lines, a blank line, then HTML."""
    head, _, html = path.read_text(encoding="utf-8").partition("\n\n")
    return dict(line.split(": ", 1) for line in head.splitlines()), html


def questions_of(html: str) -> list[tuple[str, Any]]:
    """The questions for the council to ask, each with what a good answer contains."""
    return [
        ("ask", {"question": found[1], "answer": RichText(found[2])})
        for found in filter(None, map(QUESTION.match, html.split("\n\n")))
    ]


def blocks_of(html: str) -> list[tuple[str, Any]]:
    """Headings become heading blocks, `<hr data-button="text|/address/">` a call to action, all else text."""
    blocks: list[tuple[str, Any]] = []
    for piece in filter(None, (piece.strip() for piece in html.split("\n\n"))):
        if QUESTION.match(piece):
            continue
        if piece.startswith("<h2>"):
            blocks.append(("heading", piece.removeprefix("<h2>").removesuffix("</h2>")))
        elif piece.startswith("<hr data-button="):
            text, address = piece.split('"')[1].split("|")
            blocks.append(("call_to_action", {"text": text, "page": None, "address": address}))
        elif blocks and blocks[-1][0] == "text":
            blocks[-1] = ("text", RichText(blocks[-1][1].source + piece))
        else:
            blocks.append(("text", RichText(piece)))
    return blocks
