"""The municipality's reply and its actions, shown on the page of the recommendation they answer."""

from typing import TYPE_CHECKING, Any

from engagements.findings import panels

from . import permissions
from .models import Action

if TYPE_CHECKING:
    from engagements.findings.models import Recommendation


def facts(recommendation: "Recommendation", user: Any) -> dict[str, Any] | None:
    """What the panel shows; nothing before the recommendation is published."""
    if recommendation.published_at is None or not permissions.may_read(recommendation.engagement, user):
        return None
    actions = Action.objects.visible_to(user).filter(recommendation=recommendation)
    return {
        "reply": getattr(recommendation, "reply", None),
        "actions": actions.select_related("engagement").order_by("number"),
        "may_reply": permissions.may_reply(recommendation.engagement, user),
    }


panels.register("followup/recommendation_panel.html", facts)
