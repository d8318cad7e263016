"""What belongs to one member: pages read and kept at hand, the own entry in the directory; and the welcome."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagements.records.fields import GuardedCharField, GuardedTextField


class Reading(models.Model):
    """That a member has read a page of the library."""

    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="readings")
    at = models.DateTimeField(_("read"), auto_now_add=True)

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        constraints = [models.UniqueConstraint(fields=["page", "person"], name="a_page_is_read_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.page}"


class Favourite(models.Model):
    """A page a member keeps at hand."""

    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="favourite_pages")
    since = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("favourite")
        verbose_name_plural = _("favourites")
        constraints = [models.UniqueConstraint(fields=["page", "person"], name="a_favourite_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.page}"


class DirectoryEntry(models.Model):
    """What a member shows of oneself to the others; nothing is shown unless the person says so."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="directory_entry")
    shows_email = models.BooleanField(_("show my e-mail address to the network"), default=False)
    phone = GuardedCharField(_("telephone"), max_length=20, blank=True)
    about = GuardedTextField(_("what I can help with"), max_length=600, blank=True)
    welcomed_at = models.DateTimeField(_("has closed the welcome"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("directory entry")
        verbose_name_plural = _("directory entries")

    def __str__(self) -> str:
        return str(self.person)


class WelcomeStep(models.Model):
    """One of the first things a new leader reads."""

    title = GuardedCharField(_("title"), max_length=120)
    text = GuardedTextField(_("why"), max_length=400, blank=True)
    page = models.ForeignKey(
        "wagtailcore.Page", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("page")
    )
    address = GuardedCharField(_("or an address on this site"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("step of the welcome")
        verbose_name_plural = _("steps of the welcome")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(page__isnull=False) | Q(address__startswith="/"),
                name="welcome_step_leads_somewhere",
                violation_error_message=_("Choose a page, or write an address that begins with /."),
            )
        ]

    def __str__(self) -> str:
        return self.title
