"""What belongs to a run: sessions, teachers, material, shares of the seats, questions."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.catalogue.models import MaterialBase
from engagements.records.fields import GuardedCharField, GuardedTextField


class Session(models.Model):
    """One meeting of a run (*kursusgang*); the link to an online session is shown only to those with a seat."""

    run = models.ForeignKey("courses.Run", models.CASCADE, related_name="sessions")
    title = GuardedCharField(_("title"), max_length=120, blank=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = GuardedCharField(_("place"), max_length=160, blank=True)
    address = GuardedCharField(_("address"), max_length=200, blank=True)
    online_link = models.URLField(_("online link"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_ends_after_it_begins",
                violation_error_message=_("The session must end after it begins."),
            )
        ]

    def __str__(self) -> str:
        return self.title or str(self.run)

    @property
    def is_online(self) -> bool:
        """Held over a link and in no place."""
        return bool(self.online_link) and not self.place


class Teacher(models.Model):
    """Someone who teaches on the run; with an account here, the person may note attendance."""

    run = models.ForeignKey("courses.Run", models.CASCADE, related_name="teachers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="teaching",
        verbose_name=_("user"),
    )
    name = GuardedCharField(_("name"), max_length=120)
    title = GuardedCharField(_("title"), max_length=120, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("teacher")
        verbose_name_plural = _("teachers")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class RunMaterial(MaterialBase):
    """Material for those with a seat; it may belong to one session."""

    run = models.ForeignKey("courses.Run", models.CASCADE, related_name="material")
    session = models.ForeignKey(
        Session, models.SET_NULL, null=True, blank=True, related_name="material", verbose_name=_("session")
    )

    class Meta(MaterialBase.Meta):
        verbose_name = _("material")
        verbose_name_plural = _("material")


class Allotment(models.Model):
    """A municipality's own share of the seats until they are released: at most so many, and so many reserved.

    Reserved seats are set apart, for instance for the municipality of an engagement, and nobody else gets them.
    """

    run = models.ForeignKey("courses.Run", models.CASCADE, related_name="allotments")
    municipality = models.ForeignKey(
        "engagements.Municipality", models.PROTECT, related_name="+", verbose_name=_("municipality")
    )
    at_most = models.PositiveSmallIntegerField(_("at most"), null=True, blank=True)
    reserved = models.PositiveSmallIntegerField(_("reserved"), default=0)

    class Meta:
        verbose_name = _("share of the seats")
        verbose_name_plural = _("shares of the seats")
        ordering = ["municipality"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "municipality"],
                name="one_share_per_municipality",
                violation_error_message=_("The municipality already has a share on this run."),
            ),
            models.CheckConstraint(
                condition=Q(at_most__isnull=True) | Q(reserved__lte=F("at_most")),
                name="reserved_within_quota",
                violation_error_message=_("No more seats can be reserved than the municipality may have."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run}: {self.municipality}"


class Question(models.Model):
    """What participants are asked when they enrol, such as diet; only the organiser sees the answers, for a time."""

    class Answered(models.TextChoices):
        TEXT = "text", _("text")
        YES_NO = "yes_no", _("yes or no")
        CHOICE = "choice", _("one of the choices")

    run = models.ForeignKey("courses.Run", models.CASCADE, related_name="questions")
    text = GuardedCharField(_("question"), max_length=200)
    answered = models.CharField(_("answered with"), max_length=8, choices=Answered, default=Answered.TEXT)
    choices = GuardedTextField(_("choices"), max_length=600, blank=True, help_text=_("One choice a line."))
    required = models.BooleanField(_("must be answered"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text
