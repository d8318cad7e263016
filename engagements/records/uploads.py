"""What a file must be before it is kept: of a known type by its content, whole, harmless and without a CPR number."""

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import Any, NoReturn

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from . import documents_text
from .privacy import find_cpr

Text = str | Promise
FILE = _("File")

MIME = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "png": "image/png",
    "jpg": "image/jpeg",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
"""The types we take, by extension (`jpeg` counts as `jpg`)."""
ACCEPT = ",".join(f".{extension}" for extension in [*MIME, "jpeg"])

ZIP_ENTRIES = 4000
ZIP_UNPACKED = 120 * 1024 * 1024  # bytes
ZIP_RATIO = 200
"""Unpacked to packed; real documents stay under 100."""
ZIP_RATIO_FROM = 1024 * 1024
"""Bytes unpacked below which the ratio does not matter."""
ZIP_DEPTH = 1
"""An embedded workbook inside a document, and nothing inside that."""
PIXELS = 60_000_000
PDF_PAGES = 200
"""Reading a page costs about a tenth of a second; the longest analysis reports have 80."""

_ACTIVE = re.compile(
    rb"<\s*(?:!doctype\s+html|html|svg|script|iframe|object|embed)\b|^#!|<\?(?:php|xml)", re.IGNORECASE
)


def limit_in_mb() -> int:
    """The largest file we take, in whole megabytes."""
    return settings.UPLOAD_LIMIT // (1024 * 1024)


def _refuse(message: Text, code: str, **params: Any) -> NoReturn:
    raise ValidationError(message, code=code, params=params)  # type: ignore[arg-type]


def check_upload(file: File, *, label: Text = FILE) -> None:
    """Raise ValidationError with the reason unless the file may be kept; `label` names the field in the message.

    The file is read from its beginning and left at its beginning; one that has passed is not read again, as a form and
    then the model ask. A CPR number is never repeated in the message.
    """
    if getattr(file, "has_passed_checks", False):
        return
    name = PurePath(file.name or "").name
    field = capfirst(str(label))
    if not file.size:
        _refuse(_("The file is empty; choose another, or save it again in the program it comes from."), "empty")
    if file.size > settings.UPLOAD_LIMIT:
        _refuse(
            _("The file is too large: at most %(limit)d MB. Make it smaller, or divide it."),
            "too_large",
            limit=limit_in_mb(),
        )
    if find_cpr(name):
        _refuse(
            _(
                "The file in “%(field)s” has not been received because its name seems to contain a CPR number; "
                "give the file another name and choose it again."
            ),
            "cpr",
            field=field,
        )
    file.seek(0)
    content = file.read()
    file.seek(0)
    check_content(name, content, field=field)
    file.has_passed_checks = True  # type: ignore[attr-defined]


def check_content(name: str, content: bytes, *, field: str, depth: int = 0) -> None:
    """The checks that need the content: its type, and the text inside it."""
    kind = kind_of(content, depth)
    extension = PurePath(name).suffix.lower().lstrip(".").replace("jpeg", "jpg")
    if kind is None or (extension not in MIME):
        _refuse(
            _(
                "Files of this type are not received; we take PDF, Word, Excel, PowerPoint, OpenDocument, PNG, JPG, text and CSV."
            ),
            "type",
        )
    if kind != extension and {kind, extension} != {"txt", "csv"}:
        _refuse(
            _(
                "The file's name says “.%(extension)s”, but its content is something else; save it again in its own program."
            ),
            "type",
            extension=extension,
        )
    for text in _READERS[kind](content, field, depth):
        if find_cpr(text):
            _refuse(
                _(
                    "The file in “%(field)s” has not been received because its text seems to contain a CPR number; "
                    "delete the number in the file and choose it again – everything else you have written is kept."
                ),
                "cpr",
                field=field,
            )


def kind_of(content: bytes, depth: int = 0) -> str | None:
    """The type by content, as a key of MIME; None if it is none of ours. Zip bombs and broken files raise."""
    if content[:1024].lstrip(b"\x00\t\n\r \xef\xbb\xbf").startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith(b"PK\x03\x04"):
        return _kind_of_zip(_open_zip(content, depth))
    return "txt" if _is_plain_text(content) else None


def _is_plain_text(content: bytes) -> bool:
    text = documents_text.decode(content)
    if text is None or _ACTIVE.search(text.encode()[:200_000]):
        return False
    return not any(ord(sign) < 32 and sign not in "\t\n\r\f" for sign in text)


