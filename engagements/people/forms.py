"""Forms about people, and allauth's forms in the design of the house."""

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm as AllauthGenerateRecoveryCodesForm
from allauth.mfa.totp import forms as totp
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from engagements.design.forms import DressedForm, PortalForm, PortalModelForm
from engagements.notices.models import Preference
from engagements.users.models import User

from . import demo, entrance, services
from .models import Invitation, Membership, Role

INVITATION = "invitation"
"""Session key: the token of the invitation whose link the visitor followed."""


class ProfileForm(PortalModelForm):
    """Name, language and how notices arrive."""

    mail = forms.ChoiceField(label=_("Notices by mail"), choices=Preference.Mail, widget=forms.RadioSelect)

    class Meta:
        model = User
        fields = ["first_name", "last_name", "language"]


class InviteForm(PortalForm):
    """Who is invited, and as what."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), choices=Role)


class JoinForm(PortalForm):
    """What the person is in the municipality of the work address."""

    role = forms.ChoiceField(label=_("Your role"), choices=Role)
    title = forms.CharField(label=_("Your title"), max_length=120, required=False)


class MembershipForm(PortalModelForm):
    """Role and title of one who belongs to the municipality."""

    class Meta:
        model = Membership
        fields = ["role", "title"]


# Sign-in: allauth's own forms, dressed ---------------------------------------------------------------


class Dressed(DressedForm):
    """Takes allauth's placeholders away (the labels say it) and gives the fields our look."""

    guards_free_text = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class LoginForm(Dressed, account.LoginForm):
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The link to a new password stands under the form, where the keyboard meets it after the button.
        self.fields["password"].help_text = ""

    demonstration_password = demo.PASSWORD

    def demonstration_accounts(self) -> list[tuple[str, list[demo.Account]]]:
        """The accounts listed on the sign-in page of the demonstration, and nowhere else."""
        return demo.accounts() if settings.DEMONSTRATION else []


class SignupForm(Dressed, account.SignupForm):
    """A new account: for addresses of a municipality, and for the address an invitation went to."""

    field_order = ["email", "first_name", "last_name", "password1", "password2"]
    first_name = forms.CharField(label=_("First name"), max_length=150)
    last_name = forms.CharField(label=_("Last name"), max_length=150)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.invitation = open_invitation(context.request)
        if self.invitation:
            first, _space, last = self.invitation.name.rpartition(" ")
            known = {"email": self.invitation.email, "first_name": first or last, "last_name": last if first else ""}
            kwargs["initial"] = known | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def clean_email(self) -> str:
        """Refuse addresses nobody here knows; the answer is the same whether or not there is an account."""
        email = self.cleaned_data["email"].lower()
        invited = self.invitation is not None and self.invitation.email.lower() == email
        if not invited and services.municipality_of_address(email) is None:
            raise ValidationError(
                _(
                    "Only work addresses of municipalities can be used here. Ask a leader in your municipality for an "
                    "invitation, or write to %(address)s if the municipality's address is missing."
                ),
                params={"address": settings.CONTACT_EMAIL},
                code="domain",
            )
        return str(super().clean_email())

    def save(self, request: HttpRequest) -> Any:
        """Following the invitation's link has shown that the address is the person's own."""
        if self.invitation and self.invitation.email.lower() == self.cleaned_data["email"].lower():
            get_adapter().stash_verified_email(request, self.invitation.email.lower())
        return super().save(request)


def open_invitation(request: HttpRequest | None) -> Invitation | None:
    """The invitation whose link the visitor followed, while it is open."""
    token = request.session.get(INVITATION) if request is not None else None
    invitation = Invitation.objects.open().filter(token=token).first() if token else None
    return invitation if invitation and invitation.is_open else None


class AddEmailForm(Dressed, account.AddEmailForm):
    """One more address."""


class ChangePasswordForm(Dressed, account.ChangePasswordForm):
    """A new password in place of the old."""


class SetPasswordForm(Dressed, account.SetPasswordForm):
    """A first password."""


class ResetPasswordForm(Dressed, account.ResetPasswordForm):
    """The address a link to a new password goes to."""


class ResetPasswordKeyForm(Dressed, account.ResetPasswordKeyForm):
    """A new password through the link, or the first one of a person whom others named."""

    def save(self) -> None:
        """The link has shown that the address is theirs, if it is the only one it can have gone to."""
        super().save()
        if not self.user.emailaddress_set.exclude(email__iexact=self.user.email).exists():
            entrance.confirm_address(self.user)


class ReauthenticateForm(Dressed, account.ReauthenticateForm):
    """The password once more."""


class AuthenticateForm(Dressed, mfa.AuthenticateForm):
    """The code of the second factor."""


class ReauthenticateCodeForm(Dressed, mfa.ReauthenticateForm):
    """The code once more."""


class ActivateTOTPForm(Dressed, totp.ActivateTOTPForm):
    """The first code of a new authenticator app."""


class DeactivateTOTPForm(Dressed, totp.DeactivateTOTPForm):
    """Nothing to fill in."""


class GenerateRecoveryCodesForm(Dressed, AllauthGenerateRecoveryCodesForm):
    """Nothing to fill in."""
