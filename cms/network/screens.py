"""What the room's pages share: who gets in, and a page with one form."""

from typing import Any, cast

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest
from django.urls import reverse

from engagements.design.writing import FormPage
from engagements.lifecycle import Text
from engagements.users.models import User

from . import permissions


class InNetwork(LoginRequiredMixin):
    """For those who belong; for others there is nothing here."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """404 for everyone else who is signed in."""
        if request.user.is_authenticated and not permissions.belongs(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class LooksAfter(LoginRequiredMixin):
    """For those who look after the network."""

    request: HttpRequest
    may_enter = staticmethod(permissions.looks_after)

    @property
    def editor(self) -> User:
        """Who is asking: somebody signed in, as `dispatch` has seen to."""
        return cast(User, self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """404 for everyone else who is signed in."""
        if request.user.is_authenticated and not self.may_enter(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class Arranges(LooksAfter):
    """For those who arrange its meetings: also the host."""

    may_enter = staticmethod(permissions.arranges)


class NetworkFormPage(FormPage):
    """A form of the network, with the way back."""

    template_name = "network/form.html"
    button: Text = ""
    crumbs: list[tuple[Any, str]] = []
    about_threads = False

    def back(self) -> str:
        """Where *Cancel* leads."""
        return reverse("network:start")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The way back, and the words around the form."""
        return super().get_context_data(**kwargs) | {
            "button": self.button,
            "crumbs": self.crumbs,
            "back": self.back(),
            "about_threads": self.about_threads,
        }
