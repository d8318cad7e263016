"""The pages of visits: the list, a visit, the offers, and the moves of both."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from engagements.design.lists import Column, ListPage
from engagements.design.moves import MoveView
from engagements.lifecycle import Move
from engagements.municipalities.models import Municipality
from engagements.people import permissions as who
from engagements.people.models import Role
from engagements.programme.models import Milestone
from engagements.records.access import address

from . import calendar, documents, evaluating, messages, permissions, services
from .filters import VisitFilter
from .models import LearningPoint, Visit, VisitMaterial, VisitOffer, VisitState
from .waiting import awaited


def askers(user: Any) -> QuerySet[Municipality]:
    """The municipalities this person may ask on behalf of."""
    return Municipality.objects.filter(pk__in=who.municipalities_of(user, Role.LEADER, Role.COORDINATOR))


class VisitList(LoginRequiredMixin, ListPage):
    """The visits one may see: the own municipality's, or all."""

    heading = gettext_lazy("Visits of the learning team")
    filterset_class = VisitFilter
    default_sort = ("-requested_at", "-pk")
    empty_title = gettext_lazy("No visits yet")
    empty_text = gettext_lazy("Visits stand here from the moment they are asked for.")
    columns = [
        Column("reference", gettext_lazy("Reference"), sort="reference", link=True),
        Column("municipality", gettext_lazy("Municipality"), "municipality.name", sort="municipality__folded_name"),
        Column("offer", gettext_lazy("Offer"), "offer.title", sort=["offer__starts_on", "offer__title_da"]),
        Column("theme", gettext_lazy("Theme"), sort="theme"),
        Column("starts_at", gettext_lazy("Time"), sort="starts_at", template="visits/time_cell.html"),
        Column("state", gettext_lazy("State"), sort="state", template="components/state_cell.html"),
    ]

    def get_columns(self) -> Any:
        """Staff who only see the overview do not read what a municipality struggles with."""
        user = self.request.user
        if who.is_task_force(user) and not permissions.runs_visits(user):
            return [column for column in self.columns if column.name != "theme"]
        return self.columns

    def get_actions(self) -> list[tuple[Any, str]]:
        """The ways on for each side."""
        user = self.request.user
        found = [(_("Offers of visits"), reverse("visits:offers"))]
        if permissions.sees_planning(user):
            found.append((_("Season plan"), reverse("visits:planning")))
        if permissions.sees_coverage(user):
            found.append((_("Coverage"), reverse("visits:coverage")))
        return found

    def get_queryset(self) -> QuerySet[Visit]:
        """With the place in line of those that wait."""
        rows = Visit.objects.visible_to(self.request.user).with_line()
        return rows.select_related("municipality", "offer")


