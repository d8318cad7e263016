"""The list of applications, and the page where one begins."""

from collections.abc import Sequence
from datetime import date
from itertools import product
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from engagements.design.lists import Column, ListPage
from engagements.lifecycle import MoveRefused
from engagements.municipalities.models import Municipality, RegionPeriod
from engagements.people import permissions as who
from engagements.people.models import WORKING_ROLES
from engagements.programme.models import Engagement, Round

from . import services, standing
from .filters import ApplicationFilter, QueueFilter
from .forms import BeginForm
from .models import IN_QUEUE, Application, State
from .sections import SECTIONS


class ApplicationList(LoginRequiredMixin, ListPage):
    """The municipality's own applications, or the Task Force's queue."""

    template_name = "applications/list.html"
    heading = gettext_lazy("Applications")
    empty_title = gettext_lazy("No applications here")
    default_sort: str | Sequence[str] = "-created_at"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Choose the columns and the filter by who looks."""
        self.for_staff = request.user.is_authenticated and who.is_case_staff(request.user)
        self.filterset_class = QueueFilter if self.for_staff else ApplicationFilter
        if self.for_staff:
            self.default_sort = ["submitted_at"]
            self.empty_text = gettext_lazy("Applications appear here when a municipality has submitted one.")
        else:
            self.empty_text = gettext_lazy(
                "Begin an application when a round is open; you can write on it over several days."
            )
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Application]:
        """With everything a row shows, in one query."""
        today = timezone.localdate()
        region = RegionPeriod.objects.on(today).filter(municipality=OuterRef("municipality"))
        return (
            Application.objects.visible_to(self.request.user)
            .with_standing()
            .annotate(region_today=Subquery(region.values("region__name")[:1]))
            .select_related("municipality", "round")
        )

    def get_columns(self) -> Sequence[Column]:
        """Staff also see age, region and how far the assessments are."""
        columns = [
            Column("number", _("Number"), "shown_number", sort=["case_no", "reference"], link=True),
            Column("municipality", _("Municipality"), "municipality.name", sort="municipality__folded_name"),
            Column("round", _("Application round"), "round.title", sort="round__closes_at"),
            Column("state", _("State"), sort="state", template="components/state_cell.html"),
            Column("submitted_at", _("Submitted"), _submitted_on, sort="submitted_at"),
        ]
        if not self.for_staff:
            return [*columns, Column("complete", _("Sections complete"), _sections_done, sort="sections_done")]
        return [
            *columns,
            Column("age", _("Age in days"), _age, sort="submitted_at", numeric=True),
            Column("region", _("Region"), "region_today", sort="region_today"),
            Column("assessments", _("Assessments"), _assessments, sort=["assessed", "legal_done"]),
        ]

    def get_actions(self) -> Sequence[tuple[Any, str]]:
        """Those who may begin one get the button."""
        may_begin = bool(who.municipalities_of(self.request.user, *WORKING_ROLES))
        return [(_("Begin an application"), reverse("applications:begin"))] if may_begin else []

    def get_extra_context(self) -> dict[str, Any]:
        """The places left in the rounds that still have undecided applications."""
        if not self.for_staff:
            return {}
        rounds = Round.objects.filter(applications__state__in=IN_QUEUE).distinct().order_by("closes_at")
        taken = Application.objects.holding_a_place().filter(round__in=rounds)
        held: dict[int, int] = {}
        for pk in taken.values_list("round", flat=True):
            held[pk] = held.get(pk, 0) + 1
        return {"rounds": [(found, found.capacity - held.get(found.pk, 0)) for found in rounds[:10]]}


def _sections_done(row: Any) -> str:
    return _("%(done)s of %(all)s") % {"done": row.sections_done, "all": len(SECTIONS)}


def _age(row: Application) -> int | None:
    return (timezone.localdate() - timezone.localdate(row.submitted_at)).days if row.submitted_at else None


def _submitted_on(row: Application) -> date | None:
    return timezone.localdate(row.submitted_at) if row.submitted_at else None


def _assessments(row: Any) -> str:
    standing = {
        (True, True): _("both complete"),
        (True, False): _("social-professional missing"),
        (False, True): _("legal missing"),
        (False, False): _("none complete"),
    }
    return standing[(row.legal_done, row.social_done)]


class Begin(LoginRequiredMixin, TemplateView):
    """Before the first section: which municipality, which round, what it takes."""

    template_name = "applications/begin.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """For leaders and coordinators."""
        self.arrived_at = timezone.now()
        if request.user.is_authenticated:
            own = who.municipalities_of(request.user, *WORKING_ROLES)
            if not own:
                raise Http404
            self.municipalities = Municipality.objects.filter(pk__in=own)
            self.rounds = Round.objects.open(self.arrived_at).select_related("offer").order_by("closes_at")
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Begin, or go on with the one that exists."""
        form = BeginForm(request.POST, municipalities=self.municipalities, rounds=self.rounds)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        try:
            application = services.begin_application(
                municipality=form.cleaned_data["municipality"],
                round=form.cleaned_data["round"],
                by=request.user,  # type: ignore[arg-type]
                at=self.arrived_at,
            )
        except MoveRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("applications:begin")
        return redirect(application)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form with what may be begun; else why not, or when the next round opens."""
        existing = (
            Application.objects.filter(municipality__in=self.municipalities, round__in=self.rounds)
            .exclude(state__in=[State.WITHDRAWN, State.DECLINED])
            .select_related("municipality", "round")
        )
        begun = {(one.municipality_id, one.round_id) for one in existing}
        engagements = Engagement.objects.running().filter(municipality__in=self.municipalities)
        running = {
            (one.municipality_id, one.offer_id): one for one in engagements.select_related("municipality", "offer")
        }
        free: list[tuple[Municipality, Round]] = []
        in_the_way: list[Engagement] = []
        for place, found in product(self.municipalities, self.rounds):
            if (place.pk, found.pk) in begun:
                continue
            if engagement := running.get((place.pk, found.offer_id)):
                in_the_way.append(engagement)
            else:
                free.append((place, found))
        places, rounds = {place.pk for place, _round in free}, {found.pk for _place, found in free}
        if "form" not in kwargs:
            kwargs["form"] = BeginForm(
                municipalities=self.municipalities.filter(pk__in=places), rounds=self.rounds.filter(pk__in=rounds)
            )
        return super().get_context_data(
            in_the_way=dict.fromkeys(in_the_way),
            rounds=[(found, standing.time_left(found.closes_at)) for found in self.rounds if found.pk in rounds],
            any_open=bool(self.rounds),
            upcoming=Round.objects.upcoming(self.arrived_at).first(),
            sections=SECTIONS,
            existing=existing,
            **kwargs,
        )
