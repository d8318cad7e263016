"""Who looks after the catalogue."""

from typing import Any

from engagements.people import permissions as who


def administers(user: Any) -> bool:
    """Course administrators, the lead and administrators."""
    return bool(getattr(user, "is_superuser", False)) or who.is_staff_of(
        user, who.COURSES, who.LEAD, who.ADMINISTRATORS
    )


def may_administer(obj: Any, user: Any) -> bool:
    """The same, in the order a move asks."""
    return administers(user)
