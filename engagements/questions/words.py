"""Words of a text as they are searched for: folded, without endings, so that *underretninger* finds *underretning*."""

import re
from collections.abc import Iterable
from math import log

from engagements.municipalities.models import fold

LONGEST = 400
MOST = 60
"""So many words of a text are looked for."""
_ENDING = re.compile(r"(?:(?:ing|els)?(?:ernes|erne|enes|ene|ers|ens|ets|er|en|et|es|e|s)|ing)$")
_SHORTEST = 4


def stem(word: str) -> str:
    """A folded word without its ending; short words stay as they are."""
    cut = _ENDING.sub("", word)
    return cut if len(cut) >= _SHORTEST else word


def stems(text: str) -> list[str]:
    """The words of a text, each once, in its order."""
    found = re.findall(r"[\w§]+", fold(text.replace("\x00", " ")))
    return list(dict.fromkeys(stem(word) for word in found))[:MOST]


def folded(parts: Iterable[object]) -> str:
    """Texts as they are kept for search."""
    return fold(" ".join(str(part) for part in parts if part))


def likeness(asked: Iterable[str], kept: list[str]) -> list[float]:
    """How much each kept text has in common with the words asked; a word that every text has tells nothing.

    Nought where fewer than two telling words are shared: one word in common is chance.
    """
    asked = [word for word in asked if len(word) >= _SHORTEST]
    shared = [[word for word in asked if word in text] for text in kept]
    common = {word: sum(word in words for words in shared) for word in asked}
    weight = {word: log((len(kept) + 1) / count) for word, count in common.items() if count}
    telling = [[word for word in words if common[word] <= max(1, len(kept) // 2)] for words in shared]
    return [sum(weight[word] for word in words) if len(words) > 1 else 0.0 for words in telling]
