"""What the CMS learns from the learning side: the screens of each room."""

from importlib import import_module
from typing import Any

from wagtail import hooks

from . import reference


@hooks.register("register_admin_viewset")
def register_screens() -> list[Any]:
    """The screens each room has for editors and staff: `<room>/staff.py: screens()`."""
    rooms = (import_module(f"courses.{room}.staff") for room in reference.ROOMS_WITH_SCREENS)
    return [screen for room in rooms for screen in room.screens()]
