"""Who belongs to the network, who looks after it, and who may read and write what."""

from typing import TYPE_CHECKING, Any

from engagements.people import permissions as who
from engagements.people.models import Role

if TYPE_CHECKING:
    from .models import Meeting, Post, Thread


def is_member(user: Any) -> bool:
    """A leader of a municipality."""
    return bool(who.municipalities_of(user, Role.LEADER))


def belongs(user: Any) -> bool:
    """Members, the host, and the Task Force that reads along."""
    return who.is_task_force(user) or who.is_host(user) or is_member(user)


def looks_after(user: Any) -> bool:
    """The network's editor, the lead and administrators: meetings, moderation, welcome."""
    return who.is_staff_of(user, who.NETWORK, who.LEAD, who.ADMINISTRATORS)


def arranges(user: Any) -> bool:
    """They and the host plan meetings and write minutes; what members write is not the host's to judge."""
    return looks_after(user) or who.is_host(user)


def may_moderate(obj: Any, user: Any) -> bool:
    """The same, in the order a move asks."""
    return looks_after(user)


def may_post(thread: "Thread", user: Any) -> bool:
    """Everybody in the network, while the thread is open."""
    return belongs(user) and thread.state == thread.State.OPEN


def may_edit(post: "Post", user: Any) -> bool:
    """One's own post, while the thread is open and nobody has hidden it."""
    return post.author_id == user.pk and post.state == post.State.SHOWN and may_post(post.thread, user)


def may_arrange(meeting: "Meeting", user: Any) -> bool:
    """Those who arrange meetings."""
    return arranges(user)
