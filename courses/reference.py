"""What the learning side has ready in every database, and which rooms have messages and screens."""

from importlib import import_module
from typing import Any

# In the order of the house, one a line.
ROOMS_WITH_MESSAGES: list[str] = [
    "catalogue",
    "runs",
    "enrolment",
    "completion",
]
ROOMS_WITH_SCREENS: list[str] = [
    "catalogue",
]
ROOMS_WITH_REFERENCE: list[str] = [
    "catalogue",
]


def ensure(**kwargs: Any) -> None:
    """Let each room make its reference data (`<room>/reference.py: ensure()`), in the order of the house."""
    for room in ROOMS_WITH_REFERENCE:
        import_module(f"courses.{room}.reference").ensure()
