"""The forms of an engagement: plan, team, notes, documents."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagements.design.forms import DateField, PortalForm, PortalModelForm
from engagements.design.versions import VersionedForm
from engagements.records.fields import GuardedCharField
from engagements.records.forms import UploadField
from engagements.records.models import Document
from engagements.users.models import User

from .filters import consultants
from .models import Competence, EngagementNote, Milestone, Phase


class PhaseForm(VersionedForm, PortalModelForm):
    """The dates of a phase."""

    class Meta:
        model = Phase
        fields = ["starts_on", "ends_on"]

    move_rest = forms.BooleanField(
        label=_("Move the later phases and milestones along"),
        help_text=_("As many days as the end of this phase moves. What is finished or reached stays where it is."),
        required=False,
    )


class MilestoneForm(VersionedForm, PortalModelForm):
    """A milestone: what, when and whom it awaits."""

    class Meta:
        model = Milestone
        fields = ["title", "due_on", "side"]


class DayForm(PortalForm):
    """The day on which something was done: today unless said otherwise."""

    on = DateField(label=_("Date"), initial=timezone.localdate)

    def clean_on(self) -> Any:
        """Not in the future."""
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("The date cannot be in the future."))
        return day


class TeamForm(PortalForm):
    """A consultant to put on the team."""

    user = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Consultant"))
    competence = forms.ChoiceField(label=_("Competence"), choices=Competence.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = consultants(None)  # type: ignore[attr-defined]


class LeaveForm(PortalForm):
    """The first day a consultant is no longer on the team."""

    until = DateField(label=_("No longer on the team from"), initial=timezone.localdate)


class NoteForm(PortalModelForm):
    """A note, internal unless said otherwise."""

    class Meta:
        model = EngagementNote
        fields = ["text", "internal"]
        help_texts = {"internal": _("Not shown to the municipality. May be part of access to documents.")}


class DocumentForm(PortalForm):
    """A document for the case, shown to the municipality unless marked internal."""

    file = UploadField(label=_("File"))
    title = GuardedCharField(max_length=200).formfield(label=_("Title"))
    direction = forms.ChoiceField(label=_("Kind"), choices=Document.Direction.choices)
    internal = forms.BooleanField(
        label=_("Internal"),
        help_text=_("Not shown to the municipality. May be part of access to documents."),
        required=False,
    )
