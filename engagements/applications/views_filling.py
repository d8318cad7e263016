"""Pages on which the municipality fills an application: sections, colleagues, attachments."""

from abc import ABC, abstractmethod
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView, View

from engagements.design.drafts import draft_not_saved, draft_refused, draft_saved
from engagements.design.versions import StaleError
from engagements.lifecycle import MoveRefused
from engagements.people import permissions as who

from . import permissions, services, standing
from .forms import AttachmentForm, InviteForm
from .models import Application, State
from .sections import BY_KEY, SECTIONS, Declared, SectionForm, examine
from .views import ApplicationMixin


class SectionMixin(ApplicationMixin):
    """A section of an application that is open for changes; readers are sent to the answers."""

    declared: Declared

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Find the section."""
        if kwargs["key"] not in BY_KEY:
            raise Http404
        self.declared = BY_KEY[kwargs["key"]]
        return super().dispatch(request, *args, **kwargs)

    def may(self, user: Any) -> bool:
        """Those who write for the municipality; when it is closed for changes they get a message, not a 404."""
        return who.works_for(user, self.application.municipality_id)

    def form(self, *args: Any) -> SectionForm:
        """The section's form on the stored row."""
        row = self.application.sections.select_related("saved_by").get(key=self.declared.key)
        return self.declared.form(*args, stored=row)

    def store(self, form: SectionForm, *, logged: bool) -> Any:
        """Save the answers of a valid form."""
        return services.save_section(
            self.application,
            key=self.declared.key,
            answers=form.answers,
            complete=form.is_complete,
            expected_version=form.expected_version,
            by=self.request.user,  # type: ignore[attr-defined]
            logged=logged,
        )


