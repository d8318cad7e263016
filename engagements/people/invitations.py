"""Invitations, and people who are named by mail before they have an account; called through `services`."""

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from engagements.lifecycle import record
from engagements.municipalities.models import Municipality
from engagements.notices.services import notify, send_mail_to
from engagements.records.fields import refuse_cpr
from engagements.users.models import User

from . import permissions
from .models import Invitation, Membership, Role

if TYPE_CHECKING:
    from django.db.models import QuerySet

INVITATION_LASTS = timedelta(days=14)
BETWEEN_MAILS = timedelta(minutes=1)
"""A second click within this time sends no second mail."""


def person_of_address(email: str) -> User | None:
    """Whoever the address belongs to: as the main one, or as another one they have confirmed."""
    found = User.objects.filter(email__iexact=email).first()
    return found or User.objects.filter(emailaddress__email__iexact=email, emailaddress__verified=True).first()


@transaction.atomic
def invite(*, municipality: Municipality, email: str, role: str, by: User, next_address: str = "") -> Invitation:
    """Invite a person by mail to a role; the link ends in sign-in or sign-up and then leads to `next_address`.

    An open invitation to the same address and role is sent again instead, with a new period. Whether the address has
    an account is not looked at, so that nobody learns it. Raises ValidationError if the person already has the role.
    """
    email = email.strip().lower()
    municipality = Municipality.objects.select_for_update().get(pk=municipality.pk)
    if Membership.objects.active().filter(user__email=email, municipality=municipality, role=role).exists():
        raise ValidationError(_("The person already has this role in the municipality."), code="member")
    invitation = Invitation.objects.open().filter(email__iexact=email, municipality=municipality, role=role).first()
    if invitation is None:
        invitation = Invitation(municipality=municipality, email=email, role=role, token=secrets.token_urlsafe(32))
    invitation.invited_by = by
    invitation.next_address = next_address or invitation.next_address
    return _send(invitation)


@transaction.atomic
def send_invitation_again(invitation: Invitation) -> Invitation:
    """Send the mail once more; the invitation is good for another period. One that is answered stays as it is."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.accepted_at or invitation.withdrawn_at:
        raise ValidationError(_("The invitation has already been answered or withdrawn."), code="closed")
    return _send(invitation)


def _send(invitation: Invitation) -> Invitation:
    now = timezone.now()
    if invitation.last_sent_at and now - invitation.last_sent_at < BETWEEN_MAILS:
        invitation.save()
        return invitation
    invitation.expires_at = now + INVITATION_LASTS
    invitation.last_sent_at = now
    invitation.times_sent += 1
    invitation.save()
    language = User.objects.filter(email=invitation.email).values_list("language", flat=True).first() or "da"
    with override(language):
        words = {
            "municipality": invitation.municipality.full_name,
            "role": invitation.get_role_display(),
            "name": str(invitation.invited_by),
            "date": formats.date_format(timezone.localdate(invitation.expires_at), "DATE_FORMAT"),
        }
        address = reverse("people:accept", args=[invitation.token])
        subject = _("Invitation to work with %(municipality)s") % words
        body = (
            _(
                "%(name)s invites you to the Task Force portal as %(role)s in %(municipality)s.\n\n"
                "Follow the link to sign in, or to create your account with this e-mail address. "
                "The invitation is open until %(date)s.\n\n"
                "If you do not know what this is about, you need not do anything."
            )
            % words
        )
    send_mail_to(
        invitation.email,
        key=f"invitation:{invitation.pk}:{invitation.times_sent}",
        subject=subject,
        body=body,
        address=lambda: address,
        language=language,
    )
    return invitation


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User) -> Invitation:
    """Take an open invitation back; its link no longer works."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.accepted_at is None and invitation.withdrawn_at is None:
        invitation.withdrawn_at = timezone.now()
        invitation.save(update_fields=["withdrawn_at"])
    return invitation


