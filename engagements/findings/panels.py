"""What rooms further down show on a recommendation's page, such as the municipality's reply and its actions.

    panels.register("followup/recommendation_panel.html", lambda recommendation, user: {"actions": ...})

A panel that gives None is left out. Rooms register in their `messages.py` or another module loaded at start.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from .models import Recommendation

type Facts = Callable[["Recommendation", Any], dict[str, Any] | None]

_panels: dict[str, Facts] = {}


def register(template: str, facts: Facts) -> None:
    """Show `template` with the facts (plus `recommendation`) under every recommendation for which there are facts."""
    _panels[template] = facts


def panels_for(recommendation: "Recommendation", user: Any) -> list[SafeString]:
    """The panels this person sees, ready to be shown."""
    found = ((template, facts(recommendation, user)) for template, facts in _panels.items())
    return [
        render_to_string(template, {**context, "recommendation": recommendation})
        for template, context in found
        if context is not None
    ]
