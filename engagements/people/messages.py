"""Who is reminded about people."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.notices.registry import Tell, reminder

from . import permissions
from .models import Membership, Role
from .services import people_of, staff

WAITED = timedelta(days=3)


@reminder
def requests_that_wait(day: date) -> Iterator[tuple[str, Tell]]:
    """Leaders are reminded once of a person who has waited three days for an answer."""
    waiting = Membership.objects.waiting().filter(created_at__date__lte=day - WAITED)
    for membership in waiting.select_related("user", "municipality"):
        yield f"membership:{membership.pk}", _still_waits(membership)


def _still_waits(membership: Membership) -> Tell:
    municipality = membership.municipality
    words = {"name": str(membership.user), "municipality": municipality.full_name}
    return Tell(
        people_of(municipality, Role.LEADER) or staff(permissions.ADMINISTRATORS),
        lambda: _("%(name)s still waits for an answer") % words,
        lambda: _("%(name)s has asked to join %(municipality)s. Approve or decline.") % words,
        lambda: reverse("people:members", args=[municipality.code]),
    )
