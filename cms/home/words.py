"""The words of a search: what else they may be called, and what was probably meant when nothing was found."""

from collections.abc import Iterable
from difflib import get_close_matches

from django.core.cache import cache
from wagtail.models import Page
from wagtail.search.query import And, Or, PlainText, SearchQuery

from cms.pages.models_keeping import Edition, Synonym
from courses.catalogue.models import Course, Shown
from engagements.requirements.models import Requirement

from .stemming import stem

MOST_WORDS = 12
SHORTEST = 4
"""Letters of a word that may be mistaken for another."""
LIKENESS = 0.75
KEPT = 600
"""Seconds the vocabulary is kept; a new edition of the site makes a new one."""


def plain(text: str) -> list[str]:
    """The words themselves: full-text search has a grammar of its own, which nobody means to write."""
    return "".join(char if char.isalnum() else " " for char in text).split()[:MOST_WORDS]


def query(text: str) -> SearchQuery | None:
    """All the words, each also by its synonyms; None when there are no words."""
    words = plain(text)
    if not words:
        return None
    groups = [synonym.as_list() for synonym in Synonym.objects.all()]
    each = [_either([word, *_same_as(word, groups)]) for word in words]
    return each[0] if len(each) == 1 else And(each)


def _same_as(word: str, groups: Iterable[list[str]]) -> list[str]:
    root = stem(word)
    found: dict[str, None] = {}
    for group in groups:
        roots = [stem(one) for one in group]
        if root in roots:
            found |= {one: None for one, other in zip(group, roots, strict=True) if other != root}
    return list(found)


def _either(words: list[str]) -> SearchQuery:
    asked = [PlainText(word) for word in words]
    return asked[0] if len(asked) == 1 else Or(asked)


def did_you_mean(text: str) -> str:
    """The text with unknown words replaced by the nearest known ones; blank when none is near."""
    words = plain(text)
    known = vocabulary()
    roots = {stem(word) for word in known}
    guessed = [word if stem(word) in roots else _nearest(word.lower(), known) for word in words]
    return " ".join(guessed) if guessed != words else ""


def _nearest(word: str, known: list[str]) -> str:
    if len(word) < SHORTEST:
        return word
    near = get_close_matches(word, known, n=1, cutoff=LIKENESS)
    return near[0] if near else word


def vocabulary() -> list[str]:
    """The words of the titles that everyone may see, and the synonyms."""
    key = f"search:words:{Edition.now()}"
    known: list[str] | None = cache.get(key)
    if known is None:
        titles = [
            *Page.objects.live().public().filter(depth__gt=1).values_list("title", flat=True),
            *(
                title
                for row in Course.objects.exclude(state=Shown.DRAFT).values_list("title_da", "title_en")
                for title in row
            ),
            *Requirement.objects.values_list("title_da", flat=True),
            *Synonym.objects.values_list("words", flat=True),
        ]
        known = sorted({word.lower() for title in titles for word in plain(title) if len(word) >= SHORTEST})
        cache.set(key, known, KEPT)
    return known
