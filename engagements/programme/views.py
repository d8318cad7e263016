"""The pages of an engagement: what every tab shares, the list, the portfolio, and the tabs of this room."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from engagements.design.lists import Column, ListPage
from engagements.design.moves import MoveView
from engagements.municipalities.models import Municipality
from engagements.people import permissions as who
from engagements.people.models import CASEWORK_ROLES, Membership
from engagements.records import access
from engagements.records.models import Document
from engagements.users.models import User

from . import figures, overview, permissions
from .filters import EngagementFilter
from .models import Competence, Engagement, Milestone, PhaseKind, TeamMember
from .services import look_at
from .tabs import address_of, tabs_of


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
            "reads_plan": permissions.reads_plan(self.engagement, user),
            "reads_in_full": permissions.reads_in_full(self.engagement, user),
            "reads_internal": permissions.reads_internal(self.engagement, user),
        }


class Detail(EngagementMixin, TemplateView):
    """The overview: what awaits whom, where we are, who works on it, what is new."""

    template_name = "programme/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Gathered from this room and, through `overview`, from the others."""
        engagement, user = self.engagement, self.request.user
        context = super().get_context_data(**kwargs)
        context["team"] = (
            engagement.team.current()
            .select_related("user__staff_profile__agency")
            .prefetch_related("user__staff_profile__agency__names")
        )
        context["people"] = (
            Membership.objects.active()
            .with_role(*CASEWORK_ROLES)
            .filter(municipality=engagement.municipality)
            .select_related("user")
        )
        context["current_phase"] = engagement.current_phase
        if context["reads_plan"]:
            context["next_milestones"] = engagement.milestones.filter(reached_on=None)[:4]
            context["figures"] = overview.figures(engagement, user)
        if context["reads_in_full"]:
            since = look_at(engagement, user=user)  # type: ignore[arg-type]
            awaited = overview.waiting([engagement], user)
            context["theirs"] = [item for item in awaited if item.side == Milestone.Side.MUNICIPALITY]
            context["ours"] = [item for item in awaited if item.side == Milestone.Side.TASK_FORCE]
            context["today"] = timezone.localdate()
            context["guideposts"] = overview.guideposts(engagement, user)
            context["changes"] = overview.changes(engagement, user, since)[:12]
            context["since"] = since
        return context


