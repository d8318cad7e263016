"""Subjects, courses, their material, learning paths, and the interest in a course without a date."""

from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from engagements.lifecycle import StateField, Step, transition
from engagements.municipalities.models import fold
from engagements.records.fields import GuardedCharField, GuardedFileField, GuardedTextField
from engagements.records.models import Versioned

from . import permissions

RESERVED = frozenset({"arrangementer", "forloeb", "hold", "interesse", "kalender", "nyt", "rapporter", "ret"})
"""Parts of our own addresses under `/kurser/`, which no course may take."""


def in_language(danish: str, english: str) -> str:
    """The text in the language of the page; Danish where there is no English."""
    return english if get_language() == "en" and english else danish


class Subject(models.Model):
    """What courses are about; editors keep the list in the CMS."""

    key = models.SlugField(_("key"), max_length=40, unique=True)
    title_da = GuardedCharField(_("title in Danish"), max_length=80)
    title_en = GuardedCharField(_("title in English"), max_length=80, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("subject")
        verbose_name_plural = _("subjects")
        ordering = ["order", "title_da"]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the language of the page."""
        return in_language(self.title_da, self.title_en)


class Shown(models.TextChoices):
    """Where a course or learning path is."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    RETIRED = "retired", _("no longer offered")


class ShownQuerySet[M: models.Model](models.QuerySet[M]):
    """Things of the catalogue."""

    def visible_to(self, user: Any) -> Self:
        """Published ones to all, and those no longer offered, because certificates name them; drafts to those who write them."""
        return self if permissions.administers(user) else self.exclude(state=Shown.DRAFT)

    def offered(self) -> Self:
        """What the catalogue lists."""
        return self.filter(state=Shown.PUBLISHED)

    def holding(self, text: str) -> Self:
        """Those with every one of these words in their texts, in either language."""
        found = self
        for word in fold(text).split():
            found = found.filter(folded_words__contains=word)
        return found


class CatalogueThing(Versioned):
    """What a course and a learning path have in common: words in two languages, an address, a state."""

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    title_da = GuardedCharField(_("title in Danish"), max_length=120)
    title_en = GuardedCharField(_("title in English"), max_length=120, blank=True)
    summary_da = GuardedTextField(_("summary in Danish"), max_length=400)
    summary_en = GuardedTextField(_("summary in English"), max_length=400, blank=True)
    state = StateField(_("state"), max_length=10, choices=Shown, default=Shown.DRAFT)
    folded_title = models.CharField(_("title for sorting"), max_length=360, editable=False)
    folded_words = models.TextField(_("words for search"), editable=False)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    objects = ShownQuerySet.as_manager()
    recorded_acts = {"made": _("Made"), "changed": _("Changed")}
    searched: tuple[str, ...] = ("title_da", "title_en", "summary_da", "summary_en")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Keep our own addresses free."""
        super().clean()
        if self.slug in RESERVED:
            raise ValidationError({"slug": _("This address belongs to a part of the portal itself; choose another.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded texts in step with the texts."""
        self.folded_title = fold(self.title_da)
        self.folded_words = " ".join(fold(getattr(self, name)) for name in self.searched)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "folded_title", "folded_words"}
        super().save(*args, **kwargs)

    @property
    def title(self) -> str:
        """The title in the language of the page."""
        return in_language(self.title_da, self.title_en)

    @property
    def summary(self) -> str:
        """The summary in the language of the page."""
        return in_language(self.summary_da, self.summary_en)

    @transition(
        state,
        source=[Shown.DRAFT, Shown.RETIRED],
        target=Shown.PUBLISHED,
        label=_("Publish"),
        done=_("Published."),
        permission=permissions.may_administer,
        primary=True,
    )
    def publish(self, step: Step) -> None:
        """Show it in the catalogue."""

    @transition(
        state,
        source=Shown.PUBLISHED,
        target=Shown.RETIRED,
        label=_("Take out of the catalogue"),
        done=_("No longer in the catalogue."),
        permission=permissions.may_administer,
    )
    def retire(self, step: Step) -> None:
        """Offer it no longer; runs and certificates stay."""


