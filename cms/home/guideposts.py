"""The four guideposts of an engagement: how many of the assessed answers say *met*, at first and now."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from engagements.programme.models import Engagement
from engagements.programme.overview import Figure
from engagements.programme.tabs import address_of
from engagements.reviews.models import Review
from engagements.reviews.results import ThemeResult, guideposts, results


def of_engagement(engagement: Engagement, user: Any) -> Iterator[Figure]:
    """One figure for each guidepost of the newest recorded review this person may read, beside the baseline."""
    recorded = Review.objects.visible_to(user).filter(engagement=engagement, state=Review.State.CLOSED)
    by_kind = {review.kind: review for review in recorded.order_by("closed_at")}
    first, status = by_kind.get(Review.Kind.BASELINE), by_kind.get(Review.Kind.STATUS)
    newest = status or first
    if newest is None:
        return
    before = {group.theme: group for group in guideposts(results(first))} if first and status else {}
    address = address_of("reviews:results", engagement.case_no, newest.pk)
    for group in guideposts(results(newest)):
        yield Figure(
            label=group.label[:1].upper() + group.label[1:],
            x=group.x,
            n=group.n if group.shown else 0,
            more=_more(group, before.get(group.theme)),
            address=address,
        )


def _more(now: ThemeResult, before: ThemeResult | None) -> str:
    if not now.shown:
        return _("Fewer than 5 answers: not shown.")
    if before is None:
        return _("first measurement")
    if not before.shown or not _comparable(now, before):
        return _("Cannot be compared with the first measurement.")
    return _("first measurement: %(x)s of %(n)s") % {"x": before.x, "n": before.n}


def _comparable(now: ThemeResult, before: ThemeResult) -> bool:
    """The same requirements, judged by the same law or by laws that ask the same."""
    if [one.requirement.pk for one in now.results] != [one.requirement.pk for one in before.results]:
        return False
    pairs = zip(now.results, before.results, strict=True)
    return all(one.requirement.comparable or len(one.laws | two.laws) < 2 for one, two in pairs)
