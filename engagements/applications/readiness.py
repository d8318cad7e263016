"""Ready to submit: one check per thing that may be missing."""

from datetime import datetime
from typing import TYPE_CHECKING

from engagements.lifecycle import MoveRefused

if TYPE_CHECKING:
    from .models import Application


def missing(application: "Application", *, at: datetime) -> list[str]:
    """What stands in the way of submitting at `at`, as sentences; empty when ready."""
    return []


def require_ready(application: "Application", *, at: datetime) -> None:
    """Raise MoveRefused naming what is missing."""
    problems = missing(application, at=at)
    if problems:
        raise MoveRefused(" ".join(problems))
