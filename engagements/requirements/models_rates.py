"""Shares of cases that others have found to comply with a requirement: what a municipality's own share is read beside."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagements.records.fields import GuardedCharField

from .models import Requirement

FIRST_YEAR = 1990
FEWEST_CASES = 5
"""A share of fewer could tell whose they are."""
TOO_FEW_CASES = _("A share of fewer than 5 cases must not be shown: it could tell whose cases they are.")


class PublishedRate(models.Model):
    """A share as its source printed it for one year; typed from the source, never computed here."""

    requirement = models.ForeignKey(
        Requirement, models.CASCADE, related_name="published_rates", verbose_name=_("requirement")
    )
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(FIRST_YEAR)])
    percent = models.DecimalField(
        _("share of the cases, in per cent"),
        max_digits=4,
        decimal_places=1,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )
    cases = models.PositiveIntegerField(
        _("cases assessed"),
        null=True,
        blank=True,
        validators=[MinValueValidator(FEWEST_CASES, TOO_FEW_CASES)],
        help_text=_("Leave empty where the source does not say it."),
    )
    source = GuardedCharField(_("source"), max_length=160, help_text=_("Who counted, and where it is printed."))
    address = models.URLField(_("address of the source"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("published share")
        verbose_name_plural = _("published shares")
        ordering = ["requirement__order", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["requirement", "year"],
                name="one_published_rate_a_year",
                violation_error_message=_("The requirement already has a published share for this year."),
            ),
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lte=100), name="published_rate_is_a_share"),
            models.CheckConstraint(
                condition=Q(cases__isnull=True) | Q(cases__gte=FEWEST_CASES),
                name="published_rate_hides_few_cases",
                violation_error_message=TOO_FEW_CASES,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requirement.code} {self.year}"

    def clean(self) -> None:
        """No year to come."""
        super().clean()
        if self.year and self.year > timezone.localdate().year:
            raise ValidationError({"year": _("The year has not come yet.")})
