"""The pages where something is done to a visit: one form, one service, and back to the visit."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.design.writing import ActView

from . import forms, permissions, planning, season, services
from .models import Visit, VisitOffer, VisitState
from .views import VisitMixin, askers


class Form(ActView):
    """A form about a visit or an offer."""

    template_name = "visits/act.html"


class Act(VisitMixin, Form):
    """An act on a visit: only for those who may, and only in the states where it makes sense."""

    states: tuple[str, ...] = ()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Back to the visit when there is nothing to do."""
        return super().get(request, *args, **kwargs) if self._possible() else self._back()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A second click finds it done."""
        return super().post(request, *args, **kwargs) if self._possible() else self._back()

    def _possible(self) -> bool:
        return not self.states or self.visit.state in self.states

    def _back(self) -> HttpResponse:
        messages.info(
            self.request,
            _("The visit is “%(state)s” now; nothing has been changed.") % {"state": self.visit.get_state_display()},
        )
        return HttpResponseRedirect(self.visit.get_absolute_url())

    def get_success_url(self) -> str:
        """The visit."""
        return self.visit.get_absolute_url()


class Request(LoginRequiredMixin, Form):
    """Ask for a visit: what it asks of the municipality stands above the form."""

    template_name = "visits/request.html"
    form_class = forms.RequestForm
    button = gettext_lazy("Send the request")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Leaders and coordinators; the offer must be open."""
        self.arrived_at = timezone.now()
        if request.user.is_authenticated:
            self.offer = get_object_or_404(VisitOffer.objects.visible_to(request.user), pk=kwargs["pk"])
            self.municipalities = list(askers(request.user))
            if not self.municipalities:
                raise Http404
            if request.method == "GET" and (way := self._elsewhere()):
                return HttpResponseRedirect(way)
        return super().dispatch(request, *args, **kwargs)

    def _elsewhere(self) -> str:
        """Where to go instead: the offer when it is not open, the own request when there is one already."""
        if not self.offer.is_open(self.arrived_at):
            messages.info(self.request, _("The offer is not open for requests."))
            return self.offer.get_absolute_url()
        mine = Visit.objects.open().filter(offer=self.offer, municipality__in=self.municipalities)
        if len(mine) == len(self.municipalities):
            messages.info(self.request, _("The municipality already has an open request for this offer."))
            return mine[0].get_absolute_url()
        return ""

    def get_form_kwargs(self) -> dict[str, Any]:
        """The offer's weeks and the person's municipalities."""
        return super().get_form_kwargs() | {"offer": self.offer, "municipalities": self.municipalities}

    def act(self, form: Any) -> None:
        """Ask."""
        municipality = form.cleaned_data.get("municipality") or self.municipalities[0]
        self.visit = services.request_visit(
            self.offer, municipality=municipality, by=self.request.user, at=self.arrived_at, **form.answers()
        )
        if self.visit.state == VisitState.REQUESTED:
            place = services.place_in_line(self.visit)
            self.done = _("The request %(reference)s is received. You are number %(place)s in line.") % {
                "reference": self.visit.reference,
                "place": place,
            }
        else:
            self.done = _(
                "The request %(reference)s is received, and you have a place. The learning team now finds a time."
            ) % {"reference": self.visit.reference}

    def get_success_url(self) -> str:
        """The visit when it is made, else the offer."""
        return (getattr(self, "visit", None) or self.offer).get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the visit asks of the municipality, and how long the line is."""
        return super().get_context_data(**kwargs) | {
            "act_heading": _("Ask for a visit: %(offer)s") % {"offer": self.offer.title},
            "offer": self.offer,
            "waiting": self.offer.visits.in_line().count(),
            "municipality": self.municipalities[0] if len(self.municipalities) == 1 else None,
        }


class ChangeRequest(Act):
    """Change what was asked for."""

    template_name = "visits/request.html"
    form_class = forms.RequestForm
    heading = gettext_lazy("Change the request")
    states = (VisitState.REQUESTED, VisitState.ACCEPTED)

    def may_read(self, user: Any) -> bool:
        """The municipality's leaders and coordinators."""
        return permissions.works_on(self.visit, user) and not permissions.who.is_task_force(user)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The request as it is."""
        return super().get_form_kwargs() | {"offer": self.visit.offer, "instance": self.visit}

    def act(self, form: Any) -> None:
        """Save the change."""
        services.change_request(self.visit, by=self.request.user, version=form.expected_version or 0, **form.answers())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Beside the offer."""
        return super().get_context_data(**kwargs) | {"offer": self.visit.offer, "municipality": self.visit.municipality}


class ForTheTeam(Act):
    """An act of those who run visits."""

    def may_read(self, user: Any) -> bool:
        """Not those *inhabil*."""
        return permissions.may_run(self.visit, user)


class ForBothOfTheTeam(Act):
    """An act of those who run visits or are on this one."""

    def may_read(self, user: Any) -> bool:
        """Also a consultant on the visit's team."""
        return permissions.reads_internal(self.visit, user)


