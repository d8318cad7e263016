"""Forms of an application, apart from its sections (see `sections`)."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.design.forms import DateField, PortalForm, VersionedForm
from engagements.municipalities.models import Municipality
from engagements.people.models import Role
from engagements.programme.models import Round
from engagements.records.forms import UploadField
from engagements.users.models import User

from .models import Application, Assessment, State

if TYPE_CHECKING:
    from collections.abc import Iterable


class BeginForm(PortalForm):
    """Which municipality, which round; asked only where there is a choice."""

    municipality = forms.ModelChoiceField(
        label=gettext_lazy("Municipality"), queryset=Municipality.objects.none(), empty_label=None
    )
    round = forms.ModelChoiceField(
        label=gettext_lazy("Application round"),
        queryset=Round.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def __init__(
        self, *args: Any, municipalities: QuerySet[Municipality], rounds: QuerySet[Round], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self._offer("municipality", municipalities)
        self._offer("round", rounds)

    def _offer(self, name: str, choices: QuerySet[Any]) -> None:
        field: Any = self.fields[name]
        field.queryset = choices
        if len(choices) == 1:
            field.widget = forms.HiddenInput()
            self.initial[name] = choices[0].pk


class InviteForm(PortalForm):
    """A colleague's address and role."""

    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=[(Role.COORDINATOR, Role.COORDINATOR.label), (Role.LEADER, Role.LEADER.label)],
        initial=Role.COORDINATOR,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("A coordinator writes; a leader may also submit the application and invite people."),
    )


class SignOffRequestForm(PortalForm):
    """Who signs: one of those who may, or an address to invite as director."""

    marks_optional = False
    OTHER = "other"
    signer = forms.ChoiceField(label=gettext_lazy("Who signs off?"), widget=forms.RadioSelect)
    email = forms.EmailField(
        label=gettext_lazy("The director's e-mail address"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("Only needed when the director is not in the list. We send an invitation."),
    )

    def __init__(self, *args: Any, signers: "Iterable[tuple[str, str]]", may_invite: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        other = [(self.OTHER, _("Another director, by invitation"))] if may_invite else []
        choices = [*signers, *other]
        field: Any = self.fields["signer"]
        field.choices = choices
        if not may_invite:
            del self.fields["email"]
        if len(choices) == 1:
            self.initial["signer"] = choices[0][0]

    def clean(self) -> None:
        """Another director has an address."""
        super().clean()
        if (
            self.cleaned_data.get("signer") == self.OTHER
            and not self.cleaned_data.get("email")
            and "email" not in self.errors
        ):
            self.add_error("email", _("Fill in “%(label)s”.") % {"label": self.fields["email"].label})

    @property
    def address(self) -> str:
        """Where the request goes."""
        chosen = self.cleaned_data["signer"]
        return str(self.cleaned_data["email"] if chosen == self.OTHER else chosen)


class AttachmentForm(PortalForm):
    """A file with a title."""

    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=160, help_text=gettext_lazy("For example “Minutes of the committee”.")
    )
    file = UploadField(label=gettext_lazy("File"))


def _score(label: Any, hint: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        help_text=hint,
        choices=[(score.value, f"{score.value} – {score.label}") for score in Assessment.Score],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )


class AssessmentForm(VersionedForm, PortalForm):
    """One agency's scores and comment; a score may be missing until the assessment is completed."""

    marks_optional = False
    political_backing = _score(
        gettext_lazy("Political backing"), gettext_lazy("Is there a decision, and do the politicians own it?")
    )
    management_backing = _score(
        gettext_lazy("Management backing"), gettext_lazy("Do the director and the leaders lead the work themselves?")
    )
    motivation = _score(gettext_lazy("Motivation"), gettext_lazy("Does the municipality know what it wants to change?"))
    resources = _score(
        gettext_lazy("Resources"), gettext_lazy("Are hours and people set aside, and is there room for the work?")
    )
    need = _score(gettext_lazy("Need"), gettext_lazy("What do figures, decisions and staff turnover say?"))
    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        max_length=4000,
        required=False,
        widget=forms.Textarea,
        help_text=gettext_lazy("Not shown to the municipality. May be part of access to documents."),
    )

    def __init__(self, *args: Any, stored: Assessment | None = None, completing: bool = False, **options: Any) -> None:
        if stored is not None:
            options.setdefault("initial", self.stored_of(stored))
        super().__init__(*args, stored=stored, **options)
        self.completing = completing

    @staticmethod
    def stored_of(row: Assessment) -> dict[str, Any]:
        """The row's scores and comment."""
        return {name: getattr(row, name) for name in (*Assessment.CRITERIA, "comment")}

    def stored_values(self, row: Any) -> dict[str, Any]:
        """For the comparison with a colleague's newer version."""
        return self.stored_of(row)

    def clean(self) -> None:
        """All five scores before the assessment is completed."""
        super().clean()
        for name in Assessment.CRITERIA if self.completing else ():
            if self.cleaned_data.get(name) is None and name not in self.errors:
                label = self.fields[name].label
                self.add_error(name, _("Choose an answer to “%(label)s”.") % {"label": label})

    @property
    def scores(self) -> dict[str, int | None]:
        """The five scores."""
        return {name: self.cleaned_data.get(name) for name in Assessment.CRITERIA}


class DecisionForm(PortalForm):
    """Outcome, reason, and for an accepted application its start and team."""

    marks_optional = False
    outcome = forms.ChoiceField(label=gettext_lazy("Decision"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Stands in the letter to the municipality."),
    )
    starts_on = DateField(
        label=gettext_lazy("The engagement starts"),
        required=False,
        help_text=gettext_lazy("Needed when the application is accepted."),
    )
    legal = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Team: legal consultants"),
        help_text=gettext_lazy("Needed when the application is accepted."),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    social = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Team: social-professional consultants"),
        help_text=gettext_lazy("Needed when the application is accepted."),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        application: Application,
        outcomes: list[tuple[str, Any]],
        legal: QuerySet[User],
        social: QuerySet[User],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.application = application
        fields: dict[str, Any] = self.fields
        fields["outcome"].choices = outcomes
        fields["legal"].queryset = legal
        fields["social"].queryset = social

    def clean(self) -> None:
        """An accepted application has a start and a team of both competences."""
        super().clean()
        if self.cleaned_data.get("outcome") != "accept":
            return
        for name in ("starts_on", "legal", "social"):
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, _("Fill in “%(label)s”.") % {"label": self.fields[name].label})

    @property
    def leads_to(self) -> str:
        """The state the chosen outcome leads to."""
        return {"accept": State.ACCEPTED, "waitlist": State.WAITLISTED, "decline": State.DECLINED}[
            self.cleaned_data["outcome"]
        ]

    @property
    def team(self) -> list[User]:
        """Everyone chosen, each once."""
        chosen = [*self.cleaned_data["legal"], *self.cleaned_data["social"]]
        return list({user.pk: user for user in chosen}.values())
