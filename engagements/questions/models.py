"""A municipality's question and its answer, and what lawyers write to each other about it."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engagements.lifecycle import StateField, Step, transition
from engagements.people import permissions as who
from engagements.records.fields import GuardedCharField, NamelessCharField, NamelessTextField
from engagements.records.models import Versioned
from engagements.requirements.models import Law, Theme

from . import permissions
from .models_answers import AnswerQuerySet, AnswerState, PublishedAnswer, Usefulness

__all__ = [
    "OPEN",
    "AnswerQuerySet",
    "AnswerState",
    "LegalQuestion",
    "PublishedAnswer",
    "QuestionNote",
    "QuestionQuerySet",
    "QuestionState",
    "Usefulness",
]


class QuestionState(models.TextChoices):
    """Where a question is."""

    ASKED = "asked", pgettext_lazy("question", "received")
    ASSIGNED = "assigned", _("being answered")
    SECOND_READING = "second_reading", _("in second reading")
    ANSWERED = "answered", _("answered")
    WITHDRAWN = "withdrawn", _("withdrawn")
    REJECTED = "rejected", _("closed without an answer")


OPEN = frozenset({QuestionState.ASKED, QuestionState.ASSIGNED, QuestionState.SECOND_READING})
"""Those that await an answer."""
UNSENT = frozenset({QuestionState.ASKED, QuestionState.ASSIGNED})


class QuestionQuerySet(models.QuerySet["LegalQuestion"]):
    """Questions."""

    def visible_to(self, user: Any) -> Self:
        """The municipality's own people; lawyers and the lead, unless *inhabil*."""
        if permissions.answers_questions(user):
            return self.exclude(municipality__in=who.disqualified_for(user))
        return self.filter(municipality__in=who.municipalities_of(user, *permissions.READERS))

    def open(self) -> Self:
        """Not answered, withdrawn or closed."""
        return self.filter(state__in=OPEN)

    def overdue(self, on: date | None = None) -> Self:
        """Open and past the due date on a day (today)."""
        return self.open().filter(due_on__lt=on or timezone.localdate())


