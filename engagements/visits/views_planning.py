"""The season plan with map and workload, and who has had a visit."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from engagements.design.lists import Column, ListPage
from engagements.municipalities.models import Municipality

from . import permissions, season
from .filters import CoverageFilter
from .models import Visit, VisitOffer, VisitState


class SeasonPlan(LoginRequiredMixin, TemplateView):
    """A season on the map, the visits that come, and the team's workload."""

    template_name = "visits/planning.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Those who may be on a team."""
        if request.user.is_authenticated and not permissions.sees_planning(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """All seasons that have not ended, or the one chosen."""
        user = self.request.user
        offers = list(
            VisitOffer.objects.visible_to(user).exclude(state=VisitOffer.State.DRAFT).order_by("starts_on", "pk")
        )
        asked = self.request.GET.get("offer", "")
        chosen = next((offer for offer in offers if str(offer.pk) == asked), None)
        running = [chosen] if chosen else [offer for offer in offers if not offer.is_over()]
        visits = Visit.objects.visible_to(user).filter(offer__in=running).with_line()
        visits = visits.select_related("municipality", "offer").prefetch_related("team__user")
        return super().get_context_data(**kwargs) | {
            "offers": offers,
            "chosen": chosen,
            "map": season.plan_map(running, user),
            "planned": list(visits.filter(state=VisitState.PLANNED).order_by("starts_at")),
            "unplanned": list(visits.filter(state=VisitState.ACCEPTED).order_by("accepted_at")),
            "waiting": list(visits.in_line()),
            "workload": season.workload(),
            "year": timezone.localdate().year,
            "reads_themes": permissions.runs_visits(user),
        }


class Coverage(LoginRequiredMixin, ListPage):
    """Every municipality with the visits it has had."""

    template_name = "visits/coverage.html"
    heading = gettext_lazy("Coverage")
    intro = gettext_lazy("Every municipality, with the visits it has had and the next one.")
    filterset_class = CoverageFilter
    default_sort = ("held_count", "folded_name")
    empty_title = gettext_lazy("No municipalities")
    columns = [
        Column("name", gettext_lazy("Municipality"), sort="folded_name"),
        Column("region", gettext_lazy("Region"), lambda row: row.region_on()),
        Column("held_count", gettext_lazy("Visits held"), sort="held_count", numeric=True),
        Column("last_held", gettext_lazy("Last visit"), lambda row: _day(row.last_held), sort="last_held"),
        Column("ahead_count", gettext_lazy("Visits ahead"), sort="ahead_count", numeric=True),
        Column("next_visit", gettext_lazy("Next visit"), lambda row: _day(row.next_visit), sort="next_visit"),
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """All staff."""
        if request.user.is_authenticated and not permissions.sees_coverage(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Municipality]:
        """With counts and regions."""
        return season.with_coverage(season.shown_municipalities()).with_regions()

    def get_extra_context(self) -> dict[str, Any]:
        """The map, and the counts it shows."""
        counts, figure = season.coverage()
        return {"map": figure, "counts": counts, "never": counts.of - counts.municipalities}


def _day(moment: Any) -> Any:
    return timezone.localtime(moment).date() if moment else None
