"""Forms with which organisers change seats, dates and whether the run is held."""

from typing import Any

from django import forms
from django.forms import modelformset_factory
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from courses.runs.forms import Rows, as_sentences
from courses.runs.models import MOST_SEATS, Allotment, Run
from engagements.design.forms import PortalForm, PortalModelForm, VersionedForm
from engagements.records.fields import refuse_cpr

RULES = ("minimum", "release_at", "training_last", "waiting_order", "promotion", "offer_hours")


class SeatsForm(VersionedForm, PortalModelForm):
    """How many seats, and by which rules they are given."""

    class Meta:
        model = Run
        fields = ["capacity", "minimum", "quota", *RULES[1:]]
        widgets = {"waiting_order": forms.RadioSelect, "promotion": forms.RadioSelect}
        help_texts = {"quota": _("Empty: no limit. Below, some municipalities can have a limit of their own.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["capacity"].widget.attrs.update(min=1, max=MOST_SEATS)
        self.fields["waiting_order"].choices = as_sentences(Run.Order.choices)  # type: ignore[attr-defined]
        self.fields["promotion"].choices = as_sentences(Run.Promotion.choices)  # type: ignore[attr-defined]
        if self.instance.released_at:
            self.fields["release_at"].disabled = True

    def clean(self) -> Any:
        """No fewer seats than are taken, no minimum above them, and seats are released while the run lies ahead."""
        cleaned = super().clean()
        for name in ("capacity", "quota", "offer_hours"):
            try:
                self.instance._meta.get_field(name).run_validators(self.cleaned_data.get(name))
            except forms.ValidationError as error:
                self.add_error(name, error)
        capacity, minimum = self.cleaned_data.get("capacity"), self.cleaned_data.get("minimum")
        if capacity is not None and minimum is not None and minimum > capacity:
            text = _("The fewest participants cannot be more than the seats.")
            self.add_error("minimum", forms.ValidationError(text))
        if capacity is not None and capacity < self.instance.taken:
            taken = ngettext(
                "%(taken)s seat is taken; the number of seats cannot be lower.",
                "%(taken)s seats are taken; the number of seats cannot be lower.",
                self.instance.taken,
            )
            self.add_error("capacity", forms.ValidationError(taken, params={"taken": self.instance.taken}))
        release_at = self.cleaned_data.get("release_at")
        if release_at and "release_at" in self.changed_data and release_at >= self.instance.starts_at:
            text = _("Release the seats before the run begins, so that somebody can use them.")
            self.add_error("release_at", forms.ValidationError(text))
        return cleaned

    def _post_clean(self) -> None:
        """Leave the instance as it is stored: the service writes everything at once."""


class ShareForm(PortalModelForm):
    """One municipality's own share."""

    class Meta:
        model = Allotment
        fields = ["municipality", "at_most", "reserved"]
        help_texts = {
            "at_most": _("Empty: as the other municipalities."),
            "reserved": _("Nobody else gets these seats until they are released."),
        }

    def clean(self) -> Any:
        """No more reserved than the municipality may have; at most none says nothing."""
        cleaned = super().clean()
        most, reserved = self.cleaned_data.get("at_most"), self.cleaned_data.get("reserved")
        if most is not None and reserved is not None and reserved > most:
            text = _("No more seats can be reserved than the municipality may have.")
            self.add_error("reserved", forms.ValidationError(text))
        return cleaned


class ShareRows(Rows):
    """The shares of a run; each municipality once."""

    remove_label = _("Remove this share")

    def clean(self) -> None:
        """Refuse a municipality named twice."""
        super().clean()
        if any(form.errors for form in self.forms):
            return
        named = [share.municipality_id for share in self.kept()]
        if len(named) != len(set(named)):
            raise forms.ValidationError(_("A municipality is named twice; each has one share."))


ShareFormSet = modelformset_factory(
    Allotment,
    form=ShareForm,
    formset=ShareRows,
    can_delete=True,
    max_num=100,
    absolute_max=100,
    validate_max=True,
)


class DatesForm(PortalForm):
    """The deadlines that move with the sessions, and what the participants are told beside the dates."""

    closes_at = forms.DateTimeField(label=_("Enrolment closes"))
    cancel_until = forms.DateTimeField(label=_("Cancel until"))
    release_at = forms.DateTimeField(label=_("Unused seats are released"), required=False)
    note = forms.CharField(
        label=_("Why, in words to the participants"),
        max_length=1000,
        required=False,
        widget=forms.Textarea,
        validators=[refuse_cpr],
    )

    def __init__(self, *args: Any, run: Run, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("closes_at", "cancel_until", "release_at"):
            self.fields[name].initial = getattr(run, name)
        if not run.release_at or run.released_at:
            del self.fields["release_at"]

    @property
    def deadlines(self) -> dict[str, Any]:
        """The deadlines as they should be."""
        return {name: value for name, value in self.cleaned_data.items() if name != "note"}


class CancelRunForm(PortalForm):
    """Why the run is not held, and which other runs are offered instead."""

    note = forms.CharField(
        label=_("Why the run is not held"), max_length=1000, widget=forms.Textarea, validators=[refuse_cpr]
    )
    offers = forms.ModelMultipleChoiceField(
        label=_("Other runs to offer"),
        queryset=Run.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They are named in the message, so that participants can enrol there."),
    )

    def __init__(self, *args: Any, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["offers"]
        choice.queryset = others
        choice.label_from_instance = _offer_label
        if not others.exists():
            del self.fields["offers"]


def _offer_label(run: Run) -> str:
    free = ngettext("%(n)s free seat", "%(n)s free seats", run.free) % {"n": run.free}
    return f"{date_format(timezone.localtime(run.starts_at), 'DATETIME_FORMAT')} – {run.title} ({free})"
