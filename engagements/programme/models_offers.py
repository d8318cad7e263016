"""What municipalities may apply for and when: offers, application rounds, and the plan an engagement begins with."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from engagements.records.fields import GuardedCharField, GuardedTextField


class Competence(models.TextChoices):
    """Which of the two agencies' competences a thing belongs to."""

    LEGAL = "legal", _("legal")
    SOCIAL = "social", _("social-professional")


class Bilingual(models.Model):
    """A thing with a title in both languages."""

    title_da = GuardedCharField(_("title in Danish"), max_length=120)
    title_en = GuardedCharField(_("title in English"), max_length=120)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the language of the page."""
        return self.title_en if get_language() == "en" else self.title_da


class Offer(Bilingual):
    """Something a municipality may apply for: the Task Force engagement or the advisory course."""

    key = models.SlugField(_("key"), max_length=30, unique=True)
    summary_da = GuardedTextField(_("summary in Danish"), max_length=600, blank=True)
    summary_en = GuardedTextField(_("summary in English"), max_length=600, blank=True)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["key"]


class RoundQuerySet(models.QuerySet["Round"]):
    """Application rounds."""

    def open(self, at: datetime | None = None) -> Self:
        """Open for applications at this moment (now)."""
        at = at or timezone.now()
        return self.filter(opens_at__lte=at, closes_at__gt=at)

    def upcoming(self, at: datetime | None = None) -> Self:
        """Announced but not yet open."""
        return self.filter(opens_at__gt=at or timezone.now()).order_by("opens_at")


class Round(models.Model):
    """A period in which municipalities apply; it closes at a clock time (12:00) and takes a number of municipalities."""

    offer = models.ForeignKey(Offer, models.PROTECT, related_name="rounds", verbose_name=_("offer"))
    title = GuardedCharField(_("title"), max_length=120)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    answer_by = models.DateField(_("answer by"))
    capacity = models.PositiveSmallIntegerField(_("places"), default=4)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("application round")
        verbose_name_plural = _("application rounds")
        ordering = ["-closes_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="round_closes_after_it_opens",
                violation_error_message=_("The round must close after it opens."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def opens_here(self) -> datetime:
        """The local clock time, as spreadsheets show it."""
        return timezone.localtime(self.opens_at).replace(tzinfo=None)

    @property
    def closes_here(self) -> datetime:
        """The local clock time, as spreadsheets show it."""
        return timezone.localtime(self.closes_at).replace(tzinfo=None)

    def is_open(self, at: datetime | None = None) -> bool:
        """Whether an application may arrive at this moment (now)."""
        return self.opens_at <= (at or timezone.now()) < self.closes_at


class PhaseKind(models.TextChoices):
    """The four phases of an engagement (DOMAIN B.1)."""

    START = "start", _("start and self-evaluation")
    ANALYSIS = "analysis", _("analysis and report")
    DEVELOPMENT = "development", _("development plan and services")
    MEASUREMENT = "measurement", _("measurement and status report")


class PlanTemplate(ClusterableModel):
    """The phases a new engagement starts with."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="plan_templates", verbose_name=_("offer"))
    name = GuardedCharField(_("name"), max_length=120)
    is_default = models.BooleanField(_("used unless another is chosen"), default=False)

    class Meta:
        verbose_name = _("plan template")
        verbose_name_plural = _("plan templates")
        ordering = ["offer", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["offer"],
                condition=Q(is_default=True),
                name="one_default_plan_per_offer",
                violation_error_message=_("The offer already has a default plan."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class PhaseTemplate(models.Model):
    """One phase of a plan template, in whole months; phases follow each other as `PhaseKind` names them."""

    plan = ParentalKey(PlanTemplate, on_delete=models.CASCADE, related_name="phases")
    kind = models.CharField(_("phase"), max_length=12, choices=PhaseKind)
    months = models.PositiveSmallIntegerField(_("months"))

    class Meta:
        verbose_name = _("phase of a plan template")
        verbose_name_plural = _("phases of plan templates")
        ordering = ["plan", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "kind"], name="phase_once_per_plan_template"),
            models.CheckConstraint(
                condition=Q(months__gte=1, months__lte=60),
                name="phase_of_1_to_60_months",
                violation_error_message=_("A phase lasts from 1 to 60 months."),
            ),
        ]
