"""Three key numbers of an engagement, each as x of n."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.programme.models import Engagement
from engagements.programme.overview import Figure
from engagements.programme.permissions import reads_in_full
from engagements.programme.tabs import address_of

from .counts import counts_of


def of_engagement(engagement: Engagement, user: Any) -> Iterator[Figure]:
    """Milestones reached, recommendations answered, actions verified; only the first for those who read the plan."""
    counts = counts_of([engagement])[engagement.pk]
    yield Figure(
        label=_("Milestones reached"),
        x=counts.milestones_reached,
        n=counts.milestones,
        more=_late(counts.milestones_late),
        address=address_of("engagements:plan", engagement.case_no),
    )
    if not reads_in_full(engagement, user):
        return
    address = address_of("followup:engagement", engagement.case_no)
    yield Figure(
        label=_("Recommendations answered"),
        x=counts.recommendations_answered,
        n=counts.recommendations,
        more="" if counts.recommendations else _("The analysis report is not published yet."),
        address=address,
    )
    more = _late(counts.actions_late) if counts.actions else _("No actions have been planned yet.")
    yield Figure(label=_("Actions verified"), x=counts.actions_verified, n=counts.actions, more=more, address=address)


def _late(count: int) -> str:
    """How many are past their date, in words."""
    if not count:
        return ""
    return ngettext("%(count)s is past its date", "%(count)s are past their date", count) % {"count": count}
