"""Forms of the room."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagements.design.forms import PortalForm, PortalModelForm, VersionedForm
from engagements.records.fields import refuse_cpr
from engagements.records.forms import UploadField

from .models import Action, Reply


class ReplyForm(VersionedForm, PortalModelForm):
    """The municipality's reply to a recommendation."""

    class Meta:
        model = Reply
        fields = ["stance", "text"]
        widgets = {"stance": forms.RadioSelect}
        help_texts = {"text": _("A declined recommendation is noted; you decide for yourselves. Write why.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stance"].choices = Reply.Stance.choices  # type: ignore[attr-defined]

    def clean(self) -> Any:
        """Declining wants a reason."""
        cleaned = super().clean()
        if self.cleaned_data.get("stance") == Reply.Stance.DECLINE and not self.cleaned_data.get("text", "").strip():
            self.add_error("text", forms.ValidationError(_("Write why you decline the recommendation.")))
        return cleaned


class ActionForm(VersionedForm, PortalModelForm):
    """What is to be done, by whom, by when."""

    class Meta:
        model = Action
        fields = ["title", "text", "owner", "due_on", "effect"]
        help_texts = {
            "title": _("Begin with a verb: “Introduce a fixed agenda for talks with the child”."),
            "effect": _("How will the children and families notice that it is done?"),
        }

    def clean_due_on(self) -> Any:
        """A new date lies ahead; an unchanged one may have passed."""
        due_on = self.cleaned_data["due_on"]
        if due_on < timezone.localdate() and due_on != self.initial.get("due_on"):
            raise forms.ValidationError(_("The due date has passed; choose a date ahead."))
        return due_on


class ReportDoneForm(PortalForm):
    """How it can be seen that an action is done."""

    evidence = forms.CharField(
        label=_("How can it be seen that it is done"),
        widget=forms.Textarea,
        max_length=4000,
        validators=[refuse_cpr],
        help_text=_(
            "Describe what has been introduced and where it can be seen. Write nothing about a particular child."
        ),
    )
    file = UploadField(label=_("Evidence as a file"), required=False)
