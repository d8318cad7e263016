"""Letters become publications; nothing is doubled when the same folder is imported again."""

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from engagements.records.fields import refuse_cpr
from engagements.records.privacy import find_cpr

from . import letters
from .letters import Letter, Part
from .models import PublicationPage, RecipientGroup, SectionPage


class Outcome(StrEnum):
    """What happened to a file."""

    IMPORTED = "imported"
    WOULD_IMPORT = "would import"
    ALREADY_THERE = "already there"
    REFUSED = "refused"


@dataclass(frozen=True)
class Result:
    """A file's outcome, the letter read from it, and the reason of a refusal."""

    name: str
    outcome: Outcome
    letter: Letter | None = None
    reason: str = ""


SUFFIXES = frozenset({".txt", ".pdf"})


def import_folder(folder: Path, *, into: SectionPage, publish: bool = False, dry_run: bool = False) -> list[Result]:
    """Import every letter (.txt or .pdf) in `folder` as a page below `into`, one transaction a file.

    Pages are drafts unless `publish`; those with something uncertain are listed in the CMS either way.
    """
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    return [_import_file(path, into=into, publish=publish, dry_run=dry_run) for path in files]


@transaction.atomic
def _import_file(path: Path, *, into: SectionPage, publish: bool, dry_run: bool) -> Result:
    try:
        refuse_cpr(path.name)
        text = text_of(path)
        refuse_cpr(text)
        letter = letters.read(text)
    except ValidationError as refused:
        return Result(_without_cpr(path.name), Outcome.REFUSED, reason=" ".join(refused.messages))
    except (ValueError, UnicodeDecodeError):
        return Result(path.name, Outcome.REFUSED, reason=_("The file holds no text that can be read."))
    digest = hashlib.sha256(" ".join(text.split()).encode()).hexdigest()
    known = PublicationPage.objects.filter(source_digest=digest) | PublicationPage.objects.filter(source_name=path.name)
    if known.exists():
        return Result(path.name, Outcome.ALREADY_THERE, letter)
    if dry_run:
        return Result(path.name, Outcome.WOULD_IMPORT, letter)
    page = page_of(letter)
    page.source_name, page.source_digest = path.name, digest
    page.slug = _free_slug(page, into)
    page.live = publish
    into.add_child(instance=page)
    revision = page.save_revision()
    if publish:
        revision.publish()
    return Result(path.name, Outcome.IMPORTED, letter)


def _without_cpr(name: str) -> str:
    for number in find_cpr(name):
        name = name.replace(number, "…")
    return name


def text_of(path: Path) -> str:
    """The text of a letter in a file. Raises ValueError when a PDF cannot be read."""
    if path.suffix.lower() != ".pdf":
        return path.read_text(encoding="utf-8-sig")
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        return "\n\n".join(page.extract_text() for page in PdfReader(path).pages)
    except (PyPdfError, OSError) as broken:
        raise ValueError(str(broken)) from broken


def page_of(letter: Letter) -> PublicationPage:
    """An unsaved publication with the letter's facts and text."""
    return PublicationPage(
        title=letter.title or made_title(letter),
        series=PublicationPage.Series.LETTER,
        sender=letter.sender,
        recipient_group=letter.recipients,
        published_on=letter.sent_on,
        case_no=letter.case_no,
        document_no=letter.document_no,
        journal_no=letter.journal_no,
        has_enclosure=letter.has_enclosure,
        uncertain=[str(doubt) for doubt in letter.uncertain],
        looked_through=not letter.uncertain,
        body=list(_blocks(letter.parts)),
    )


def made_title(letter: Letter) -> str:
    """A title for a letter that has no heading, in Danish like the letters themselves."""
    with override("da"):
        group = RecipientGroup(letter.recipients).label if letter.recipients else ""
        title = _("Letter to %(recipients)s") % {"recipients": group} if group else _("Letter")
        return f"{title}, {date_format(letter.sent_on)}" if letter.sent_on else str(title)


def _blocks(parts: list[Part]) -> list[tuple[str, str]]:
    blocks: list[tuple[str, str]] = []
    for part in parts:
        if part.kind == "heading":
            blocks.append(("heading", part.lines[0]))
            continue
        html = _html(part)
        if blocks and blocks[-1][0] == "text":
            blocks[-1] = ("text", blocks[-1][1] + html)
        else:
            blocks.append(("text", html))
    from wagtail.rich_text import RichText

    return [(kind, RichText(value) if kind == "text" else value) for kind, value in blocks]  # type: ignore[misc]


def _html(part: Part) -> str:
    lines = [_inline(line) for line in part.lines]
    if part.kind == "list":
        return "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"
    return f"<p>{lines[0]}</p>"


def _inline(line: str) -> str:
    """Escape, and turn the text's own marks of emphasis into markup."""
    line = escape(line, quote=False)
    line = re.sub(r"\*\*(\S(?:.*?\S)?)\*\*", r"<b>\1</b>", line)
    line = re.sub(r"(?<![\w*])\*(\S(?:[^*]*?\S)?)\*(?![\w*])", r"<i>\1</i>", line)
    return re.sub(r"(https?://[^\s<>]+?)(?=[.,;)]?(?:\s|$))", r'<a href="\1">\1</a>', line)


def _free_slug(page: PublicationPage, into: SectionPage) -> str:
    stem = slugify(page.title.replace("æ", "ae").replace("ø", "oe").replace("å", "aa"))[:80] or "brev"
    taken = set(into.get_children().values_list("slug", flat=True))
    slug, number = stem, 2
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    return slug
