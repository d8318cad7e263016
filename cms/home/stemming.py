"""The stem of a Danish word, by the Snowball rules, for databases that know no Danish: *underretninger* → *underretning*."""

from engagements.municipalities.models import fold

SHORTEST = 4
"""Letters needed before anything may follow."""
VOWELS = frozenset("aeiouyæøå")
S_ENDINGS = frozenset("abcdfghjklmnoprtvyzå")
_WRITTEN = (
    "hed ethed ered e erede ende erende ene erne ere en heden eren er heder erer heds es endes erendes enes ernes eres "
    "ens hedens erens ers ets erets et eret"
)
ENDINGS = sorted(_WRITTEN.split(), key=len, reverse=True)
DERIVED = ("elig", "lig", "els", "ig")


def stem(word: str) -> str:
    """The word in lower case without its endings."""
    word = word.lower()
    start = _region(word)
    word = _without_ending(word, start)
    word = _shorter(word, start)
    word = _without_derivation(word, start)
    if len(word) > start and len(word) > 1 and word[-1] == word[-2] and word[-1] not in VOWELS:
        word = word[:-1]
    return word


def prefix(word: str) -> str:
    """What other forms of the word begin with: its stem, or where that says too little the word without its ending; or blank."""
    word = word.lower()
    cut = (stem(word), _without_ending(word, _region(word)))
    return next((one for one in cut if len(one) >= SHORTEST), "")


def root(word: str) -> str:
    """What a folded text must contain to hold the word in one of its forms."""
    return fold(prefix(word) or word)


def _region(word: str) -> int:
    """Where endings may be taken off: after the first consonant that follows a vowel, and never in the first three letters."""
    for place in range(1, len(word)):
        if word[place] not in VOWELS and word[place - 1] in VOWELS:
            return max(3, place + 1)
    return len(word)


def _without_ending(word: str, start: int) -> str:
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= start:
            return word[: -len(ending)]
    if word.endswith("s") and len(word) - 1 >= start and word[-2] in S_ENDINGS:
        return word[:-1]
    return word


def _shorter(word: str, start: int) -> str:
    return word[:-1] if word.endswith(("gd", "dt", "gt", "kt")) and len(word) - 2 >= start else word


def _without_derivation(word: str, start: int) -> str:
    if word.endswith("igst"):
        word = word[:-2]
    if word.endswith("løst") and len(word) - 4 >= start:
        return word[:-1]
    for ending in DERIVED:
        if word.endswith(ending) and len(word) - len(ending) >= start:
            return _shorter(word[: -len(ending)], start)
    return word
