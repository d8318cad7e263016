"""Forms about meetings."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.runs.models import MOST_SEATS
from engagements.design.forms import PortalForm, PortalModelForm, VersionedForm
from engagements.records.forms import UploadField

from .models import Meeting, MeetingMaterial, Network, Topic

ALL = _("All networks")


class PlanForm(PortalForm):
    """A meeting with the time and place of its run."""

    theme = forms.CharField(label=_("Theme"), max_length=120)
    network = forms.ModelChoiceField(
        label=_("Network"), queryset=Network.objects.none(), required=False, empty_label=ALL
    )
    starts_at = forms.DateTimeField(label=_("The meeting begins"))
    ends_at = forms.DateTimeField(label=_("The meeting ends"))
    place = forms.CharField(label=_("Place"), max_length=160, required=False)
    online_link = forms.URLField(
        label=_("Online link"), max_length=400, required=False, help_text=_("Shown only to those who have a seat.")
    )
    capacity = forms.IntegerField(label=_("Seats"), min_value=1, max_value=MOST_SEATS, initial=40)
    agenda = forms.CharField(label=_("Agenda"), max_length=6000, required=False, widget=forms.Textarea)
    topics = forms.ModelMultipleChoiceField(
        label=_("Topics"), queryset=Topic.objects.all(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["network"].queryset = Network.objects.on()  # type: ignore[attr-defined]

    def clean(self) -> Any:
        """It ends after it begins, and lies ahead."""
        cleaned = super().clean() or self.cleaned_data
        begins, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if begins and ends and ends <= begins:
            self.add_error("ends_at", forms.ValidationError(_("The meeting must end after it begins.")))
        if begins and begins <= timezone.now():
            self.add_error("starts_at", forms.ValidationError(_("Choose a date ahead.")))
        return cleaned


class MeetingForm(VersionedForm, PortalModelForm):
    """Theme, agenda, network and topics."""

    theme = forms.CharField(label=_("Theme"), max_length=120)

    class Meta:
        model = Meeting
        fields = ["theme", "network", "agenda", "topics"]
        widgets = {"topics": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["network"].empty_label = ALL  # type: ignore[attr-defined]
        rows = Network.objects.on() | Network.objects.filter(pk=self.instance.network_id)
        self.fields["network"].queryset = rows  # type: ignore[attr-defined]


class MinutesForm(VersionedForm, PortalModelForm):
    """The minutes."""

    class Meta:
        model = Meeting
        fields = ["minutes"]
        widgets = {"minutes": forms.Textarea(attrs={"rows": "16"})}
        help_texts = {"minutes": _("Write nothing about a particular child, family or employee.")}


class GuestForm(PortalForm):
    """Someone invited to one meeting."""

    name = forms.CharField(label=_("Name"), max_length=120)
    title = forms.CharField(label=_("Title"), max_length=120, required=False)
    organisation = forms.CharField(label=_("Organisation"), max_length=120, required=False)
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("If the guest has an account with this address, the guest sees the page of this meeting."),
    )


class MaterialForm(PortalForm):
    """A file or a link for before or after the meeting."""

    title = forms.CharField(label=_("Title"), max_length=160)
    when = forms.ChoiceField(label=_("When"), choices=MeetingMaterial.When.choices, widget=forms.RadioSelect)
    file = UploadField(label=_("File"), required=False)
    link = forms.URLField(label=_("Link"), max_length=400, required=False)

    def clean(self) -> Any:
        """One of the two."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("file") and not cleaned.get("link") and not self.errors:
            raise forms.ValidationError(_("Choose a file or write a link."))
        return cleaned
