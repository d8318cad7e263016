"""Forms of the room."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagements.design.forms import DateField, PortalForm, PortalModelForm, VersionedForm
from engagements.municipalities.models import Municipality
from engagements.records.fields import refuse_cpr, refuse_names
from engagements.requirements.models import RequirementVersion, Theme
from engagements.users.models import User

from .models import LegalQuestion, PublishedAnswer

NO_CASE = _(
    "Ask about the rules, not about a case: write no names, dates of birth or places, and nothing that tells who the "
    "child or the family is."
)
EVERY_LAW = _("Both, or I do not know")


def wordings(topic: str, law: str, chosen: Iterable[RequirementVersion] = ()) -> QuerySet[RequirementVersion]:
    """The wordings a lawyer chooses among: those of the topic and of casework in general, and those chosen before."""
    near = Q(requirement__theme__in=[topic, Theme.CASEWORK])
    if law:
        near &= Q(law=law)
    newer = RequirementVersion.objects.published().filter(
        requirement=OuterRef("requirement"), paragraph=OuterRef("paragraph"), valid_from__gt=OuterRef("valid_from")
    )
    # A rule of another law stands under both; it is offered once.
    twice = Q(Exists(newer)) & ~Q(paragraph__startswith="§") & ~Q(paragraph__startswith="(")
    near = near if law else near & ~twice
    rows = RequirementVersion.objects.published().filter(near | Q(pk__in=[one.pk for one in chosen]))
    return rows.select_related("requirement").order_by("requirement__order", "requirement__code", "valid_from")


class _BasisField(forms.ModelMultipleChoiceField):
    """Wordings to tick, told with title and paragraph."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        """`Notification assessed within 24 hours: the Children's Act § 136`."""
        return f"{obj.requirement.title}: {obj.legal_basis}"


def basis_field(rows: QuerySet[RequirementVersion]) -> _BasisField:
    """The field with these wordings."""
    return _BasisField(
        rows,
        label=_("Legal basis from the catalogue"),
        required=False,
        help_text=_("The requirements of the topic and of casework in general. Other rules are written below."),
    )


class QuestionForm(VersionedForm, PortalModelForm):
    """A question on rules or practice."""

    municipality = forms.ModelChoiceField(Municipality.objects.none(), label=_("Municipality"))

    class Meta:
        model = LegalQuestion
        fields = ["title", "text", "topic", "law", "may_be_published"]
        help_texts = {
            "title": _("Such as “When must a new notification in a running case be assessed again?”"),
            "text": NO_CASE,
            "law": _(
                "The law that the casework you ask about follows. The Children's Act applies since 1 January 2024."
            ),
        }

    field_order = ["municipality", "title", "text", "topic", "law", "may_be_published"]

    def __init__(self, *args: Any, askers: QuerySet[Municipality], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["municipality"]
        choice.queryset = askers
        if self.instance.pk:
            del self.fields["municipality"]
        elif len(askers) == 1:
            choice.widget = forms.HiddenInput()
            choice.initial = askers[0]
        law: Any = self.fields["law"]
        law.choices = [("", EVERY_LAW), *(pair for pair in law.choices if pair[0])]
        law.required = False


class AssignForm(PortalForm):
    """Who answers, by when."""

    lawyer = forms.ModelChoiceField(User.objects.none(), label=_("Lawyer"), empty_label=_("Choose a lawyer"))
    due_on = DateField(
        label=_("Due date"), help_text=_("Ten working days after the question was asked, unless you change it.")
    )
    note = forms.CharField(
        label=_("Internal note"),
        widget=forms.Textarea,
        required=False,
        max_length=4000,
        validators=[refuse_cpr, refuse_names],
        help_text=_("Not shown to the municipality. May be part of access to documents."),
    )

    def __init__(self, *args: Any, lawyers: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lawyer"].queryset = lawyers  # type: ignore[attr-defined]

    def clean_due_on(self) -> Any:
        """A new date lies ahead; an unchanged one may have passed."""
        due_on = self.cleaned_data["due_on"]
        if due_on < timezone.localdate() and due_on != self.initial.get("due_on"):
            raise ValidationError(_("The due date has passed; choose a date ahead."))
        return due_on


class DraftForm(VersionedForm, PortalModelForm):
    """The answer and what it rests on."""

    class Meta:
        model = LegalQuestion
        fields = ["answer", "basis", "other_basis"]
        help_texts = {
            "answer": _(
                "Begin with the answer in one sentence, then the reasons. The municipality reads it as it stands."
            )
        }
        widgets = {"answer": forms.Textarea(attrs={"rows": 14})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].required = True
        chosen = list(self.instance.basis.all())
        self.fields["basis"] = basis_field(wordings(self.instance.topic, self.instance.law, chosen))
        self.initial["basis"] = chosen
        self.order_fields(["answer", "basis", "other_basis"])

    def clean(self) -> Any:
        """An answer rests on something."""
        cleaned = super().clean()
        basis = self.cleaned_data.get("basis")
        if basis is not None and not basis and not self.cleaned_data.get("other_basis", "").strip():
            self.add_error(
                "other_basis", ValidationError(_("Tick a requirement above, or write the law and paragraph here."))
            )
        return cleaned


class NoteForm(PortalForm):
    """An internal note."""

    text = forms.CharField(
        label=_("Internal note"),
        widget=forms.Textarea,
        max_length=4000,
        validators=[refuse_cpr, refuse_names],
        help_text=_("Not shown to the municipality. May be part of access to documents."),
    )


class RewriteForm(VersionedForm, PortalModelForm):
    """The question and the answer as everyone will read them."""

    class Meta:
        model = PublishedAnswer
        fields = [
            "published_title",
            "published_question",
            "published_answer",
            "topic",
            "law",
            "basis",
            "other_basis",
            "valid_from",
            "valid_until",
        ]
        help_texts = {
            "published_question": _("Rewrite it so that it holds for any municipality, without telling who asked."),
        }
        widgets = {"published_answer": forms.Textarea(attrs={"rows": 14})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        question = self.instance.question
        chosen = list(self.instance.basis.all() if self.instance.pk else question.basis.all())
        self.fields["basis"] = basis_field(wordings(self.instance.topic, "", chosen))
        self.initial["basis"] = chosen
        law: Any = self.fields["law"]
        law.choices = [("", EVERY_LAW), *(pair for pair in law.choices if pair[0])]
        self.order_fields(self.Meta.fields)

    def clean(self) -> Any:
        """The texts tell neither the municipality nor the person who asked."""
        from .anonymity import refuse_telling

        cleaned = super().clean()
        for name in PublishedAnswer.searched:
            try:
                refuse_telling(self.cleaned_data.get(name, ""), self.instance.question)
            except ValidationError as refused:
                self.add_error(name, refused)
        return cleaned


class ValidityForm(VersionedForm, PortalModelForm):
    """How long the rules hold that an answer rests on."""

    class Meta:
        model = PublishedAnswer
        fields = ["valid_from", "valid_until"]