class LegalQuestion(Versioned):
    """What a municipality asks about rules or practice, and what it is answered; two lawyers write on one row."""

    State = QuestionState

    reference = models.CharField(_("reference"), max_length=12, unique=True)
    municipality = models.ForeignKey(
        "engagements.Municipality", models.PROTECT, related_name="legal_questions", verbose_name=_("municipality")
    )
    title = NamelessCharField(_("the question in one line"), max_length=160)
    text = NamelessTextField(_("the question in words"), max_length=4000)
    topic = models.CharField(_("topic"), max_length=20, choices=Theme)
    law = models.CharField(_("law"), max_length=20, choices=Law, blank=True)
    may_be_published = models.BooleanField(
        _("the answer may be published, rewritten and without telling who asked"),
        default=True,
        help_text=_("Other municipalities often ask about the same. Say no, and the answer stays with you."),
    )
    state = StateField(_("state"), max_length=14, choices=QuestionState, default=QuestionState.ASKED)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"))
    due_on = models.DateField(_("due date"))
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answer = NamelessTextField(_("answer"), max_length=8000, blank=True)
    basis = models.ManyToManyField("engagements.RequirementVersion", blank=True, verbose_name=_("legal basis"))
    other_basis = GuardedCharField(
        _("other legal basis"),
        max_length=240,
        blank=True,
        help_text=_("Law and paragraph, such as “forvaltningsloven § 19”; several are divided by semicolons."),
    )
    drafters = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("answered on"), null=True, blank=True)

    objects = QuestionQuerySet.as_manager()
    recorded_acts = {
        "asked": _("Question asked"),
        "changed": _("Question changed"),
        "drafted": _("Answer written on"),
        "note_written": _("Internal note written"),
        "earlier_answer": _("The earlier answer is kept in the log"),
        "rewritten": _("Rewritten for publication"),
    }

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def get_absolute_url(self) -> str:
        """The page both sides look at."""
        return reverse("questions:detail", args=[self.reference])

    @property
    def is_open(self) -> bool:
        """Whether it awaits an answer."""
        return self.state in OPEN

    @property
    def is_overdue(self) -> bool:
        """Open and past its due date."""
        return self.is_open and self.due_on < timezone.localdate()

    @property
    def days_overdue(self) -> int:
        """Whole days past the due date; 0 when not overdue."""
        return (timezone.localdate() - self.due_on).days if self.is_overdue else 0

    @property
    def age(self) -> int:
        """Days since it was asked, until it was answered."""
        until = self.answered_at or timezone.now()
        return (timezone.localtime(until).date() - timezone.localtime(self.asked_at).date()).days

    def has_answer(self) -> bool:
        """There is an answer that stands on something, and somebody who wrote it (also after a correction)."""
        stands = bool(self.other_basis.strip()) or self.basis.exists()
        return bool(self.answer.strip()) and stands and self.drafters.exists()

    @transition(
        state,
        source=[QuestionState.ASKED, QuestionState.ASSIGNED],
        target=QuestionState.ASSIGNED,
        label=_("Hand to a lawyer"),
        done=_("The question is handed to a lawyer."),
        permission=permissions.may_assign,
        primary=True,
        hidden=True,
    )
    def assign(self, step: Step) -> None:
        """A lawyer answers by a day (see `services.assign`)."""

    @transition(
        state,
        source=QuestionState.ASSIGNED,
        target=QuestionState.SECOND_READING,
        label=_("Send to second reading"),
        done=_("The answer is in second reading."),
        permission=permissions.may_handle,
        conditions=[has_answer],
        primary=True,
        note="optional",
        note_label=_("Note to the second reader"),
        note_internal=True,
    )
    def submit_draft(self, step: Step) -> None:
        """Written; somebody else reads it."""

    @transition(
        state,
        source=QuestionState.SECOND_READING,
        target=QuestionState.ANSWERED,
        label=_("Confirm and send the answer"),
        done=_("The answer is sent to the municipality."),
        permission=permissions.may_confirm,
        primary=True,
        hidden=True,
    )
    def confirm(self, step: Step) -> None:
        """The second pair of eyes agrees, and the municipality gets the answer."""
        self.confirmed_by = step.by
        self.answered_at = step.at

    @transition(
        state,
        source=QuestionState.SECOND_READING,
        target=QuestionState.ASSIGNED,
        label=_("Return"),
        done=_("The answer is returned to the one who wrote it."),
        permission=permissions.may_confirm,
        note="required",
        note_label=_("What is missing"),
        note_internal=True,
    )
    def send_back(self, step: Step) -> None:
        """The answer does not hold yet."""

    @transition(
        state,
        source=QuestionState.ANSWERED,
        target=QuestionState.ASSIGNED,
        label=_("Correct the answer"),
        done=_("The answer is being corrected."),
        permission=permissions.may_correct,
        note="required",
        note_label=_("What is to be corrected"),
        help=_("The municipality is told what you write here, and gets a new answer when two have read it."),
    )
    def correct(self, step: Step) -> None:
        """The answer turned out not to hold; what was sent stays in the log (see `services.move_question`)."""
        self.confirmed_by = None
        self.answered_at = None

    @transition(
        state,
        source=[QuestionState.ASKED, QuestionState.ASSIGNED, QuestionState.SECOND_READING],
        target=QuestionState.WITHDRAWN,
        label=_("Withdraw the question"),
        done=_("The question is withdrawn."),
        permission=permissions.may_withdraw,
        note="optional",
    )
    def withdraw(self, step: Step) -> None:
        """The municipality no longer needs an answer."""

    @transition(
        state,
        source=[QuestionState.ASKED, QuestionState.ASSIGNED],
        target=QuestionState.REJECTED,
        label=_("Close without an answer"),
        done=_("The question is closed without an answer."),
        permission=permissions.may_handle,
        note="required",
        note_label=_("Why, and where the municipality can turn"),
        help=_("The municipality reads what you write here."),
    )
    def reject(self, step: Step) -> None:
        """It is not for us to answer: a single case, say."""


class QuestionNote(models.Model):
    """What lawyers write to each other about a question; always internal, which is not the same as secret."""

    question = models.ForeignKey(LegalQuestion, models.CASCADE, related_name="notes")
    text = NamelessTextField(_("note"), max_length=4000)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField(_("written"), auto_now_add=True)

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        ordering = ["-written_at", "-pk"]
