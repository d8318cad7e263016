"""The pages where something is done to an engagement: one form, one service, and back to where it shows."""

from abc import ABC, abstractmethod
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from engagements.design.forms import PortalForm
from engagements.design.versions import StaleError
from engagements.lifecycle import MoveRefused, Text, record
from engagements.records.models import Document
from engagements.records.services import file_document

from . import permissions, services
from .forms import DayForm, DocumentForm, LeaveForm, MilestoneForm, NoteForm, PhaseForm, TeamForm
from .models import Milestone, Phase, TeamMember
from .views import EngagementMixin


class Act(EngagementMixin, FormView, ABC):
    """A page with one form for the team and the lead; a refusal is shown at the form, and what was typed is kept."""

    template_name = "programme/act.html"
    heading: Text = ""
    intro: Text = ""
    button: Text = _("Save")
    done: Text = _("Saved.")
    dangerous = False
    back = "engagements:plan"

    def may_read(self, user: Any) -> bool:
        """Those who steer."""
        return permissions.may_steer(self.engagement, user)

    def get_success_url(self) -> str:
        """The tab the act belongs to."""
        return reverse(self.back, args=[self.engagement.case_no])

    def get_heading(self) -> Text:
        """The page's heading."""
        return self.heading

    def form_valid(self, form: Any) -> HttpResponse:
        """Do it; what refuses it is said at the form."""
        try:
            self.act(form)
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as error:
            form.add_error(None, error.messages)
        except StaleError:
            form.note_conflict()
        if form.errors:
            return self.form_invalid(form)
        messages.success(self.request, str(self.done))
        return HttpResponseRedirect(self.get_success_url())

    def form_invalid(self, form: Any) -> HttpResponse:
        """The form again, with what is wrong."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    @abstractmethod
    def act(self, form: Any) -> None:
        """What is done with a valid form."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The words around the form."""
        return super().get_context_data(**kwargs) | {
            "act_heading": self.get_heading(),
            "intro": self.intro,
            "button": self.button,
            "dangerous": self.dangerous,
            "back": self.get_success_url(),
        }


class OnPhase(Act):
    """An act on one phase."""

    active_tab = "plan"

    def setup_phase(self) -> Phase:
        """The phase the address names."""
        return get_object_or_404(Phase, engagement=self.engagement, kind=self.kwargs["kind"])

    def get_heading(self) -> str:
        """With the phase's name."""
        return str(self.heading) % {"phase": self.setup_phase()}


