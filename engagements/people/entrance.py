"""The first way in of people who have an account because others named them (`services.person_by_mail`)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.users.models import User

from .models import Invitation
from .services import person_of_address


def newcomer(invitation: Invitation) -> User | None:
    """The person an open invitation went to, if they have an account that others made and never had a password."""
    if not invitation.is_open:
        return None
    user = person_of_address(invitation.email)
    waits = user is not None and user.is_active and user.last_login is None and not user.has_usable_password()
    return user if waits else None


@transaction.atomic
def choose_first_password(invitation: Invitation, *, password: str) -> User:
    """Let the newcomer in: the invitation's link proves that the address is theirs. Works once."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    user = newcomer(invitation)
    if user is not None:
        user = User.objects.select_for_update().get(pk=user.pk)
    if user is None or user.has_usable_password():
        raise ValidationError(_("The invitation is no longer open."), code="closed")
    user.set_password(password)
    user.save(update_fields=["password"])
    confirm_address(user)
    return user


@transaction.atomic
def confirm_address(user: User) -> None:
    """The person's main address is confirmed: they followed a link that was mailed to it."""
    user.emailaddress_set.exclude(email__iexact=user.email).update(primary=False)
    user.emailaddress_set.update_or_create(email=user.email, defaults={"verified": True, "primary": True})
