"""The papers of a visit: the programme with what each side prepares, and the sheet participants answer from."""

from django.conf import settings
from django.utils import timezone

from engagements.records.pdf import render

from . import evaluating, qr
from .models import Visit


def programme(visit: Visit) -> bytes:
    """Time, place, team and programme on the first page; on the next what is prepared, by whom and by when."""
    return render(
        "visits/pdf/programme.html",
        {
            "visit": visit,
            "team": list(visit.team.select_related("user")),
            "audience": list(visit.audience.all()),
            "preparations": list(visit.preparations.all()),
            "material": list(visit.material.all()),
            "made_on": timezone.localdate(),
        },
    )


def evaluation_sheet(visit: Visit) -> bytes:
    """One page to hang up or hand out at the end of the visit: the QR code and the address."""
    address = f"{settings.SITE_URL}{evaluating.address(visit)}"
    return render(
        "visits/pdf/evaluation.html",
        {"visit": visit, "address": address, "code": qr.code_for(address), "made_on": timezone.localdate()},
    )
