"""What the room's pages share: who gets in, and a page with one form."""

from typing import Any, cast

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.views.generic import TemplateView

from engagements.design.versions import StaleError
from engagements.lifecycle import MoveRefused
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

    @property
    def editor(self) -> User:
        """Who is asking: somebody signed in, as `dispatch` has seen to."""
        return cast(User, self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """404 for everyone else who is signed in."""
        if request.user.is_authenticated and not permissions.looks_after(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class FormPage(TemplateView):
    """A page with one form: `prepare` finds the thing, `make_form` builds the form, `save` does the act."""

    template_name = "network/form.html"
    page_title: str | Promise = ""
    button: str | Promise = ""
    crumbs: list[tuple[Any, str]] = []
    about_threads = False

    def prepare(self) -> None:
        """Find what the form is about; raise Http404 or PermissionDenied."""

    def make_form(self, *args: Any) -> Any:
        """The form."""
        raise NotImplementedError

    def save(self, form: Any) -> str:
        """Do it; returns the address of the next page."""
        raise NotImplementedError

    def back(self) -> str:
        """Where *Cancel* leads."""
        return reverse("network:start")

    def require(self, allowed: bool) -> None:
        """Those who may read but not write are told so."""
        if not allowed:
            raise PermissionDenied

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The empty form, or the one filled with what is stored."""
        self.prepare()
        return self.render_to_response(self.get_context_data(form=self.make_form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save, or show the form again with everything that was typed."""
        self.prepare()
        form = self.make_form(request.POST, request.FILES)
        if form.is_valid():
            try:
                return redirect(self.save(form))
            except StaleError:
                form.note_conflict()
            except MoveRefused as refused:
                form.add_error(None, str(refused))
            except ValidationError as error:
                form.add_error(None, error.messages)
        status = 409 if getattr(form, "conflict", None) else 200
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The title and the way back."""
        return super().get_context_data(**kwargs) | {
            "page_title": self.page_title,
            "button": self.button,
            "crumbs": self.crumbs,
            "back": self.back(),
            "about_threads": self.about_threads,
        }
