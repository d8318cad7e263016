"""Attendance, anonymous evaluation, and certificates whose facts are frozen when they are issued."""

import secrets
import uuid
from datetime import date
from itertools import pairwise
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from courses.enrolment.models import Enrolment
from courses.runs.models import Run, Session
from engagements.lifecycle import StateField, Step, transition
from engagements.people import permissions as who
from engagements.people.models import WORKING_ROLES
from engagements.records.fields import GuardedCharField, GuardedTextField

from . import permissions


class Attendance(models.Model):
    """Whether a participant was there at a session; no row means that it has not been noted."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="attendance")
    session = models.ForeignKey(Session, models.CASCADE, related_name="attendance")
    present = models.BooleanField(_("present"))
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    noted_at = models.DateTimeField(_("noted"), auto_now=True)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        constraints = [models.UniqueConstraint(fields=["enrolment", "session"], name="attendance_noted_once")]

    def __str__(self) -> str:
        return f"{self.enrolment} ({self.session})"


STANDARD_QUESTIONS = (
    ("score", gettext_noop("It was worth the time")),
    ("score", gettext_noop("I can use what I learned in my work")),
    ("score", gettext_noop("The teaching was clear and at the right level")),
    ("score", gettext_noop("Information, place and material worked well")),
    ("text", gettext_noop("What should we keep?")),
    ("text", gettext_noop("What should we do differently?")),
)
"""What every run asks until its organiser says otherwise; kept in English and translated where they are shown."""
STANDARD_TEXTS = frozenset(text for _answered, text in STANDARD_QUESTIONS)


class EvaluationQuestion(models.Model):
    """A question of a run's evaluation: a score from 1 to 5, or words."""

    class Answered(models.TextChoices):
        SCORE = "score", _("from 1 to 5")
        TEXT = "text", _("in words")

    run = models.ForeignKey(Run, models.CASCADE, related_name="evaluation_questions")
    text = GuardedCharField(_("question"), max_length=200)
    answered = models.CharField(_("answered"), max_length=6, choices=Answered, default=Answered.SCORE)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("evaluation question")
        verbose_name_plural = _("evaluation questions")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """The question; the standard ones in the language of the page, others as the organiser wrote them."""
        return gettext(self.text) if self.text in STANDARD_TEXTS else self.text


class EvaluationSheet(models.Model):
    """One participant's evaluation, with nothing that leads to the person: no time, and a number drawn at random.

    `shown` is set for five sheets at a time, so that no reader sees what a single one of them added.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(Run, models.CASCADE, related_name="evaluation_sheets")
    shown = models.BooleanField(_("shown"), default=False)

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.run)


class EvaluationAnswer(models.Model):
    """The answer to one question on a sheet."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sheet = models.ForeignKey(EvaluationSheet, models.CASCADE, related_name="answers")
    question = models.ForeignKey(EvaluationQuestion, models.CASCADE, related_name="answers")
    score = models.PositiveSmallIntegerField(
        _("score"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    text = GuardedTextField(_("words"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(fields=["sheet", "question"], name="one_evaluation_answer_a_question"),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=1, score__lte=5), name="score_from_one_to_five"
            ),
        ]

    def __str__(self) -> str:
        return str(self.question)


class EvaluationTicket(models.Model):
    """That a participant has evaluated, so that nobody does so twice; nothing leads from here to the sheet."""

    enrolment = models.OneToOneField(Enrolment, models.CASCADE, related_name="evaluation_ticket", primary_key=True)

    class Meta:
        verbose_name = _("evaluation given")
        verbose_name_plural = _("evaluations given")

    def __str__(self) -> str:
        return str(self.enrolment)


def new_code() -> str:
    """The code of a certificate: 128 random bits in letters and digits that are not mistaken for each other."""
    return "".join(secrets.choice("23456789abcdefghjkmnpqrstuvwxyz") for _ in range(26))


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Certificates."""

    def visible_to(self, user: Any) -> Self:
        """One's own; the municipality's leader and coordinator; the organiser's."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(
            Q(person=user)
            | Q(enrolment__municipality__in=who.municipalities_of(user, *WORKING_ROLES))
            | Q(enrolment__run__in=Run.objects.organised_by(user).values("pk"))
        )

    def valid(self) -> Self:
        """Not revoked."""
        return self.filter(state=Certificate.State.VALID)


class Certificate(models.Model):
    """A certificate; `facts` are frozen when it is issued and nothing is looked up afterwards.

    `facts`: name, title, kind, hours, attended, of, begins, ends (days), places and issued_by (lists of names); in Danish.
    """

    class State(models.TextChoices):
        VALID = "valid", _("valid")
        REVOKED = "revoked", _("revoked")

    number = models.CharField(_("number"), max_length=16, unique=True)
    code = models.CharField(_("code"), max_length=32, unique=True, default=new_code, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="certificates")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="certificates")
    facts = models.JSONField(_("facts"))
    state = StateField(_("state"), max_length=8, choices=State, default=State.VALID)
    issued_at = models.DateTimeField(_("issued"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = CertificateQuerySet.as_manager()
    recorded_acts = {"issued": _("Certificate issued")}

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(state="valid"),
                name="one_valid_certificate",
                violation_error_message=_("The participant already has a valid certificate."),
            )
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("completion:certificate", args=[self.code])

    @property
    def is_valid(self) -> bool:
        """Not revoked."""
        return self.state == self.State.VALID

    @property
    def spaced_code(self) -> str:
        """The code in groups, as it is printed; blanks do not count when it is typed."""
        ends = [0, 5, 10, 15, 20, len(self.code)]
        return " ".join(self.code[start:end] for start, end in pairwise(ends))

    @property
    def begins(self) -> date:
        """The first day of the course."""
        return date.fromisoformat(self.facts["begins"])

    @property
    def ends(self) -> date:
        """The last day of the course."""
        return date.fromisoformat(self.facts["ends"])

    @property
    def days(self) -> str:
        """When the course was held, in the language of the page: one day, or from one to another."""
        last = date_format(self.ends)
        if self.begins == self.ends:
            return last
        same_year = self.begins.year == self.ends.year
        return f"{date_format(self.begins, 'MONTH_DAY_FORMAT' if same_year else 'DATE_FORMAT')} – {last}"

    def move_args(self, name: str) -> list[object]:
        """The arguments of the address of a move."""
        return [self.number, name]

    @transition(
        state,
        source=State.VALID,
        target=State.REVOKED,
        label=_("Revoke"),
        done=_("The certificate is revoked."),
        permission=permissions.may_revoke,
        note="required",
        note_label=_("Why"),
        note_internal=True,
    )
    def revoke(self, step: Step) -> None:
        """It no longer holds; the public check says so, and the run no longer counts as completed."""
        self.revoked_at = step.at
        Enrolment.objects.filter(pk=self.enrolment_id).update(completed_at=None)
