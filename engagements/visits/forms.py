"""Forms of the room."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagements.design.forms import PortalForm, PortalModelForm, VersionedForm
from engagements.findings.models import Recommendation
from engagements.municipalities.models import Municipality
from engagements.records.fields import refuse_cpr, refuse_names

from .models import Audience, Base, Evaluation, LearningPoint, Preparation, Visit, VisitMaterial, VisitOffer, Week
from .models_parts import MOST_PEOPLE, AudienceRole

AUDIENCE = "audience_"


class OfferForm(VersionedForm, PortalModelForm):
    """A season of visits."""

    class Meta:
        model = VisitOffer
        fields = [
            "kind",
            "title_da",
            "title_en",
            "summary_da",
            "summary_en",
            "asks_da",
            "asks_en",
            "starts_on",
            "ends_on",
            "opens_at",
            "places",
            "at_once",
        ]
        widgets = {"kind": forms.RadioSelect}


class CountField(forms.IntegerField):
    """A number of people; left empty it is none, so the label need not say that it may be left empty."""

    def clean(self, value: Any) -> int:
        """Nothing written is 0."""
        return 0 if value in (None, "") else int(super().clean(value) or 0)


class _WithAudience(PortalForm):
    """Fields with a number for each role; `audience()` gives those above zero."""

    def add_audience(self, rows: Iterable[Audience], attribute: str) -> None:
        """One field a role, filled with what is stored."""
        stored = {row.role: getattr(row, attribute) for row in rows}
        for role in AudienceRole:
            self.fields[f"{AUDIENCE}{role}"] = CountField(
                label=role.label.capitalize(),
                min_value=0,
                max_value=MOST_PEOPLE,
                initial=stored.get(role),
                widget=forms.NumberInput(attrs={"class": "input-width-xs", "inputmode": "numeric"}),
            )

    def audience(self) -> dict[str, int]:
        """How many of each role, as written."""
        return {str(role): self.cleaned_data.get(f"{AUDIENCE}{role}") or 0 for role in AudienceRole}

    @property
    def audience_fields(self) -> list[Any]:
        """For the template's group of numbers."""
        return [self[f"{AUDIENCE}{role}"] for role in AudienceRole]


