"""The guard: a CPR number (a Danish civil registration number, DDMMYY-SSSS) never enters the database.

The check digit was given up in 2007, so only the date can be tested: day 1-31, or 61-91 for numbers above the day + 60,
which belong to real people. What merely looks like it is recognised by its shape or its label; see `_is_something_else`.
"""

import re
from datetime import date

from stdnum import ean, isbn

# Hyphens and dashes people and word processors write, full stop, underscore (file names), and invisible characters.
_DASH = "\\-\u2010-\u2015\u2212\ufe58\ufe63\uff0d._"
_INVISIBLE = "\u00ad\u200b-\u200d\u2060\ufeff"
_GAP = rf"[\s{_INVISIBLE}]"
_BEFORE_SERIAL = rf"(?P<before>{_GAP}{{0,2}}[{_DASH}]?{_GAP}{{0,2}})"
_JOINED = re.compile(rf"(?<!\d)(\d\d)(\d\d)(\d\d){_BEFORE_SERIAL}(?P<serial>\d{{4}})(?!\d)")
# With separators inside the date the same one stands twice; nothing of a longer number or date may come before.
_SPACED = re.compile(
    rf"(?<!\d)(?<!\d[\s/{_DASH}])(\d\d)(?P<inner>[\s/{_DASH}])(\d\d)(?P=inner)(\d\d){_BEFORE_SERIAL}(?P<serial>\d{{4}})(?!\d)"
)

_P_LABEL = re.compile(
    r"(?<![^\W_])p[\s._-]*(?:nr|nummer|numre|numrene|nummeret|number|no)(?![^\W\d_])[\s._:=(-]*(?:er\s+|is\s+)?"
    r"(?:\d{10}(?:\s*(?:[,;/]|og|and)\s*)+)*$",
    re.IGNORECASE,
)
_P_UNIT_LABEL = re.compile(r"produktionsenhed\w*[\s.:=(-]*(?:(?:nr|nummer)[\s.:]*)?$", re.IGNORECASE)
_ISBN_LABEL = re.compile(r"isbn(?:-?1[03])?[\s.:=-]*$", re.IGNORECASE)
_EAN_LABEL = re.compile(r"(?:ean|gln)[\s.:=-]*(?:(?:nr|nummer|no)[\s.:=-]*)?(\d{3})[\s-]?$", re.IGNORECASE)
_ISBN_13_START = re.compile(r"(?<!\d)(97[89])[\s-]?$")
_FOREIGN_PHONE = re.compile(r"(?<!\d)(?:\+|00)(?!45)[1-9]\d{0,2}[\s-]?$")
_UUID = re.compile(r"(?<![0-9a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])", re.IGNORECASE)
_LABEL_REACH = 120
"""How many characters before a number its label is looked for; a list of P-numbers has the label once."""


def find_cpr(text: str) -> list[str]:
    """What the guard would refuse in `text`, as written there, in the order of the text."""
    found = [match for pattern in (_JOINED, _SPACED) for match in pattern.finditer(text) if _is_cpr(match, text)]
    return [match.group(0) for match in sorted(found, key=lambda match: match.start())]


def _is_cpr(match: re.Match[str], text: str) -> bool:
    day, month, year = (group for group in match.groups() if len(group) == 2 and group.isdecimal())
    return _is_date(int(day), int(month), int(year)) and not _is_something_else(match, text)


def _is_date(day: int, month: int, year: int) -> bool:
    """Whether the date exists in some century; of the years ending in 00 only 2000 was a leap year, and it will do."""
    try:
        date(2000 + year, month, day - 60 if day > 60 else day)
    except ValueError:
        return False
    return True


def _is_something_else(match: re.Match[str], text: str) -> bool:
    """A number of another kind, known by its shape or by the label right before it."""
    before = text[max(0, match.start() - _LABEL_REACH) : match.start()]
    written = match.group(0)
    if "inner" in match.groupdict():
        return _is_date_and_time(match)
    if not written.isdecimal():
        return _inside_uuid(match, text)
    return bool(
        _P_LABEL.search(before)
        or _P_UNIT_LABEL.search(before)
        or _FOREIGN_PHONE.search(before)
        or (_ISBN_LABEL.search(before) and isbn.is_valid(written))
        or _is_end_of_13(before, written)
    )


def _is_end_of_13(before: str, written: str) -> bool:
    """The last ten digits of an ISBN-13 or a labelled EAN whose first three stand apart; the check digit must fit."""
    start = _ISBN_13_START.search(before) or _EAN_LABEL.search(before)
    return start is not None and ean.is_valid(start.group(1) + written)


def _is_date_and_time(match: re.Match[str]) -> bool:
    """`23.01.18 1430`: a written date, a space and a time of day."""
    hours, minutes = int(match["serial"][:2]), int(match["serial"][2:])
    blank = bool(match["before"]) and match["before"].isspace() and not match["inner"].isspace()
    return blank and hours < 24 and minutes < 60


def _inside_uuid(match: re.Match[str], text: str) -> bool:
    around = text[max(0, match.start() - 36) : match.end() + 36]
    return any(match.group(0) in uuid for uuid in _UUID.findall(around))
