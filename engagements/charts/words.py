"""Numbers and days as the page's language writes them."""

from datetime import date

from django.utils.formats import date_format

from engagements.design.numbers import number, percent

__all__ = ["day", "number", "percent"]


def day(value: date) -> str:
    """The date in full."""
    return date_format(value, "DATE_FORMAT")
