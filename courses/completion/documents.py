"""The certificate on paper."""

from typing import TYPE_CHECKING

import qrcode
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from engagements.records.pdf import render

if TYPE_CHECKING:
    from .models import Certificate


def certificate_pdf(certificate: "Certificate") -> bytes:
    """The certificate as a tagged PDF on one A4, made from the facts frozen when it was issued; always in Danish."""
    with translation.override("da"):
        address = f"{settings.SITE_URL}{certificate.get_absolute_url()}"
        return render(
            "courses/completion/pdf/certificate.html",
            {
                "certificate": certificate,
                "facts": certificate.facts,
                "check": f"{settings.SITE_URL}{reverse('completion:check')}",
                "address": address,
                "square": _squares(address),
            },
        )


def file_name(certificate: "Certificate") -> str:
    """`kursusbevis-K-2026-0123.pdf`."""
    return f"kursusbevis-{certificate.number}.pdf"


def _squares(text: str) -> dict[str, object]:
    """A QR code as the path of an SVG: one stroke for each run of dark squares in a row."""
    code = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    matrix = code.get_matrix()
    strokes = []
    for y, row in enumerate(matrix):
        start = None
        for x, dark in enumerate([*row, False]):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                strokes.append(f"M{start} {y}h{x - start}v1h{start - x}z")
                start = None
    return {"side": len(matrix), "path": "".join(strokes)}
