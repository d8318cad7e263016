"""The network's start page."""

from typing import Any

from django.db.models import Case, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import TemplateView, View

from . import permissions, reading
from .models import Meeting
from .models_own import DirectoryEntry, Favourite, Reading, WelcomeStep
from .models_threads import PostReport, Thread
from .people import is_new, networks_of
from .screens import InNetwork

FEW = 5
"""Lines of a list on the start page."""


class StartPage(InNetwork, TemplateView):
    """The theme of the year, the next meetings, what is new, and for new leaders the first five things to read."""

    template_name = "network/start.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Gathered in few queries."""
        user = self.request.user
        now = timezone.localtime()
        threads = Thread.objects.visible_to(user).marked_for(user).select_related("started_by")
        moderates = permissions.looks_after(user)
        return super().get_context_data(**kwargs) | {
            "theme": reading.themes(user).filter(year=now.year).first(),
            "meetings": self._meetings(),
            "threads": list(threads.order_by("-last_post_at")[:FEW]),
            "material": list(reading.material(user).order_by("-first_published_at")[:FEW]),
            "favourites": self._favourites(),
            "welcome": self._welcome(),
            "moderates": moderates,
            "reports": PostReport.objects.open().count() if moderates else 0,
        }

    def _meetings(self) -> list[Meeting]:
        """The next ones: those of the own networks and of all networks first."""
        user = self.request.user
        rows = Meeting.objects.visible_to(user).filter(run__ends_at__gt=timezone.now())
        own = networks_of(user)
        nearness = Case(
            When(network__in=own, then=Value(0)),
            When(network__isnull=True, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
        found = rows.select_related("run", "network").annotate(nearness=nearness)
        return list(found.order_by("nearness", "run__starts_at")[:FEW])

    def _favourites(self) -> list[Any]:
        kept = Favourite.objects.filter(person=self.request.user, page__live=True)
        rows = reading.readable(self.request.user).filter(pk__in=kept.values("page"))
        return list(rows.order_by("title")[:12])

    def _welcome(self) -> list[tuple[WelcomeStep, bool]]:
        """The steps with whether each is read, for new leaders who have not closed them."""
        user = self.request.user
        closed = DirectoryEntry.objects.filter(person=user, welcomed_at__isnull=False).exists()
        if closed or not is_new(user):
            return []
        steps = list(WelcomeStep.objects.select_related("page")[:FEW])
        read = set(Reading.objects.filter(person=user).values_list("page", flat=True))
        return [(step, step.page_id in read) for step in steps]


class CloseWelcome(InNetwork, View):
    """Put the welcome away."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """For good."""
        DirectoryEntry.objects.update_or_create(person=request.user, defaults={"welcomed_at": timezone.now()})
        return redirect("network:start")