class VisitMixin(LoginRequiredMixin):
    """A page about one visit the person may see."""

    visit: Visit

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Find the visit among those visible; a stranger gets 404."""
        self.arrived_at = timezone.now()
        if request.user.is_authenticated:
            rows = Visit.objects.visible_to(request.user).with_line()
            rows = rows.select_related("municipality", "offer").prefetch_related("team__user")
            self.visit = get_object_or_404(rows, reference=kwargs["reference"])
            if not self.may_read(request.user):
                raise Http404
        return super().dispatch(request, *args, **kwargs)

    def may_read(self, user: Any) -> bool:
        """Whether this page is for the person; override where it is for fewer than the visit's own page."""
        return True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The visit, and what this reader may do with it."""
        user = self.request.user  # type: ignore[attr-defined]
        return super().get_context_data(**kwargs) | {  # type: ignore[misc]
            "visit": self.visit,
            "reads_in_full": permissions.reads_in_full(self.visit, user),
            "reads_internal": permissions.reads_internal(self.visit, user),
        }


class VisitDetail(VisitMixin, TemplateView):
    """A visit: what awaits whom, the moves one may make now, and everything both sides know about it."""

    template_name = "visits/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """In full for those who read in full, else the overview."""
        visit, user = self.visit, self.request.user
        context = super().get_context_data(**kwargs) | {
            "awaits": [item for item in awaited([visit], user) if item.text],
            "today": timezone.localdate(),
            "audience": list(visit.audience.all()),
            "team": list(visit.team.all()),
        }
        if not context["reads_in_full"]:
            return context
        runs = permissions.may_run(visit, user)
        works = permissions.works_on(visit, user)
        return context | {
            "runs": runs,
            "works": works,
            "may_change_request": permissions.may_change_request(visit, user),
            "may_move": permissions.may_move(visit, user),
            "may_ask_to_move": permissions.may_ask_to_move(visit, user),
            "may_plan": runs and visit.state == VisitState.ACCEPTED,
            "may_hold": runs and visit.state == VisitState.PLANNED and visit.has_begun,
            "may_follow_up": works and visit.state in (VisitState.HELD, VisitState.FOLLOWED_UP),
            "may_work_on_points": who.works_for(user, visit.municipality_id),
            "may_make_actions": visit.is_done and services.recommendations_for(visit).exists(),
            "preparations": list(visit.preparations.select_related("done_by")),
            "material": [(one, address(one), permissions.may_remove(one, user)) for one in self._material()],
            "points": list(LearningPoint.objects.filter(visit=visit).select_related("action__engagement")),
            "result": evaluating.result(visit) if visit.is_done or visit.takes_evaluations() else None,
            "own_side": Milestone.Side.TASK_FORCE if who.is_task_force(user) else Milestone.Side.MUNICIPALITY,
        }

    def _material(self) -> list[VisitMaterial]:
        """The files, each knowing the visit that has been read already."""
        found = list(self.visit.material.select_related("added_by"))
        for one in found:
            one.visit = self.visit
        return found


class VisitMove(MoveView):
    """Accept, follow up, close, cancel; the places are given by the services."""

    slug_field = slug_url_kwarg = "reference"

    def get_queryset(self) -> QuerySet[Visit]:
        """Visits the person sees."""
        return Visit.objects.visible_to(self.request.user).select_related("municipality", "offer")

    def perform(self, declared: Move, note: str) -> None:
        """Through the services where a place is given or freed."""
        act = {"accept": services.accept, "cancel": services.cancel}.get(declared.name)
        if act is None:
            super().perform(declared, note)
        else:
            act(self.object, by=self.request.user, note=note, at=self.arrived_at)  # type: ignore[operator]


class OfferMove(MoveView):
    """Publish, close for requests."""

    def get_queryset(self) -> QuerySet[VisitOffer]:
        """Offers the person sees."""
        return VisitOffer.objects.visible_to(self.request.user)

    def perform(self, declared: Move, note: str) -> None:
        """A published offer gives its places to those who waited."""
        services.move_offer(self.object, declared.name, by=self.request.user, at=self.arrived_at)


class OfferList(LoginRequiredMixin, TemplateView):
    """What is offered now, what it asks of a municipality, and how many places are left."""

    template_name = "visits/offers.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Those that can be asked for first, then the coming and the past."""
        user = self.request.user
        now = timezone.now()
        own = list(askers(user))
        mine = {
            visit.offer_id: visit
            for visit in Visit.objects.visible_to(user).open().with_line().filter(municipality__in=own)
        }
        groups: dict[str, list[Any]] = {"open": [], "later": [], "past": []}
        for offer in VisitOffer.objects.visible_to(user).order_by("starts_on", "pk"):
            offer.mine = mine.get(offer.pk)  # type: ignore[attr-defined]
            if offer.is_over(now) or offer.state == VisitOffer.State.CLOSED:
                groups["past"].append(offer)
            else:
                groups["open" if offer.is_open(now) else "later"].append(offer)
        return super().get_context_data(**kwargs) | {
            **{f"{name}_offers": found for name, found in groups.items()},
            "may_ask": bool(own),
            "runs": permissions.runs_visits(user),
        }


class OfferDetail(LoginRequiredMixin, TemplateView):
    """One offer; those who run visits see its line."""

    template_name = "visits/offer.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The offer, the own requests, and for the team all of them in order."""
        user = self.request.user
        offer = get_object_or_404(VisitOffer.objects.visible_to(user), pk=kwargs["pk"])
        rows = offer.visits.visible_to(user).with_line().select_related("municipality")
        runs = permissions.runs_visits(user)
        asked = offer.visits.open().values("municipality")
        return super().get_context_data(**kwargs) | {
            "offer": offer,
            "may_ask": offer.is_open() and askers(user).exclude(pk__in=asked).exists(),
            "runs": runs,
            "visits": rows.exclude(state=VisitState.CANCELLED).order_by("requested_at", "pk"),
            "waiting": offer.visits.in_line().count(),
        }


class CalendarFile(VisitMixin, View):
    """The invitation of a planned visit as a calendar file."""

    def may_read(self, user: Any) -> bool:
        """Those who read the visit in full."""
        return permissions.reads_in_full(self.visit, user)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """404 while there is no time."""
        if not self.visit.starts_at:
            raise Http404
        method = calendar.CANCEL if self.visit.state == VisitState.CANCELLED else calendar.REQUEST
        body = calendar.invitation(self.visit, messages.everyone(self.visit), method=method)
        answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{self.visit.reference}.ics"'
        return answer


class Paper(VisitMixin, View):
    """The programme, or the sheet with the code of the evaluation, as a PDF made now; `documents` says what is on it."""

    def may_read(self, user: Any) -> bool:
        """Those who read the visit in full, once it has a time; the sheet only while somebody may come to answer."""
        if self.kwargs["paper"] == "evaluation" and not self.visit.offers_evaluation():
            return False
        return self.visit.starts_at is not None and permissions.reads_in_full(self.visit, user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The PDF."""
        paper = str(kwargs["paper"])
        made = documents.evaluation_sheet(self.visit) if paper == "evaluation" else documents.programme(self.visit)
        answer = HttpResponse(made, content_type="application/pdf")
        answer["Content-Disposition"] = f'inline; filename="{self.visit.reference}-{paper}.pdf"'
        return answer