class RequestForm(VersionedForm, _WithAudience, PortalModelForm):
    """What a municipality asks for."""

    marks_optional = True
    municipality = forms.ModelChoiceField(Municipality.objects.none(), label=_("Municipality"))
    weeks = forms.MultipleChoiceField(
        label=_("Weeks that suit you"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose as many as you can; it gives the earliest visit."),
        error_messages={"required": _("Choose at least one week.")},
    )

    class Meta:
        model = Visit
        fields = ["theme", "problem", "place", "equipment", "cases_confirmed"]
        labels = {
            "problem": _("The concrete problem in your own words"),
            "cases_confirmed": _(
                "We use only cases that are decided and not under appeal, and remove names and CPR numbers"
            ),
        }
        help_texts = {
            "theme": _("One line, such as “Talks with the child before a decision”. Write no names."),
            "problem": _(
                "What is difficult, in which kind of cases, and what have you tried? Write no names, initials or CPR "
                "numbers: “the boy”, “the mother”, “case A”."
            ),
            "place": _("Address and room."),
            "equipment": _("What the room has, and what is missing: screen, sound, whiteboard."),
        }

    def __init__(
        self, *args: Any, offer: VisitOffer, municipalities: Iterable[Municipality] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer = offer
        places = list(municipalities)
        if len(places) > 1:
            self.fields["municipality"].queryset = Municipality.objects.filter(pk__in=[one.pk for one in places])  # type: ignore[attr-defined]
        else:
            del self.fields["municipality"]
        chosen = list(self.instance.weeks) if self.instance.pk else []
        weeks = {week.code: week for week in [*offer.weeks(), *map(Week.of, chosen)]}
        self.fields["weeks"].choices = [(code, weeks[code].label) for code in sorted(weeks)]  # type: ignore[attr-defined]
        self.fields["weeks"].initial = chosen
        self.fields["cases_confirmed"].required = True
        self.fields["cases_confirmed"].error_messages["required"] = _(
            "Confirm that only decided cases that are not under appeal are used."
        )
        self.add_audience(self.instance.audience.all() if self.instance.pk else (), "expected")
        self.order_fields(["municipality", "theme", "problem", "weeks", "place", "equipment"])

    @property
    def before_audience(self) -> list[Any]:
        """What is asked before the numbers."""
        return [self[name] for name in ("municipality", "theme", "problem") if name in self.fields]

    @property
    def after_audience(self) -> list[Any]:
        """What is asked after the numbers."""
        return [self[name] for name in ("weeks", "place", "equipment", "cases_confirmed")]

    def stored_values(self, row: Any) -> dict[str, Any]:
        """With the numbers by role."""
        numbers = {f"{AUDIENCE}{one.role}": one.expected for one in row.audience.all()}
        return {**super().stored_values(row), "weeks": row.weeks, **numbers}

    def clean(self) -> Any:
        """Somebody must come."""
        cleaned = super().clean()
        if not any(self.cleaned_data.get(f"{AUDIENCE}{role}") for role in AudienceRole):
            first = f"{AUDIENCE}{AudienceRole.CASEWORKERS}"
            if first not in self.errors:
                self.add_error(first, ValidationError(_("Say how many will take part, by role.")))
        return cleaned

    def answers(self) -> dict[str, Any]:
        """What `services` takes."""
        found = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return {**found, "weeks": self.cleaned_data["weeks"], "audience": self.audience()}


class TeamField(forms.ModelMultipleChoiceField):
    """Members of staff, each with the visits they already have and the way there."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        kwargs.setdefault("label", _("Team"))
        super().__init__(queryset=Municipality.objects.none(), **kwargs)
        self.notes: dict[int, str] = {}

    def label_from_instance(self, obj: Any) -> str:
        """`Kirsten (3 visits ahead, 120 km)`."""
        note = self.notes.get(obj.pk, "")
        return f"{obj} ({note})" if note else str(obj)


class _Timed(PortalForm):
    """A beginning and an end."""

    starts_at = forms.DateTimeField(label=_("Begins"))
    ends_at = forms.DateTimeField(label=_("Ends"))
    place = forms.CharField(label=_("Place"), max_length=200)

    def clean(self) -> Any:
        """Forward, within a day."""
        cleaned = super().clean()
        starts, ends = self.cleaned_data.get("starts_at"), self.cleaned_data.get("ends_at")
        if starts and starts <= timezone.now():
            self.add_error("starts_at", ValidationError(_("Choose a time ahead.")))
        if starts and ends and not 0 < (ends - starts).total_seconds() <= 12 * 3600:
            self.add_error("ends_at", ValidationError(_("The visit ends on the same day, after it begins.")))
        return cleaned


class PlanForm(_Timed):
    """Who comes, when, where, and what happens."""

    team = TeamField()
    programme = forms.CharField(
        label=_("Programme"), widget=forms.Textarea, max_length=4000, help_text=_("One point a line, with times.")
    )

    def __init__(self, *args: Any, candidates: Any, notes: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_team(self.fields["team"], candidates, notes)
        self.order_fields(["team", "starts_at", "ends_at", "place", "programme"])


def offer_team(field: Any, candidates: Any, notes: dict[int, str]) -> None:
    """Let the field offer these people."""
    field.queryset = candidates
    field.notes = notes


class RescheduleForm(VersionedForm, _Timed):
    """Another time or place."""

    note = forms.CharField(
        label=_("Why"),
        required=False,
        widget=forms.Textarea,
        max_length=1000,
        validators=[refuse_cpr, refuse_names],
        help_text=_("Stands in the mail to both sides."),
    )


class WishForm(PortalModelForm):
    """Why another time is needed, and when the municipality can."""

    class Meta:
        model = Visit
        fields = ["move_wish"]
        labels = {"move_wish": _("Why, and when it suits you better")}
        help_texts = {
            "move_wish": _("Write two or three days or weeks. The learning team answers; until then the time stands.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["move_wish"].required = True


class KeepForm(VersionedForm, PortalForm):
    """Why the time is kept; it answers the wish that was read."""

    note = forms.CharField(
        label=_("Why the time is kept"),
        widget=forms.Textarea,
        max_length=1000,
        validators=[refuse_cpr, refuse_names],
        help_text=_("The municipality reads what you write here."),
    )

    def clean(self) -> Any:
        """The service compares the versions: only it knows an answer sent twice from one that came too late."""
        return super(VersionedForm, self).clean()


class TeamForm(PortalForm):
    """Other people on the team."""

    team = TeamField()

    def __init__(self, *args: Any, candidates: Any, notes: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_team(self.fields["team"], candidates, notes)


class ProgrammeForm(VersionedForm, PortalModelForm):
    """The programme."""

    class Meta:
        model = Visit
        fields = ["programme"]
        help_texts = {"programme": _("One point a line, with times.")}


class NoteForm(VersionedForm, PortalModelForm):
    """The team's own note."""

    class Meta:
        model = Visit
        fields = ["team_note"]
        help_texts = {"team_note": _("Not shown to the municipality. May be part of access to documents.")}


class PreparationForm(PortalModelForm):
    """Something to prepare."""

    class Meta:
        model = Preparation
        fields = ["text", "side", "due_on"]
        widgets = {"side": forms.RadioSelect}


class MaterialForm(PortalModelForm):
    """A file for the participants."""

    class Meta:
        model = VisitMaterial
        fields = ["title", "file"]


class HoldForm(_WithAudience):
    """How many came, by role."""

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_audience(visit.audience.all(), "expected")

    def clean(self) -> Any:
        """Somebody came."""
        cleaned = super().clean()
        if not any(self.cleaned_data.get(name) for name in self.fields) and not self.errors:
            first = f"{AUDIENCE}{AudienceRole.CASEWORKERS}"
            self.add_error(first, ValidationError(_("Write how many came, by role.")))
        return cleaned


class PointForm(VersionedForm, PortalModelForm):
    """A learning point."""

    class Meta:
        model = LearningPoint
        fields = ["text", "owner", "due_on"]
        help_texts = {"text": _("What will you do in another way? Begin with a verb.")}

    def clean_due_on(self) -> Any:
        """A new date lies ahead."""
        due_on = self.cleaned_data["due_on"]
        if due_on < timezone.localdate() and due_on != self.initial.get("due_on"):
            raise ValidationError(_("The due date has passed; choose a date ahead."))
        return due_on


class ActionForm(PortalForm):
    """The recommendation a learning point belongs to."""

    recommendation = forms.ModelChoiceField(Recommendation.objects.none(), label=_("Recommendation"))

    def __init__(self, *args: Any, recommendations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["recommendation"]
        field.queryset = recommendations
        field.label_from_instance = lambda one: f"{one.number}. {one.title}"


GRADES = [
    (5, _("Agree entirely")),
    (4, _("Agree mostly")),
    (3, _("Neither agree nor disagree")),
    (2, _("Disagree mostly")),
    (1, _("Disagree entirely")),
]


class EvaluationForm(PortalModelForm):
    """What a participant thought of the visit."""

    nonce = forms.CharField(widget=forms.HiddenInput, max_length=200)

    class Meta:
        model = Evaluation
        fields = [*Evaluation.QUESTIONS, "comment"]
        help_texts = {"comment": _("Do not write who you are, and write no names, initials or CPR numbers.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in Evaluation.QUESTIONS:
            field = forms.TypedChoiceField(
                label=self.fields[name].label, choices=GRADES, coerce=int, widget=forms.RadioSelect
            )
            self.fields[name] = field
            self._dress(name, field)


class BaseForm(PortalModelForm):
    """Where one sets out from."""

    class Meta:
        model = Base
        fields = ["municipality"]
