"""Reading a letter: from hard-wrapped text to facts, paragraphs and lists.

Nothing here knows Wagtail or the database. The text may come from a PDF or a scan: lines broken in the middle of
words, a blank line after every line, page numbers and letterhead in the middle of a sentence. What cannot be read
with confidence is named in `Letter.uncertain`, for a person to correct.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

MONTHS = [
    "januar",
    "februar",
    "marts",
    "april",
    "maj",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "december",
]


class Doubt(StrEnum):
    """What a person should look at."""

    TITLE = "title"
    SENDER = "sender"
    RECIPIENTS = "recipients"
    DATE = "date"
    NUMBERS = "numbers"
    LINKS = "links"


@dataclass(frozen=True)
class Part:
    """A piece of the letter's text: a heading, a paragraph, or a list with its items."""

    kind: str  # "heading", "paragraph" or "list"
    lines: tuple[str, ...]


@dataclass
class Letter:
    """A letter's facts, as printed, and its text. Numbers are strings; what is not printed is blank."""

    title: str = ""
    sender: str = ""
    recipients: str = ""  # a value of pages.models.RecipientGroup, or blank
    sent_on: date | None = None
    case_no: str = ""
    document_no: str = ""
    journal_no: str = ""
    has_enclosure: bool = False
    parts: list[Part] = field(default_factory=list)
    uncertain: list[Doubt] = field(default_factory=list)


BULLET = re.compile(r"^(?:[–•▪·o*-]|\d{1,2}[.)])\s+(?=\S)")
PAGE_NUMBER = re.compile(r"^(?:side\s+)?\d{1,3}(?:\s*(?:/|af)\s*\d{1,3})?$", re.IGNORECASE)
CLOSING = re.compile(r"^(?:med venlig hilsen|venlig hilsen|med venlige hilsner)\b[,.]?$", re.IGNORECASE)
SALUTATION = re.compile(r"^kære\s+(.+)$", re.IGNORECASE)
ADDRESSEE = re.compile(r"^til\s+(.+)$", re.IGNORECASE)
LETTERHEAD = re.compile(
    r"^(?:tlf\.?|telefon|fax|telefax|postboks|www\.|cvr|ean)\b.*$|^\S+@\S+\.\w+$|^www\.\S+$|^\d{4}\s+[A-ZÆØÅ][\wæøåÆØÅ. ]{1,30}$",
    re.IGNORECASE,
)
STREET = re.compile(r"^[A-ZÆØÅ][\wæøåÆØÅ.]+(?:\s[\wæøåÆØÅ.]+){0,3}\s\d{1,3}[A-Z]?$")
MINISTRY = re.compile(r"^[A-ZÆØÅ][\wæøåÆØÅ\-– ]{3,50}ministeriet$", re.IGNORECASE)
TITLE_LINE = re.compile(r"^(?:[\wæøåÆØÅ-]+(?:\s|-))*[\wæøåÆØÅ-]*minister\b", re.IGNORECASE)
BODY_END = re.compile(r"[.:;!?»”\"]$")

CASE_LABEL = re.compile(r"^(?:sagsnr|sagsid|sags-?id|sagsnummer)\.?:?\s*(.*)$", re.IGNORECASE)
DOCUMENT_LABEL = re.compile(r"^(?:doknr|dok\.?\s?nr|dokumentnr)\.?:?\s*(.*)$", re.IGNORECASE)
JOURNAL_LABEL = re.compile(r"^(?:jnr|j\.?\s?nr|journalnr)\.?:?\s*(.*)$", re.IGNORECASE)
DATE_LABEL = re.compile(r"^dato\.?:?\s*(.*)$", re.IGNORECASE)
CASE_VALUE = re.compile(r"^(?:\d{4}\s?-\s?\d{1,6}|\d{4,12})$")
DOCUMENT_VALUE = re.compile(r"^\d{1,9}$")
JOURNAL_VALUE = re.compile(r"^\d{2}\.\d{2}\.\d{2}(?:[ -][A-ZÆØÅ]\d{2})?$")
NUMERIC_DATE = re.compile(r"^(\d{1,2})[.\-/](\d{1,2})[.\-/](\d{4})$")
WORDED_DATE = re.compile(
    r"^(?:[\wæøåÆØÅ]+,?\s)?(?:den\s)?(\d{1,2})\.\s*(" + "|".join(MONTHS) + r")\s+(\d{4})$", re.IGNORECASE
)


