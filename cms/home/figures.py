"""Three key numbers of an engagement, each as x of n."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.findings.models import Recommendation
from engagements.followup.models import UNDONE, Action, ActionState
from engagements.programme.models import Engagement, Milestone
from engagements.programme.overview import Figure
from engagements.programme.permissions import reads_in_full
from engagements.programme.tabs import address_of


def of_engagement(engagement: Engagement, user: Any) -> Iterator[Figure]:
    """Milestones reached, recommendations answered, actions verified; only the first for those who read the overview."""
    today = timezone.localdate()
    plan = Milestone.objects.filter(engagement=engagement).aggregate(
        n=Count("pk"),
        x=Count("pk", filter=Q(reached_on__isnull=False)),
        late=Count("pk", filter=Q(reached_on=None, due_on__lt=today)),
    )
    yield Figure(
        label=_("Milestones reached"),
        x=plan["x"],
        n=plan["n"],
        more=_late(plan["late"]),
        address=address_of("engagements:plan", engagement.case_no),
    )
    if not reads_in_full(engagement, user):
        return
    replies = Recommendation.objects.published().filter(engagement=engagement)
    answered = replies.aggregate(n=Count("pk"), x=Count("pk", filter=Q(reply__isnull=False)))
    address = address_of("followup:engagement", engagement.case_no)
    yield Figure(
        label=_("Recommendations answered"),
        x=answered["x"],
        n=answered["n"],
        more="" if answered["n"] else _("The analysis report is not published yet."),
        address=address,
    )
    actions = (
        Action.objects.filter(engagement=engagement)
        .exclude(state=ActionState.DROPPED)
        .aggregate(
            n=Count("pk"),
            x=Count("pk", filter=Q(state=ActionState.VERIFIED)),
            late=Count("pk", filter=Q(state__in=UNDONE, due_on__lt=today)),
        )
    )
    more = _late(actions["late"]) if actions["n"] else _("No actions have been planned yet.")
    yield Figure(label=_("Actions verified"), x=actions["x"], n=actions["n"], more=more, address=address)


def _late(count: int) -> str:
    """How many are past their date, in words."""
    if not count:
        return ""
    return ngettext("%(count)s is past its date", "%(count)s are past their date", count) % {"count": count}
