"""What people do about belonging: ask to join, approve, change, end; invitations are in `invitations`."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.lifecycle import record
from engagements.municipalities.models import Municipality
from engagements.notices.services import notify
from engagements.users.models import User

from . import permissions
from .invitations import (
    accept_invitation,
    invitations_to,
    invite,
    person_by_mail,
    person_of_address,
    send_invitation_again,
    withdraw_invitation,
)
from .models import Disqualification, Membership, Role, WorkDomain

if TYPE_CHECKING:
    from django.db.models import QuerySet


def people_of(municipality: Municipality, *roles: str) -> "QuerySet[User]":
    """Those who belong to the municipality now, in one of these roles (any if none is named)."""
    memberships = Membership.objects.active().filter(municipality=municipality)
    if roles:
        memberships = memberships.with_role(*roles)
    return User.objects.filter(pk__in=memberships.values("user"))


def colleagues_of(user: User, municipality: Municipality) -> "QuerySet[User]":
    """Those whom `user`, who belongs to the municipality, can choose there (also themself), by name.

    Members of the council are nobody's colleagues in the administration.
    """
    if municipality.pk not in permissions.municipalities_of(user):
        return User.objects.none()
    employed = [role for role in Role if role != Role.COUNCIL]
    return people_of(municipality, *employed).order_by("first_name", "last_name", "email")


def staff(*groups: str, about: Municipality | None = None) -> "QuerySet[User]":
    """Active staff in one of these groups (any if none is named), without those *inhabil* for `about`."""
    found = User.objects.filter(is_active=True, groups__name__in=groups or permissions.GROUPS).distinct()
    if about is not None:
        today = timezone.localdate()
        barred = Disqualification.objects.filter(
            models.Q(valid_until__isnull=True) | models.Q(valid_until__gt=today),
            municipality=about,
            valid_from__lte=today,
        )
        found = found.exclude(pk__in=barred.values("user"))
    return found


def domain_of(email: str) -> str:
    """What stands after the @, in lower case."""
    return email.rpartition("@")[2].lower()


def municipality_of_address(email: str) -> Municipality | None:
    """The municipality whose work domain the address belongs to."""
    found = WorkDomain.objects.select_related("municipality").filter(domain__iexact=domain_of(email)).first()
    return found.municipality if found else None


@transaction.atomic
def request_membership(*, user: User, municipality: Municipality, role: str, title: str = "") -> Membership:
    """Ask to join the municipality that the person's work address belongs to; a leader there decides.

    Where there is no leader yet, the administrators are asked. Asking twice changes nothing more.
    """
    own = municipality_of_address(user.email)
    if own is None or own.pk != municipality.pk:
        raise ValidationError(
            _("Your e-mail address does not belong to %(municipality)s. Ask a leader there for an invitation.")
            % {"municipality": municipality.full_name},
            code="domain",
        )
    Municipality.objects.select_for_update().get(pk=municipality.pk)
    existing = Membership.objects.filter(user=user, municipality=municipality, role=role, ended_on__isnull=True).first()
    if existing:
        return existing
    membership = Membership(user=user, municipality=municipality, role=role, title=title)
    membership.full_clean(exclude=["approved_by"])
    membership.save()
    record(membership, "asked", by=user)
    words = {"name": str(user), "email": user.email, "municipality": municipality.full_name}
    notify(
        people_of(municipality, Role.LEADER) or staff(permissions.ADMINISTRATORS),
        key=f"membership-asked:{membership.pk}",
        subject=lambda: _("%(name)s asks to join %(municipality)s") % words,
        body=lambda: (
            _("%(name)s (%(email)s) asks to join %(municipality)s as %(role)s. Approve only a person you know.")
            % (words | {"role": membership.get_role_display()})
        ),
        address=lambda: reverse("people:members", args=[municipality.code]),
    )
    return membership


@transaction.atomic
def approve(membership: Membership, *, by: User) -> Membership:
    """Let a person who asked join; approving twice changes nothing more."""
    membership = _locked(membership)
    if membership.ended_on is not None:
        raise ValidationError(_("The request has already been answered."), code="closed")
    if membership.approved_at is not None:
        return membership
    membership.approved_at = timezone.now()
    membership.approved_by = by
    membership.save()
    record(membership, "approved", by=by)
    municipality = membership.municipality
    notify(
        [membership.user],
        key=f"membership-approved:{membership.pk}",
        subject=lambda: _("You now belong to %(municipality)s") % {"municipality": municipality.full_name},
        body=lambda: (
            _("Your request to join %(municipality)s as %(role)s has been approved.")
            % {"municipality": municipality.full_name, "role": membership.get_role_display()}
        ),
        address=lambda: reverse("home:start"),
    )
    return membership


@transaction.atomic
def decline(membership: Membership, *, by: User) -> Membership:
    """Answer no to a person who asked to join."""
    membership = _locked(membership)
    if membership.approved_at is not None or membership.ended_on is not None:
        raise ValidationError(_("The request has already been answered."), code="closed")
    membership.ended_on = timezone.localdate()
    membership.save()
    record(membership, "declined", by=by)
    municipality = membership.municipality
    notify(
        [membership.user],
        key=f"membership-declined:{membership.pk}",
        subject=lambda: _("Your request to join %(municipality)s") % {"municipality": municipality.full_name},
        body=lambda: (
            _("Your request to join %(municipality)s was not approved. Ask a leader there if you think it should be.")
            % {"municipality": municipality.full_name}
        ),
        address=lambda: reverse("people:account"),
    )
    return membership


@transaction.atomic
def end_membership(membership: Membership, *, by: User) -> Membership:
    """End a membership today. The last leader stays, so that there is always someone to manage people."""
    membership = _locked(membership)
    if membership.ended_on is not None:
        return membership
    _keep_a_leader(membership)
    membership.ended_on = timezone.localdate()
    membership.save()
    record(membership, "ended", by=by)
    municipality = membership.municipality
    if by.pk != membership.user_id:
        notify(
            [membership.user],
            key=f"membership-ended:{membership.pk}",
            subject=lambda: _("You no longer belong to %(municipality)s") % {"municipality": municipality.full_name},
            body=lambda: (
                _("Your membership of %(municipality)s as %(role)s has been ended.")
                % {"municipality": municipality.full_name, "role": membership.get_role_display()}
            ),
            address=lambda: reverse("people:account"),
        )
    return membership


@transaction.atomic
def change_role(membership: Membership, *, role: str, by: User, title: str | None = None) -> Membership:
    """Give a person another role in the municipality, and possibly another title."""
    membership = _locked(membership)
    if membership.ended_on is not None:
        raise ValidationError(_("The membership has ended."), code="closed")
    before = membership.role
    if role != before:
        _keep_a_leader(membership)
    membership.role = role
    if title is not None:
        membership.title = title
    membership.full_clean(exclude=["approved_by"])
    membership.save()
    if role != before:
        record(membership, "role_changed", by=by, **{"from": before, "to": role})
    return membership


def _locked(membership: Membership) -> Membership:
    """The membership as it is now, its municipality locked: two leaders cannot leave at the same moment."""
    Municipality.objects.select_for_update().get(pk=membership.municipality_id)
    return Membership.objects.select_related("municipality", "user").get(pk=membership.pk)


def _keep_a_leader(membership: Membership) -> None:
    if membership.role != Role.LEADER or membership.approved_at is None:
        return
    if not people_of(membership.municipality, Role.LEADER).exclude(pk=membership.user_id).exists():
        raise ValidationError(
            _("%(municipality)s must always have a leader here. Give another person the role first.")
            % {"municipality": membership.municipality.full_name},
            code="last_leader",
        )


__all__ = [
    "accept_invitation",
    "approve",
    "change_role",
    "colleagues_of",
    "decline",
    "domain_of",
    "end_membership",
    "invitations_to",
    "invite",
    "municipality_of_address",
    "people_of",
    "person_by_mail",
    "person_of_address",
    "request_membership",
    "send_invitation_again",
    "staff",
    "withdraw_invitation",
]
