"""Filters of the list of questions and of the answers for all."""

from typing import Any

import django_filters as df
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from engagements.design.forms import FilterForm
from engagements.municipalities.models import fold
from engagements.requirements.models import Law, Theme

from .models import LegalQuestion, PublishedAnswer, QuestionState

DUE = [("overdue", _("overdue")), ("open", _("open"))]
WHOSE = [("mine", _("mine")), ("nobody", _("nobody's"))]
HOLDS = [("now", _("rules that apply now")), ("old", _("rules that no longer apply"))]


class QuestionFilter(df.FilterSet):
    """Words, topic, state and due date; for lawyers also whose it is."""

    q = df.CharFilter(label=_("Search"), method="search")
    topic = df.ChoiceFilter(label=_("Topic"), choices=Theme.choices, empty_label=_("All topics"))
    state = df.ChoiceFilter(label=_("State"), choices=QuestionState.choices, empty_label=_("All states"))
    due = df.ChoiceFilter(label=_("Due date"), choices=DUE, method="by_due", empty_label=_("All"))

    class Meta:
        model = LegalQuestion
        fields = ["q", "topic", "state", "due"]
        form = FilterForm

    def search(self, rows: QuerySet[LegalQuestion], name: str, value: str) -> QuerySet[LegalQuestion]:
        """Reference, words of the question, or name of the municipality; as written, in any case of the first letter."""
        asked = " ".join(value.replace("\x00", "").split())[:100]
        wanted = Q(municipality__folded_name__contains=fold(asked)) | Q(reference__icontains=asked)
        for form in {asked, asked.lower(), asked.capitalize()}:
            wanted |= Q(title__contains=form) | Q(text__contains=form)
        return rows.filter(wanted)

    def by_due(self, rows: Any, name: str, value: str) -> Any:
        """Overdue or open."""
        return rows.overdue() if value == "overdue" else rows.open()


class QueueFilter(QuestionFilter):
    """With whose it is."""

    whose = df.ChoiceFilter(label=_("Answered by"), choices=WHOSE, method="by_lawyer", empty_label=_("All"))
    request: HttpRequest

    class Meta(QuestionFilter.Meta):
        fields = ["q", "topic", "state", "due", "whose"]

    def by_lawyer(self, rows: Any, name: str, value: str) -> Any:
        """Mine, or nobody's yet."""
        return rows.filter(assigned_to=self.request.user if value == "mine" else None)


class AnswerFilter(df.FilterSet):
    """Words, topic, law, and whether the rules apply now."""

    q = df.CharFilter(label=_("Search"), method="search")
    topic = df.ChoiceFilter(label=_("Topic"), choices=Theme.choices, empty_label=_("All topics"))
    law = df.ChoiceFilter(label=_("Law"), choices=Law.choices, method="by_law", empty_label=_("All laws"))
    holds = df.ChoiceFilter(label=_("Validity"), choices=HOLDS, method="by_validity", empty_label=_("All"))

    class Meta:
        model = PublishedAnswer
        fields = ["q", "topic", "law", "holds"]
        form = FilterForm

    def search(self, rows: Any, name: str, value: str) -> Any:
        """Every word, in any form."""
        return rows.holding(value)

    def by_law(self, rows: Any, name: str, value: str) -> Any:
        """Of that law, or of both."""
        return rows.filter(law__in=[value, ""])

    def by_validity(self, rows: Any, name: str, value: str) -> Any:
        """In force, or outdated."""
        return rows.in_force() if value == "now" else rows.outdated()
