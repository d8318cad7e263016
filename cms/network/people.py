"""Who the members are and where they come from, in few queries however many there are."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.municipalities.models import RegionPeriod
from engagements.people import permissions as who
from engagements.people.models import Membership, Role
from engagements.users.models import User

from .models import Network

NEW_FOR = timedelta(days=120)
"""How long a leader is new."""


def places_of(people: Iterable[int]) -> dict[int, str]:
    """Municipality of each leader, *the Task Force* for its people, that one is the host; by primary key of the user."""
    wanted = set(people)
    found = {
        user: _("the Task Force")
        for user in User.objects.filter(pk__in=wanted, groups__name__in=who.GROUPS).values_list("pk", flat=True)
    }
    hosts = User.objects.filter(pk__in=wanted, groups__name=who.HOSTS)
    found |= {user: _("host of the network") for user in hosts.values_list("pk", flat=True)}
    rows = Membership.objects.active().filter(user__in=wanted, role=Role.LEADER).select_related("municipality")
    for membership in rows.order_by("-pk"):
        found[membership.user_id] = membership.municipality.full_name
    return found


def members() -> Any:
    """The active memberships that make a member, one for each municipality."""
    return Membership.objects.active().filter(role=Role.LEADER)


def is_new(user: Any, day: date | None = None) -> bool:
    """Whether the person's first membership as leader began less than 120 days ago."""
    first = Membership.objects.active().filter(user=user.pk, role=Role.LEADER).order_by("created_at").first()
    return first is not None and first.created_at > timezone.now() - NEW_FOR


def networks_of(user: Any, day: date | None = None) -> list[int]:
    """Primary keys of the regional networks that the person's municipalities belong to on `day` (today)."""
    homes = who.municipalities_of(user, Role.LEADER)
    if not homes:
        return []
    day = day or timezone.localdate()
    regions = RegionPeriod.objects.on(day).filter(municipality__in=homes).values("region")
    running = (
        Network.objects.on(day).filter(region__in=regions, round__begins_on__lte=day).exclude(round__ends_on__lt=day)
    )
    return list(running.values_list("pk", flat=True))
