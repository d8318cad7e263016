"""The page that performs a move, and the buttons that lead to it.

    class ApplicationMove(MoveView):
        slug_field = slug_url_kwarg = "reference"

        def get_queryset(self): return Application.objects.visible_to(self.request.user)

    path("<str:reference>/skridt/<str:name>/", ApplicationMove.as_view(), name="move")

The address takes the same named arguments as the thing's own page and `name` (or pk and name where the thing has no
page); a model that needs others defines `move_args(name) -> list`.
"""

from contextlib import suppress
from importlib import import_module
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from django.views.generic.detail import SingleObjectMixin
from wagtail.log_actions import registry

from engagements.lifecycle import Move, MoveRefused, action_name, move, move_named, moves_for, state_label

from .forms import PortalForm


def move_url(obj: Any, name: str) -> str:
    """The address of the page that performs the move: the room's `move`, with the arguments of the thing's own page."""
    app, room = type(obj).__module__.split(".")[:2]
    address = f"{import_module(f'{app}.{room}.urls').app_name}:move"
    if hasattr(obj, "move_args"):
        return reverse(address, args=obj.move_args(name))
    if hasattr(obj, "get_absolute_url"):
        own = resolve(obj.get_absolute_url())
        with suppress(NoReverseMatch):
            return reverse(address, kwargs={**own.kwargs, "name": name})
    return reverse(address, args=[obj.pk, name])


def note_form(declared: Move, posted: Any = None) -> PortalForm:
    """A form with the note the move asks for, or with nothing at all; the move's `help` says who reads the note."""
    fields = {}
    if declared.note != "none":
        fields["note"] = forms.CharField(
            label=str(declared.note_label),
            required=declared.note == "required",
            max_length=4000,
            widget=forms.Textarea,
            help_text=_("Not shown to the municipality. May be part of access to documents.")
            if declared.note_internal
            else str(declared.help),
        )
    return type("NoteForm", (PortalForm,), fields)(posted)


class MoveView(LoginRequiredMixin, SingleObjectMixin[Any], TemplateView):
    """Asks before a move, performs it on POST, and says what happened; a second click is answered quietly."""

    template_name = "components/move.html"
    object: Any

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Note when the request arrived: deadlines compare with that."""
        super().setup(request, *args, **kwargs)
        self.arrived_at = timezone.now()

    def get_success_url(self) -> str:
        """Where the person goes afterwards: the thing's own page."""
        return resolve_url(self.object)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask, with the note field the move wants; 409 when the move is not possible now."""
        declared = self._find()
        if not self._may(declared):
            return self._page(declared, refused=self._why_not(declared), status=409)
        return self._page(declared, form=note_form(declared))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Perform the move."""
        declared = self._find()
        if not self._may(declared) and self._just_done(declared):
            return HttpResponseRedirect(self.get_success_url())
        form = note_form(declared, request.POST)
        if self._may(declared) and not form.is_valid():
            return self._page(declared, form=form, status=422)
        try:
            self.perform(declared, form.data.get("note", ""))
        except MoveRefused as refusal:
            self.object.refresh_from_db()
            return self._page(declared, form=form, refused=str(refusal), status=409)
        except ValidationError as error:
            self.object.refresh_from_db()
            return self._page(declared, form=form, refused=" ".join(error.messages), status=409)
        messages.success(request, str(declared.done))
        return HttpResponseRedirect(self.get_success_url())

    def perform(self, declared: Move, note: str) -> None:
        """Make the move; a room whose move needs more around it overrides this."""
        move(self.object, declared.name, by=self.request.user, note=note, at=self.arrived_at)  # type: ignore[arg-type]

    def _find(self) -> Move:
        self.object = self.get_object()
        declared = move_named(type(self.object), self.kwargs["name"])
        if declared is None or declared.hidden or declared.system:
            raise Http404
        return declared

    def _may(self, declared: Move) -> bool:
        return any(one.name == declared.name for one in moves_for(self.object, self.request.user))

    def _why_not(self, declared: Move) -> str:
        return _("“%(move)s” is not possible now: the state is “%(state)s”. Nothing has been changed.") % {
            "move": declared.label,
            "state": state_label(self.object),
        }

    def _just_done(self, declared: Move) -> bool:
        last = registry.get_logs_for_instance(self.object).order_by("-timestamp", "-pk").first()
        return (
            last is not None
            and last.action == action_name(type(self.object), declared.name)
            and last.user_id == self.request.user.pk
        )

    def _page(
        self, declared: Move, *, form: PortalForm | None = None, refused: str = "", status: int = 200
    ) -> HttpResponse:
        context = self.get_context_data(
            object=self.object, move=declared, form=form, refused=refused, back=self.get_success_url()
        )
        return self.render_to_response(context, status=status)
