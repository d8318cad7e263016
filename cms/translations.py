"""The Danish catalogue: found in the source, merged, checked and compiled with Babel, so that no gettext is needed."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

SOURCES = ("engagements", "courses", "cms", "templates")
LEFT_OUT = {"node_modules", "migrations", "static"}
HEADER = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: da\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
KEYWORDS: dict[str, tuple[int | tuple[int, int] | tuple[int, str], ...] | None] = {
    "_": (1,),
    "gettext": (1,),
    "gettext_lazy": (1,),
    "gettext_noop": (1,),
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
# What Django's templatize() leaves of a template: calls with literal strings between rows of X.
CALL = re.compile(rf"\b(_|n?p?gettext)\(\s*((?:{STRING}\s*,?\s*)+)")

type Id = str | tuple[str, str]


@dataclass(frozen=True)
class Found:
    """A text in the source: its singular (and plural), and its context."""

    id: Id
    context: str | None = None


def catalogues() -> list[Path]:
    """Our own texts first; then those of Wagtail and others that have no Danish of their own, in Python and in scripts."""
    return [
        settings.BASE_DIR / "locale" / "da" / "LC_MESSAGES" / "django.po",
        settings.BASE_DIR / "cms" / "locale" / "da" / "LC_MESSAGES" / "django.po",
        settings.BASE_DIR / "locale" / "da" / "LC_MESSAGES" / "djangojs.po",
    ]


def texts() -> Iterator[Found]:
    """Every text marked for translation in Python and templates."""
    for source in SOURCES:
        for path in sorted((settings.BASE_DIR / source).rglob("*")):
            if LEFT_OUT & set(path.relative_to(settings.BASE_DIR).parts):
                continue
            if path.suffix == ".py":
                yield from _in_python(path)
            elif path.suffix in {".html", ".txt", ".svg"}:
                yield from in_template(path.read_text("utf-8"), str(path))


def _in_python(path: Path) -> Iterator[Found]:
    with path.open("rb") as stream:
        for _line, function, strings, _comments in extract_python(stream, KEYWORDS, [], {"encoding": "utf-8"}):
            given = list(strings) if isinstance(strings, (tuple, list)) else [strings]
            yield from _as_found(str(function or ""), [text for text in given if isinstance(text, str)])


def in_template(source: str, origin: str = "") -> Iterator[Found]:
    """The texts of one Django template."""
    for match in CALL.finditer(templatize(source, origin=origin)):
        strings = ast.literal_eval(f"({match[2].strip().rstrip(',')},)")
        yield from _as_found(match[1], list(strings))


def _as_found(function: str, strings: list[str]) -> Iterator[Found]:
    context = None
    if function.removeprefix("n").startswith("p") and strings:
        context = strings.pop(0)
    wanted = 2 if function.startswith("n") else 1
    if len(strings) >= wanted and strings[0]:
        yield Found((strings[0], strings[1]) if wanted == 2 else strings[0], context)


def read(path: Path) -> Catalog:
    """The catalogue in this file; an empty one if there is none."""
    if not path.exists():
        return Catalog(locale="da")
    with path.open("rb") as stream:
        return read_po(stream, locale="da")


def merged(stored: Catalog) -> Catalog:
    """A catalogue with exactly the texts of the source, with the translations already stored."""
    fresh = Catalog(locale="da")
    for found in texts():
        fresh.add(found.id, context=found.context)
    for message in fresh:
        if not message.id:
            continue
        known = stored.get(_singular(message), message.context)
        if known is not None and isinstance(known.string, (tuple, list)) == isinstance(message.id, (tuple, list)):
            message.string = known.string
            message.flags |= known.flags & {"fuzzy"}
    return fresh


def write(catalogue: Catalog, path: Path) -> None:
    """Sorted, without places and dates, so that a change of the file is a change of a text."""
    with path.open("wb") as stream:
        stream.write(HEADER.encode())
        write_po(stream, catalogue, width=110, sort_output=True, no_location=True, omit_header=True)


def compile_all() -> list[Path]:
    """Compile every catalogue that is newer than its .mo file; returns what was written."""
    written = []
    for path in catalogues():
        compiled = path.with_suffix(".mo")
        if not path.exists() or (compiled.exists() and compiled.stat().st_mtime >= path.stat().st_mtime):
            continue
        catalogue = read(path)
        for message in list(catalogue):
            if not translated(message):
                catalogue.delete(message.id, message.context)
        with compiled.open("wb") as stream:
            write_mo(stream, catalogue)
        written.append(compiled)
    return written


def problems() -> list[str]:
    """What is missing, fuzzy, wrong or no longer used; empty when Danish is complete."""
    stored = read(catalogues()[0])
    fresh = merged(stored)
    found = [line for message in fresh if message.id for line in _faults(message, fresh)]
    wanted = {(_singular(message), message.context) for message in fresh}
    for message in stored:
        if message.id and (_singular(message), message.context) not in wanted:
            found.append(f"no longer used: {_singular(message)!r}")
    for path in catalogues()[1:]:
        found.extend(fault for message in read(path) if message.id for fault in _faults(message, stored))
    return found


def translated(message: Message) -> bool:
    """Whether the text, or each of its plural forms, has a translation."""
    return all(message.string) if isinstance(message.string, (tuple, list)) else bool(message.string)


def _faults(message: Message, catalogue: Catalog) -> Iterator[str]:
    if not translated(message):
        yield f"missing: {_singular(message)!r}"
    elif message.fuzzy:
        yield f"fuzzy: {_singular(message)!r}"
    else:
        for error in message.check(catalogue):
            yield f"wrong: {_singular(message)!r}: {error}"


def _singular(message: Message) -> str:
    return message.id[0] if isinstance(message.id, (tuple, list)) else message.id
