"""The briefing as one A4 page."""

from typing import TYPE_CHECKING

from engagements.records.pdf import render

from .presentation import page_context

if TYPE_CHECKING:
    from .models import Briefing


def briefing_pdf(briefing: "Briefing") -> bytes:
    """The council's page as a tagged PDF."""
    return render("briefings/pdf/briefing.html", page_context(briefing))


def file_name(briefing: "Briefing") -> str:
    """`orientering-korsbaek-2.pdf`."""
    return f"orientering-{briefing.engagement.municipality.slug}-{briefing.number}.pdf"
