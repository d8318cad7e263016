"""Topics, rounds, regional networks and their meetings."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from courses.catalogue.models import MaterialBase, in_language
from engagements.municipalities.models import Dated, DatedQuerySet
from engagements.records.fields import GuardedCharField, GuardedTextField
from engagements.records.models import Versioned

from . import permissions


class Topic(models.Model):
    """What material and threads are about: a guidepost (*pejlemærke*) or another theme."""

    key = models.SlugField(_("key"), max_length=40, unique=True)
    title_da = GuardedCharField(_("title in Danish"), max_length=80)
    title_en = GuardedCharField(_("title in English"), max_length=80, blank=True)
    is_guidepost = models.BooleanField(_("guidepost"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["-is_guidepost", "order", "title_da"]

    def __str__(self) -> str:
        return in_language(self.title_da, self.title_en)


class NetworkRound(models.Model):
    """A period of the network with its host (2018–21, 2022–25, from 2026)."""

    title = GuardedCharField(_("title"), max_length=80)
    host = GuardedCharField(_("host"), max_length=120)
    begins_on = models.DateField(_("begins"))
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    about = GuardedTextField(_("about the round"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("network round")
        verbose_name_plural = _("network rounds")
        ordering = ["-begins_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("begins_on")),
                name="network_round_ends_after_it_begins",
                violation_error_message=_("The round must end after it begins."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def is_running(self, on: date) -> bool:
        """Whether the day lies in the round."""
        return self.begins_on <= on and (self.ends_on is None or on <= self.ends_on)


class NetworkQuerySet(DatedQuerySet["Network"]):
    """Networks."""


class Network(Dated):
    """The network of a region within a round; its members are the leaders of the region's municipalities."""

    round = models.ForeignKey(NetworkRound, models.PROTECT, related_name="networks", verbose_name=_("round"))
    region = models.ForeignKey("engagements.Region", models.PROTECT, related_name="networks", verbose_name=_("region"))
    name = GuardedCharField(_("name"), max_length=80)

    objects = NetworkQuerySet.as_manager()

    class Meta:
        verbose_name = _("network")
        verbose_name_plural = _("networks")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "region", "valid_from"],
                name="one_network_per_region",
                violation_error_message=_("The region already has a network from that date."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Meetings."""

    def visible_to(self, user: Any) -> Self:
        """All to the network; to a guest with an account the meetings he or she is a guest at."""
        if permissions.arranges(user):
            return self
        shown = self.exclude(run__state="draft")
        if permissions.belongs(user):
            return shown
        return (
            shown.filter(guests__user=user.pk).distinct() if getattr(user, "is_authenticated", False) else self.none()
        )


class Meeting(index.Indexed, Versioned):
    """A meeting of one network or of all; dates, places, seats and enrolment are those of its run."""

    run = models.OneToOneField("courses.Run", models.PROTECT, related_name="network_meeting", verbose_name=_("run"))
    network = models.ForeignKey(
        Network, models.PROTECT, null=True, blank=True, related_name="meetings", verbose_name=_("network")
    )
    theme = GuardedCharField(_("theme"), max_length=160)
    agenda = GuardedTextField(_("agenda"), max_length=6000, blank=True)
    minutes = GuardedTextField(_("minutes"), max_length=20000, blank=True)
    minutes_at = models.DateTimeField(_("minutes shared"), null=True, blank=True)
    topics = models.ManyToManyField(Topic, blank=True, related_name="meetings", verbose_name=_("topics"))

    objects = MeetingQuerySet.as_manager()
    recorded_acts = {
        "made": _("Meeting made"),
        "changed": _("Meeting changed"),
        "minutes_shared": _("Minutes shared"),
    }
    search_fields = [
        *(index.SearchField(name) for name in ("theme", "agenda", "shared_minutes")),
        index.FilterField("id"),
    ]

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["run__starts_at"]

    def __str__(self) -> str:
        return self.theme

    def get_absolute_url(self) -> str:
        return reverse("network:meeting", args=[self.run.reference])

    def shared_minutes(self) -> str:
        """The minutes as the network reads them."""
        return self.minutes if self.minutes_at else ""


class MeetingGuest(models.Model):
    """Someone invited to one meeting, such as a leader of health visitors or day care."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="guests")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("user")
    )
    name = GuardedCharField(_("name"), max_length=120)
    title = GuardedCharField(_("title"), max_length=120, blank=True)
    organisation = GuardedCharField(_("organisation"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("guest")
        verbose_name_plural = _("guests")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class MeetingMaterial(MaterialBase):
    """Material for before or after a meeting."""

    class When(models.TextChoices):
        BEFORE = "before", _("before the meeting")
        AFTER = "after", _("after the meeting")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="material")
    when = models.CharField(_("when"), max_length=6, choices=When, default=When.BEFORE)

    class Meta(MaterialBase.Meta):
        verbose_name = _("material")
        verbose_name_plural = _("material")
