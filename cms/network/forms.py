"""Forms of the room."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.design.forms import PortalForm, PortalModelForm, VersionedForm
from engagements.records.forms import UploadField

from .models import Topic
from .models_own import DirectoryEntry
from .models_threads import LONGEST_POST, Post


class ReplyForm(PortalForm):
    """A post."""

    text = forms.CharField(label=_("Your post"), max_length=LONGEST_POST, widget=forms.Textarea(attrs={"rows": "8"}))
    file = UploadField(label=_("Attach a file"), required=False)


class ThreadForm(PortalForm):
    """A thread with its first post."""

    title = forms.CharField(
        label=_("What is it about"), max_length=160, help_text=_("A question or a subject in one line.")
    )
    text = forms.CharField(label=_("Your post"), max_length=LONGEST_POST, widget=forms.Textarea(attrs={"rows": "8"}))
    topics = forms.ModelMultipleChoiceField(
        label=_("Topics"), queryset=Topic.objects.all(), required=False, widget=forms.CheckboxSelectMultiple
    )
    file = UploadField(label=_("Attach a file"), required=False)


class EditPostForm(VersionedForm, PortalModelForm):
    """One's own post."""

    class Meta:
        model = Post
        fields = ["text"]
        labels = {"text": _("Your post")}
        widgets = {"text": forms.Textarea(attrs={"rows": "8"})}


class ReportForm(PortalForm):
    """What is wrong with a post."""

    reason = forms.CharField(
        label=_("What is wrong with the post"),
        max_length=1000,
        widget=forms.Textarea,
        help_text=_("The network's editor reads it; the author does not see who wrote."),
    )


class EntryForm(PortalModelForm):
    """What a member shows of oneself in the directory."""

    class Meta:
        model = DirectoryEntry
        fields = ["shows_email", "phone", "about"]
        help_texts = {
            "phone": _("Shown to the network if you write it; leave it empty to keep it to yourself."),
            "about": _("For example a project you have carried out, or a question you know something about."),
        }

    def clean_phone(self) -> Any:
        """Digits, spaces and a plus only."""
        phone = self.cleaned_data["phone"].strip()
        if phone and not set(phone) <= set("+0123456789 ()"):
            raise forms.ValidationError(_("Write the telephone number with digits and spaces only."))
        return phone