def read(text: str) -> Letter:
    """Read a letter. Raises ValueError if the text holds no words."""
    lines = _single_spaced([_clean(line) for line in text.replace("\f", "\n\n").splitlines()])
    if not any(re.search(r"[^\W\d]{2,}", line) for line in lines):
        raise ValueError("no words")
    letter = Letter()
    lines = _take_numbers(lines, letter)
    lines = _take_letterhead(lines, letter)
    letter.parts = _restore(_body(lines, letter), letter)
    _finish(letter)
    return letter


def _clean(line: str) -> str:
    return re.sub(r"[ \t\u00a0]+", " ", line.replace("\u00ad", "")).strip()


def _single_spaced(lines: list[str]) -> list[str]:
    """Drop the blank line after every line of a double-spaced text; longer gaps stay as paragraph breaks."""
    joined = "\n".join(lines)
    gaps = [len(gap) for gap in re.findall(r"(?<=\S)\n+(?=\S)", joined)]
    short = [line for line in lines if 0 < len(line) <= 90]
    words = [line for line in lines if line]
    wrapped = [line for line in short if not BODY_END.search(line)]
    double = gaps and sum(gap == 2 for gap in gaps) > 0.7 * len(gaps)
    if not (double and len(short) > 0.9 * len(words) and len(wrapped) > 0.5 * len(words)):
        return lines
    return re.sub(r"(?<=\S)\n\n(?=\S)", "\n", joined).splitlines()


def _take_numbers(lines: list[str], letter: Letter) -> list[str]:
    """Find the labelled numbers and the date; a label's value stands on its line or on the next."""
    kept: list[str] = []
    skip = 0
    for position, line in enumerate(lines):
        if skip:
            skip -= 1
            continue
        following = lines[position + 1] if position + 1 < len(lines) else ""
        used = _take_label(line, following, letter)
        if used is None:
            kept.append(line)
        else:
            skip = used
    return kept


def _take_label(line: str, following: str, letter: Letter) -> int | None:
    """How many following lines belong to the label on this line; None if there is no label."""
    for label, value, name in (
        (CASE_LABEL, CASE_VALUE, "case_no"),
        (DOCUMENT_LABEL, DOCUMENT_VALUE, "document_no"),
        (JOURNAL_LABEL, JOURNAL_VALUE, "journal_no"),
    ):
        found = label.match(line)
        if not found:
            continue
        here = found.group(1).strip()
        if here and not value.match(here):
            return None
        if here or value.match(following):
            setattr(letter, name, here or following)
            return 0 if here else 1
        return 0
    if (found := DATE_LABEL.match(line)) and (sent := _date(found.group(1) or following)):
        letter.sent_on = sent
        return 0 if found.group(1) else 1
    if letter.sent_on is None and (sent := _date(line)):
        letter.sent_on = sent
        return 0
    return None


def _date(text: str) -> date | None:
    text = text.strip()
    if found := NUMERIC_DATE.match(text):
        day, month, year = (int(part) for part in found.groups())
    elif found := WORDED_DATE.match(text):
        day, month, year = int(found.group(1)), MONTHS.index(found.group(2).lower()) + 1, int(found.group(3))
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _take_letterhead(lines: list[str], letter: Letter) -> list[str]:
    """Remove addresses, page numbers and the sign of an enclosure; the letterhead names the sender."""
    kept: list[str] = []
    names: list[str] = []
    for line in lines:
        if line == "./.":
            letter.has_enclosure = True
        elif PAGE_NUMBER.match(line) or STREET.match(line):
            continue
        elif LETTERHEAD.match(line):
            if "kl.dk" in line.lower():
                names.append("KL")
        elif MINISTRY.match(line):
            names.append(line)
        else:
            kept.append(line)
    letter.sender = ", ".join(dict.fromkeys(names))
    return kept


def _body(lines: list[str], letter: Letter) -> list[str]:
    """Cut off addressees and salutation above, closing and signatures below; both say who wrote to whom."""
    end = next((at for at, line in enumerate(lines) if CLOSING.match(line)), len(lines))
    signers = [_plain(line) for line in lines[end + 1 :] if line]
    if signers:
        letter.sender = "; ".join(part for part in (_signatures(signers), letter.sender) if part)
    body: list[str] = []
    addressed: list[str] = []
    for line in lines[:end]:
        before_text = not any(len(kept) > 40 for kept in body)
        if (before_text and (ADDRESSEE.match(line) or SALUTATION.match(line))) or (
            before_text and body == [] and _is_person_line(line)
        ):
            addressed.append(line)
        elif line or body:
            body.append(line)
    letter.recipients = _recipients(" ".join(addressed).lower())
    return body


