"""Legal requirements and their wording under each law; published versions cannot be changed or deleted."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from engagements.records.fields import GuardedCharField, GuardedTextField


class Theme(models.TextChoices):
    """Where in the casework a requirement belongs; four of them are the guideposts (*pejlemærker*)."""

    NOTIFICATION = "underretning", _("notifications")
    INVESTIGATION = "udredning", _("professional investigation")
    CHOICE = "valg af indsats", _("choice of measure")
    FOLLOW_UP = "opfølgning", _("follow-up")
    INVOLVEMENT = "inddragelse", _("involvement")
    CASEWORK = "sagsbehandling", _("casework in general")
    ORGANISATION = "organisation", _("organisation")


GUIDEPOSTS = (Theme.INVESTIGATION, Theme.CHOICE, Theme.FOLLOW_UP, Theme.INVOLVEMENT)


class Must(models.TextChoices):
    """The four musts of the ministers' letter of 23.01.2018; one requirement stands for each."""

    TALK = "talk", _("talk with the child")
    INVOLVE = "involve", _("involve the family")
    REACT = "react", _("react to notifications")
    FOLLOW = "follow", _("follow up")


class Law(models.TextChoices):
    """The two laws a case may be judged by; the change came at the new year 2024."""

    SERVICE_ACT = "serviceloven", _("the Act on Social Services")
    CHILDRENS_ACT = "barnets lov", _("the Children's Act")


class Requirement(models.Model):
    """One thing the law asks, whatever the law is called that year."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    theme = models.CharField(_("theme"), max_length=20, choices=Theme)
    must = models.CharField(_("one of the four musts"), max_length=10, choices=Must, blank=True)
    title_da = GuardedCharField(_("title in Danish"), max_length=160)
    title_en = GuardedCharField(_("title in English"), max_length=160)
    comparable = models.BooleanField(
        _("comparable across the two laws"),
        default=True,
        help_text=_("If not, no before and after is shown between cases judged by different laws."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def title(self) -> str:
        """The title in the language of the page."""
        return self.title_en if get_language() == "en" else self.title_da


class VersionQuerySet(models.QuerySet["RequirementVersion"]):
    """Wordings of requirements."""

    def published(self) -> Self:
        """Those in use."""
        return self.filter(published_at__isnull=False)

    def for_year(self, year: int) -> Self:
        """The published wordings that judge a case decided in `year`: at its end, the newest that has begun."""
        day = date(year, 12, 31)
        begun = self.model.objects.published().filter(valid_from__lte=day, requirement=OuterRef("requirement"))
        newer = begun.filter(valid_from__gt=OuterRef("valid_from"))
        return (
            self.published()
            .filter(Q(valid_until__isnull=True) | Q(valid_until__gt=day), valid_from__lte=day)
            .exclude(Exists(newer))
        )

    def unconfirmed(self) -> Self:
        """Those no lawyer has confirmed."""
        return self.filter(confirmed_by="")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse where a published wording is among them."""
        self._refuse_published()
        return super().delete()

    delete.queryset_only = True  # type: ignore[attr-defined]

    def _raw_delete(self, using: str | None) -> int:
        """Django's short way of deleting, under the same rule."""
        self._refuse_published()
        deleted: int = super()._raw_delete(using)  # type: ignore[misc]
        return deleted

    def update(self, **kwargs: Any) -> int:
        """Refuse to change published wordings in bulk, except for a lawyer's confirmation."""
        if set(kwargs) - CONFIRMATION:
            self._refuse_published()
        return super().update(**kwargs)

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Never as a way to overwrite what is there."""
        if kwargs.get("update_conflicts"):
            raise ValidationError(PUBLISHED)
        return super().bulk_create(objs, *args, **kwargs)

    def _refuse_published(self) -> None:
        rows = self.model._base_manager.filter(pk__in=self.order_by().values("pk"))
        if rows.filter(published_at__isnull=False).exists():
            raise ValidationError(PUBLISHED)


PUBLISHED = _("A published version cannot be changed or deleted; make a new version instead.")
CONFIRMATION = frozenset({"confirmed_by", "confirmed_on"})


class RequirementVersion(models.Model):
    """A requirement under one law in one period. Not confirmed until a named lawyer confirms it."""

    class Checked(models.TextChoices):
        YES = "yes", _("seen")
        PART = "part", _("partly seen")
        NO = "no", _("not seen")

    requirement = models.ForeignKey(Requirement, models.PROTECT, related_name="versions", verbose_name=_("requirement"))
    law = models.CharField(_("law"), max_length=20, choices=Law)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)
    paragraph = GuardedCharField(_("legal basis"), max_length=160)
    deadline_iso = models.CharField(_("deadline (ISO 8601)"), max_length=20, blank=True)
    deadline_text = GuardedCharField(_("deadline in words"), max_length=240, blank=True)
    clock_starts = GuardedCharField(_("the clock starts"), max_length=80, blank=True)
    checked = models.CharField(_("wording seen in public material"), max_length=5, choices=Checked, default=Checked.NO)
    source_note = GuardedTextField(_("source"), max_length=1000, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    confirmed_by = GuardedCharField(_("confirmed by (lawyer's name)"), max_length=120, blank=True)
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)

    objects = VersionQuerySet.as_manager()
    recorded_acts = {
        "drafted": _("Version drafted"),
        "published": _("Version published"),
        "confirmed": _("Confirmed by a lawyer"),
        "confirmation_withdrawn": _("Confirmation withdrawn"),
    }

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("version of a requirement")
        verbose_name_plural = _("versions of requirements")
        ordering = ["requirement", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["requirement", "valid_from"],
                name="one_wording_at_a_time",
                violation_error_message=_("The requirement already has a version from this date."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="wording_period_runs_forward",
                violation_error_message=_("The end must be after the beginning."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by="", confirmed_on__isnull=True)
                | (~Q(confirmed_by="") & Q(confirmed_on__isnull=False)),
                name="confirmation_has_name_and_date",
                violation_error_message=_("A confirmation needs both the lawyer's name and the date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requirement.code} ({self.legal_basis})"

    @property
    def legal_basis(self) -> str:
        """`barnets lov § 136`; a paragraph that names another law stands alone."""
        if self.paragraph[:1] in "§(":
            return f"{self.get_law_display()} {self.paragraph}"
        return self.paragraph

    @property
    def is_confirmed(self) -> bool:
        """Whether a named lawyer has confirmed the wording."""
        return bool(self.confirmed_by)

    @property
    def is_published(self) -> bool:
        """Whether it is in use, and so can no longer be changed."""
        return self.published_at is not None

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to change what is published, except for a lawyer's confirmation."""
        if self.pk:
            stored = type(self).objects.filter(pk=self.pk).values().first()
            if stored and stored["published_at"]:
                changed = {key for key, value in stored.items() if getattr(self, key) != value}
                if changed - CONFIRMATION:
                    raise ValidationError(PUBLISHED)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse to delete what is published."""
        if self.published_at:
            raise ValidationError(PUBLISHED)
        return super().delete(*args, **kwargs)
