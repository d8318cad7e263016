"""Findings, recommendations and reports; a report is locked as a version that never changes."""

from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engagements.lifecycle import StateField, Step, transition
from engagements.people import permissions as who
from engagements.people.models import CASEWORK_ROLES, Role
from engagements.programme.models import Competence, Engagement
from engagements.records.fields import GuardedCharField, GuardedTextField
from engagements.records.models import Versioned
from engagements.requirements.models import Theme

from . import permissions


class OfEngagementQuerySet[T: models.Model](models.QuerySet[T]):
    """Things that belong to an engagement and are drafts until a report with them is published."""

    def visible_to(self, user: Any) -> Self:
        """The team and the lead see drafts; the municipality's people what is published."""
        own = who.municipalities_of(user, *CASEWORK_ROLES, Role.CASEWORKER)
        return self._seen(user, Q(published_at__isnull=False, engagement__municipality__in=own))

    def _seen(self, user: Any, published: Q) -> Self:
        if who.is_case_staff(user):
            full = Engagement.objects.read_in_full_by(user)
            return self.filter(Q(engagement__in=full.values("pk")) | published)
        return self.filter(published)

    def published(self) -> Self:
        """Part of a published report."""
        return self.filter(published_at__isnull=False)


class ReportQuerySet(OfEngagementQuerySet["Report"]):
    """Reports."""

    def visible_to(self, user: Any) -> Self:
        """As findings; council members read published reports too, where findings are critical after the director."""
        own = Q(engagement__municipality__in=who.municipalities_of(user, *CASEWORK_ROLES, Role.CASEWORKER))
        council = Q(engagement__municipality__in=who.municipalities_of(user, Role.COUNCIL)) & (
            Q(council_from__isnull=True) | Q(council_from__lte=timezone.now())
        )
        return self._seen(user, Q(published_at__isnull=False) & (own | council))


class ReportKind(models.TextChoices):
    """The two reports of an engagement."""

    ANALYSIS = "analysis", _("analysis report")
    STATUS = "status", _("status report")


