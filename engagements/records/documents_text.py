"""The text inside files, read without running or expanding anything: PDF, Office and OpenDocument XML, plain text."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

PART_LIMIT = 60 * 1024 * 1024
"""Bytes of one unpacked part; an honest document stays far below."""


class Unreadable(Exception):
    """Damaged, or not what it says it is."""


class Encrypted(Unreadable):
    """Protected by a password."""


class TooLong(Unreadable):
    """More pages than are read."""


class Attachments(Unreadable):
    """Holds other files."""


def decode(content: bytes) -> str | None:
    """Plain text in UTF-8, UTF-16 with a mark, or the old Windows table; None if it is not text."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    candidates = ["utf-16"] if marked else ["utf-8-sig", "cp1252"]
    if b"\x00" in content and not marked:
        return None
    for encoding in candidates:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def read(archive: zipfile.ZipFile, name: str) -> bytes:
    """One part of an archive, never more than PART_LIMIT whatever its header says."""
    try:
        with archive.open(name) as part:
            content = part.read(PART_LIMIT + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, KeyError) as error:
        raise Unreadable from error
    if len(content) > PART_LIMIT:
        raise Unreadable
    return content


# Inside these a word processor splits text freely; outside them every element is a text of its own.
_PARAGRAPHS = frozenset({"p", "h", "si", "is"})
_SIGNS = {"tab": " ", "br": " ", "cr": " ", "line-break": " ", "s": " ", "noBreakHyphen": "-"}
_APART = "\n|\n"
_SPOKEN = frozenset({"descr", "title", "alt", "Target"})


def of_xml(content: bytes) -> str:
    """The text of one XML part; a document type declaration (where entity bombs live) is refused."""
    pieces: list[str] = []
    depth = 0

    def refuse(*declared: Any) -> None:
        raise Unreadable

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        local = name.rpartition(":")[2]
        depth += local in _PARAGRAPHS
        pieces.append(_SIGNS.get(local, "") if depth else _APART)
        pieces.extend(f"{_APART}{attributes[key]}{_APART}" for key in _SPOKEN & attributes.keys())

    def end(name: str) -> None:
        nonlocal depth
        depth -= name.rpartition(":")[2] in _PARAGRAPHS
        if not depth:
            pieces.append(_APART)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = pieces.append
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise Unreadable from error
    return "".join(pieces)


def of_pdf(content: bytes, *, most_pages: int) -> Iterator[str]:
    """The text of each page, then form fields, annotations, outline and metadata."""
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise Encrypted
        if len(reader.pages) > most_pages:
            raise TooLong
        if reader.attachments:
            raise Attachments
        for page in reader.pages:
            yield page.extract_text()
            yield from _texts_of_annotations(page)
        for value in (reader.get_fields() or {}).values():
            yield str(value.get("/V", ""))
        yield from (str(value) for value in (reader.metadata or {}).values())
    except Unreadable:
        raise
    except Exception as error:  # the reader meets damaged files with many kinds of exception
        raise Unreadable from error


def _texts_of_annotations(page: Any) -> Iterator[str]:
    for reference in page.get("/Annots") or []:
        note = reference.get_object()
        yield from (str(note[key]) for key in ("/Contents", "/TU", "/V") if key in note)
