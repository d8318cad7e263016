"""The briefing as one A4 page."""

from io import BytesIO
from typing import TYPE_CHECKING

from pypdf import PdfReader

from engagements.records.pdf import render

from .presentation import page_context

if TYPE_CHECKING:
    from .models import Briefing


FITS = ("", "tight", "tighter")
"""Sizes of type to try, the largest first; the classes are in pdf.css."""


def briefing_pdf(briefing: "Briefing") -> bytes:
    """The council's page as a tagged PDF on one A4: long texts are set smaller rather than cut."""
    context = page_context(briefing)
    for fit in FITS:
        pdf = render("briefings/pdf/briefing.html", {**context, "fit": fit})
        if len(PdfReader(BytesIO(pdf)).pages) == 1:
            break
    return pdf


def file_name(briefing: "Briefing") -> str:
    """`orientering-korsbaek-2.pdf`."""
    return f"orientering-{briefing.engagement.municipality.slug}-{briefing.number}.pdf"
