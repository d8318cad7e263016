"""The start pages of both sides, and the search over everything."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import TemplateView, View

from engagements.applications.models import ENDED, Application
from engagements.briefings.models import Briefing
from engagements.findings.models import Report
from engagements.followup.models import Action, ActionState
from engagements.municipalities.models import Municipality
from engagements.notices.models import OutboxMessage
from engagements.people import permissions as who
from engagements.people.models import Membership, Role
from engagements.programme.models import Engagement, Milestone, Round
from engagements.programme.permissions import is_on_team

from . import figures, learning, organising, search, waiting
from .words import did_you_mean

AT_MOST = 12
"""Rows of a list on a start page; the rest stands on the list's own page."""


class Start(LoginRequiredMixin, View):
    """The right start page for this person: the workplace, or the municipality."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Staff go to their workplace, people who belong to a municipality there, the network's host to the network."""
        if who.is_task_force(request.user):
            return redirect("home:workplace")
        if who.is_host(request.user) and not who.municipalities_of(request.user):
            return redirect("network:start")
        return redirect("home:municipalities")


class Municipalities(LoginRequiredMixin, TemplateView):
    """`/min-kommune/`: straight on with one municipality, a choice with several, help with none."""

    template_name = "home/municipalities.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Straight on where there is nothing to choose."""
        self.found = list(Municipality.objects.filter(pk__in=who.municipalities_of(request.user)))
        if len(self.found) == 1:
            return redirect("home:municipality", self.found[0].code)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The municipalities, and the requests a leader has not answered yet."""
        asked = Membership.objects.waiting().filter(user=self.request.user).select_related("municipality")  # type: ignore[misc]
        return super().get_context_data(**kwargs) | {"municipalities": self.found, "asked": asked}


class OwnMunicipality(LoginRequiredMixin, TemplateView):
    """A municipality's start page; what it shows follows from the roles the reader has there."""

    template_name = "home/municipality.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """For the municipality's own people only."""
        self.municipality = get_object_or_404(
            Municipality.objects.filter(pk__in=who.municipalities_of(request.user)), code=kwargs["code"]
        )
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Gathered from the rooms; each list is cut at twelve."""
        user, municipality = self.request.user, self.municipality
        follows = who.follows_cases_of(user, municipality)
        engagements = self._engagements() if follows or who.has_role(user, municipality, Role.CASEWORKER) else []
        ahead = learning.Ahead(municipality, user)
        context = super().get_context_data(**kwargs) | {
            "municipality": municipality,
            "follows": follows,
            "today": timezone.localdate(),
            "engagements": engagements,
            "reports": self._reports(),
            "briefing": Briefing.objects.visible_to(user).filter(engagement__municipality=municipality).first(),
            "own_courses": ahead.own,
            "our_courses": ahead.ours,
            "works": ahead.works,
            "roles": [Role(role).label for role in sorted(who.roles_of(user)[municipality.pk])],
        }
        if follows:
            context |= self._casework(engagements, ahead)
        return context

    def _engagements(self) -> list[Engagement]:
        visible = Engagement.objects.visible_to(self.request.user).filter(municipality=self.municipality)
        return list(visible.select_related("municipality", "offer").prefetch_related("phases")[:AT_MOST])

    def _casework(self, engagements: list[Engagement], ahead: learning.Ahead) -> dict[str, Any]:
        """What those see who follow the municipality's applications and engagements."""
        user, municipality = self.request.user, self.municipality
        visible = Application.objects.visible_to(user).filter(municipality=municipality)
        applications = list(visible.select_related("municipality", "round", "round__offer")[:AT_MOST])
        visits = waiting.visits_of(user, municipality)
        awaited = [
            *waiting.in_engagements(engagements, user),
            *waiting.in_applications([one for one in applications if one.state not in ENDED], user),
            *waiting.in_people(municipality, user),
            *waiting.in_visits(visits, user),
            *ahead.waiting(),
            *waiting.in_questions(user, municipality),
        ]
        theirs = sorted((item for item in awaited if item.side == waiting.MUNICIPALITY), key=lambda item: item.order)
        running = [one for one in engagements if one.state in Engagement.RUNNING]
        by_offer = {one.offer_id: one for one in running}
        taken = {one.round_id for one in applications if one.state not in ("declined", "withdrawn")}
        actions = Action.objects.filter(engagement__in=engagements).open().select_related("engagement")
        people = Membership.objects.active().filter(municipality=municipality).select_related("user")
        rounds = Round.objects.open().select_related("offer").order_by("closes_at")
        return {
            "waiting": theirs[:AT_MOST],
            "ours": [item for item in awaited if item.side == waiting.TASK_FORCE][:AT_MOST],
            "applications": applications,
            "rounds": [(round, by_offer.get(round.offer_id)) for round in rounds if round.pk not in taken],
            "may_begin": who.works_for(user, municipality),
            "actions": actions.order_by("due_on", "pk")[:AT_MOST],
            "people": people.order_by("role", "user__first_name")[:AT_MOST],
            "may_manage_people": who.may_manage_people(municipality, user),
            "figures": list(figures.of_engagement(running[0], user)) if running else [],
            "visits": visits[:AT_MOST],
        }

    def _reports(self) -> list[Report]:
        """Published reports this person may read; some reach the council later than the director."""
        visible = Report.objects.visible_to(self.request.user)
        published = visible.filter(engagement__municipality=self.municipality, published_at__isnull=False)
        return list(published.select_related("engagement").order_by("-published_at")[:AT_MOST])


