"""The PDF of a report, made from the frozen content alone."""

from typing import Any

from django.utils.translation import override

from engagements.records.pdf import render

from . import presentation


def title_of(content: dict[str, Any]) -> str:
    """The document's title in the journal."""
    with override("da"):
        return presentation.title_of(content)


def report_pdf(content: dict[str, Any]) -> bytes:
    """The report as tagged PDF in Danish."""
    with override("da"):
        return render("findings/pdf/report.html", {"report": presentation.present(content)})
