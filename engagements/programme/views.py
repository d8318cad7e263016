"""The pages of an engagement: what every tab shares, and the tabs that belong to this room."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from . import permissions
from .models import Engagement
from .tabs import tabs_of


class EngagementMixin(LoginRequiredMixin):
    """A page of one engagement, found by `case_no` among those the user may see; a stranger gets 404.

    Set `active_tab`. `full_required` keeps the page to those who read the engagement in full; `may_read` may be
    overridden where the rule is another. Templates extend `programme/engagement_base.html`.
    """

    active_tab = "overview"
    full_required = False
    engagement: Engagement

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Find the engagement before anything else happens."""
        if request.user.is_authenticated:
            self.engagement = get_object_or_404(
                Engagement.objects.visible_to(request.user)
                .select_related("municipality", "offer")
                .prefetch_related("phases"),
                case_no=kwargs["case_no"],
            )
            if not self.may_read(request.user):
                raise Http404
        return super().dispatch(request, *args, **kwargs)

    def may_read(self, user: Any) -> bool:
        """Whether this page of the engagement is for the user."""
        return not self.full_required or permissions.reads_in_full(self.engagement, user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The engagement, its tabs and what the user may do with it."""
        user = self.request.user  # type: ignore[attr-defined]
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context | {
            "engagement": self.engagement,
            "tabs": tabs_of(self.engagement, user, self.active_tab),
            "active_tab": self.active_tab,
            "may_steer": permissions.may_steer(self.engagement, user),
            "reads_in_full": permissions.reads_in_full(self.engagement, user),
            "reads_internal": permissions.reads_internal(self.engagement, user),
        }


class Detail(EngagementMixin, TemplateView):
    """The overview."""

    template_name = "programme/detail.html"
