"""What the CMS learns from the Task Force side: the words of the audit log, and the screens of each room."""

from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from . import lifecycle


@hooks.register("register_log_actions")
def register_log_actions(registry: LogActionRegistry) -> None:
    """Every move and recorded act of every model, under the names `lifecycle.action_name` gives."""
    for action, label, message in lifecycle.actions():
        registry.register_action(action, label, message)
