"""A child's or parent's name in a text about casework, as far as patterns can tell: no list of names is needed.

The patterns are cautious: a word for a child or parent right before a capitalised name (*drengen Oliver Jensen*), a name
or initials right before an age in years (*Ida på 9 år*, *O.J., 9 år*). They refuse what a colleague would notice, and
cannot replace one: a name alone is not found. Single letters (*barn A*), abbreviations (*VISO*), authorities and laws
are how one writes without names, and pass.
"""

import re

_PERSONS = (
    "barn|barnet|dreng|drengen|pige|pigen|datter|datteren|søn|sønnen|spædbarn|spædbarnet|teenager|teenageren|"
    "plejebarn|plejebarnet|plejesøn|plejesønnen|plejedatter|plejedatteren|lillebror|storebror|lillesøster|storesøster|"
    "tvilling|tvillingen|mor|moren|moder|moderen|far|faren|fader|faderen|stedfar|stedfaren|stedmor|stedmoren|"
    "mormor|farmor|morfar|farfar|plejemor|plejefar|"
    "boy|girl|child|daughter|son|mother|father|brother|sister"
)
_NAME = r"[A-ZÆØÅÉ][a-zæøåéüöäø]+(?:-[A-ZÆØÅÉ][a-zæøåéüöä]+)?"
_MORE = rf"(?:\s+(?:{_NAME}|[A-ZÆØÅ]\.)){{0,4}}"
_CALLED = r"(?:,|:|\s+(?:hedder|kaldet|ved\s+navn|called|named))?\s+"
_PERSON = re.compile(
    rf"(?<!\w)(?:den\s+unge|{_PERSONS}){_CALLED}(?P<name>{_NAME}){_MORE}"
    rf"|(?<!\w)(?:den\s+unge|{_PERSONS}){_CALLED}(?P<initials>(?:[A-ZÆØÅ]\.\s?){{2,3}})"
)
_CASELESS_START = re.compile(rf"^(?:{_PERSONS})$", re.IGNORECASE)

_AGE = r"(?:\s+på|\s*,|\s*\()\s*(?:1?\d)\s*(?:½\s*)?(?:-?\s*årig\w*|år(?!\s*(?:siden|senere|efter|før|frem|tilbage|i\s+træk))\b)"
_INITIALS_AGED = re.compile(rf"(?<![\w.])(?:(?:[A-ZÆØÅ]\.\s?){{1,3}}|[A-ZÆØÅ]{{2,3}}){_AGE}")
_NAME_AGED = re.compile(rf"(?P<before>\S+)\s+(?P<name>{_NAME}(?:\s+{_NAME}){{0,3}}){_AGE}")
_AGED_NAME = re.compile(rf"(?<!\w)(?:1?\d)-?\s*årige?\s+(?P<name>{_NAME})")

_NOT_A_NAME = re.compile(
    "Ankestyrelsen|Socialstyrelsen|Task|Force|Forcen|Familieretshuset|Retten|Byretten|Landsretten|Højesteret|Politiet|"
    "Kommunen|Regionen|Folketinget|Ministeriet|Barnets|Serviceloven|Danmark|Danish|Grønland|Færøerne|Sverige|Norge|"
    "Tyskland|Jylland|Fyn|Sjælland|Bornholm|Denne|Dette|Det|Den|De|Der|Vi|Han|Hun|Som|Hvis|Når|Men|Og|Eller|Nu|Hvad|"
    "Hvordan|Hvem|Hvor|Kan|Skal|Vil|Har|Er|Var|The|It|They|We|He|She|When|What|How|Where|Is|Are"
)
_PLACE = re.compile(r"\s*(?:Kommune|Region|Byret|Sogn|Skole)\b")
_AT_A_PLACE = frozenset({"i", "på", "in", "at", "from", "fra"})


def find_child_names(text: str) -> list[str]:
    """The passages of `text` that seem to name a child or a parent, as written there, in the order of the text."""
    spans = [
        *(match.span() for match in _PERSON.finditer(_lowered(text)) if _is_person(match, text)),
        *(match.span() for match in _INITIALS_AGED.finditer(text)),
        *((match.start("name"), match.end()) for match in _NAME_AGED.finditer(text) if _is_aged(match, text)),
        *(match.span() for match in _AGED_NAME.finditer(text) if _may_be_name(match["name"])),
    ]
    passages = [" ".join(text[start:end].split()) for start, end in sorted(spans)]
    return list(dict.fromkeys(passages))


def _lowered(text: str) -> str:
    """The words for persons in lower case, so that *Drengen Oliver* at the start of a sentence is found too."""
    return re.sub(r"\w+", lambda word: word[0].lower() if _CASELESS_START.match(word[0]) else word[0], text)


def _may_be_name(word: str) -> bool:
    return _NOT_A_NAME.fullmatch(word) is None


def _is_person(match: re.Match[str], text: str) -> bool:
    if match["initials"]:
        return True
    return _may_be_name(match["name"]) and not _PLACE.match(text, match.end()) and not _names_a_place(match)


def _names_a_place(match: re.Match[str]) -> bool:
    """*barnet Korsbæk Kommune anbragte*: the last word caught says what kind of name it is."""
    return match.group(0).rsplit(None, 1)[-1] in {"Kommune", "Kommunes", "Region", "Byret"}


def _is_aged(match: re.Match[str], text: str) -> bool:
    """Not a place (*i Odense på 5 år*), and not a word that is capitalised because it begins a sentence."""
    before = match["before"]
    if before.lower() in _AT_A_PLACE or before[-1] in ".:!?;•–-":
        return False
    return _may_be_name(match["name"].split()[0])
