"""This room's share of the demonstration: answers that look like what case reviews find, invented from a seed."""

from collections.abc import Mapping
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from . import sheet
from .models import AgeBand, Answer, Case, CaseType, Review, Verdict

if TYPE_CHECKING:
    from engagements.users.models import User

SHARES: Mapping[str, float] = {
    "UND-24T": 0.87,
    "UND-SYS": 0.80,
    "BFU-1": 0.71,
    "BFU-4M": 0.50,
    "BFU-HEL": 0.64,
    "INV-SAMT": 0.58,
    "BFU-SAM": 0.78,
    "HPL-1": 0.60,
    "HPL-MAAL": 0.52,
    "OPF-3M": 0.44,
    "FVL-1": 0.72,
    "JOU-1": 0.68,
}
"""Shares of cases that meet a requirement, near what the yearly surveys have published (DOMAIN B.2)."""
OTHERWISE = 0.7


@transaction.atomic
def fill(
    review: Review,
    seed: int,
    shares: Mapping[str, float] | None = None,
    *,
    by: "User | None" = None,
    years: tuple[int, ...] = (),
    at: datetime | None = None,
) -> Review:
    """Answer every cell of a review, the same for the same seed; what is already answered is made anew.

    `shares` says by code how likely a case meets a requirement (the published shares otherwise); `years` are the
    cases' years of decision (last year and the one before, unless given).
    """
    chance = Random(seed)  # noqa: S311  # invented data, not a secret
    at = at or timezone.now()
    years = years or (timezone.localdate().year - 2, timezone.localdate().year - 1)
    wanted = {**SHARES, **(shares or {})}
    Answer.objects.filter(case__review=review).delete()
    cases = list(review.cases.all())
    for case in cases:
        case.case_type = chance.choices(list(CaseType), weights=[2, 3, 6, 4, 1])[0]
        case.age_band = chance.choices(list(AgeBand), weights=[3, 5, 6, 1])[0]
        case.decision_year = chance.choice(years)
        case.recorded_by, case.recorded_at = by, at
    Case.objects.bulk_update(cases, ["case_type", "age_band", "decision_year", "recorded_by", "recorded_at"])
    loaded = sheet.load(review)
    answers = []
    for line in loaded.lines:
        for requirement in loaded.requirements:
            wording = next(
                (one for one in loaded.wordings[requirement.pk] if sheet.judges(one, line.case.decision_year)), None
            )
            if wording is not None:
                verdict = _verdict(chance, wanted.get(requirement.code, OTHERWISE))
                answers.append(
                    Answer(
                        case=line.case,
                        requirement=requirement,
                        requirement_version=wording,
                        verdict=verdict,
                        answered_by=by,
                    )
                )
    Answer.objects.bulk_create(answers)
    return review


def _verdict(chance: Random, share: float) -> Verdict:
    if chance.random() < 0.09:
        return chance.choices([Verdict.NOT_APPLICABLE, Verdict.NOT_ASSESSABLE], weights=[4, 1])[0]
    if chance.random() < share:
        return Verdict.MET
    return chance.choices([Verdict.NOT_MET, Verdict.PARTLY, Verdict.NOT_DOCUMENTED], weights=[3, 2, 2])[0]