class ChangePhase(OnPhase):
    """Other dates for a phase."""

    form_class = PhaseForm
    heading = _("Change the dates of the phase “%(phase)s”")
    done = _("The dates are changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The phase as it is stored."""
        return super().get_form_kwargs() | {"instance": self.setup_phase()}

    def act(self, form: PhaseForm) -> None:
        """Change the phase, and the rest of the plan if wished."""
        services.change_phase(
            self.setup_phase(),
            starts_on=form.cleaned_data["starts_on"],
            ends_on=form.cleaned_data["ends_on"],
            expected=form.expected_version,
            move_rest=form.cleaned_data["move_rest"],
            by=self.request.user,  # type: ignore[arg-type]
        )


class FinishPhase(OnPhase):
    """A phase is done."""

    form_class = DayForm
    heading = _("Finish the phase “%(phase)s”")
    intro = _("The next phase is then the current one. This cannot be undone.")
    button = _("Finish the phase")
    done = _("The phase is finished.")

    def act(self, form: DayForm) -> None:
        """Finish it on the day given."""
        services.finish_phase(self.setup_phase(), on=form.cleaned_data["on"], by=self.request.user)  # type: ignore[arg-type]


class AddMilestone(Act):
    """A new milestone."""

    active_tab = "plan"
    form_class = MilestoneForm
    heading = _("Add a milestone")
    done = _("The milestone is in the plan.")

    def milestone(self) -> Milestone:
        """A new one."""
        return Milestone(engagement=self.engagement)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The milestone being written."""
        return super().get_form_kwargs() | {"instance": self.milestone()}

    def act(self, form: MilestoneForm) -> None:
        """Put it in the plan."""
        services.save_milestone(form.instance, expected=form.cleaned_data.get("version"), by=self.request.user)  # type: ignore[arg-type]


class ChangeMilestone(AddMilestone):
    """A milestone's title, date and side."""

    heading = _("Change the milestone")
    done = _("The milestone is changed.")

    def milestone(self) -> Milestone:
        """The one the address names."""
        return get_object_or_404(Milestone, engagement=self.engagement, pk=self.kwargs["pk"])


class OnMilestone(Act):
    """An act on one milestone."""

    active_tab = "plan"

    def milestone(self) -> Milestone:
        """The one the address names."""
        return get_object_or_404(Milestone, engagement=self.engagement, pk=self.kwargs["pk"])

    def get_heading(self) -> str:
        """With the milestone's name."""
        return str(self.heading) % {"milestone": self.milestone().name}


class ReachMilestone(OnMilestone):
    """A milestone is reached."""

    form_class = DayForm
    heading = _("Reached: %(milestone)s")
    button = _("Mark as reached")
    done = _("The milestone is reached.")

    def act(self, form: DayForm) -> None:
        """Reached on the day given."""
        services.reach_milestone(self.milestone(), on=form.cleaned_data["on"], by=self.request.user)  # type: ignore[arg-type]


class RemoveMilestone(OnMilestone):
    """A milestone goes out of the plan."""

    form_class = PortalForm
    heading = _("Remove from the plan: %(milestone)s")
    intro = _("The log keeps that it was there.")
    button = _("Remove the milestone")
    done = _("The milestone is removed.")
    dangerous = True

    def act(self, form: Any) -> None:
        """Remove it."""
        services.remove_milestone(self.milestone(), by=self.request.user)  # type: ignore[arg-type]


class JoinTeam(Act):
    """A consultant joins the team."""

    form_class = TeamForm
    back = "engagements:team"
    heading = _("Add to the team")
    intro = _("The person then reads the engagement in full and gets a notice.")
    button = _("Add to the team")
    done = _("The person is on the team.")

    def act(self, form: TeamForm) -> None:
        """From today."""
        services.add_to_team(
            self.engagement,
            user=form.cleaned_data["user"],
            competence=form.cleaned_data["competence"],
            by=self.request.user,  # type: ignore[arg-type]
        )


class LeaveTeam(Act):
    """A consultant leaves the team."""

    form_class = LeaveForm
    back = "engagements:team"
    heading = _("End the time on the team: %(person)s")
    intro = _("What the person has done stays in the log.")
    button = _("Save the date")
    done = _("The date is saved.")

    def member(self) -> TeamMember:
        """The current member the address names."""
        return get_object_or_404(
            TeamMember.objects.current().select_related("user"), engagement=self.engagement, pk=self.kwargs["pk"]
        )

    def get_heading(self) -> str:
        """With the person's name."""
        return str(self.heading) % {"person": self.member().user}

    def act(self, form: LeaveForm) -> None:
        """From the day given."""
        services.leave_team(self.member(), until=form.cleaned_data["until"], by=self.request.user)  # type: ignore[arg-type]


class WriteNote(Act):
    """A note on the engagement."""

    active_tab = "history"
    form_class = NoteForm
    back = "engagements:history"
    heading = _("Write a note")
    button = _("Save the note")
    done = _("The note is saved.")

    def act(self, form: NoteForm) -> None:
        """Internal unless the box is cleared."""
        services.write_note(
            self.engagement,
            text=form.cleaned_data["text"],
            internal=form.cleaned_data["internal"],
            by=self.request.user,  # type: ignore[arg-type]
        )


class AddDocument(Act):
    """A document for the case."""

    active_tab = "documents"
    form_class = DocumentForm
    back = "engagements:documents"
    heading = _("Add a document")
    button = _("Add the document")
    done = _("The document is on the case.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """A received document unless said otherwise."""
        return super().get_form_kwargs() | {"initial": {"direction": Document.Direction.RECEIVED}}

    def act(self, form: forms.Form) -> None:
        """Give it the case's next document number."""
        given = form.cleaned_data
        document = file_document(
            self.engagement.case_no,
            given["title"],
            given["file"],
            by=self.request.user,  # type: ignore[arg-type]
            internal=given["internal"],
            direction=given["direction"],
        )
        note = f"{document.number}. {document.title}"
        record(self.engagement, "document_added", by=self.request.user, note=note, internal=given["internal"])  # type: ignore[arg-type]
