"""The catalogue of 43 requirements, made from `data/requirements.csv` with a published version per law.

What is there already is left alone: published versions never change, and staff maintain the rest in the CMS. The marks
in the file (`yes`, `part`, `no`) say what was seen in public material; nothing is confirmed until a lawyer says so.
"""

import csv
import re
from datetime import date
from functools import cache
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from .models import Law, Must, Requirement, RequirementVersion, Theme

FILE = Path(__file__).parent / "data" / "requirements.csv"
SERVICE_ACT_FROM, CHILDRENS_ACT_FROM = date(2011, 1, 1), date(2024, 1, 1)
MUSTS = {"INV-SAMT": Must.TALK, "BFU-SAM": Must.INVOLVE, "UND-24T": Must.REACT, "OPF-3M": Must.FOLLOW}
"""The requirement that stands for each of the four musts."""

_BOTH_TEXTS = re.compile(r"^SEL: (?P<sel>.*); BL: (?P<bl>.*)$")
_ADDED_TEXT = re.compile(r"(?P<both>.*?)(?:; BL: (?P<more>.*)| \(BL: (?P<aside>.*)\))$")

Row = dict[str, str]


@cache
def rows() -> tuple[Row, ...]:
    """The catalogue as shipped, in the order of the themes."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        found = list(csv.DictReader(lines))
    order = [theme.value for theme in Theme]
    return tuple(sorted(found, key=lambda row: order.index(row["theme"])))


def ensure() -> None:
    """Make the requirements that are missing; one question to the database when none is."""
    there = set(Requirement.objects.values_list("code", flat=True))
    missing = [(order, row) for order, row in enumerate(rows(), start=1) if row["code"] not in there]
    if not missing:
        return
    with transaction.atomic():
        made = Requirement.objects.bulk_create(_requirement(order, row) for order, row in missing)
        versions = [
            version
            for requirement, (_order, row) in zip(made, missing, strict=True)
            for version in _versions(requirement, row)
        ]
        RequirementVersion.objects.bulk_create(versions)


def _requirement(order: int, row: Row) -> Requirement:
    return Requirement(
        code=row["code"],
        theme=row["theme"],
        must=MUSTS.get(row["code"], ""),
        title_da=row["title_da"],
        title_en=row["title_en"],
        comparable=row["comparable"] == "yes",
        order=order,
    )


def _versions(requirement: Requirement, row: Row) -> list[RequirementVersion]:
    """One version for each law that knows the requirement."""
    sel, bl = row["sel_2018"], row["bl_2024"]
    sel_days, bl_days = _deadlines(row["deadline_iso"])
    sel_words, bl_words = _deadline_texts(row["deadline_text_da"])
    common = {
        "requirement": requirement,
        "clock_starts": row["clock_starts"],
        "source_note": row["source_note"],
        "published_at": timezone.now(),
    }
    made = []
    if sel != "-" and not sel.startswith("(ingen"):
        made.append(
            RequirementVersion(
                law=Law.SERVICE_ACT,
                valid_from=SERVICE_ACT_FROM,
                valid_until=CHILDRENS_ACT_FROM,
                paragraph=sel,
                deadline_iso=sel_days,
                deadline_text=sel_words,
                checked=row["sel_checked"] or RequirementVersion.Checked.NO,
                **common,
            )
        )
    if bl != "-":
        made.append(
            RequirementVersion(
                law=Law.CHILDRENS_ACT,
                valid_from=CHILDRENS_ACT_FROM,
                paragraph=sel if bl == "samme" else bl,
                deadline_iso=bl_days,
                deadline_text=bl_words,
                checked=row["bl_checked"] or RequirementVersion.Checked.NO,
                **common,
            )
        )
    return made


def _deadlines(text: str) -> tuple[str, str]:
    """`P4M|P3M` per law, `P6M|none`, or one for both."""
    old, separator, new = text.partition("|")
    both = (old, new if separator else old)
    return "" if both[0] == "none" else both[0], "" if both[1] == "none" else both[1]


def _deadline_texts(text: str) -> tuple[str, str]:
    """The deadline in words under each law; the file marks what only one of them says with SEL and BL."""
    if both := _BOTH_TEXTS.match(text):
        return _sentence(both["sel"]), _sentence(both["bl"])
    if added := _ADDED_TEXT.match(text):
        return added["both"], f"{added['both']}; {added['more'] or added['aside']}"
    return text, text


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
