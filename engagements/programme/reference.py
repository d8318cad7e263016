"""The offers and their default plans, which every database has; staff may change them in the CMS."""

import csv
from pathlib import Path

from .models import Offer, PhaseKind, PhaseTemplate, PlanTemplate

DATA = Path(__file__).parent / "data"


def ensure() -> None:
    """Make what is missing; what staff have changed stays as it is."""
    for row in _rows("offers.csv"):
        Offer.objects.get_or_create(key=row.pop("key"), defaults=row)
    offers = {offer.key: offer for offer in Offer.objects.all()}
    for row in _rows("plan_templates.csv"):
        offer = offers[row["offer"]]
        if PlanTemplate.objects.filter(offer=offer).exists():
            continue
        plan = PlanTemplate.objects.create(offer=offer, name=row["name"], is_default=True)
        PhaseTemplate.objects.bulk_create(
            PhaseTemplate(plan=plan, kind=kind, months=int(row[kind])) for kind in PhaseKind.values
        )


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
