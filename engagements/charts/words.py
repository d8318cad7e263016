"""Numbers and days as the page's language writes them."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _


def number(value: float, decimals: int = 0) -> str:
    """`1.234,5` in Danish, `1,234.5` in English; a half is rounded away from zero, as people do."""
    rounded = Decimal(str(round(value, 9))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return number_format(rounded, decimal_pos=decimals, use_l10n=True, force_grouping=True)


def percent(share: float, decimals: int = 0) -> str:
    """A share between 0 and 1: `75 %` in Danish, `75%` in English."""
    return _("%(number)s%%") % {"number": number(100 * share, decimals)}


def day(value: date) -> str:
    """The date in full."""
    return date_format(value, "DATE_FORMAT")
