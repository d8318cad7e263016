"""Forms of a case review."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagements.design.forms import PortalForm, PortalModelForm, VersionedForm
from engagements.requirements.models import Requirement, RequirementVersion, Theme

from . import services
from .models import AgeBand, Case, CaseType, Review, Verdict

NOT_ANSWERED = ("", _("not answered"))


def _year_field(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=2011,
        max_value=timezone.localdate().year,
        help_text=_("Only the year. It decides which law the case is judged by."),
        widget=forms.NumberInput(attrs={"class": "input-width-xs"}),
    )


class ReviewForm(VersionedForm, PortalModelForm):
    """The sample and its requirements, when a review is opened or changed."""

    class Meta:
        model = Review
        fields = ["kind", "planned_cases", "period", "drawn_at_random", "register_size", "requirements"]
        widgets = {"requirements": forms.CheckboxSelectMultiple}
        help_texts = {
            "drawn_at_random": _("Only then do the results say anything about other cases than those read."),
            "period": _("For example: decisions from 2024 and 2025."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["requirements"].queryset = services.assessable_requirements()  # type: ignore[attr-defined]
        self.fields["planned_cases"].widget.attrs["class"] = "input-width-xs"
        self.fields["register_size"].widget.attrs["class"] = "input-width-xs"
        if self.instance.pk:
            del self.fields["kind"], self.fields["planned_cases"]
        else:
            self.fields["usual_year"] = _year_field(_("Usual year of the decisions"))
            self.fields["usual_year"].initial = timezone.localdate().year - 1
            self.fields["usual_case_type"] = forms.ChoiceField(
                label=_("Usual type of case"), choices=CaseType, initial=CaseType.FAMILY
            )

    def groups(self) -> list[tuple[str, list[tuple[Requirement, bool]]]]:
        """The requirements under their themes, each with whether it is chosen."""
        value = self["requirements"].value() or []
        chosen = {str(getattr(item, "pk", item)) for item in value}
        found: dict[str, list[tuple[Requirement, bool]]] = {}
        for requirement in self.fields["requirements"].queryset:  # type: ignore[attr-defined]
            found.setdefault(requirement.theme, []).append((requirement, str(requirement.pk) in chosen))
        return [(str(theme.label), found[theme]) for theme in Theme if theme in found]


class CaseForm(VersionedForm, PortalForm):
    """One case: what kind it is, and one radio group for each requirement its law asks."""

    case_type = forms.ChoiceField(label=_("type"), choices=CaseType)
    age_band = forms.ChoiceField(label=_("age of the child"), choices=AgeBand)
    decision_year = forms.IntegerField(label=_("year of the decision"))
    is_reserve = forms.BooleanField(label=_("substitute case"), required=False)
    note = forms.CharField(
        label=_("reviewer's note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Nothing that can identify the child: no names, places or dates."),
    )

    def __init__(self, *args: Any, case: Case, wordings: dict[int, RequirementVersion], **kwargs: Any) -> None:
        self.case = case
        super().__init__(*args, stored=case, **kwargs)
        self.fields["decision_year"] = _year_field(_("year of the decision"))
        self._dress("decision_year", self.fields["decision_year"])
        self.wordings = wordings
        self.requirements = list(case.review.requirements.all())
        for requirement in self.requirements:
            if requirement.pk in wordings:
                self.fields[self.name_of(requirement)] = forms.ChoiceField(
                    label=requirement.title,
                    choices=[*Verdict.choices, NOT_ANSWERED],
                    widget=forms.RadioSelect,
                    required=False,
                )
        self.initial = self.stored_values(case)

    @staticmethod
    def name_of(requirement: Requirement) -> str:
        """The name of the requirement's field."""
        return f"answer-{requirement.pk}"

    def stored_values(self, row: Case) -> dict[str, Any]:
        """The case's own fields and its answers."""
        own = {name: getattr(row, name) for name in ("case_type", "age_band", "decision_year", "is_reserve", "note")}
        answered = dict(row.answers.values_list("requirement", "verdict"))
        return own | {
            self.name_of(requirement): answered.get(requirement.pk, "")
            for requirement in self.requirements
            if requirement.pk in self.wordings
        }

    def rows(self) -> list[dict[str, Any]]:
        """Each requirement with its field and the wording that judges this case (None: the law does not ask it)."""
        return [
            {
                "requirement": requirement,
                "wording": self.wordings.get(requirement.pk),
                "field": self[self.name_of(requirement)] if requirement.pk in self.wordings else None,
            }
            for requirement in self.requirements
        ]

    def answers(self) -> dict[int, str]:
        """The posted answers by primary key of the requirement; what was not posted is left as it is."""
        return {
            requirement.pk: self.cleaned_data[self.name_of(requirement)]
            for requirement in self.requirements
            if requirement.pk in self.wordings and self.name_of(requirement) in self.data
        }
