"""The group that the private pages, documents and images of the CMS are shown to, kept in step with who belongs."""

from typing import Any

from django.contrib.auth.models import Group
from django.db.models.signals import post_delete, post_save

from engagements.people import permissions as who
from engagements.people.models import Membership, Role
from engagements.people.services import staff
from engagements.users.models import User

NAME = "network members"
"""Has no rights in the CMS; its members read what is restricted to it."""


def group() -> Group:
    """The group of all members."""
    return Group.objects.get_or_create(name=NAME)[0]


def _leaders() -> set[int]:
    return set(Membership.objects.active().filter(role=Role.LEADER).values_list("user", flat=True))


def everyone() -> set[int]:
    """Primary keys of all who belong to the network, the host and the Task Force included."""
    return _leaders() | set(staff(*who.GROUPS, who.HOSTS).values_list("pk", flat=True))


def keep_in_step() -> int:
    """Let in who became a leader and out who is none any more; returns how many changed."""
    readers = group()
    wanted, now = _leaders(), set(readers.user_set.values_list("pk", flat=True))
    readers.user_set.add(*(wanted - now))
    readers.user_set.remove(*(now - wanted))
    return len(wanted ^ now)


def keep_person_in_step(user: int) -> None:
    """The same for one person."""
    is_leader = Membership.objects.active().filter(user=user, role=Role.LEADER).exists()
    found = User.objects.filter(pk=user).first()
    if found is None:
        return
    if is_leader:
        found.groups.add(group())
    else:
        found.groups.remove(*Group.objects.filter(name=NAME))


def _changed(sender: Any, instance: Membership, **kwargs: Any) -> None:
    if not kwargs.get("raw"):
        keep_person_in_step(instance.user_id)


def connect() -> None:
    """Follow every membership that is saved or deleted; what only the calendar changes is seen to every day."""
    post_save.connect(_changed, sender=Membership, dispatch_uid="cms.network.members.saved")
    post_delete.connect(_changed, sender=Membership, dispatch_uid="cms.network.members.deleted")
