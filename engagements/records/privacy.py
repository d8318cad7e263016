"""The guard: a CPR number never enters the database."""

import re
from datetime import date

_CANDIDATE = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{2})[-\s]?(\d{4})(?!\d)")


def find_cpr(text: str) -> list[str]:
    """What the guard would refuse in `text`, as written there."""
    return [match.group(0) for match in _CANDIDATE.finditer(text) if _is_date(*match.groups()[:3])]


def _is_date(day: str, month: str, year: str) -> bool:
    number = int(day) - 60 if int(day) > 60 else int(day)
    try:
        date(2000 + int(year), int(month), number)
    except ValueError:
        return False
    return True
