"""Staff work with a second factor where the setting asks for it (production)."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from .permissions import is_host, is_task_force


class SecondFactorMiddleware:
    """Sends staff without a second factor to the page that sets one up, whatever they asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.MFA_REQUIRED_FOR_STAFF and self._must_set_up(request):
            messages.warning(request, _("Staff sign in with an authenticator app. Set it up before you go on."))
            return redirect("mfa_activate_totp")
        return self.get_response(request)

    def _must_set_up(self, request: HttpRequest) -> bool:
        # The account's own pages are the way out; everything else waits, also what only lies under the same address.
        below = (reverse("notices:list"), reverse("notices:outbox"))
        ways_out = (reverse("people:account"), settings.STATIC_URL)
        if request.path.startswith(ways_out) and not request.path.startswith(below):
            return False
        user = request.user
        if not user.is_authenticated or not (
            user.is_superuser or user.is_staff or is_task_force(user) or is_host(user)
        ):
            return False
        return not is_mfa_enabled(user)
