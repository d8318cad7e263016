"""What belongs to a visit: audience, team, preparation, material, evaluations, learning points."""

from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagements.programme.models import Milestone
from engagements.records.fields import (
    GuardedCharField,
    GuardedFileField,
    NamelessCharField,
    NamelessTextField,
)
from engagements.records.models import Versioned

MOST_PEOPLE = 500
SHOWN_FROM = 5
"""Evaluations are shown when at least so many have answered."""


class AudienceRole(models.TextChoices):
    """Whom a visit is for."""

    CASEWORKERS = "caseworkers", _("caseworkers")
    LEADERS = "leaders", _("leaders and team leaders")
    CONSULTANTS = "consultants", _("professional coordinators and consultants")
    PROVIDERS = "providers", _("family therapists and other providers")
    LAWYERS = "lawyers", _("lawyers")
    ADMINISTRATIVE = "administrative", _("administrative staff")
    OTHERS = "others", _("others")


class Audience(models.Model):
    """How many of a role are expected, and how many came."""

    visit = models.ForeignKey("engagements.Visit", models.CASCADE, related_name="audience")
    role = models.CharField(_("role"), max_length=16, choices=AudienceRole)
    expected = models.PositiveSmallIntegerField(_("expected"), default=0, validators=[MaxValueValidator(MOST_PEOPLE)])
    attended = models.PositiveSmallIntegerField(
        _("came"), null=True, blank=True, validators=[MaxValueValidator(MOST_PEOPLE)]
    )

    class Meta:
        verbose_name = _("audience")
        verbose_name_plural = _("audience")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["visit", "role"], name="audience_role_once")]


class VisitMember(models.Model):
    """One of those who visit."""

    visit = models.ForeignKey("engagements.Visit", models.CASCADE, related_name="team")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="visit_teams")

    class Meta:
        verbose_name = _("team member")
        verbose_name_plural = _("team members")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["visit", "user"], name="on_the_visit_once")]

    def __str__(self) -> str:
        return str(self.user)


class Side(models.TextChoices):
    """The two sides of a visit, named as everywhere; the Task Force's is the learning team."""

    MUNICIPALITY = Milestone.Side.MUNICIPALITY.value, _("the municipality")
    TASK_FORCE = Milestone.Side.TASK_FORCE.value, _("the learning team")


class Preparation(models.Model):
    """Something one of the sides does before the visit."""

    Side = Side

    visit = models.ForeignKey("engagements.Visit", models.CASCADE, related_name="preparations")
    text = NamelessCharField(_("what"), max_length=200)
    side = models.CharField(_("who"), max_length=12, choices=Side)
    due_on = models.DateField(_("due date"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("preparation")
        verbose_name_plural = _("preparation")
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.text

    @property
    def is_overdue(self) -> bool:
        """Past its date and not done."""
        return self.done_at is None and self.due_on < timezone.localdate()


class VisitMaterial(models.Model):
    """A file for the participants, to be read before or after."""

    visit = models.ForeignKey("engagements.Visit", models.CASCADE, related_name="material")
    title = NamelessCharField(_("title"), max_length=160)
    file = GuardedFileField(_("file"), upload_to="visits/%Y/", max_length=255)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("material of a visit")
        verbose_name_plural = _("material of visits")
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return self.title


def _grade(question: Any) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(question, validators=[MinValueValidator(1), MaxValueValidator(5)])


class Evaluation(models.Model):
    """One participant's answer. It holds no person, no role, no address and no time of day.

    `nonce` comes from the page the participant answered on: the same page sent twice is one answer.
    """

    QUESTIONS = ("useful", "own_practice", "clear", "will_use")

    visit = models.ForeignKey("engagements.Visit", models.CASCADE, related_name="evaluations")
    nonce = models.CharField(max_length=32, editable=False)
    useful = _grade(_("The visit was useful to me"))
    own_practice = _grade(_("The visit was about what we meet in our own practice"))
    clear = _grade(_("It was clear what the law asks of us"))
    will_use = _grade(_("I will do something in another way after the visit"))
    comment = NamelessTextField(_("What do you take with you, or what was missing?"), max_length=1000, blank=True)
    answered_on = models.DateField(_("answered"), default=timezone.localdate)

    class Meta:
        verbose_name = _("evaluation of a visit")
        verbose_name_plural = _("evaluations of visits")
        ordering = ["nonce"]  # not the order of arrival
        constraints = [models.UniqueConstraint(fields=["visit", "nonce"], name="visit_evaluated_once_a_page")]


class LearningPointQuerySet(models.QuerySet["LearningPoint"]):
    """Learning points."""

    def open(self) -> Self:
        """Neither done nor made an action."""
        return self.filter(done_at=None, action=None)


class LearningPoint(Versioned):
    """Something the municipality will do because of the visit; it may become an action of a running engagement."""

    visit = models.ForeignKey("engagements.Visit", models.CASCADE, related_name="points")
    text = NamelessTextField(_("learning point"), max_length=1000)
    owner = GuardedCharField(_("owner"), max_length=120, help_text=_("Name or title of the person responsible."))
    due_on = models.DateField(_("due date"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    action = models.OneToOneField(
        "engagements.Action", models.SET_NULL, null=True, blank=True, related_name="learning_point"
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    objects = LearningPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("learning point")
        verbose_name_plural = _("learning points")
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.text

    @property
    def is_overdue(self) -> bool:
        """Past its date, not done and no action."""
        return self.done_at is None and self.action_id is None and self.due_on < timezone.localdate()


class Base(models.Model):
    """Where a member of staff sets out from; distances are measured from it (Odense for those who have not chosen)."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="visit_base")
    municipality = models.ForeignKey(
        "engagements.Municipality",
        models.PROTECT,
        related_name="+",
        verbose_name=_("municipality you set out from"),
        limit_choices_to=Q(latitude__isnull=False),
    )

    class Meta:
        verbose_name = _("starting point")
        verbose_name_plural = _("starting points")

    def __str__(self) -> str:
        return f"{self.user}: {self.municipality}"