class Plan(ForTheTeam):
    """Team, time, place and programme; the invitation goes out."""

    template_name = "visits/plan.html"
    form_class = forms.PlanForm
    heading = gettext_lazy("Plan the visit")
    button = gettext_lazy("Plan, and send the invitation")
    done = gettext_lazy("The visit is planned, and the invitation is sent.")
    states = (VisitState.ACCEPTED,)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Those who may be on the team, the place the municipality named."""
        people = planning.candidates(self.visit)
        kwargs = super().get_form_kwargs()
        kwargs["initial"] = {"place": self.visit.place, **kwargs.get("initial", {})}
        return kwargs | {"candidates": people, "notes": season.notes_on(people, self.visit)}

    def act(self, form: Any) -> None:
        """Plan it."""
        planning.plan(self.visit, by=self.request.user, at=self.arrived_at, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Who gets the invitation."""
        from .messages import municipality_people

        return super().get_context_data(**kwargs) | {"recipients": municipality_people(self.visit)}


class Reschedule(ForBothOfTheTeam):
    """Another time or place."""

    form_class = forms.RescheduleForm
    heading = gettext_lazy("Move the visit")
    intro = gettext_lazy("Both sides get an updated invitation that replaces the one in their calendars.")
    button = gettext_lazy("Move, and send the new invitation")
    done = gettext_lazy("The visit is moved, and the new invitation is sent.")
    states = (VisitState.PLANNED,)

    def get_form_kwargs(self) -> dict[str, Any]:
        """As it is planned now."""
        visit = self.visit
        initial = {"starts_at": visit.starts_at, "ends_at": visit.ends_at, "place": visit.place}
        return super().get_form_kwargs() | {"stored": visit, "initial": initial}

    def act(self, form: Any) -> None:
        """Move it."""
        wanted = {name: form.cleaned_data[name] for name in ("starts_at", "ends_at", "place", "note")}
        planning.reschedule(
            self.visit, by=self.request.user, version=form.expected_version or 0, at=self.arrived_at, **wanted
        )


class AskToMove(Act):
    """The municipality asks for another time."""

    form_class = forms.WishForm
    heading = gettext_lazy("Ask for another time")
    button = gettext_lazy("Send to the learning team")
    done = gettext_lazy("The learning team has your wish for another time, and answers.")
    states = (VisitState.PLANNED,)

    def may_read(self, user: Any) -> bool:
        """The municipality's leaders and coordinators; a visit that has begun is not moved."""
        return permissions.who.works_for(user, self.visit.municipality_id) and not self.visit.has_begun

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the wish that has been sent."""
        return super().get_form_kwargs() | {"instance": self.visit}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the time as it is."""
        facts = {"when": self.visit.when, "place": self.visit.place}
        return super().get_context_data(**kwargs) | {"intro": _("The visit takes place %(when)s, %(place)s.") % facts}

    def act(self, form: Any) -> None:
        """Send it."""
        planning.ask_to_move(self.visit, text=form.cleaned_data["move_wish"], by=self.request.user)


class KeepTime(ForBothOfTheTeam):
    """The team keeps the time that the municipality asked to change."""

    template_name = "visits/keep.html"
    form_class = forms.KeepForm
    heading = gettext_lazy("Keep the time")
    button = gettext_lazy("Keep the time, and tell the municipality")
    done = gettext_lazy("The time is kept, and the municipality is told.")
    states = (VisitState.PLANNED,)

    def get_form_kwargs(self) -> dict[str, Any]:
        """At the version whose wish is read."""
        return super().get_form_kwargs() | {"stored": self.visit}

    def act(self, form: Any) -> None:
        """Answer."""
        planning.keep_time(
            self.visit, note=form.cleaned_data["note"], by=self.request.user, version=form.expected_version or 0
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the wish as it is now, also when it came while the answer was sent."""
        self.visit.refresh_from_db(fields=["move_wish"])
        return super().get_context_data(**kwargs)


class Team(ForTheTeam):
    """Other people on the team."""

    form_class = forms.TeamForm
    heading = gettext_lazy("Change the team")
    intro = gettext_lazy("Those who come and those who leave are told, and so is the municipality.")
    done = gettext_lazy("The team is changed.")
    states = (VisitState.PLANNED,)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Those who may be on the team; those who are stand ticked."""
        people = planning.candidates(self.visit)
        initial = {"team": [member.user_id for member in self.visit.team.all()]}
        return super().get_form_kwargs() | {
            "candidates": people,
            "notes": season.notes_on(people, self.visit),
            "initial": initial,
        }

    def act(self, form: Any) -> None:
        """Change it."""
        planning.change_team(self.visit, team=form.cleaned_data["team"], by=self.request.user)


class Programme(ForBothOfTheTeam):
    """The programme."""

    form_class = forms.ProgrammeForm
    heading = gettext_lazy("Change the programme")
    states = (VisitState.PLANNED,)

    def get_form_kwargs(self) -> dict[str, Any]:
        """As it is."""
        return super().get_form_kwargs() | {"instance": self.visit}

    def act(self, form: Any) -> None:
        """Save it."""
        fresh = Visit.objects.get(pk=self.visit.pk)
        planning.change_programme(
            fresh, programme=form.cleaned_data["programme"], by=self.request.user, version=form.expected_version or 0
        )


class ForBothSides(Act):
    """An act of either side."""

    def may_read(self, user: Any) -> bool:
        """The municipality's leaders and coordinators, the team, those who run visits."""
        return permissions.works_on(self.visit, user)
