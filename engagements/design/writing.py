"""The page with one form: nothing typed is lost, whatever stands in the way.

    class WriteCourse(FormPage):
        def make_form(self, *args): return CourseForm(*args, instance=self.course)
        def save(self, form): return services.write_course(...).get_absolute_url()

`ActView` is the same for those who begin from Django's FormView: the form is `form_class`, what is done is `act`.
"""

from abc import ABC, abstractmethod
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView

from engagements.lifecycle import MoveRefused, Text

from .versions import StaleError

REFUSALS = (StaleError, MoveRefused, ValidationError)
"""What a service raises when it does nothing."""


def show_refusal(form: Any, refusal: Exception) -> None:
    """Say on the form why a service refused, at the field where there is one; a conflict shows both versions."""
    if isinstance(refusal, StaleError):
        form.note_conflict()
        return
    if not isinstance(refusal, ValidationError):
        form.add_error(None, str(refusal))
        return
    texts = refusal.message_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.messages}
    for name, found in texts.items():
        form.add_error(name if name in form.fields else None, found)


def status_of(form: Any) -> int:
    """409 for a form that somebody else was faster with, 422 for one that cannot be saved as it is."""
    return 409 if getattr(form, "conflict", None) else 422


class FormPage(TemplateView, ABC):
    """A form on one topic: `prepare` finds the thing, `make_form` builds the form, `save` does the act."""

    page_title: Text = ""
    done: Text = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Note when the request arrived: deadlines compare with that."""
        super().setup(request, *args, **kwargs)
        self.arrived_at = timezone.now()

    def prepare(self) -> None:
        """Find what the form is about; raise Http404 or PermissionDenied."""

    @abstractmethod
    def make_form(self, *args: Any) -> Any:
        """The form, empty or with what is stored; `args` is what was posted."""

    @abstractmethod
    def save(self, form: Any) -> str:
        """Do it; returns the address of the next page."""

    def is_valid(self, form: Any) -> bool:
        """Whether everything that was sent may be saved."""
        return bool(form.is_valid())

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
        if self.is_valid(form):
            try:
                address = self.save(form)
            except REFUSALS as refusal:
                show_refusal(form, refusal)
            else:
                if self.done:
                    messages.success(request, str(self.done))
                return redirect(address)
        return self.render_to_response(self.get_context_data(form=form), status=status_of(form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The title of the form."""
        title = {"page_title": self.page_title} if self.page_title else {}
        return title | super().get_context_data(**kwargs)


class ActView(FormView, ABC):
    """Something that is done with a form: the words around it, the act, and the page one comes back to."""

    heading: Text = ""
    intro: Text = ""
    button: Text = gettext_lazy("Save")
    done: Text = gettext_lazy("Saved.")

    @abstractmethod
    def act(self, form: Any) -> None:
        """What is done with a valid form."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Do it; what refuses it is said at the form."""
        try:
            self.act(form)
        except REFUSALS as refusal:
            show_refusal(form, refusal)
        if form.errors:
            return self.form_invalid(form)
        messages.success(self.request, str(self.done))
        return HttpResponseRedirect(self.get_success_url())

    def form_invalid(self, form: Any) -> HttpResponse:
        """The form again, with what is wrong."""
        return self.render_to_response(self.get_context_data(form=form), status=status_of(form))

    def get_heading(self) -> Text:
        """The page's heading."""
        return self.heading

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The words around the form."""
        return super().get_context_data(**kwargs) | {
            "act_heading": self.get_heading(),
            "intro": self.intro,
            "button": self.button,
            "back": self.get_success_url(),
        }
