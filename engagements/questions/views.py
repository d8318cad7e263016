"""The pages of questions: the list (a municipality's own, the lawyers' queue), a question, its moves."""

from dataclasses import replace
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from engagements.design.lists import Column, ListPage
from engagements.design.moves import MoveView
from engagements.lifecycle import Move
from engagements.municipalities.models import Municipality
from engagements.people import permissions as who
from engagements.programme.overview import Waiting

from . import permissions, services
from .filters import QuestionFilter, QueueFilter
from .models import OPEN, LegalQuestion, PublishedAnswer, QuestionState
from .waiting import awaited


def askers(user: Any) -> QuerySet[Municipality]:
    """The municipalities this person may ask on behalf of."""
    return Municipality.objects.filter(pk__in=who.municipalities_of(user, *permissions.ASKERS))


class QuestionList(LoginRequiredMixin, ListPage):
    """The own municipality's questions, or the lawyers' queue."""

    heading = gettext_lazy("Questions on rules")
    empty_title = gettext_lazy("No questions yet")
    empty_text = gettext_lazy(
        "A municipality asks here about rules and practice. Many questions are answered already: search the answers first."
    )
    columns = [
        Column("reference", gettext_lazy("Reference"), sort="reference", link=True),
        Column("title", gettext_lazy("Question"), sort="title"),
        Column("municipality", gettext_lazy("Municipality"), "municipality.name", sort="municipality__folded_name"),
        Column("topic", gettext_lazy("Topic"), lambda row: capfirst(row.get_topic_display()), sort="topic"),
        Column("asked_at", gettext_lazy("Asked"), lambda row: timezone.localtime(row.asked_at).date(), sort="asked_at"),
        Column("age", gettext_lazy("Age in days"), sort="-asked_at", numeric=True),
        Column("due_on", gettext_lazy("Due date"), sort="due_on", template="questions/due_cell.html"),
        Column("assigned_to", gettext_lazy("Answered by"), sort=("assigned_to__first_name", "assigned_to__last_name")),
        Column("state", gettext_lazy("State"), sort="state", template="components/state_cell.html"),
    ]

    @property
    def lawyer(self) -> bool:
        """Whether the reader is on the answering side."""
        return permissions.answers_questions(self.request.user)

    @property
    def filterset_class(self) -> Any:
        """Lawyers also ask whose it is."""
        return QueueFilter if self.lawyer else QuestionFilter

    @property
    def default_sort(self) -> Any:
        """What is due first begins the lawyers' queue; a municipality sees its newest question first."""
        return ("done", "-answered_at", "due_on") if self.lawyer else ("-asked_at", "-pk")

    def get_columns(self) -> Any:
        """A municipality does not see who is working on what, nor its own name in every row."""
        if self.lawyer:
            return [column for column in self.columns if column.name != "asked_at"]
        hidden = {"age", "assigned_to"}
        if len(who.municipalities_of(self.request.user, *permissions.READERS)) < 2:
            hidden.add("municipality")
        return [column for column in self.columns if column.name not in hidden]

    def get_actions(self) -> list[tuple[Any, str]]:
        """Ask, or search what is answered."""
        found = [(_("Search the answers"), reverse("questions:answers"))]
        if askers(self.request.user).exists():
            found.insert(0, (_("Ask a question"), reverse("questions:ask")))
        return found

    def get_queryset(self) -> QuerySet[LegalQuestion]:
        """Those one may see, with whether they are done."""
        done = Case(When(state__in=OPEN, then=Value(0)), default=Value(1))
        rows = LegalQuestion.objects.visible_to(self.request.user).annotate(done=done)
        return rows.select_related("municipality", "assigned_to")


class QuestionMixin(LoginRequiredMixin):
    """A page about one question the person may see."""

    question: LegalQuestion

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Find the question among those visible; a stranger gets 404."""
        self.arrived_at = timezone.now()
        if request.user.is_authenticated:
            rows = LegalQuestion.objects.visible_to(request.user)
            rows = rows.select_related("municipality", "asked_by", "assigned_to", "confirmed_by")
            self.question = get_object_or_404(rows, reference=kwargs["reference"])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The question, and whether the reader is on the answering side."""
        handles = permissions.may_handle(self.question, self.request.user)  # type: ignore[attr-defined]
        return super().get_context_data(**kwargs) | {"question": self.question, "handles": handles}  # type: ignore[misc]


class QuestionPage(QuestionMixin, TemplateView):
    """A question: what awaits whom, the moves one may make now, the answer, internal notes, history."""

    template_name = "questions/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The municipality reads the answer once it is sent; lawyers also while it is written."""
        question, user = self.question, self.request.user
        context = super().get_context_data(**kwargs)
        handles = context["handles"]
        publication = PublishedAnswer.objects.filter(question=question).first()
        shows_answer = question.state == QuestionState.ANSWERED or (handles and bool(question.answer))
        return context | {
            "awaits": [self._here(item) for item in awaited([question], user) if item.text],
            "today": timezone.localdate(),
            "shows_answer": shows_answer,
            "basis": question.basis.select_related("requirement") if shows_answer else [],
            "drafters": list(question.drafters.all()) if handles else [],
            "notes": question.notes.select_related("written_by") if handles else [],
            "publication": publication if handles or (publication and publication.state == "published") else None,
            "may_change": permissions.may_change(question, user),
            "may_assign": permissions.may_assign(question, user),
            "may_draft": permissions.may_draft(question, user),
            "may_confirm": question.state == QuestionState.SECOND_READING and permissions.may_confirm(question, user),
            "may_rewrite": permissions.may_rewrite(question, user),
        }

    def _here(self, item: Waiting) -> Waiting:
        """Without the reference, which stands above it."""
        return replace(item, text=capfirst(str(item.text).removeprefix(f"{self.question.reference}: ")))


class QuestionMove(MoveView):
    """Second reading, return, correct, withdraw, close."""

    slug_field = slug_url_kwarg = "reference"

    def get_queryset(self) -> QuerySet[LegalQuestion]:
        """Those the person may see."""
        return LegalQuestion.objects.visible_to(self.request.user).select_related("municipality")

    def perform(self, declared: Move, note: str) -> None:
        """A correction keeps what was sent."""
        services.move_question(
            self.object,
            declared.name,
            by=self.request.user,  # type: ignore[arg-type]
            note=note,
            at=self.arrived_at,
        )