class Finding(Versioned):
    """Something the analysis found: a strength or a weakness."""

    class Polarity(models.TextChoices):
        STRENGTH = "strength", _("strength")
        WEAKNESS = "weakness", _("weakness")

    class Severity(models.TextChoices):
        CRITICAL = "critical", _("critical")
        MAJOR = "major", _("major")
        MINOR = "minor", _("minor")

    engagement = models.ForeignKey("engagements.Engagement", models.PROTECT, related_name="findings")
    review = models.ForeignKey(
        "engagements.Review",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="findings",
        verbose_name=_("case review"),
    )
    requirement = models.ForeignKey(
        "engagements.Requirement",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("requirement"),
    )
    number = models.PositiveSmallIntegerField(_("number"))
    theme = models.CharField(_("theme"), max_length=20, choices=Theme)
    competence = models.CharField(_("competence"), max_length=8, choices=Competence)
    polarity = models.CharField(_("strength or weakness"), max_length=10, choices=Polarity)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity, blank=True)
    report_kind = models.CharField(_("goes into"), max_length=10, choices=ReportKind, default=ReportKind.ANALYSIS)
    title = GuardedCharField(_("title"), max_length=160)
    text = GuardedTextField(_("what we found"), max_length=4000)
    example = GuardedTextField(_("anonymised example"), max_length=2000, blank=True)
    cause = GuardedTextField(_("cause"), max_length=2000, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects = OfEngagementQuerySet.as_manager()
    recorded_acts = {"written": _("Finding written"), "changed": _("Finding changed"), "deleted": _("Finding deleted")}

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["engagement", "number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="finding_number_once"),
            models.CheckConstraint(
                condition=Q(polarity="strength", severity="") | (Q(polarity="weakness") & ~Q(severity="")),
                name="weakness_has_severity",
                violation_error_message=_("A weakness has a severity; a strength has none."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("findings:finding", args=[self.engagement.case_no, self.number])


class Recommendation(Versioned):
    """What the Task Force recommends because of one or more findings."""

    class Kind(models.TextChoices):
        MUST = "must", _("must (requirement of law)")
        SHOULD = "should", _("should (good practice)")
        MAY = "may", _("may (inspiration)")

    engagement = models.ForeignKey("engagements.Engagement", models.PROTECT, related_name="recommendations")
    findings = models.ManyToManyField(Finding, related_name="recommendations", verbose_name=_("findings"))
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    competence = models.CharField(_("competence"), max_length=8, choices=Competence)
    report_kind = models.CharField(_("goes into"), max_length=10, choices=ReportKind, default=ReportKind.ANALYSIS)
    title = GuardedCharField(_("title"), max_length=160)
    text = GuardedTextField(_("recommendation"), max_length=4000)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects = OfEngagementQuerySet.as_manager()
    recorded_acts = {
        "written": _("Recommendation written"),
        "changed": _("Recommendation changed"),
        "deleted": _("Recommendation deleted"),
    }

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering = ["engagement", "number"]
        constraints = [models.UniqueConstraint(fields=["engagement", "number"], name="recommendation_number_once")]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("findings:recommendation", args=[self.engagement.case_no, self.number])


class Report(Versioned):
    """The analysis report or status report of an engagement, until it is locked and published."""

    Kind = ReportKind

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("of a report", "draft")
        LOCKED = "locked", _("locked")
        PUBLISHED = "published", _("published to the municipality")

    engagement = models.ForeignKey("engagements.Engagement", models.PROTECT, related_name="reports")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.ANALYSIS)
    state = StateField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    summary = GuardedTextField(_("summary"), max_length=6000, blank=True)
    background = GuardedTextField(_("background and method"), max_length=8000, blank=True)
    conclusion = GuardedTextField(_("conclusion"), max_length=6000, blank=True)
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    council_from = models.DateTimeField(_("open to the council from"), null=True, blank=True)

    objects = ReportQuerySet.as_manager()
    recorded_acts = {"begun": _("Report begun"), "changed": _("Report changed")}

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["engagement", "created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "kind"],
                name="one_report_of_each_kind",
                violation_error_message=_("The engagement already has this report."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.engagement}"

    def get_absolute_url(self) -> str:
        return reverse("findings:report", args=[self.engagement.case_no, self.kind])

    def move_args(self, name: str) -> list[str]:
        """Where its moves are made."""
        return [self.engagement.case_no, self.kind, name]

    @transition(
        state,
        source=State.DRAFT,
        target=State.LOCKED,
        label=_("Lock as a version"),
        done=_("The report is locked as a version."),
        permission=permissions.may_lock,
        primary=True,
        hidden=True,
    )
    def lock(self, step: Step) -> None:
        """Freeze the facts and produce the PDF (see `services.lock_report`)."""

    @transition(
        state,
        source=State.LOCKED,
        target=State.DRAFT,
        label=_("Open for changes"),
        done=_("The report is open for changes; the locked version is kept."),
        permission=permissions.may_lock,
        note="required",
        note_label=_("Why"),
    )
    def unlock(self, step: Step) -> None:
        """A new version will follow."""

    @transition(
        state,
        source=State.LOCKED,
        target=State.PUBLISHED,
        label=_("Publish to the municipality"),
        done=_("The report is published to the municipality."),
        permission=permissions.may_publish,
        primary=True,
        hidden=True,
    )
    def publish(self, step: Step) -> None:
        """The municipality reads it, with its findings and recommendations (see `services.publish_report`)."""
        self.published_at = step.at

    @transition(
        state,
        source=State.PUBLISHED,
        target=State.DRAFT,
        label=_("Begin a new version"),
        done=_("A new version is begun; the published one stays until the new one is published."),
        permission=permissions.may_lock,
        note="required",
        note_label=_("Why"),
        note_internal=True,
    )
    def revise(self, step: Step) -> None:
        """What is published stays readable; a later version takes its place."""


IMMUTABLE = _("A locked version cannot be changed or deleted.")
PUBLICATION = frozenset({"published_at", "published_by_id"})


class VersionQuerySet(models.QuerySet["ReportVersion"]):
    """Locked versions."""

    def visible_to(self, user: Any) -> Self:
        """All versions for those who write the report, published ones for those who read it."""
        reports = Report.objects.visible_to(user)
        if who.is_case_staff(user):
            full = Engagement.objects.read_in_full_by(user)
            return self.filter(
                Q(report__engagement__in=full.values("pk"))
                | Q(report__in=reports.values("pk"), published_at__isnull=False)
            )
        return self.filter(report__in=reports.values("pk"), published_at__isnull=False)

    def update(self, **kwargs: Any) -> int:
        """Refuse: a version is written once."""
        raise ValidationError(IMMUTABLE)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse: a version stays."""
        raise ValidationError(IMMUTABLE)


class ReportVersion(models.Model):
    """A locked version: its facts as they were and its PDF, whose checksum stands on the document."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    content = models.JSONField(_("frozen content"))
    document = models.OneToOneField(
        "engagements.Document", models.PROTECT, related_name="+", verbose_name=_("document")
    )
    locked_at = models.DateTimeField(_("locked"))
    locked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a report")
        verbose_name_plural = _("versions of reports")
        ordering = ["report", "-number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="report_version_once")]

    def __str__(self) -> str:
        return f"{self.report}, {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A version is written once; only its publication may be added, once."""
        if self.pk:
            stored = models.QuerySet(type(self)).filter(pk=self.pk).values().get()
            changed = {key for key, value in stored.items() if getattr(self, key) != value}
            if changed - PUBLICATION or stored["published_at"]:
                raise ValidationError(IMMUTABLE)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse: a version stays."""
        raise ValidationError(IMMUTABLE)
