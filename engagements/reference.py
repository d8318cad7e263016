"""Reference data that every database has: made idempotently after migration, so that a flushed test database keeps it."""

from importlib import import_module
from typing import Any

# In the order of the house, one a line.
ROOMS_WITH_MESSAGES: list[str] = [
    "notices",
    "people",
    "programme",
    "applications",
    "findings",
    "followup",
    "visits",
    "questions",
    "briefings",
]
ROOMS_WITH_SCREENS: list[str] = [
    "municipalities",
    "people",
    "programme",
    "requirements",
]
ROOMS_WITH_REFERENCE: list[str] = [
    "municipalities",
    "people",
    "requirements",
    "programme",
]


def ensure(**kwargs: Any) -> None:
    """Let each room make its reference data (`<room>/reference.py: ensure()`), in the order of the house."""
    for room in ROOMS_WITH_REFERENCE:
        import_module(f"engagements.{room}.reference").ensure()
