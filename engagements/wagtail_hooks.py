"""What the CMS learns from the Task Force side: the words of the audit log, and the screens of each room."""

from importlib import import_module
from typing import Any

from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from . import lifecycle, reference


@hooks.register("register_log_actions")
def register_log_actions(registry: LogActionRegistry) -> None:
    """Every move and recorded act of every model, under the names `lifecycle.action_name` gives."""
    for action, label, message in lifecycle.actions():
        registry.register_action(action, label, message)


@hooks.register("register_admin_viewset")
def register_screens() -> list[Any]:
    """The screens each room has for editors and staff: `<room>/staff.py: screens()`."""
    rooms = (import_module(f"engagements.{room}.staff") for room in reference.ROOMS_WITH_SCREENS)
    return [screen for room in rooms for screen in room.screens()]
