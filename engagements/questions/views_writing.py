"""The pages where a question is asked, handed out, answered, confirmed and rewritten: one form each."""

from abc import abstractmethod
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.design.forms import PortalForm
from engagements.design.writing import ActView

from . import forms, permissions, services
from .messages import readers_of_answer
from .models import LegalQuestion, PublishedAnswer, QuestionState
from .views import QuestionMixin, askers


class QuestionForm(ActView):
    """A form about a question."""

    template_name = "questions/form.html"


class OnQuestion(QuestionMixin, QuestionForm):
    """A form about a question; those for whom it is not get 404."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Only where the person may do it."""
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form."""
        self._only_if_allowed()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it; a second click finds it done."""
        if self.is_done():
            return HttpResponseRedirect(self.get_success_url())
        self._only_if_allowed()
        return super().post(request, *args, **kwargs)

    def _only_if_allowed(self) -> None:
        if not self.allowed():
            raise Http404

    @abstractmethod
    def allowed(self) -> bool:
        """Whether this person may do it now."""

    def is_done(self) -> bool:
        """Whether this person has just done it."""
        return False

    def get_success_url(self) -> str:
        """The question's own page."""
        return self.question.get_absolute_url()


class Ask(LoginRequiredMixin, QuestionForm):
    """Ask; answers that resemble the question are shown before it is sent."""

    template_name = "questions/ask.html"
    form_class = forms.QuestionForm
    heading = gettext_lazy("Ask about rules and practice")
    button = gettext_lazy("Send the question")
    similar: list[PublishedAnswer] = []
    asked: LegalQuestion | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """For those who may ask somewhere."""
        self.arrived_at = timezone.now()
        if request.user.is_authenticated and not askers(request.user).exists():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """On behalf of whom."""
        return super().get_form_kwargs() | {"askers": askers(self.request.user)}

    def form_valid(self, form: Any) -> HttpResponse:
        """Show what is answered already, once; then ask."""
        said = form.cleaned_data
        if not self.request.POST.get("seen"):
            self.similar = services.similar_answers(f"{said['title']} {said['text']}")
            if self.similar:
                return self.render_to_response(self.get_context_data(form=form))
        return super().form_valid(form)

    def act(self, form: Any) -> None:
        """Ask."""
        self.asked = services.ask(**form.cleaned_data, by=self.request.user, at=self.arrived_at)  # type: ignore[arg-type]
        self.done = _("We have received the question (%(reference)s).") % {"reference": self.asked.reference}

    def get_success_url(self) -> str:
        """The question's page, or the list."""
        from django.urls import reverse

        return self.asked.get_absolute_url() if self.asked else reverse("questions:list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the answers that resemble it."""
        return super().get_context_data(**kwargs) | {
            "similar": self.similar,
            "seen": bool(self.similar) or bool(self.request.POST.get("seen")),
            "working_days": services.WORKING_DAYS,
        }


class Change(OnQuestion):
    """Change the words of a question nobody works on yet."""

    form_class = forms.QuestionForm
    heading = gettext_lazy("Change the question")

    def allowed(self) -> bool:
        """Those who may ask there, while it is only received."""
        return permissions.may_change(self.question, self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The question as it is."""
        return super().get_form_kwargs() | {"instance": self.question, "askers": askers(self.request.user)}

    def act(self, form: Any) -> None:
        """Save it."""
        said = {name: form.cleaned_data[name] for name in forms.QuestionForm.Meta.fields}
        stored = LegalQuestion.objects.get(pk=self.question.pk)
        services.change_question(stored, version=form.expected_version or 0, by=self.request.user, **said)


class Assign(OnQuestion):
    """Hand the question to a lawyer."""

    form_class = forms.AssignForm
    template_name = "questions/assign.html"
    heading = gettext_lazy("Hand to a lawyer")
    button = gettext_lazy("Hand over")
    done = gettext_lazy("The question is handed to a lawyer.")

    def allowed(self) -> bool:
        """Lawyers and the lead."""
        return permissions.may_assign(self.question, self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Those who may answer it."""
        return super().get_form_kwargs() | {"lawyers": services.lawyers_for(self.question)}

    def get_initial(self) -> dict[str, Any]:
        """Who and when as it is."""
        return {"lawyer": self.question.assigned_to, "due_on": self.question.due_on}

    def act(self, form: Any) -> None:
        """Hand it over."""
        services.assign(self.question, **form.cleaned_data, by=self.request.user, at=self.arrived_at)  # type: ignore[arg-type]


class Draft(OnQuestion):
    """Write on the answer."""

    form_class = forms.DraftForm
    template_name = "questions/draft.html"
    heading = gettext_lazy("Write the answer")

    def allowed(self) -> bool:
        """Lawyers, while it is being written."""
        return permissions.may_draft(self.question, self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The answer as it is."""
        return super().get_form_kwargs() | {"instance": self.question}

    def act(self, form: Any) -> None:
        """Save it."""
        said = {name: form.cleaned_data[name] for name in ("answer", "basis", "other_basis")}
        stored = LegalQuestion.objects.get(pk=self.question.pk)
        services.write_draft(stored, version=form.expected_version or 0, by=self.request.user, **said)


class Confirm(OnQuestion):
    """The answer as the municipality will read it, who gets it, and the button that sends it."""

    form_class = PortalForm
    template_name = "questions/confirm.html"
    heading = gettext_lazy("Confirm and send the answer")
    button = gettext_lazy("Send the answer to the municipality")
    done = gettext_lazy("The answer is sent to the municipality.")

    def allowed(self) -> bool:
        """Those who have not written on it."""
        reading = self.question.state == QuestionState.SECOND_READING
        return reading and permissions.may_confirm(self.question, self.request.user)

    def is_done(self) -> bool:
        """A second click."""
        answered = self.question.state == QuestionState.ANSWERED
        return answered and self.question.confirmed_by_id == self.request.user.pk

    def act(self, form: Any) -> None:
        """Send it."""
        services.move_question(self.question, "confirm", by=self.request.user, at=self.arrived_at)  # type: ignore[arg-type]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The recipients and the text."""
        return super().get_context_data(**kwargs) | {
            "recipients": readers_of_answer(self.question),
            "basis": self.question.basis.select_related("requirement"),
            "drafters": list(self.question.drafters.all()),
        }


class WriteNote(OnQuestion):
    """An internal note."""

    form_class = forms.NoteForm
    heading = gettext_lazy("Internal note")
    button = gettext_lazy("Save the note")

    def allowed(self) -> bool:
        """Lawyers and the lead."""
        return permissions.may_handle(self.question, self.request.user)

    def act(self, form: Any) -> None:
        """Write it."""
        services.write_note(self.question, text=form.cleaned_data["text"], by=self.request.user)  # type: ignore[arg-type]


class Rewrite(OnQuestion):
    """Rewrite the answer for everyone; another person publishes it."""

    form_class = forms.RewriteForm
    template_name = "questions/rewrite.html"
    heading = gettext_lazy("Rewrite for publication")
    button = gettext_lazy("Save the draft")
    done = gettext_lazy("The draft is saved. Another person reads and publishes it.")
    written: PublishedAnswer | None = None

    def allowed(self) -> bool:
        """Lawyers, of answered questions."""
        return permissions.may_rewrite(self.question, self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The draft, or one that begins with what was asked and answered."""
        found = PublishedAnswer.objects.filter(question=self.question).first()
        return super().get_form_kwargs() | {"instance": found or self._begun()}

    def _begun(self) -> PublishedAnswer:
        question = self.question
        starts, ends = services.validity_of(question.basis.all())
        return PublishedAnswer(
            question=question,
            published_title=question.title,
            published_question=question.text,
            published_answer=question.answer,
            topic=question.topic,
            law=question.law,
            other_basis=question.other_basis,
            valid_from=starts or timezone.localdate(),
            valid_until=ends,
        )

    def act(self, form: Any) -> None:
        """Save the draft."""
        said = {name: form.cleaned_data[name] for name in forms.RewriteForm.Meta.fields}
        self.written = services.rewrite(self.question, version=form.expected_version, by=self.request.user, **said)  # type: ignore[arg-type]

    def get_success_url(self) -> str:
        """The draft as everyone would see it."""
        return (self.written or self.question).get_absolute_url()
