"""Published shares for the demonstration: they look like what has been printed in public and are marked as not checked."""

from decimal import Decimal

from .models import Requirement
from .models_rates import PublishedRate

SOURCE = "Gengivet til demonstrationen efter Ankestyrelsens offentlige tal; ikke kontrolleret"
RATES = {
    "INV-SAMT": {2019: 56, 2021: 61, 2024: 65},
    "BFU-4M": {2021: 60, 2024: 50},
    "OPF-3M": {2019: 44, 2024: 75},
    "UND-24T": {2019: 87, 2021: 88},
}


def ensure() -> None:
    """Make those that are missing."""
    for requirement in Requirement.objects.filter(code__in=RATES):
        for year, percent in RATES[requirement.code].items():
            PublishedRate.objects.get_or_create(
                requirement=requirement, year=year, defaults={"percent": Decimal(percent), "source": SOURCE}
            )