@transaction.atomic
def accept_invitation(invitation: Invitation, *, user: User) -> Membership:
    """The invited person takes the role. Only the invited address may; accepting twice changes nothing more."""
    invitation = Invitation.objects.select_for_update().select_related(None).get(pk=invitation.pk)
    if not permissions.may_accept(invitation, user):
        raise ValidationError(_("The invitation is for another e-mail address."), code="other")
    memberships = Membership.objects.select_for_update().filter(
        user=user, municipality=invitation.municipality, role=invitation.role, ended_on__isnull=True
    )
    membership = memberships.first()
    if invitation.accepted_at and membership:
        return membership
    if not invitation.is_open:
        raise ValidationError(_("The invitation is no longer open."), code="closed")
    if membership is None:
        membership = Membership(user=user, municipality=invitation.municipality, role=invitation.role)
    if membership.approved_at is None:
        membership.approved_at = timezone.now()
        membership.approved_by = invitation.invited_by
    membership.save()
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    record(membership, "invited", by=user, invited_by=invitation.invited_by_id)
    words = {"name": str(user), "municipality": membership.municipality.full_name}
    notify(
        [invitation.invited_by],
        key=f"invitation-accepted:{invitation.pk}",
        subject=lambda: _("%(name)s has accepted your invitation") % words,
        body=lambda: (
            _("%(name)s now belongs to %(municipality)s as %(role)s.")
            % (words | {"role": membership.get_role_display()})
        ),
        address=lambda: reverse("people:members", args=[membership.municipality.code]),
    )
    return membership


def invitations_to(user: User) -> "QuerySet[Invitation]":
    """Invitations the person can accept now, the newest first."""
    found = Invitation.objects.open().filter(email__iexact=user.email, expires_at__gt=timezone.now())
    return found.select_related("municipality").order_by("-created_at")


@transaction.atomic
def person_by_mail(
    *,
    email: str,
    name: str,
    municipality: Municipality,
    by: User,
    role: str = Role.CASEWORKER,
    next_address: str = "",
) -> User:
    """The person with this address; one who has no account yet gets one without a password.

    Whoever does not belong to the municipality is invited by mail to `role`, and the link leads to `next_address`; an
    open invitation is sent again instead. A name given here never replaces the name of an existing account. Raises
    ValidationError: `invalid`, `max_length`, `required`, `cpr`, or `elsewhere` for one who belongs to another place.
    """
    email, first_name, last_name = _named(email, name)
    municipality = Municipality.objects.select_for_update().get(pk=municipality.pk)
    user = person_of_address(email)
    if user is None:
        try:
            with transaction.atomic():
                user = User.objects.create_user(email, first_name=first_name, last_name=last_name)
        except IntegrityError:  # named from another municipality in the same moment
            user = User.objects.get(email=email)
    memberships = Membership.objects.active().filter(user=user)
    if memberships.filter(municipality=municipality).exists():
        return user
    if (
        not user.is_active
        or user.groups.filter(name__in=(*permissions.GROUPS, permissions.HOSTS)).exists()
        or memberships.exists()
    ):
        raise ValidationError(
            _("%(email)s cannot be used here. Ask the person to enrol on their own, or write to %(address)s."),
            params={"email": email, "address": settings.CONTACT_EMAIL},
            code="elsewhere",
        )
    invitation = Invitation.objects.open().filter(email__iexact=email, municipality=municipality).first()
    if invitation is None:
        invitation = Invitation(
            municipality=municipality, email=email, role=role, invited_by=by, token=secrets.token_urlsafe(32)
        )
    invitation.name = f"{first_name} {last_name}".strip()
    invitation.next_address = next_address or invitation.next_address
    _send(invitation)
    return user


def _named(email: str, name: str) -> tuple[str, str, str]:
    """Address, first name and last name, checked as a form would."""
    email = email.strip().lower()
    validate_email(email)
    refuse_cpr(email, _("e-mail address"))
    name = " ".join("".join(c for c in name if c.isprintable() or c.isspace()).split())
    refuse_cpr(name, _("name"))
    first, _space, last = name.rpartition(" ")
    if not first:
        first, last = last, ""
    if not first:
        raise ValidationError(
            _("Write the name of the person with the address %(email)s."), params={"email": email}, code="required"
        )
    if max(len(first), len(last)) > 150 or len(email) > 254:
        raise ValidationError(_("The name or the e-mail address is too long."), code="max_length")
    return email, first, last
