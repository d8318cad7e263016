"""Numbers, documents of a case, and rows that two people may edit at once."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .fields import GuardedCharField, GuardedFileField


class NumberSeries(models.Model):
    """The last number given in a series and year; numbers have no gaps because the row is locked while one is taken."""

    series = models.CharField(_("series"), max_length=20)
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="number_series_once_a_year")]


class Versioned(models.Model):
    """A row that people edit together: a form carries the version it was opened at (see `records.versions`)."""

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        abstract = True


class DocumentQuerySet(models.QuerySet["Document"]):
    """Documents of cases."""

    def of_case(self, case_no: str) -> Self:
        """All documents of one case, by number."""
        return self.filter(case_no=case_no).order_by("number")

    def external(self) -> Self:
        """Documents the municipality may see."""
        return self.filter(internal=False)


class Document(models.Model):
    """A numbered document of a case (`2026-0012`); the file itself is private and served to those who may see the case."""

    class Direction(models.TextChoices):
        RECEIVED = "received", _("received")
        SENT = "sent", _("sent")
        MADE = "made", _("made here")

    case_no = models.CharField(_("case no."), max_length=9, db_index=True)
    number = models.PositiveIntegerField(_("document no."))
    title = GuardedCharField(_("title"), max_length=200)
    direction = models.CharField(_("direction"), max_length=10, choices=Direction)
    internal = models.BooleanField(_("internal"), default=False)
    file = GuardedFileField(_("file"), upload_to="documents/%Y/", max_length=255)
    sha256 = models.CharField(_("checksum"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("date"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("by"), related_name="+"
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["case_no", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["case_no", "number"],
                name="document_number_once_per_case",
                violation_error_message=_("The case already has a document with this number."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_no}/{self.number} {self.title}"
