"""The form of a briefing."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagements.design.forms import PortalModelForm, VersionedForm

from .models import Briefing

MOST_QUESTIONS = 5


class BriefingForm(VersionedForm, PortalModelForm):
    """What the team writes; the numbers come by themselves."""

    class Meta:
        model = Briefing
        fields = ["status_text", "decision_asked", "questions", "next_date"]
        help_texts = {
            "status_text": _("Three or four sentences a member without background in the field understands at once."),
            "decision_asked": _("What the council is asked to decide or take note of."),
            "next_date": _("When the council hears from you again."),
        }

    def clean_questions(self) -> str:
        """At most five lines."""
        lines = [line.strip() for line in self.cleaned_data["questions"].splitlines() if line.strip()]
        if len(lines) > MOST_QUESTIONS:
            raise forms.ValidationError(_("Write at most five questions, one a line."))
        return "\n".join(lines)

    def clean_next_date(self) -> Any:
        """A date ahead."""
        day = self.cleaned_data["next_date"]
        if day and day < timezone.localdate() and day != self.initial.get("next_date"):
            raise forms.ValidationError(_("The date has passed; choose a date ahead."))
        return day
