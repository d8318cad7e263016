"""What belongs to an application: its sections, attachments, sign-offs and the two agencies' assessments."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.records.fields import GuardedCharField, GuardedFileField, GuardedJSONField, GuardedTextField
from engagements.records.models import Versioned


class Section(Versioned):
    """One section's answers, by the keys declared in `sections.py`."""

    application = models.ForeignKey("engagements.Application", models.CASCADE, related_name="sections")
    key = models.CharField(_("section"), max_length=20)
    answers = GuardedJSONField(_("answers"), default=dict, blank=True)
    complete = models.BooleanField(_("complete"), default=False)
    saved_at = models.DateTimeField(_("saved"), auto_now=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        constraints = [models.UniqueConstraint(fields=["application", "key"], name="section_once_per_application")]


class Attachment(models.Model):
    """A file that belongs to an application."""

    application = models.ForeignKey("engagements.Application", models.CASCADE, related_name="attachments")
    title = GuardedCharField(_("title"), max_length=160)
    file = GuardedFileField(_("file"), upload_to="attachments/%Y/", max_length=255)
    sha256 = models.CharField(_("checksum"), max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["uploaded_at"]

    def __str__(self) -> str:
        return self.title


class SignOff(models.Model):
    """The director's or a named deputy's approval of exactly these answers; a changed answer asks for a new one."""

    application = models.ForeignKey("engagements.Application", models.CASCADE, related_name="sign_offs")
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("signer")
    )
    signer_email = models.EmailField(_("signer's e-mail address"))
    token = models.CharField(max_length=64, unique=True, editable=False)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    requested_at = models.DateTimeField(_("requested"), auto_now_add=True)
    signed_at = models.DateTimeField(_("signed"), null=True, blank=True)
    signed_role = models.CharField(_("signed as"), max_length=12, blank=True)
    answers_digest = models.CharField(_("checksum of the answers"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("sign-off")
        verbose_name_plural = _("sign-offs")
        ordering = ["-requested_at", "-pk"]


class Assessment(Versioned):
    """One agency's assessment; the two are filled separately and seen together when both are complete."""

    class Agency(models.TextChoices):
        LEGAL = "legal", _("legal")
        SOCIAL = "social", _("social-professional")

    class Score(models.IntegerChoices):
        LOW = 1, _("low")
        RATHER_LOW = 2, _("rather low")
        RATHER_HIGH = 3, _("rather high")
        HIGH = 4, _("high")

    application = models.ForeignKey("engagements.Application", models.CASCADE, related_name="assessments")
    agency = models.CharField(_("agency"), max_length=8, choices=Agency)
    political_backing = models.PositiveSmallIntegerField(_("political backing"), choices=Score, null=True, blank=True)
    management_backing = models.PositiveSmallIntegerField(_("management backing"), choices=Score, null=True, blank=True)
    motivation = models.PositiveSmallIntegerField(_("motivation"), choices=Score, null=True, blank=True)
    resources = models.PositiveSmallIntegerField(_("resources"), choices=Score, null=True, blank=True)
    need = models.PositiveSmallIntegerField(_("need"), choices=Score, null=True, blank=True)
    comment = GuardedTextField(_("comment"), max_length=4000, blank=True)
    assessed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)

    CRITERIA = ("political_backing", "management_backing", "motivation", "resources", "need")

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "agency"],
                name="one_assessment_per_agency",
                violation_error_message=_("This agency has already assessed the application."),
            )
        ]
