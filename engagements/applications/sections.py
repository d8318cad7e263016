"""The sections of an application: one topic, one page, one form each; the forms are the declaration of the questions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.design.forms import DateField, PortalForm, VersionedForm

type Answers = dict[str, Any]


def paragraphs(*, rows: int = 6, **options: Any) -> forms.CharField:
    """Free text over several lines."""
    return forms.CharField(widget=forms.Textarea(attrs={"rows": rows}), **options)


class YesNo(forms.TypedChoiceField):
    """Yes or no, kept as True or False."""

    widget = forms.RadioSelect

    def __init__(self, **options: Any) -> None:
        choices = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]
        super().__init__(choices=choices, coerce=lambda value: value == "yes", empty_value=None, **options)

    def prepare_value(self, value: Any) -> Any:
        """A stored answer marks its choice."""
        return {True: "yes", False: "no"}.get(value, value)


class SectionForm(VersionedForm, PortalForm):  # type: ignore[misc]
    """A section in the making: a missing answer does not stop saving, a wrong one does.

    After validation `unanswered` names the questions without an answer; the section is complete when there are none.
    Given the stored row, a colleague's newer answers are shown beside one's own (see VersionedForm).
    """

    def __init__(self, *args: Any, stored: Any = None, **options: Any) -> None:
        if stored is not None:
            options.setdefault("initial", self.from_answers(stored.answers))
        super().__init__(*args, stored=stored, **options)
        self.unanswered: set[str] = set()

    @classmethod
    def from_answers(cls, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Stored answers as the form's values; keys that the form no longer has are left out."""
        return {name: _restored(field, answers.get(name)) for name, field in cls.base_fields.items()}

    def stored_values(self, row: Any) -> dict[str, Any]:
        """The colleague's answers, for the comparison."""
        return self.from_answers(row.answers)

    def _show(self, newest: Any) -> None:
        super()._show(newest)
        if self.conflict is not None:
            self.conflict = replace(self.conflict, by=str(newest.saved_by or ""), at=newest.saved_at)

    def add_error(self, field: str | None, error: Any) -> None:
        """Keep a missing answer apart from a wrong one."""
        if field and getattr(error, "code", None) == "required":
            self.unanswered.add(field)
            self.cleaned_data[field] = None
            return
        super().add_error(field, error)

    def ask(self, field: str) -> None:
        """Note that an answer is missing that is needed because of another."""
        if self.cleaned_data.get(field) in (None, "", []):
            self.unanswered.add(field)

    @property
    def is_complete(self) -> bool:
        """Whether every question is answered, and rightly."""
        return self.is_valid() and not self.unanswered

    @property
    def answers(self) -> Answers:
        """What to store: dates as ISO text, lists and numbers as they are."""
        return {name: _stored(self.cleaned_data.get(name)) for name in self.base_fields}


def _restored(field: forms.Field, value: Any) -> Any:
    if isinstance(field, DateField) and isinstance(value, str):
        return date.fromisoformat(value)
    return value


