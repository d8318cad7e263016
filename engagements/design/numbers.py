"""Numbers as the page's language writes them; a half is rounded away from zero, as people do."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _


def number(value: float, decimals: int = 0) -> str:
    """`1.234,5` in Danish, `1,234.5` in English."""
    rounded = Decimal(str(round(value, 9))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return number_format(rounded, decimal_pos=decimals, use_l10n=True, force_grouping=True)


def percent(share: float, decimals: int = 0) -> str:
    """A share between 0 and 1: `75 %` in Danish, `75%` in English."""
    return _("%(number)s%%") % {"number": number(100 * share, decimals)}
