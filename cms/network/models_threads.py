"""Threads with their posts, what was said before an edit, who follows, and reports of posts."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from engagements.lifecycle import StateField, Step, transition
from engagements.municipalities.models import fold
from engagements.records.fields import GuardedCharField, GuardedFileField, GuardedTextField
from engagements.records.models import Versioned

from . import permissions
from .models import Topic

LONGEST_POST = 10_000
"""Characters of a post."""


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

    def unread_by(self, user: Any) -> Self:
        """Those in which somebody else has written since the person last looked."""
        news = Post.objects.filter(thread=OuterRef("pk"), state=PostState.SHOWN).exclude(author=user.pk)
        seen = ThreadVisit.objects.filter(thread=OuterRef("thread"), person=user.pk)
        return self.filter(Exists(news.filter(~Exists(seen.filter(seen_until__gte=OuterRef("written_at"))))))

    def marked_for(self, user: Any) -> Self:
        """With `is_unread` and `is_followed` for the person, and the number of posts shown."""
        return self.annotate(
            is_unread=Exists(Thread.objects.unread_by(user).filter(pk=OuterRef("pk"))),
            is_followed=Exists(Follow.objects.filter(thread=OuterRef("pk"), person=user.pk)),
            posts_shown=models.Count("posts", filter=Q(posts__state=PostState.SHOWN)),
        )


class Thread(models.Model):
    """A conversation between members; no case is described in it."""

    State = ThreadState

    title = GuardedCharField(_("title"), max_length=160)
    folded_title = models.CharField(_("title for search"), max_length=480, editable=False)
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

    def move_args(self, name: str) -> list[object]:
        """The arguments of the address of a move."""
        return ["traad", self.pk, name]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded title in step with the title."""
        self.folded_title = fold(self.title)
        super().save(*args, **kwargs)

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


class PostQuerySet(models.QuerySet["Post"]):
    """Posts."""

    def visible_to(self, user: Any) -> Self:
        """Those of the threads one sees; what a hidden one said only to those who moderate."""
        rows = self.filter(thread__in=Thread.objects.visible_to(user).values("pk"))
        return rows if permissions.looks_after(user) else rows.filter(state=PostState.SHOWN)


class Post(index.Indexed, Versioned):
    """What a member writes: plain text, with links made from addresses."""

    State = PostState

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="posts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts")
    text = GuardedTextField(_("text"), max_length=LONGEST_POST)
    folded_text = models.TextField(_("text for search"), editable=False)
    written_at = models.DateTimeField(_("written"), auto_now_add=True)
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    state = StateField(_("state"), max_length=6, choices=PostState, default=PostState.SHOWN)

    objects = PostQuerySet.as_manager()
    recorded_acts = {"edited": _("Post edited")}
    search_fields = [
        index.SearchField("text"),
        index.RelatedFields("thread", [index.SearchField("title")]),
        index.FilterField("id"),
    ]

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["pk"]
        indexes = [models.Index(fields=["thread", "written_at"], name="posts_by_thread")]

    def __str__(self) -> str:
        return f"{self.thread} ({self.pk})"

    def get_absolute_url(self) -> str:
        return reverse("network:post", args=[self.pk])

    def move_args(self, name: str) -> list[object]:
        """The arguments of the address of a move."""
        return ["indlaeg", self.pk, name]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded text in step with the text."""
        self.folded_text = fold(self.text)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "folded_text"}
        super().save(*args, **kwargs)

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
        """Readers see that a post was hidden, not what it said; reports of it are settled."""
        self.reports.open().update(settled_by=step.by, settled_at=step.at)

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


class ThreadVisit(models.Model):
    """How far a member has seen a thread."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="visits")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_until = models.DateTimeField(_("seen until"))

    class Meta:
        verbose_name = _("visit to a thread")
        verbose_name_plural = _("visits to threads")
        constraints = [models.UniqueConstraint(fields=["thread", "person"], name="a_thread_is_seen_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.thread}"


class PostReportQuerySet(models.QuerySet["PostReport"]):
    """Reports of posts."""

    def visible_to(self, user: Any) -> Self:
        """For those who moderate."""
        return self if permissions.looks_after(user) else self.none()

    def open(self) -> Self:
        """Nobody has settled it yet."""
        return self.filter(settled_at__isnull=True)


class PostReport(models.Model):
    """A member's report of a post that breaks the rules; those who moderate settle it."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="reports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    reason = GuardedTextField(_("what is wrong"), max_length=1000)
    at = models.DateTimeField(_("reported"), auto_now_add=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    objects = PostReportQuerySet.as_manager()
    recorded_acts = {"settled": _("Report settled")}

    class Meta:
        verbose_name = _("report of a post")
        verbose_name_plural = _("reports of posts")
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["post", "by"], name="a_post_is_reported_once_by_each")]

    def __str__(self) -> str:
        return str(self.post)