def _stored(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value


GUIDEPOSTS = [
    ("investigation", gettext_lazy("Professional investigation")),
    ("measure", gettext_lazy("Choice of measure")),
    ("followup", gettext_lazy("Follow-up")),
    ("involvement", gettext_lazy("Involvement of child and family")),
    ("coherence", gettext_lazy("Coherence between politics, management and practice")),
]


class PoliticalForm(SectionForm):
    """Who decided to apply, when, and whether politicians have yet to treat it."""

    decided_by = forms.ChoiceField(
        label=gettext_lazy("Who stands behind the application?"),
        choices=[
            ("mayor", gettext_lazy("The mayor")),
            ("committee", gettext_lazy("A standing committee")),
            ("finance", gettext_lazy("The finance committee")),
            ("council", gettext_lazy("The council")),
        ],
        widget=forms.RadioSelect,
    )
    body = forms.CharField(
        label=gettext_lazy("Name of the committee"),
        max_length=160,
        required=False,
        help_text=gettext_lazy("Needed when a standing committee stands behind it."),
    )
    subject_to_political_treatment = YesNo(
        label=gettext_lazy("Do you apply subject to political treatment?"),
        help_text=gettext_lazy("Answer yes if the meeting that decides is held after you submit."),
    )
    meeting_on = DateField(
        label=gettext_lazy("Date of the decision"),
        help_text=gettext_lazy("If the meeting has not been held yet: the date it is planned for."),
    )
    agenda_item = forms.CharField(
        label=gettext_lazy("Agenda item"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Number and title, as in the published agenda."),
    )
    decision = paragraphs(
        label=gettext_lazy("What has been decided?"),
        max_length=1500,
        required=False,
        rows=4,
        help_text=gettext_lazy("A few lines are enough. You may attach the minutes to the application."),
    )

    def clean(self) -> None:
        """A standing committee has a name."""
        super().clean()
        if self.cleaned_data.get("decided_by") == "committee":
            self.ask("body")


class MotivationForm(SectionForm):
    """Why the municipality applies, and for what."""

    motivation = paragraphs(
        label=gettext_lazy("Why do you apply?"),
        max_length=4000,
        rows=10,
        help_text=gettext_lazy(
            "Describe what you want to become better at, and what you have already tried. "
            "Do not write about single children or families."
        ),
    )
    focus = paragraphs(
        label=gettext_lazy("What do you want the engagement to focus on?"),
        max_length=2000,
        help_text=gettext_lazy("For example a part of casework, an age group or an organisational unit."),
    )
    need = paragraphs(
        label=gettext_lazy("What shows the need?"),
        max_length=2000,
        help_text=gettext_lazy(
            "For example figures, overturned decisions, your own management audit or a supervision."
        ),
    )


class GuidepostsForm(SectionForm):
    """Which guideposts matter most."""

    guideposts = forms.MultipleChoiceField(
        label=gettext_lazy("Which guideposts do you most want to work with?"),
        choices=GUIDEPOSTS,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Choose one or more. All of them are part of the analysis."),
    )
    guideposts_why = paragraphs(
        label=gettext_lazy("Why these?"),
        max_length=2000,
        help_text=gettext_lazy("Tell briefly what you see in your casework today."),
    )


class OrganisationForm(SectionForm):
    """Staff, system, units and guidelines."""

    caseworkers = forms.IntegerField(
        label=gettext_lazy("Caseworkers, full-time equivalents"),
        min_value=1,
        max_value=2000,
        help_text=gettext_lazy("Caseworkers for children and young people, in whole numbers."),
    )
    team_leaders = forms.IntegerField(
        label=gettext_lazy("Leaders with responsibility for casework"), min_value=0, max_value=200
    )
    turnover = forms.IntegerField(
        label=gettext_lazy("Caseworkers who left in the last 12 months, per cent"),
        min_value=0,
        max_value=100,
        help_text=gettext_lazy("An estimate is enough."),
    )
    vacancies = forms.IntegerField(
        label=gettext_lazy("Vacant positions today"), min_value=0, max_value=500, required=False
    )
    case_system = forms.CharField(
        label=gettext_lazy("Case system"), max_length=80, help_text=gettext_lazy("For example DUBU.")
    )
    central_unit = YesNo(label=gettext_lazy("Is there one unit that receives all notifications of concern?"))
    central_unit_since = forms.IntegerField(
        label=gettext_lazy("Since which year?"), min_value=1970, max_value=2100, required=False
    )
    guidelines_concern_on = DateField(
        label=gettext_lazy("Guidelines for concerns: last reviewed"),
        required=False,
        help_text=gettext_lazy("Leave empty if you have none."),
    )
    guidelines_notification_on = DateField(
        label=gettext_lazy("Guidelines for handling notifications of concern: last reviewed"),
        required=False,
        help_text=gettext_lazy("Leave empty if you have none."),
    )

    def clean(self) -> None:
        """A central unit has a beginning."""
        super().clean()
        if self.cleaned_data.get("central_unit"):
            self.ask("central_unit_since")


class ResourcesForm(SectionForm):
    """The people and the time set aside."""

    project_leader = forms.CharField(
        label=gettext_lazy("Project leader"), max_length=120, help_text=gettext_lazy("Name.")
    )
    project_leader_title = forms.CharField(label=gettext_lazy("Project leader's title"), max_length=120)
    hours_project_leader = forms.IntegerField(
        label=gettext_lazy("Hours a week for the project leader"), min_value=1, max_value=40
    )
    hours_staff = forms.IntegerField(
        label=gettext_lazy("Hours a month for caseworkers and leaders together"),
        min_value=1,
        max_value=5000,
        help_text=gettext_lazy("Time for interviews, workshops and courses."),
    )
    steering_group = paragraphs(
        label=gettext_lazy("Steering group"),
        max_length=1000,
        rows=4,
        help_text=gettext_lazy("Names and titles, one person a line. The director chairs it."),
    )
    other_projects = paragraphs(
        label=gettext_lazy("Other projects running"),
        max_length=2000,
        rows=4,
        help_text=gettext_lazy(
            "Projects and reorganisations that draw on the same people. Write “none” if there are none."
        ),
    )


class CasesForm(SectionForm):
    """The cases to be read, and when to start."""

    twenty_cases = YesNo(
        label=gettext_lazy("Can you make 20 case files available for the review?"),
        help_text=gettext_lazy("The files stay with you and are anonymised before they are read."),
    )
    cases_note = paragraphs(
        label=gettext_lazy("Remarks on the case files"),
        max_length=1000,
        rows=4,
        required=False,
        help_text=gettext_lazy("Needed if you answered no."),
    )
    starts_earliest = DateField(label=gettext_lazy("Earliest start"))
    starts_latest = DateField(label=gettext_lazy("Latest start"))
    remarks = paragraphs(label=gettext_lazy("Anything else we should know"), max_length=1500, rows=4, required=False)

    def clean(self) -> None:
        """The window runs forward; a no is explained."""
        super().clean()
        if self.cleaned_data.get("twenty_cases") is False:
            self.ask("cases_note")
        earliest, latest = self.cleaned_data.get("starts_earliest"), self.cleaned_data.get("starts_latest")
        if earliest and latest and latest < earliest:
            self.add_error("starts_latest", forms.ValidationError(_("The latest start is before the earliest start.")))


@dataclass(frozen=True)
class Declared:
    """A section: its key in addresses and rows, its title, the sentence above it, its form."""

    key: str
    title: Promise
    lead: Promise
    form: type[SectionForm]


SECTIONS = (
    Declared(
        "political",
        gettext_lazy("Political decision"),
        gettext_lazy("Who stands behind the application, and when it was decided."),
        PoliticalForm,
    ),
    Declared(
        "motivation",
        gettext_lazy("Motivation and focus"),
        gettext_lazy("Why you apply, and what you want the engagement to be about."),
        MotivationForm,
    ),
    Declared(
        "guideposts",
        gettext_lazy("Guideposts"),
        gettext_lazy("The analysis is built on guideposts for good casework."),
        GuidepostsForm,
    ),
    Declared(
        "organisation",
        gettext_lazy("Organisation and staff"),
        gettext_lazy("How casework is organised today."),
        OrganisationForm,
    ),
    Declared(
        "resources",
        gettext_lazy("Project organisation and time"),
        gettext_lazy("The people and the hours you set aside."),
        ResourcesForm,
    ),
    Declared(
        "cases",
        gettext_lazy("Case files and start"),
        gettext_lazy("The cases to be read, and when you can start."),
        CasesForm,
    ),
)
BY_KEY = {section.key: section for section in SECTIONS}


def examine(section: Declared, answers: Mapping[str, Any]) -> SectionForm:
    """The section's form filled with stored answers and validated: what is unanswered, whether it is complete."""
    values = section.form.from_answers(answers)
    form = section.form({name: section.form.base_fields[name].prepare_value(value) for name, value in values.items()})
    form.is_valid()
    return form


@dataclass(frozen=True)
class Answer:
    """One question and its answer in words; `text` is empty where nothing is answered."""

    name: str
    question: str
    text: str
    required: bool


def in_words(section: Declared, answers: Mapping[str, Any]) -> list[Answer]:
    """A section's questions with the answers as a reader sees them."""
    return [
        Answer(name, str(field.label), _words(field, answers.get(name)), field.required)
        for name, field in section.form.base_fields.items()
    ]


def _words(field: forms.Field, value: Any) -> str:
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(field, DateField):
        return str(date_format(date.fromisoformat(value), "DATE_FORMAT"))
    if isinstance(field, forms.ChoiceField):
        chosen = value if isinstance(value, list) else [value]
        choices: Any = field.choices
        return "; ".join(str(label) for key, label in choices if key in chosen)
    if isinstance(field, forms.IntegerField):
        # A year takes no thousands separator.
        return str(value) if field.max_value == 2100 else str(number_format(value, force_grouping=True))
    return str(value)
