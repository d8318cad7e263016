"""Who looks after the outbox: staff groups that hold its permission (given in `people/reference.py`)."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .models import OutboxMessage


def may_look_after_outbox(user: Any) -> bool:
    """Sees mails that were not delivered and decides what becomes of them."""
    return bool(user.has_perm("engagements.look_after_outbox"))


def may_look_after(message: "OutboxMessage", user: Any) -> bool:
    """The same for one mail, in the order the lifecycle asks."""
    return may_look_after_outbox(user)