class SectionPage(SectionMixin, TemplateView):
    """One section: a topic, its questions, save and go on."""

    template_name = "applications/section.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form; a closed application shows its answers instead."""
        if not self.application.is_editable:
            messages.info(request, _("The application cannot be changed now."))
            return redirect("applications:review_answers", self.application.reference)
        return self.render_to_response(self.get_context_data(form=self.form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save what is right; show what is wrong with everything kept."""
        form = self.form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=409 if form.conflict else 422)
        try:
            self.store(form, logged=True)
        except StaleError:
            form.note_conflict()
            return self.render_to_response(self.get_context_data(form=form), status=409)
        except MoveRefused as refusal:
            form.add_error(None, ValidationError(str(refusal)))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        messages.success(request, self._saved(form))
        return HttpResponseRedirect(self._next())

    def _saved(self, form: SectionForm) -> str:
        n = len(form.unanswered)
        if not n:
            return _("“%(section)s” is saved and complete.") % {"section": self.declared.title}
        return ngettext(
            "“%(section)s” is saved. %(n)s question is not answered yet.",
            "“%(section)s” is saved. %(n)s questions are not answered yet.",
            n,
        ) % {"section": self.declared.title, "n": n}

    def _next(self) -> str:
        place = SECTIONS.index(self.declared) + 1
        if "later" in self.request.POST or self.application.state != State.DRAFT:
            return self.application.get_absolute_url()
        if place == len(SECTIONS):
            return reverse("applications:review_answers", args=[self.application.reference])
        return reverse("applications:section", args=[self.application.reference, SECTIONS[place].key])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form with its place among the sections, and what is not answered yet."""
        form: SectionForm = kwargs["form"]
        row = form.stored
        open_questions = examine(self.declared, row.answers).unanswered if row.saved_by_id else set()
        return super().get_context_data(
            section=self.declared,
            row=row,
            place=SECTIONS.index(self.declared) + 1,
            total=len(SECTIONS),
            last=self.declared is SECTIONS[-1],
            unanswered=[field.label for field in form if field.name in open_questions and not form.is_bound],
            steps=_steps(self.application, self.declared),
            time_left=standing.time_left(self.application.round.closes_at, self.arrived_at),
            **kwargs,
        )


def _steps(application: Application, current: Declared) -> list[dict[str, Any]]:
    done = set(application.sections.filter(complete=True).values_list("key", flat=True))
    return [
        {
            "title": section.title,
            "address": reverse("applications:section", args=[application.reference, section.key]),
            "current": section is current,
            "done": section.key in done,
        }
        for section in SECTIONS
    ]


class Autosave(SectionMixin, View):
    """The draft saves itself: JSON with the new version, or why nothing was saved."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        """Save without a word in the log."""
        form = self.form(request.POST)
        if form.is_valid():
            try:
                section = self.store(form, logged=False)
            except StaleError:
                form.note_conflict()
            except MoveRefused as refusal:
                return draft_refused(refusal)
            else:
                return draft_saved(section)
        return draft_not_saved(form)


class FormPage(ApplicationMixin, TemplateView, ABC):
    """One form on a page of its own; a subclass gives the words, `form` and `perform`."""

    template_name = "applications/form_page.html"
    heading: Any = ""
    intro: Any = ""
    button: Any = gettext_lazy("Save")

    def may(self, user: Any) -> bool:
        """Those who may change the application."""
        return permissions.may_edit(self.application, user)

    @abstractmethod
    def form(self, *args: Any) -> Any:
        """The form, bound when arguments are given."""

    @abstractmethod
    def perform(self, form: Any) -> str:
        """Do it; returns the sentence shown afterwards."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The empty form."""
        return self.render_to_response(self.get_context_data(form=self.form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it, or say why not with everything typed kept."""
        form = self.form(request.POST, request.FILES)
        if form.is_valid():
            try:
                done = self.perform(form)
            except MoveRefused as refusal:
                form.add_error(None, ValidationError(str(refusal)))
            except ValidationError as refusal:
                form.add_error(None, ValidationError(refusal.messages))
            else:
                messages.success(request, done)
                return self.back()
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page's words."""
        return super().get_context_data(heading=self.heading, intro=self.intro, button=self.button, **kwargs)


class Invite(FormPage):
    """A colleague to help."""

    heading = gettext_lazy("Invite a colleague")
    intro = gettext_lazy(
        "A colleague with access gets a notice; anyone else gets an invitation by mail that leads here."
    )
    button = gettext_lazy("Send the invitation")

    def form(self, *args: Any) -> InviteForm:
        """Address and role."""
        return InviteForm(*args)

    def perform(self, form: InviteForm) -> str:
        """Invite."""
        email = form.cleaned_data["email"]
        known = services.invite_colleague(
            self.application,
            email=email,
            role=form.cleaned_data["role"],
            by=self.request.user,  # type: ignore[arg-type]
        )
        if known:
            return _("%(email)s already has access and has been asked to help.") % {"email": email}
        return _("An invitation has been sent to %(email)s.") % {"email": email}


class AddAttachment(FormPage):
    """A file."""

    heading = gettext_lazy("Add an attachment")
    intro = gettext_lazy(
        "For example the minutes of the meeting or an organisation chart. Nothing about single children."
    )
    button = gettext_lazy("Add the file")

    def form(self, *args: Any) -> AttachmentForm:
        """Title and file."""
        return AttachmentForm(*args)

    def perform(self, form: AttachmentForm) -> str:
        """Attach."""
        title = form.cleaned_data["title"]
        services.add_attachment(
            self.application,
            title=title,
            upload=form.cleaned_data["file"],
            by=self.request.user,  # type: ignore[arg-type]
        )
        return _("“%(title)s” has been added.") % {"title": title}


class RemoveAttachment(ApplicationMixin, TemplateView):
    """Asks, then takes a file away."""

    template_name = "applications/remove_attachment.html"

    def may(self, user: Any) -> bool:
        """Those who may change the application."""
        return permissions.may_edit(self.application, user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The file."""
        return super().get_context_data(attachment=get_object_or_404(self.application.attachments, pk=kwargs["pk"]))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Remove it; a second click finds nothing and goes home."""
        attachment = self.application.attachments.filter(pk=kwargs["pk"]).first()
        if attachment is not None:
            try:
                services.remove_attachment(attachment, by=request.user)  # type: ignore[arg-type]
            except MoveRefused as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, _("“%(title)s” has been removed.") % {"title": attachment.title})
        return self.back()
