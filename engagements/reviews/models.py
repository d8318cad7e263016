"""Case reviews: the sample, its requirements, its anonymous cases and the answers."""

from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagements.lifecycle import StateField, Step, transition
from engagements.people import permissions as who
from engagements.people.models import CASEWORK_ROLES
from engagements.records.fields import GuardedCharField, GuardedTextField
from engagements.records.models import Versioned

from . import permissions


class ReviewQuerySet(models.QuerySet["Review"]):
    """Reviews."""

    def visible_to(self, user: Any) -> Self:
        """Those the team and the lead work with; a municipality's people see the results shared with them."""
        from engagements.programme.models import Engagement

        shared = Q(
            state=Review.State.CLOSED,
            shared_at__isnull=False,
            engagement__municipality__in=who.municipalities_of(user, *CASEWORK_ROLES),
        )
        if who.is_case_staff(user):
            return self.filter(shared | Q(engagement__in=Engagement.objects.read_in_full_by(user).values("pk")))
        return self.filter(shared)

    def worked_on_by(self, user: Any) -> Self:
        """Those whose single cases the user reads: the team and the lead, never the municipality."""
        return self.visible_to(user) if who.is_case_staff(user) else self.none()


class Review(Versioned):
    """A review of about twenty cases against the requirements, before or after."""

    class Kind(models.TextChoices):
        BASELINE = "baseline", _("baseline")
        STATUS = "status", _("status measurement")

    class State(models.TextChoices):
        RECORDING = "recording", _("being recorded")
        CLOSED = "closed", _("recorded")

    engagement = models.ForeignKey(
        "engagements.Engagement", models.PROTECT, related_name="reviews", verbose_name=_("engagement")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.BASELINE)
    state = StateField(_("state"), max_length=10, choices=State, default=State.RECORDING)
    planned_cases = models.PositiveSmallIntegerField(
        _("number of cases"), default=20, validators=[MinValueValidator(1), MaxValueValidator(200)]
    )
    drawn_at_random = models.BooleanField(_("cases drawn at random"), default=False)
    register_size = models.PositiveIntegerField(
        _("cases in the register drawn from"),
        null=True,
        blank=True,
        help_text=_("Narrows the interval when the sample is a large part of all cases."),
    )
    period = GuardedCharField(_("period of the cases"), max_length=80, blank=True)
    requirements = models.ManyToManyField("engagements.Requirement", related_name="+", verbose_name=_("requirements"))
    created_at = models.DateTimeField(_("opened"), auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(_("recorded"), null=True, blank=True)
    shared_at = models.DateTimeField(
        _("shared with the municipality"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Set when a report with the results is published; until then only the Task Force sees them."),
    )

    objects = ReviewQuerySet.as_manager()
    recorded_acts = {
        "opened": _("Case review opened"),
        "changed": _("Case review changed"),
        "case_added": _("Substitute case added"),
        "shared": _("Results shared with the municipality"),
    }

    class Meta:
        verbose_name = _("case review")
        verbose_name_plural = _("case reviews")
        ordering = ["engagement", "created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(register_size__isnull=True) | Q(register_size__gte=models.F("planned_cases")),
                name="register_holds_the_sample",
                violation_error_message=_("The register cannot be smaller than the sample."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.engagement}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("reviews:detail", args=[self.engagement.case_no, self.pk])

    @transition(
        state,
        source=State.RECORDING,
        target=State.CLOSED,
        label=_("Close the case review"),
        done=_("The case review is recorded and can no longer be changed."),
        permission=permissions.may_record,
        primary=True,
        note="none",
    )
    def close(self, step: Step) -> None:
        """The answers are final; findings build on them."""
        self.closed_at = step.at

    @transition(
        state,
        source=State.CLOSED,
        target=State.RECORDING,
        label=_("Reopen the case review"),
        done=_("The case review is open again."),
        permission=permissions.may_reopen,
        note="required",
        note_label=_("Why"),
    )
    def reopen(self, step: Step) -> None:
        """Something was recorded wrongly."""
        self.closed_at = None


class AgeBand(models.TextChoices):
    """Age of the child, coarse on purpose."""

    SMALL = "0-5", _("0–5 years")
    SCHOOL = "6-11", _("6–11 years")
    TEEN = "12-17", _("12–17 years")
    AFTER = "18-22", _("18–22 years")


class CaseType(models.TextChoices):
    """What kind of case was read."""

    NOTIFICATION = "notification", _("notification")
    INVESTIGATION = "investigation", _("investigation")
    FAMILY = "family", _("family treatment")
    PLACEMENT = "placement", _("placement")
    PLACEMENT_WITHOUT_CONSENT = "placement_without", _("placement without consent")


class Case(Versioned):
    """One case read: a code made here, a type, an age band and a year. The key to the case stays in the municipality."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="cases")
    number = models.PositiveSmallIntegerField(_("number"))
    case_type = models.CharField(_("type"), max_length=20, choices=CaseType, default=CaseType.FAMILY)
    age_band = models.CharField(_("age"), max_length=6, choices=AgeBand, default=AgeBand.SCHOOL)
    decision_year = models.PositiveSmallIntegerField(
        _("year of the decision"), validators=[MinValueValidator(2011), MaxValueValidator(2100)]
    )
    is_reserve = models.BooleanField(_("substitute case"), default=False)
    note = GuardedTextField(_("reviewer's note"), max_length=2000, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(_("recorded"), null=True, blank=True)

    recorded_acts = {"recorded": _("Case recorded")}

    class Meta:
        verbose_name = _("reviewed case")
        verbose_name_plural = _("reviewed cases")
        ordering = ["review", "number"]
        constraints = [models.UniqueConstraint(fields=["review", "number"], name="case_number_once_per_review")]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """`S-01`."""
        return f"S-{self.number:02}"

    def get_absolute_url(self) -> str:
        """The form of the case."""
        from django.urls import reverse

        return reverse("reviews:case", args=[self.review.engagement.case_no, self.review_id, self.number])

    def clean(self) -> None:
        """The decision lies in the past or this year."""
        from django.core.exceptions import ValidationError

        if self.decision_year and self.decision_year > timezone.localdate().year:
            raise ValidationError({"decision_year": _("The year of the decision cannot be in the future.")})


class Verdict(models.TextChoices):
    """What the case shows of a requirement; keys 1 to 6 in the grid."""

    MET = "met", _("met")
    PARTLY = "partly", _("partly met")
    NOT_MET = "not_met", _("not met")
    NOT_DOCUMENTED = "not_documented", _("not documented")
    NOT_APPLICABLE = "not_applicable", _("not applicable")
    NOT_ASSESSABLE = "not_assessable", _("not assessable")


ASSESSED = frozenset({Verdict.MET, Verdict.PARTLY, Verdict.NOT_MET, Verdict.NOT_DOCUMENTED})
"""The denominator of a rate; partly met and not documented count as not met (DOMAIN B.8)."""


class Answer(models.Model):
    """One requirement judged in one case, by the version of the law that the case's year picks."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="answers")
    requirement_version = models.ForeignKey("engagements.RequirementVersion", models.PROTECT, related_name="+")
    requirement = models.ForeignKey("engagements.Requirement", models.PROTECT, related_name="+")
    verdict = models.CharField(_("verdict"), max_length=16, choices=Verdict)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("answered"), auto_now=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [models.UniqueConstraint(fields=["case", "requirement"], name="one_answer_per_requirement")]
