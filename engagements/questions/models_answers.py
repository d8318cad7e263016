"""A question and its answer as everyone reads them, without who asked; and whether readers found them useful."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engagements.lifecycle import MoveRefused, StateField, Step, transition
from engagements.people import permissions as who
from engagements.records.fields import NamelessCharField, NamelessTextField
from engagements.records.models import Versioned
from engagements.requirements.models import Law, Theme

from . import permissions, words
from .anonymity import refuse_telling


class AnswerState(models.TextChoices):
    """Where a rewritten answer is."""

    DRAFT = "draft", pgettext_lazy("answer", "draft")
    PUBLISHED = "published", pgettext_lazy("answer", "published")
    WITHDRAWN = "withdrawn", pgettext_lazy("answer", "withdrawn")


class AnswerQuerySet(models.QuerySet["PublishedAnswer"]):
    """Answers for all."""

    def published(self) -> Self:
        """Those everyone reads."""
        return self.filter(state=AnswerState.PUBLISHED)

    def visible_to(self, user: Any) -> Self:
        """Published and withdrawn ones to all (of the latter only that they are); drafts to those who answer."""
        if permissions.answers_questions(user):
            return self.exclude(Q(state=AnswerState.DRAFT) & Q(question__municipality__in=who.disqualified_for(user)))
        return self.exclude(state=AnswerState.DRAFT)

    def in_force(self, on: date | None = None) -> Self:
        """Those that rest on rules that hold on a day (today)."""
        day = on or timezone.localdate()
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=day), valid_from__lte=day)

    def outdated(self, on: date | None = None) -> Self:
        """Those that rest on rules that no longer hold on a day (today)."""
        return self.filter(valid_until__lte=on or timezone.localdate())

    def holding(self, text: str) -> Self:
        """Those with every one of these words."""
        found = self
        for word in words.stems(text[: words.LONGEST]):
            found = found.filter(folded_words__contains=word)
        return found


class PublishedAnswer(Versioned):
    """A question and its answer rewritten for everyone, without a word of who asked."""

    State = AnswerState

    question = models.OneToOneField("engagements.LegalQuestion", models.PROTECT, related_name="publication")
    published_title = NamelessCharField(_("title"), max_length=160)
    published_question = NamelessTextField(_("the question"), max_length=2000)
    published_answer = NamelessTextField(_("answer"), max_length=8000)
    topic = models.CharField(_("topic"), max_length=20, choices=Theme)
    law = models.CharField(_("law"), max_length=20, choices=Law, blank=True)
    basis = models.ManyToManyField(
        "engagements.RequirementVersion", blank=True, verbose_name=_("legal basis"), related_name="answers"
    )
    other_basis = NamelessCharField(_("other legal basis"), max_length=240, blank=True)
    valid_from = models.DateField(_("the rules hold from"))
    valid_until = models.DateField(
        _("the rules hold until"), null=True, blank=True, help_text=_("Empty as long as the rules apply.")
    )
    state = StateField(_("state"), max_length=10, choices=AnswerState, default=AnswerState.DRAFT)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(_("published on"), null=True, blank=True)
    folded_words = models.TextField(_("words for search"), editable=False, blank=True)

    objects = AnswerQuerySet.as_manager()
    recorded_acts = {"rewritten": _("Rewritten"), "validity_changed": _("Validity changed")}
    searched = ("published_title", "published_question", "published_answer", "other_basis")

    class Meta:
        verbose_name = _("published answer")
        verbose_name_plural = _("published answers")
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="answer_period_runs_forward",
                violation_error_message=_("The end must be after the beginning."),
            )
        ]

    def __str__(self) -> str:
        return self.published_title

    def get_absolute_url(self) -> str:
        """The page everyone reads."""
        return reverse("questions:answer", args=[self.pk])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the words for search in step with the texts."""
        basis = [f"{one.requirement.title_da} {one.legal_basis}" for one in self.bases()] if self.pk else []
        texts = [getattr(self, name) for name in self.searched]
        self.folded_words = words.folded([*texts, *basis, self.get_topic_display(), self.law])
        if kwargs.get("update_fields"):
            kwargs["update_fields"] = {*kwargs["update_fields"], "folded_words"}
        super().save(*args, **kwargs)

    def bases(self) -> list[Any]:
        """The requirements it rests on, with their titles."""
        return list(self.basis.select_related("requirement").order_by("requirement__order", "valid_from"))

    @property
    def is_outdated(self) -> bool:
        """Whether it rests on rules that no longer hold."""
        return self.valid_until is not None and self.valid_until <= timezone.localdate()

    @property
    def is_ahead(self) -> bool:
        """Whether its rules do not hold yet."""
        return self.valid_from > timezone.localdate()

    def check_anonymous(self) -> None:
        """Raise ValidationError, by field, where a text tells who asked."""
        errors = {}
        for name in self.searched:
            try:
                refuse_telling(getattr(self, name), self.question)
            except ValidationError as refused:
                errors[name] = refused
        if errors:
            raise ValidationError(errors)

    @transition(
        state,
        source=AnswerState.DRAFT,
        target=AnswerState.PUBLISHED,
        label=_("Publish"),
        done=_("The answer is published."),
        permission=permissions.may_publish,
        primary=True,
        help=_("Everyone can then read the question and the answer as they stand here, and find them in the search."),
    )
    def publish(self, step: Step) -> None:
        """For everyone, without telling who asked."""
        try:
            self.check_anonymous()
        except ValidationError as refused:
            raise MoveRefused(" ".join(refused.messages)) from refused
        self.published_by = step.by
        self.published_at = step.at

    @transition(
        state,
        source=AnswerState.PUBLISHED,
        target=AnswerState.WITHDRAWN,
        label=_("Withdraw the answer"),
        done=_("The answer is withdrawn."),
        permission=permissions.may_handle_answer,
        note="required",
        note_label=_("Why"),
        note_internal=True,
    )
    def withdraw(self, step: Step) -> None:
        """No longer shown; the address says that it is withdrawn."""

    @transition(
        state,
        source=AnswerState.WITHDRAWN,
        target=AnswerState.DRAFT,
        label=_("Rewrite again"),
        done=_("The answer is a draft again."),
        permission=permissions.may_handle_answer,
    )
    def revise(self, step: Step) -> None:
        """Back to the draft."""
        self.published_at = self.published_by = None


class Usefulness(models.Model):
    """*Was this useful*: one answer of one reader; of people without an account only yes or no is kept."""

    answer = models.ForeignKey(PublishedAnswer, models.CASCADE, related_name="opinions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    useful = models.BooleanField(_("useful"))
    said_on = models.DateField(_("said"), auto_now_add=True)

    class Meta:
        verbose_name = _("opinion of an answer")
        verbose_name_plural = _("opinions of answers")
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "user"], condition=Q(user__isnull=False), name="one_opinion_a_person"
            )
        ]
