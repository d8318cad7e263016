"""How allauth behaves here: mails in our design, messages in our words, a way on after sign-in."""

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, override

from engagements.users.models import User

from .forms import open_invitation
from .models import Membership
from .permissions import groups_of, may_accept
from .services import invitations_to


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by e-mail; sign-up only for people a municipality knows (see `forms.SignupForm`)."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy("The e-mail address and the password do not belong together."),
        "too_many_login_attempts": gettext_lazy("Too many failed attempts. Try again in a few minutes."),
    }

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """To an open invitation first, then to the start page; those who belong nowhere yet may ask to join."""
        user = cast(User, request.user)
        invitation = open_invitation(request)
        if invitation is not None and may_accept(invitation, user):
            return reverse("people:accept", args=[invitation.token])
        if not groups_of(user) and not user.is_superuser and not Membership.objects.filter(user=user).exists():
            waiting = invitations_to(user).first()
            return reverse("people:accept", args=[waiting.token]) if waiting else reverse("people:join")
        return reverse(settings.LOGIN_REDIRECT_URL)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """The same as after sign-in."""
        return self.get_login_redirect_url(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the account."""
        return reverse("people:account")

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], headers: dict[str, str] | None = None
    ) -> EmailMessage:
        """Allauth's text in our frame, in the recipient's own language."""
        user = context.get("user") or User.objects.filter(email=email.lower()).first()
        with override(getattr(user, "language", None) or get_language()):
            plain = super().render_mail(template_prefix, email, context, headers)
            # `message` is shaped like a row of the outbox, whose frame it borrows.
            frame = {
                "message": {"subject": plain.subject, "body": str(plain.body).strip()},
                "SITE_NAME": settings.SITE_NAME,
                "SITE_URL": settings.SITE_URL,
                "DEMONSTRATION": settings.DEMONSTRATION,
                "LANGUAGE_CODE": get_language(),
            }
            mail = EmailMultiAlternatives(
                subject=plain.subject,
                body=render_to_string("email/message.txt", frame),
                from_email=plain.from_email,
                to=plain.to,
                headers={"Auto-Submitted": "auto-generated", **(headers or {})},
            )
            mail.attach_alternative(render_to_string("email/message.html", frame), "text/html")
        return mail