class Workplace(LoginRequiredMixin, TemplateView):
    """Staff's start page: what awaits me, my engagements, the queue, deadlines."""

    template_name = "home/workplace.html"
    DAYS = 30

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The Task Force's own people."""
        if request.user.is_authenticated and not who.is_task_force(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Case staff get their casework; the others the ways to their rooms."""
        user = self.request.user
        context = super().get_context_data(**kwargs) | {
            "today": timezone.localdate(),
            "case_staff": who.is_case_staff(user),
            "may_edit_site": who.edits_site(user),
            "reads_portfolio": who.is_case_staff(user) or who.is_staff_of(user, who.ANALYST),
        }
        if who.is_lead(user) or who.is_staff_of(user, who.ADMINISTRATORS):
            uncertain = [OutboxMessage.State.UNCERTAIN, OutboxMessage.State.FAILED]
            context["uncertain_mails"] = OutboxMessage.objects.filter(state__in=uncertain).count()
        context |= organising.of(user)
        if context["case_staff"]:
            context |= self._casework()
        if who.is_case_staff(user) or who.is_staff_of(user, who.LEARNING):
            awaited = [item for item in waiting.in_visits(waiting.visits_of(user), user) if item.mine]
            context["visits_waiting"] = sorted(awaited, key=lambda item: item.order)[:AT_MOST]
            context["runs_visits"] = who.is_staff_of(user, who.LEARNING, who.LEAD)
        return context

    def _casework(self) -> dict[str, Any]:
        user = self.request.user
        lead = who.is_lead(user)
        readable = Engagement.objects.read_in_full_by(user).running().with_phase()
        full = list(
            readable.select_related("municipality", "offer").prefetch_related("phases").order_by("phase_ends_on", "pk")
        )
        queue = list(Application.objects.visible_to(user).in_queue().select_related("municipality", "round"))
        awaited = [
            *waiting.in_engagements(full, user),
            *waiting.in_applications(queue, user),
            *waiting.in_questions(user),
        ]
        until = timezone.localdate() + timedelta(days=self.DAYS)
        deadlines = Milestone.objects.filter(engagement__in=full, reached_on=None, due_on__lte=until)
        reported = Action.objects.filter(engagement__in=full, state=ActionState.REPORTED)
        return {
            "lead": lead,
            "waiting": sorted((item for item in awaited if item.mine), key=lambda item: item.order)[:AT_MOST],
            "mine": [engagement for engagement in full if is_on_team(engagement, user)][:AT_MOST],
            "queue": queue[:AT_MOST],
            "queue_length": len(queue),
            "deadlines": deadlines.select_related("engagement__municipality").order_by("due_on")[:AT_MOST],
            "reported": reported.select_related("engagement__municipality").order_by("reported_at")[:AT_MOST],
            "days": self.DAYS,
        }


class Search(TemplateView):
    """`/soeg/?q=`: everything that holds the words and that the reader may see."""

    template_name = "home/search.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The words as searched for, and the hits by kind."""
        words = search.words_of(self.request.GET.get("q", ""))
        groups = search.find(words, self.request.user)
        return super().get_context_data(**kwargs) | {
            "words": words,
            "groups": groups,
            "count": sum(len(group.hits) for group in groups),
            "meant": did_you_mean(words) if words and not groups else "",
        }