class Course(CatalogueThing):
    """A course as plain facts; its runs have the dates, its page in the CMS the words and pictures."""

    class Level(models.TextChoices):
        BASIC = "basic", _("basic")
        PRACTISED = "practised", _("practised")
        SPECIALIST = "specialist", _("specialist")

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="courses", verbose_name=_("subject"))
    level = models.CharField(_("level"), max_length=12, choices=Level, default=Level.BASIC)
    aims = GuardedTextField(_("aims"), max_length=2000, blank=True, help_text=_("One aim a line."))
    audience = GuardedTextField(_("for whom"), max_length=600, blank=True)
    hours = models.PositiveSmallIntegerField(_("hours of teaching"), null=True, blank=True)

    recorded_acts = CatalogueThing.recorded_acts | {
        "material_added": _("Material added"),
        "material_removed": _("Material removed"),
    }
    searched = (*CatalogueThing.searched, "aims", "audience")

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["folded_title"]

    def get_absolute_url(self) -> str:
        return reverse("courses:course", args=[self.slug])

    def move_args(self, name: str) -> list[object]:
        """The arguments of the address of a move."""
        return ["kursus", self.slug, name]

    @property
    def aim_list(self) -> list[str]:
        """The aims, one by one."""
        return [line.strip() for line in self.aims.splitlines() if line.strip()]


class MaterialBase(models.Model):
    """A file or a link for participants."""

    title = GuardedCharField(_("title"), max_length=160)
    file = GuardedFileField(_("file"), upload_to="courses/%Y/", max_length=255, blank=True)
    link = models.URLField(_("link"), max_length=400, blank=True)
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(file="", link=""),
                name="%(class)s_is_file_or_link",
                violation_error_message=_("Choose a file or write a link."),
            )
        ]

    def __str__(self) -> str:
        return self.title


class CourseMaterial(MaterialBase):
    """Material for those who have or had a seat on a run of the course."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="material")

    class Meta(MaterialBase.Meta):
        verbose_name = _("material")
        verbose_name_plural = _("material")


class LearningPath(CatalogueThing):
    """Courses that belong together, in order or free; `needed` of them complete it (all if empty)."""

    ordered = models.BooleanField(_("the courses are taken in order"), default=False)
    needed = models.PositiveSmallIntegerField(
        _("courses needed"), null=True, blank=True, help_text=_("Empty: all of them.")
    )
    courses = models.ManyToManyField(Course, through="PathStep", related_name="paths", verbose_name=_("courses"))

    class Meta:
        verbose_name = _("learning path")
        verbose_name_plural = _("learning paths")
        ordering = ["folded_title"]

    def get_absolute_url(self) -> str:
        return reverse("courses:path", args=[self.slug])

    def move_args(self, name: str) -> list[object]:
        """The arguments of the address of a move."""
        return ["forloeb", self.slug, name]


class PathStep(models.Model):
    """A course's place on a learning path; a required one counts whatever the number needed."""

    path = models.ForeignKey(LearningPath, models.CASCADE, related_name="steps")
    course = models.ForeignKey(Course, models.PROTECT, related_name="steps", verbose_name=_("course"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    required = models.BooleanField(_("required"), default=False)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["path", "course"],
                name="course_once_on_a_path",
                violation_error_message=_("The course is already on the path."),
            )
        ]

    def __str__(self) -> str:
        return str(self.course)


class InterestQuerySet(models.QuerySet["Interest"]):
    """Those who wait for a date."""

    def visible_to(self, user: Any) -> Self:
        """One's own; all to those who plan runs."""
        return self if permissions.administers(user) else self.filter(person=user.pk)

    def waiting(self) -> Self:
        """Those who have not enrolled on a run of the course since, so that they still wait for a date."""
        enrolments = apps.get_model("courses", "Enrolment").objects.active()
        since = enrolments.filter(
            run__course=OuterRef("course"), person=OuterRef("person"), created_at__gte=OuterRef("since")
        )
        return self.filter(~Exists(since))


class Interest(models.Model):
    """A person who wants to hear when the course gets a date."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="interested")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="course_interests")
    since = models.DateTimeField(_("since"), auto_now_add=True)

    objects = InterestQuerySet.as_manager()

    class Meta:
        verbose_name = _("interest")
        verbose_name_plural = _("interest list")
        ordering = ["since"]
        constraints = [models.UniqueConstraint(fields=["course", "person"], name="interested_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.course}"