def _open_zip(content: bytes, depth: int) -> zipfile.ZipFile:
    """The archive, if its directory promises nothing dangerous; nothing is unpacked here."""
    bomb = _(
        "The file unpacks to far more than it should, so it has not been opened; save it again in its own program."
    )
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        _refuse_broken()
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > ZIP_ENTRIES or unpacked > ZIP_UNPACKED or packed > len(content) or depth > ZIP_DEPTH:
        _refuse(bomb, "bomb")
    for entry in entries:
        if entry.file_size > ZIP_RATIO_FROM and entry.file_size > ZIP_RATIO * max(entry.compress_size, 1):
            _refuse(bomb, "bomb")
        if entry.flag_bits & 1:
            _refuse_encrypted()
    return archive


def _kind_of_zip(archive: zipfile.ZipFile) -> str | None:
    names = set(archive.namelist())
    if "[Content_Types].xml" in names:
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            _refuse(_("The file contains macros; save it without them and choose it again."), "macros")
        for kind, part in (
            ("docx", "word/document.xml"),
            ("xlsx", "xl/workbook.xml"),
            ("pptx", "ppt/presentation.xml"),
        ):
            if part in names:
                return kind
    if "mimetype" in names:
        stated = documents_text.read(archive, "mimetype").strip().decode("ascii", "replace")
        return next((kind for kind in ("odt", "ods") if MIME[kind] == stated), None)
    return None


def _refuse_broken() -> NoReturn:
    _refuse(_("The file is damaged and cannot be read; save it again in its own program."), "broken")


def _refuse_encrypted() -> NoReturn:
    _refuse(_("The file is protected by a password, so we cannot check it; save it without one."), "encrypted")


def _read_zip(content: bytes, field: str, depth: int) -> Iterator[str]:
    archive = _open_zip(content, depth)
    try:
        for entry in archive.infolist():
            if find_cpr(PurePath(entry.filename).name):
                yield entry.filename
            suffix = PurePath(entry.filename).suffix.lower()
            if suffix in {".xml", ".rels"}:
                yield documents_text.of_xml(documents_text.read(archive, entry.filename))
            elif suffix in {".docx", ".xlsx", ".pptx", ".odt", ".ods", ".pdf", ".txt", ".csv"}:
                check_content(
                    entry.filename, documents_text.read(archive, entry.filename), field=field, depth=depth + 1
                )
            elif suffix in {".zip", ".7z", ".rar", ".gz", ".jar", ".svg", ".html", ".htm", ".js", ".exe"}:
                _refuse(
                    _("The file contains other files that are not received; take them out and choose it again."), "type"
                )
    except documents_text.Unreadable:
        _refuse_broken()


def _read_pdf(content: bytes, field: str, depth: int) -> Iterator[str]:
    try:
        yield from documents_text.of_pdf(content, most_pages=PDF_PAGES)
    except documents_text.Encrypted:
        _refuse_encrypted()
    except documents_text.TooLong:
        _refuse(_("The PDF has more than %(pages)d pages; divide it."), "too_long", pages=PDF_PAGES)
    except documents_text.Attachments:
        _refuse(_("The file contains other files that are not received; take them out and choose it again."), "type")
    except documents_text.Unreadable:
        _refuse_broken()


def _read_text(content: bytes, field: str, depth: int) -> Iterator[str]:
    yield documents_text.decode(content) or ""


def _read_image(content: bytes, field: str, depth: int) -> Iterator[str]:
    """Texts in the picture's metadata; what is written in the picture itself cannot be read."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=["PNG", "JPEG"]) as image:
                if image.width * image.height > PIXELS:
                    _refuse(_("The picture has too many pixels; make it smaller."), "too_large")
                image.verify()
            with Image.open(io.BytesIO(content), formats=["PNG", "JPEG"]) as image:
                values = [*image.info.values(), *(image.getexif().values() if image.format == "JPEG" else ())]
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        _refuse(_("The picture has too many pixels; make it smaller."), "too_large")
    except (OSError, SyntaxError, ValueError):
        _refuse_broken()
    yield from (value for value in values if isinstance(value, str))


_READERS: dict[str, Callable[[bytes, str, int], Iterator[str]]] = {
    "pdf": _read_pdf,
    "docx": _read_zip,
    "xlsx": _read_zip,
    "pptx": _read_zip,
    "odt": _read_zip,
    "ods": _read_zip,
    "png": _read_image,
    "jpg": _read_image,
    "txt": _read_text,
    "csv": _read_text,
}