def _is_person_line(line: str) -> bool:
    return bool(line) and (line.endswith(",") or bool(TITLE_LINE.match(line)))


def _plain(line: str) -> str:
    return re.sub(r"[*_]+", "", line).strip()


def _signatures(lines: list[str]) -> str:
    """`Name, title; Name, title`."""
    people: list[str] = []
    for line in lines:
        if TITLE_LINE.match(line) and people:
            people[-1] += f", {line[0].lower()}{line[1:]}"
        else:
            people.append(line)
    return "; ".join(people)


def _recipients(words: str) -> str:
    if "kommunalbestyrelsesmedlem" in words:
        return "council_members"
    if "borgmester" in words:
        return "mayors"
    if "kommuner" in words:
        return "municipalities"
    if "minister" in words:
        return "ministers"
    return ""


def _restore(lines: list[str], letter: Letter) -> list[Part]:
    """Paragraphs and lists from wrapped lines."""
    parts: list[Part] = []
    for block in _blocks(lines):
        heading = re.match(r"^#{1,4}\s+(.*)$", block[0])
        if heading:
            parts.append(Part("heading", (_plain(heading.group(1)),)))
            block = block[1:]
            if not block:
                continue
        lead = list(_until_bullet(block))
        items = tuple(_join(item, letter) for item in _items(block[len(lead) :]))
        if lead:
            _add_paragraph(parts, _join(lead, letter), letter)
        if items and not lead and parts and parts[-1].kind == "list":
            parts.append(Part("list", (*parts.pop().lines, *items)))
        elif items:
            parts.append(Part("list", items))
    return parts


def _add_paragraph(parts: list[Part], text: str, letter: Letter) -> None:
    """Add a paragraph, or the rest of the paragraph or list item that a page break cut in two."""
    if parts and parts[-1].kind != "heading" and _goes_on(parts[-1].lines[-1], text):
        cut = parts.pop()
        parts.append(Part(cut.kind, (*cut.lines[:-1], _join([cut.lines[-1], text], letter))))
    else:
        parts.append(Part("paragraph", (text,)))


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    block: list[str] = []
    for line in [*lines, ""]:
        if line:
            block.append(line)
        elif block:
            yield block
            block = []


def _until_bullet(block: list[str]) -> Iterator[str]:
    for line in block:
        if BULLET.match(line):
            return
        yield line


def _items(block: list[str]) -> list[list[str]]:
    items: list[list[str]] = []
    for line in block:
        if BULLET.match(line):
            items.append([BULLET.sub("", line)])
        else:
            items[-1].append(line)
    return items


def _goes_on(text: str, following: str) -> bool:
    """Whether a paragraph was cut by a page break: it stops in mid-sentence and the next goes on in lower case."""
    return not BODY_END.search(text) and following[:1].islower()


def _join(lines: list[str], letter: Letter) -> str:
    text = lines[0]
    for line in lines[1:]:
        text = _join_two(text, line, letter)
    return text.strip()


def _join_two(text: str, line: str, letter: Letter) -> str:
    last = text.rsplit(" ", 1)[-1]
    if "://" in last and not last.endswith((".", ",")) and " " not in line[:1]:
        _doubt(letter, Doubt.LINKS)
        return (text[:-1] if text.endswith("-") and line[:1].islower() else text) + line
    if re.search(r"\w[-‐]$", text) and not re.search(r"\d[-‐]$", text):
        if re.match(r"(?:og|eller|samt|til|/)\b", line):
            return f"{text} {line}"
        if line[:1].islower():
            return text[:-1] + line
        return text + line
    return f"{text} {line}"


def _doubt(letter: Letter, doubt: Doubt) -> None:
    if doubt not in letter.uncertain:
        letter.uncertain.append(doubt)


def _finish(letter: Letter) -> None:
    """Give the letter a title, and name what could not be read."""
    first = letter.parts[0] if letter.parts else None
    if (first and first.kind == "heading") or (
        first and first.kind == "paragraph" and len(first.lines[0]) <= 140 and not BODY_END.search(first.lines[0])
    ):
        letter.title = first.lines[0]
        letter.parts = letter.parts[1:]
    for missing, doubt in (
        (not letter.title, Doubt.TITLE),
        (not re.search(r"\bKL\b|ministeriet|styrelsen", letter.sender), Doubt.SENDER),
        (not letter.recipients, Doubt.RECIPIENTS),
        (letter.sent_on is None, Doubt.DATE),
        (not (letter.case_no or letter.journal_no), Doubt.NUMBERS),
    ):
        if missing:
            _doubt(letter, doubt)
