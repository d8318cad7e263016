"""Forms of the room."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.design.forms import PortalForm

from .models import EvaluationQuestion
from .results import SCORES, score_label
from .services import MOST_QUESTIONS, Mark

PRESENT, ABSENT = "1", "0"


def written(present: bool | None) -> str:
    """A mark as the form writes it."""
    return "" if present is None else PRESENT if present else ABSENT


def read_marks(posted: Any, listed: Iterable[int]) -> dict[int, Mark]:
    """What was shown and chosen of each participant listed; anything else in the request is ignored."""
    read = {PRESENT: True, ABSENT: False}
    rest = True if posted.get("rest") == PRESENT else None
    marks = {}
    for pk in listed:
        shown = read.get(posted.get(f"shown-{pk}", ""))
        marks[pk] = Mark(shown, read.get(posted.get(f"present-{pk}", ""), rest if shown is None else shown))
    return marks


class EvaluationForm(PortalForm):
    """The questions of a run's evaluation; each may be left out."""

    marks_optional = False

    def __init__(self, *args: Any, questions: Iterable[EvaluationQuestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = {f"question-{question.pk}": question for question in questions}
        for name, question in self.asked.items():
            if question.answered == question.Answered.SCORE:
                field: forms.Field = forms.TypedChoiceField(
                    label=question.words,
                    choices=[(score, score_label(score)) for score in reversed(SCORES)],
                    coerce=int,
                    required=False,
                    widget=forms.RadioSelect,
                )
            else:
                field = forms.CharField(
                    label=question.words, max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
                )
            self.fields[name] = field
            self._dress(name, field)

    def answers(self) -> dict[int, int | str]:
        """The answers by primary key of the question."""
        return {question.pk: self.cleaned_data[name] for name, question in self.asked.items()}


class QuestionsForm(PortalForm):
    """What the evaluation asks, a question a line."""

    scores = forms.CharField(
        label=gettext_lazy("Questions answered from 1 to 5"),
        help_text=gettext_lazy(
            "One question a line, written as a sentence one may agree with: “I can use what I learned in my work”."
        ),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    words = forms.CharField(
        label=gettext_lazy("Questions answered in words"),
        help_text=gettext_lazy("One question a line."),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_scores(self) -> list[str]:
        """The lines."""
        return self._lines("scores")

    def clean_words(self) -> list[str]:
        """The lines."""
        return self._lines("words")

    def clean(self) -> Any:
        """Something is asked, and not too much."""
        cleaned = super().clean()
        asked = len(self.cleaned_data.get("scores", [])) + len(self.cleaned_data.get("words", []))
        if not self.errors and not 0 < asked <= MOST_QUESTIONS:
            raise forms.ValidationError(_("Ask at least one question and at most twelve."))
        return cleaned

    def _lines(self, name: str) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data[name].splitlines()]
        found = list(dict.fromkeys(filter(None, lines)))
        longest = EvaluationQuestion._meta.get_field("text").max_length
        if any(len(line) > (longest or 0) for line in found):
            raise forms.ValidationError(_("A question may have at most %(n)s characters.") % {"n": longest})
        return found


class CodeForm(PortalForm):
    """The code of a certificate, as it is typed from paper."""

    code = forms.CharField(
        label=gettext_lazy("The code on the certificate"),
        max_length=80,
        help_text=gettext_lazy("26 letters and digits. Capitals and blanks do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