class Plan(EngagementMixin, TemplateView):
    """Phases and milestones, drawn and in tables."""

    active_tab = "plan"
    template_name = "programme/plan.html"

    def may_read(self, user: Any) -> bool:
        """Also the municipality's caseworkers."""
        return permissions.reads_plan(self.engagement, user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The chart and the rows behind it."""
        milestones = list(self.engagement.milestones.all())
        return super().get_context_data(**kwargs) | {
            "gantt": figures.gantt_of(self.engagement, milestones),
            "milestones": milestones,
            "current_phase": self.engagement.current_phase,
            "today": timezone.localdate(),
        }


class Team(EngagementMixin, TemplateView):
    """The consultants, now and before."""

    full_required = True
    template_name = "programme/team.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Current members first."""
        members = self.engagement.team.select_related("user__staff_profile__agency").prefetch_related(
            "user__staff_profile__agency__names"
        )
        today = timezone.localdate()
        current = [member for member in members if member.until is None or member.until > today]
        return super().get_context_data(**kwargs) | {
            "current": current,
            "former": [member for member in members if member not in current],
            "missing": [] if self.engagement.state not in Engagement.RUNNING else _missing(current),
        }


def _missing(current: list[TeamMember]) -> list[str]:
    """The competences nobody on the team covers."""
    covered = {member.competence for member in current}
    return [str(choice.label) for choice in Competence if choice not in covered]


class Documents(EngagementMixin, TemplateView):
    """The documents of the case; internal ones only for the Task Force's own."""

    active_tab = "documents"
    full_required = True
    template_name = "programme/documents.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """By number, each with the address of its file."""
        context = super().get_context_data(**kwargs)
        documents = Document.objects.of_case(self.engagement.case_no).select_related("created_by")
        if not context["reads_internal"]:
            documents = documents.external()
        rows = [(document, access.address(document)) for document in documents]
        return context | {"documents": rows}


class History(EngagementMixin, TemplateView):
    """Notes and the log."""

    active_tab = "history"
    full_required = True
    template_name = "programme/history.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Internal notes only for the team and the lead."""
        context = super().get_context_data(**kwargs)
        notes = self.engagement.notes.select_related("written_by")
        return context | {"notes": notes if context["reads_internal"] else notes.filter(internal=False)}


class Move(MoveView):
    """Pause, resume, close, stop."""

    slug_field = slug_url_kwarg = "case_no"

    def get_queryset(self) -> QuerySet[Engagement]:
        """Those the user may see."""
        return Engagement.objects.visible_to(self.request.user).select_related("municipality", "offer")


def _phase(engagement: Any) -> str:
    """The phase in words, for running engagements."""
    running = engagement.state in Engagement.RUNNING and engagement.phase
    return capfirst(str(PhaseKind(engagement.phase).label)) if running else ""


def _phase_ends(engagement: Any) -> date | None:
    return engagement.phase_ends_on if engagement.state in Engagement.RUNNING else None


def _team(engagement: Any) -> str:
    """The current team's names."""
    return ", ".join(str(member.user) for member in engagement.team.all())


class EngagementList(LoginRequiredMixin, ListPage):
    """All engagements the reader may see."""

    heading = _("Engagements")
    filterset_class = EngagementFilter
    default_sort = ("-starts_on",)
    columns = [
        Column("municipality", _("Municipality"), sort="municipality__folded_name", link=True),
        Column("case_no", _("Case no."), accessor="shown_case_no", sort="case_no"),
        Column("offer", _("Offer"), sort="offer__title_da"),
        Column("state", _("State"), sort="state", template="components/state_cell.html"),
        Column("phase", _("Phase"), accessor=_phase, sort="phase_order"),
        Column("phase_ends_on", _("Phase ends"), accessor=_phase_ends, sort="phase_ends_on"),
        Column("starts_on", _("Begun"), sort="starts_on"),
        Column("team", _("Team"), accessor=_team),
    ]
    empty_title = _("There are no engagements here yet")
    empty_text = _("An engagement opens when an application is accepted; then it stands here with its plan and team.")

    def get_queryset(self) -> QuerySet[Engagement]:
        """With municipality, offer, phase and team, in as many queries for many rows as for few."""
        team = TeamMember.objects.current().select_related("user")
        return (
            Engagement.objects.visible_to(self.request.user)
            .with_phase()
            .select_related("municipality", "offer")
            .prefetch_related(Prefetch("team", queryset=team))
        )

    def get_actions(self) -> list[tuple[Any, str]]:
        """The portfolio, for those who have one."""
        if who.is_case_staff(self.request.user):
            return [(_("Portfolio"), address_of("engagements:portfolio"))]
        return []


class Portfolio(LoginRequiredMixin, TemplateView):
    """For staff: the map by phase, the engagements, and the deadlines of the next 60 days."""

    template_name = "programme/portfolio.html"
    DAYS = 60

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Case staff and analysts."""
        user = request.user
        if user.is_authenticated and not (who.is_case_staff(user) or who.is_staff_of(user, who.ANALYST)):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything the reader may see, none of it per row; milestones only of the plans the reader may read."""
        user = self.request.user
        visible = Engagement.objects.visible_to(user).running().with_phase().select_related("municipality", "offer")
        team = TeamMember.objects.current().select_related("user")
        running = list(visible.prefetch_related(Prefetch("team", queryset=team)).order_by("municipality__folded_name"))
        until = timezone.localdate() + timedelta(days=self.DAYS)
        permissions.remember_teams(running, user)
        read = [engagement for engagement in running if permissions.reads_plan(engagement, user)]
        deadlines = (
            Milestone.objects.filter(engagement__in=read, reached_on=None, due_on__lte=until)
            .select_related("engagement__municipality")
            .order_by("due_on")
        )
        by_phase = [
            (label, [engagement for engagement in running if engagement.phase == kind])
            for kind, label in [*PhaseKind.choices, (None, _("all phases finished"))]
        ]
        load: Counter[User] = Counter(member.user for engagement in running for member in engagement.team.all())
        return super().get_context_data(**kwargs) | {
            "load": sorted(load.items(), key=lambda item: (-item[1], str(item[0]))),
            "map": figures.map_of(Municipality.objects.all(), running),
            "by_phase": by_phase,
            "running": running,
            "reads_plans": bool(read),
            "deadlines": deadlines[:50],
            "days": self.DAYS,
            "today": timezone.localdate(),
        }
