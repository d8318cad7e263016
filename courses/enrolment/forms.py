"""The forms of enrolment: who comes, what they are asked, and what becomes of an enrolment."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.runs.models import Question, Run
from engagements.design.forms import PortalForm, PortalModelForm
from engagements.people.services import person_of_address
from engagements.users.models import User

from .models import Policy
from .services import Answers

NEW_LINES = 10
SHOWN_LINES = 3
"""Lines for colleagues without an account, and how many of them are seen before more are asked for."""


class Mode(models.TextChoices):
    """What happens where there are not seats for all."""

    QUEUE = "queue", gettext_lazy("As many as possible get a seat; the rest go on the waiting list")
    TOGETHER = "together", gettext_lazy("All or none: we wait together until there are seats for all of us")
    FEWER = "fewer", gettext_lazy("Only those who get a seat now are enrolled")


@dataclass(frozen=True)
class Coming:
    """Somebody on the way in: `key` names the person in the form; `user` is None for one without an account here."""

    key: str
    name: str
    email: str
    in_training: bool
    user: User | None
    line: int | None = None


class PeopleForm(PortalForm):
    """Colleagues with an account as ticks, and lines of name and e-mail address for the others."""

    marks_optional = False

    def __init__(
        self,
        *args: Any,
        colleagues: Sequence[User],
        enrolled: Iterable[int] = (),
        by: User,
        may_add: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        taken = set(enrolled)
        self.by, self.may_add = by, may_add
        self.known = {str(person.pk): person for person in colleagues}
        self.free = [person for person in colleagues if person.pk not in taken]
        choices = [(str(person.pk), str(person)) for person in colleagues]
        self.fields["people"] = forms.MultipleChoiceField(
            label=_("Colleagues"), choices=choices, required=False, widget=forms.CheckboxSelectMultiple
        )
        self.fields["training"] = forms.MultipleChoiceField(
            label=_("In training"), choices=choices, required=False, widget=forms.CheckboxSelectMultiple
        )
        for line in range(NEW_LINES if may_add else 0):
            facts = {"n": line + 1}
            self.fields[f"name_{line}"] = forms.CharField(label=_("Name %(n)s") % facts, required=False, max_length=120)
            self.fields[f"email_{line}"] = forms.CharField(
                label=_("E-mail address %(n)s") % facts,
                required=False,
                max_length=254,
                widget=forms.EmailInput(attrs={"autocomplete": "off"}),
            )
            self.fields[f"training_{line}"] = forms.BooleanField(
                label=_("Person %(n)s is in training") % facts, required=False
            )
        self.fields["mode"] = forms.ChoiceField(
            label=_("If there are not seats for everyone"),
            choices=Mode,
            required=False,
            initial=Mode.QUEUE,
            widget=forms.RadioSelect,
        )

    @property
    def alone(self) -> bool:
        """Nobody but the person themself can be chosen."""
        return not self.may_add and list(self.known) in ([], [str(self.by.pk)])

    @property
    def rows(self) -> Iterator[dict[str, Any]]:
        """A line of the table for each colleague."""
        chosen, training = set(self["people"].value() or ()), set(self["training"].value() or ())
        free = {person.pk for person in self.free}
        for pk, person in self.known.items():
            yield {
                "person": person,
                "free": person.pk in free,
                "chosen": pk in chosen,
                "training": pk in training,
                "me": person.pk == self.by.pk,
            }

    @property
    def lines(self) -> list[tuple[Any, Any, Any]]:
        """Name, address and training of each line for somebody without an account."""
        if not self.may_add:
            return []
        return [(self[f"name_{n}"], self[f"email_{n}"], self[f"training_{n}"]) for n in range(NEW_LINES)]

    @property
    def first_lines(self) -> list[tuple[Any, Any, Any]]:
        """Those seen at once: the first three, or as many as are filled in."""
        filled = [n for n, (name, email, _t) in enumerate(self.lines) if name.value() or email.value()]
        return self.lines[: max(SHOWN_LINES, *(n + 1 for n in filled), 0) if filled else SHOWN_LINES]

    @property
    def more_lines(self) -> list[tuple[Any, Any, Any]]:
        """The others."""
        return self.lines[len(self.first_lines) :]

    def clean(self) -> dict[str, Any]:
        """Each line has an address and, for a new person, a name; nobody counts twice."""
        cleaned = super().clean() or {}
        found = {pk: self._known(pk, cleaned) for pk in cleaned.get("people", [])}
        for line in range(NEW_LINES if self.may_add else 0):
            one = self._line(line, cleaned)
            if one is not None:
                found.setdefault(one.key, one)
        self.coming = list(found.values())
        if not self.coming and not self.errors:
            self.add_error(None, _("Choose at least one person."))
        return cleaned

    def _known(self, pk: str, cleaned: dict[str, Any]) -> Coming:
        person = self.known[pk]
        return Coming(pk, str(person), person.email, pk in cleaned.get("training", []), person)

    def _line(self, line: int, cleaned: dict[str, Any]) -> Coming | None:
        name, email = (str(cleaned.get(f"{part}_{line}") or "").strip() for part in ("name", "email"))
        if not name and not email:
            return None
        if not email:
            self.add_error(f"email_{line}", _("Write the e-mail address of %(name)s.") % {"name": name})
            return None
        email = email.lower()
        try:
            validate_email(email)
        except ValidationError as error:
            self.add_error(f"email_{line}", error)
            return None
        training = bool(cleaned.get(f"training_{line}"))
        person = person_of_address(email)
        if person is not None and str(person.pk) in self.known:
            return Coming(str(person.pk), str(person), email, training, person, line)
        if not name:
            self.add_error(
                f"name_{line}", _("Write the name of the person with the address %(email)s.") % {"email": email}
            )
            return None
        return Coming(f"n-{email}", name or email, email, training, None, line)


class QuestionsForm(PortalForm):
    """The run's questions, once for each person, and the yes to a double booking."""

    def __init__(
        self, *args: Any, questions: Sequence[Question], coming: Sequence[Coming], clashing: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.groups: list[tuple[Coming, list[str]]] = []
        self.asked: dict[str, tuple[Coming, Question]] = {}
        for one in coming:
            names = []
            for question in questions:
                name = f"q{question.pk}_{one.key}"
                self.fields[name] = _field(question, one.name if len(coming) > 1 else "")
                self.asked[name] = (one, question)
                names.append(name)
            self.groups.append((one, names))
        if clashing:
            self.fields["double"] = forms.BooleanField(label=_("Enrol all the same"), required=True)

    @property
    def sections(self) -> list[tuple[Coming, list[Any]]]:
        """Each person with the fields about them."""
        return [(one, [self[name] for name in names]) for one, names in self.groups if names]

    def answers(self, users: dict[str, User]) -> Answers:
        """What was answered, by person and question; `users` are the people by their key in the form."""
        found: dict[int, dict[int, str]] = {}
        for name, (one, question) in self.asked.items():
            text = str(self.cleaned_data.get(name) or "").strip()
            if text and one.key in users:
                found.setdefault(users[one.key].pk, {})[question.pk] = text
        return found


def _field(question: Question, name: str) -> forms.Field:
    label = f"{question.text} ({name})" if name else question.text
    kind = question.Answered(question.answered)
    if kind == kind.YES_NO:
        choices = [(_("Yes"), _("Yes")), (_("No"), _("No"))]
        return forms.ChoiceField(label=label, choices=choices, required=question.required, widget=forms.RadioSelect)
    if kind == kind.CHOICE:
        lines = [line.strip() for line in question.choices.splitlines() if line.strip()]
        return forms.ChoiceField(
            label=label, choices=[("", "–"), *((line, line) for line in lines)], required=question.required
        )
    return forms.CharField(label=label, required=question.required, max_length=600)


class CancelForm(PortalForm):
    """The reason for cancelling, which is asked for after the date."""

    note = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=1000, widget=forms.Textarea)

    def __init__(self, *args: Any, late: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = late


class SwapForm(PortalForm):
    """The colleague who takes the seat."""

    person = forms.ModelChoiceField(
        label=gettext_lazy("Colleague who takes the seat"), queryset=User.objects.none(), empty_label="–"
    )

    def __init__(self, *args: Any, colleagues: models.QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = colleagues  # type: ignore[attr-defined]


class TransferForm(PortalForm):
    """The other run, and whether to wait where it is full."""

    run = forms.ModelChoiceField(
        label=gettext_lazy("Move to"), queryset=Run.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    wait = forms.BooleanField(
        label=gettext_lazy("Give up the present seat and go on the waiting list if that run is full"), required=False
    )

    def __init__(self, *args: Any, runs: models.QuerySet[Run], label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["run"].queryset = runs  # type: ignore[attr-defined]
        self.fields["run"].label_from_instance = label  # type: ignore[attr-defined]


class PolicyForm(PortalModelForm):
    """Whether a leader approves enrolments, and how long that may take."""

    class Meta:
        model = Policy
        fields = ["approval_required", "answer_days"]
