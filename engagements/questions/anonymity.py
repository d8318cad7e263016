"""A published answer says neither who asked nor where: what would tell it is refused before it is stored."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from .models import LegalQuestion

NAMES_MUNICIPALITY = _(
    "The text names the municipality that asked (“%(found)s”). Write “a municipality” instead; the answer is published "
    "without telling who asked."
)
NAMES_ASKER = _(
    "The text names the person who asked (“%(found)s”). Delete the name; the answer is published without telling who "
    "asked."
)


def refuse_telling(text: str, question: "LegalQuestion") -> None:
    """Raise ValidationError if the text names the municipality or the person who asked."""
    if found := _first(text, _of_municipality(question)):
        raise ValidationError(NAMES_MUNICIPALITY, code="names_municipality", params={"found": found})
    if found := _first(text, _of_asker(question)):
        raise ValidationError(NAMES_ASKER, code="names_asker", params={"found": found})


def _first(text: str, patterns: Iterable[re.Pattern[str]]) -> str:
    for pattern in patterns:
        if match := pattern.search(text):
            return " ".join(match.group(0).split())
    return ""


def _of_municipality(question: "LegalQuestion") -> Iterator[re.Pattern[str]]:
    """The name as a name is written: *vejen* is a word, *Vejen* a municipality, and so is *vejen kommune*."""
    name = question.municipality.name
    yield _written(name)
    yield _written(name.upper())
    yield re.compile(rf"(?<!\w){_spaced(name)}s?[\s-]+kommune", re.IGNORECASE)


def _of_asker(question: "LegalQuestion") -> Iterator[re.Pattern[str]]:
    """The whole name in any case; each of its parts with a capital letter; the mail address."""
    asker = question.asked_by
    if asker is None:
        return
    if full := asker.get_full_name():
        yield re.compile(rf"(?<!\w){_spaced(full)}s?(?!\w)", re.IGNORECASE)
    for part in full.split():
        if len(part) > 1 and part[0].isupper():
            yield _written(part)
    yield re.compile(re.escape(asker.email), re.IGNORECASE)


def _written(name: str) -> re.Pattern[str]:
    """The name as it stands, also with an -s."""
    return re.compile(rf"(?<!\w){_spaced(name)}(?:'?s|'|S)?(?!\w)")


def _spaced(name: str) -> str:
    return r"\s+".join(re.escape(part) for part in name.split())
