"""What members do with threads: start, reply, edit, follow, report; and what those who moderate do with reports."""

from collections.abc import Iterable
from pathlib import PurePath
from typing import TYPE_CHECKING

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.lifecycle import MoveRefused, record
from engagements.notices.services import notify
from engagements.people import permissions as who
from engagements.people.services import staff
from engagements.records.versions import save_versioned, sent_twice
from engagements.users.models import User

from . import permissions
from .models import Topic
from .models_threads import Follow, Post, PostAttachment, PostEdit, PostReport, Thread, ThreadVisit

if TYPE_CHECKING:
    from datetime import datetime


def _refuse_unless(allowed: bool, why: str) -> None:
    if not allowed:
        raise MoveRefused(why)


@transaction.atomic
def start_thread(
    *, title: str, text: str, by: User, topics: Iterable[Topic] = (), file: File[bytes] | None = None
) -> Thread:
    """Start a thread with its first post; who starts it follows it. Sent twice within a minute it is one thread."""
    _refuse_unless(permissions.belongs(by), _("Only members of the network can do this."))
    User.objects.select_for_update().get(pk=by.pk)
    if twin := sent_twice(Thread.objects.all(), when="started_at", title=title, started_by=by):
        return twin
    thread = Thread(title=title, started_by=by, last_post_at=timezone.now())
    thread.full_clean(exclude=["folded_title"])
    thread.save()
    thread.topics.set(topics)
    _write(thread, text, by=by, file=file)
    return thread


@transaction.atomic
def reply(thread: Thread, *, text: str, by: User, file: File[bytes] | None = None) -> Post:
    """Write in a thread that is open; who replies follows it. Sent twice within a minute it is one post."""
    thread = Thread.objects.select_for_update().get(pk=thread.pk)
    _refuse_unless(permissions.may_post(thread, by), _("The thread is closed; nobody can write in it any more."))
    if twin := sent_twice(thread.posts.all(), when="written_at", author=by, text=text):
        return twin
    return _write(thread, text, by=by, file=file)


def _write(thread: Thread, text: str, *, by: User, file: File[bytes] | None) -> Post:
    """The thread is locked or new: posts of a thread are written one after another."""
    post = Post(thread=thread, author=by, text=text)
    post.full_clean(exclude=["thread", "folded_text"])
    post.save()
    if file is not None:
        attachment = PostAttachment(post=post, title=PurePath(file.name or "").name[:160], file=file)
        attachment.full_clean(exclude=["post"])
        attachment.save()
    thread.last_post_at = post.written_at
    thread.save(update_fields=["last_post_at"])
    follow(thread, by=by)
    note_seen(thread, by=by, until=post.written_at)
    return post


@transaction.atomic
def edit_post(post: Post, *, text: str, version: int, by: User) -> Post:
    """Change one's own post; what it said before stays to be seen. Raises StaleError if it was saved since `version`."""
    _refuse_unless(permissions.may_edit(post, by), _("Only the author can change a post, while the thread is open."))
    before = Post.objects.select_for_update().get(pk=post.pk)
    if before.text == text:
        return before
    now = timezone.now()
    changed = Post.objects.select_related("thread").get(pk=post.pk)
    changed.text, changed.edited_at = text, now
    changed.full_clean(exclude=["thread", "author", "folded_text"])
    save_versioned(changed, version, ["text", "edited_at"])
    PostEdit.objects.create(post=changed, text=before.text)
    record(changed, "edited", by=by)
    return changed


def follow(thread: Thread, *, by: User) -> Follow:
    """Hear of new posts once a day; what is written already counts as told."""
    found, _made = Follow.objects.get_or_create(thread=thread, person=by, defaults={"told_until": timezone.now()})
    return found


def unfollow(thread: Thread, *, by: User) -> None:
    """Hear no more of it."""
    Follow.objects.filter(thread=thread, person=by).delete()


def note_seen(thread: Thread, *, by: User, until: "datetime") -> None:
    """The person has seen the thread as far as this moment; it never goes back."""
    seen = ThreadVisit.objects.filter(thread=thread, person=by)
    if not seen.filter(seen_until__lt=until).update(seen_until=until) and not seen.exists():
        ThreadVisit.objects.get_or_create(thread=thread, person=by, defaults={"seen_until": until})


def see_all(*, by: User) -> int:
    """Note every thread as seen; returns how many were new."""
    unread = list(Thread.objects.visible_to(by).unread_by(by))
    for thread in unread:
        note_seen(thread, by=by, until=timezone.now())
    return len(unread)


@transaction.atomic
def pin(thread: Thread, *, pinned: bool, by: User) -> Thread:
    """Keep the thread at the top of the list, or no longer."""
    _refuse_unless(permissions.may_moderate(thread, by), _("Only those who look after the network can do this."))
    stored = Thread.objects.select_for_update().get(pk=thread.pk)
    if stored.pinned != pinned:
        stored.pinned = pinned
        stored.save(update_fields=["pinned"])
        record(stored, "pinned" if pinned else "unpinned", by=by)
    return stored


@transaction.atomic
def report_post(post: Post, *, reason: str, by: User) -> PostReport:
    """Tell those who moderate that a post breaks the rules; each reports a post once."""
    _refuse_unless(
        Post.objects.visible_to(by).filter(pk=post.pk).exists(), _("Only members of the network can do this.")
    )
    Post.objects.select_for_update().get(pk=post.pk)
    if had := PostReport.objects.filter(post=post, by=by).first():
        return had
    report = PostReport(post=post, by=by, reason=reason)
    report.full_clean(exclude=["post", "by"])
    report.save()
    title = post.thread.title
    notify(
        staff(who.NETWORK).exclude(pk=by.pk),
        key=f"post-report:{report.pk}",
        subject=lambda: _("A post in the network has been reported: %(title)s") % {"title": title},
        body=lambda: _("Read what is wrong and settle the report: hide the post, or leave it as it is."),
        address=_reports_address,
    )
    return report


def _reports_address() -> str:
    from django.urls import reverse

    return reverse("network:reports")


@transaction.atomic
def settle_report(report: PostReport, *, by: User) -> PostReport:
    """The post stays as it is, and the report is done with."""
    _refuse_unless(permissions.looks_after(by), _("Only those who look after the network can do this."))
    stored = PostReport.objects.select_for_update().get(pk=report.pk)
    if stored.settled_at is None:
        stored.settled_by, stored.settled_at = by, timezone.now()
        stored.save(update_fields=["settled_by", "settled_at"])
        record(stored, "settled", by=by)
    return stored
