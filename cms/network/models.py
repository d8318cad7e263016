"""Rounds, networks, meetings, threads with their posts, reading, and the directory."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from courses.catalogue.models import MaterialBase, in_language
from engagements.lifecycle import StateField, Step, transition
from engagements.municipalities.models import Dated, DatedQuerySet
from engagements.records.fields import GuardedCharField, GuardedFileField, GuardedTextField
from engagements.records.models import Versioned

from . import permissions

LONGEST_POST = 10_000
"""Characters of a post."""


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
        if permissions.looks_after(user):
            return self
        shown = self.exclude(run__state="draft")
        if permissions.belongs(user):
            return shown
        return (
            shown.filter(guests__user=user.pk).distinct() if getattr(user, "is_authenticated", False) else self.none()
        )


class Meeting(Versioned):
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

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["run__starts_at"]

    def __str__(self) -> str:
        return self.theme

    def get_absolute_url(self) -> str:
        return reverse("network:meeting", args=[self.run.reference])


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


class ThreadState(models.TextChoices):
    """Where a thread is."""

    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")
    HIDDEN = "hidden", _("hidden")


class ThreadQuerySet(models.QuerySet["Thread"]):
    """Threads."""

    def visible_to(self, user: Any) -> Self:
        """To the network; hidden ones to those who moderate."""
        if permissions.looks_after(user):
            return self
        return self.exclude(state=ThreadState.HIDDEN) if permissions.belongs(user) else self.none()


class Thread(models.Model):
    """A conversation between members; no case is described in it."""

    State = ThreadState

    title = GuardedCharField(_("title"), max_length=160)
    topics = models.ManyToManyField(Topic, blank=True, related_name="threads", verbose_name=_("topics"))
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="threads")
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    last_post_at = models.DateTimeField(_("last post"), db_index=True)
    pinned = models.BooleanField(_("pinned"), default=False)
    state = StateField(_("state"), max_length=8, choices=ThreadState, default=ThreadState.OPEN)

    objects = ThreadQuerySet.as_manager()
    recorded_acts = {"pinned": _("Thread pinned"), "unpinned": _("Thread no longer pinned")}

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")
        ordering = ["-pinned", "-last_post_at"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("network:thread", args=[self.pk])

    @transition(
        state,
        source=ThreadState.OPEN,
        target=ThreadState.CLOSED,
        label=_("Close the thread"),
        done=_("The thread is closed."),
        permission=permissions.may_moderate,
    )
    def close(self, step: Step) -> None:
        """Nobody can reply any more."""

    @transition(
        state,
        source=[ThreadState.CLOSED, ThreadState.HIDDEN],
        target=ThreadState.OPEN,
        label=_("Open the thread again"),
        done=_("The thread is open again."),
        permission=permissions.may_moderate,
    )
    def reopen(self, step: Step) -> None:
        """Members can reply again."""

    @transition(
        state,
        source=[ThreadState.OPEN, ThreadState.CLOSED],
        target=ThreadState.HIDDEN,
        label=_("Hide the thread"),
        done=_("The thread is hidden."),
        permission=permissions.may_moderate,
        note="required",
        note_label=_("Why"),
        note_internal=True,
    )
    def hide(self, step: Step) -> None:
        """Only those who moderate see it."""


class PostState(models.TextChoices):
    """Whether a post is shown."""

    SHOWN = "shown", _("shown")
    HIDDEN = "hidden", _("hidden")


class Post(Versioned):
    """What a member writes: plain text, with links made from addresses."""

    State = PostState

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="posts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts")
    text = GuardedTextField(_("text"), max_length=LONGEST_POST)
    written_at = models.DateTimeField(_("written"), auto_now_add=True)
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    state = StateField(_("state"), max_length=6, choices=PostState, default=PostState.SHOWN)

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.thread} ({self.pk})"

    def get_absolute_url(self) -> str:
        return f"{self.thread.get_absolute_url()}#indlaeg-{self.pk}"

    def move_args(self, name: str) -> list[object]:
        """The arguments of the address of a move."""
        return ["indlaeg", self.pk, name]

    @transition(
        state,
        source=PostState.SHOWN,
        target=PostState.HIDDEN,
        label=_("Hide"),
        done=_("The post is hidden."),
        permission=permissions.may_moderate,
        note="required",
        note_label=_("Why"),
        note_internal=True,
    )
    def hide(self, step: Step) -> None:
        """Readers see that a post was hidden, not what it said."""

    @transition(
        state,
        source=PostState.HIDDEN,
        target=PostState.SHOWN,
        label=_("Show again"),
        done=_("The post is shown again."),
        permission=permissions.may_moderate,
    )
    def show(self, step: Step) -> None:
        """It was all right."""


class PostEdit(models.Model):
    """What a post said before it was edited."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="edits")
    text = GuardedTextField(_("text before"), max_length=LONGEST_POST)
    at = models.DateTimeField(_("edited"), auto_now_add=True)

    class Meta:
        verbose_name = _("edit")
        verbose_name_plural = _("edits")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return str(self.post)


class PostAttachment(models.Model):
    """A file that goes with a post."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="attachments")
    title = GuardedCharField(_("title"), max_length=160)
    file = GuardedFileField(_("file"), upload_to="network/%Y/", max_length=255)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self) -> str:
        return self.title


class Follow(models.Model):
    """A member who hears of new posts in a thread; `told_until` is what the last digest reached."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="follows")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="followed_threads")
    told_until = models.DateTimeField(_("told until"))

    class Meta:
        verbose_name = _("follower")
        verbose_name_plural = _("followers")
        constraints = [models.UniqueConstraint(fields=["thread", "person"], name="a_thread_is_followed_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.thread}"


class PostReport(models.Model):
    """A member's report of a post that breaks the rules; those who moderate settle it."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="reports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    reason = GuardedTextField(_("what is wrong"), max_length=1000)
    at = models.DateTimeField(_("reported"), auto_now_add=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    class Meta:
        verbose_name = _("report of a post")
        verbose_name_plural = _("reports of posts")
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["post", "by"], name="a_post_is_reported_once_by_each")]

    def __str__(self) -> str:
        return str(self.post)


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
