"""The council's page and its PDF; the team's page where it is written."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from engagements.design.moves import MoveView
from engagements.design.versions import StaleError
from engagements.lifecycle import MoveRefused
from engagements.municipalities.models import Municipality
from engagements.people import permissions as who
from engagements.people.models import CASEWORK_ROLES, Role
from engagements.programme.permissions import is_on_team
from engagements.programme.views import EngagementMixin

from . import services
from .documents import briefing_pdf, file_name
from .forms import BriefingForm
from .models import Briefing
from .presentation import page_context

COUNCIL_READERS = (*CASEWORK_ROLES, Role.COUNCIL, Role.SECRETARY)


class BriefingIndex(LoginRequiredMixin, TemplateView):
    """The briefings one may read; someone with a single municipality goes straight to its page."""

    template_name = "briefings/index.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """List, or lead on."""
        own = Municipality.objects.filter(pk__in=who.municipalities_of(request.user, *COUNCIL_READERS))
        if own.count() == 1 and not who.is_case_staff(request.user):
            return redirect("briefings:council", own.get().slug)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Newest first, at most a hundred."""
        rows = Briefing.objects.visible_to(self.request.user).select_related("engagement__municipality")
        return super().get_context_data(**kwargs) | {"briefings": rows[:100]}


class CouncilPage(LoginRequiredMixin, TemplateView):
    """The newest briefing of a municipality that the reader may see, or the one asked for."""

    template_name = "briefings/council.html"
    briefing: Briefing | None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Find it; a reader who belongs to the municipality gets a page also when there is none yet."""
        if request.user.is_authenticated:
            self.municipality = get_object_or_404(Municipality, slug=kwargs["slug"])
            self.visible = Briefing.objects.visible_to(request.user).filter(engagement__municipality=self.municipality)
            self.visible = self.visible.select_related("engagement__municipality", "engagement__offer", "released_by")
            if "pk" in kwargs:
                self.briefing = get_object_or_404(self.visible, pk=kwargs["pk"])
            else:
                self.briefing = self.visible.order_by("-number", "-pk").first()
            if self.briefing is None and not who.has_role(request.user, self.municipality, *COUNCIL_READERS):
                raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page, and earlier briefings."""
        context = super().get_context_data(**kwargs) | {"municipality": self.municipality, "briefing": self.briefing}
        if self.briefing is None:
            return context
        earlier = self.visible.exclude(pk=self.briefing.pk).filter(state=Briefing.State.RELEASED)
        return context | page_context(self.briefing) | {"earlier": earlier.order_by("-number")}


class CouncilPdf(CouncilPage):
    """The same on one A4."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file."""
        if self.briefing is None:
            raise Http404
        response = HttpResponse(briefing_pdf(self.briefing), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{file_name(self.briefing)}"'
        response["Cache-Control"] = "private, no-store"
        return response


class WriteBriefing(EngagementMixin, TemplateView):
    """Where the team writes the next briefing; it begins with the first save."""

    template_name = "briefings/write.html"
    active_tab = "briefing"

    def may_read(self, user: Any) -> bool:
        """The team."""
        return is_on_team(self.engagement, user)

    def _draft(self) -> Briefing:
        unfinished = self.engagement.briefings.exclude(state=Briefing.State.RELEASED).first()
        return unfinished or Briefing(engagement=self.engagement)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The draft, or an empty form; once sent it is read on its own page."""
        briefing = self._draft()
        if briefing.state != Briefing.State.DRAFT:
            return redirect(briefing)
        return self.render_to_response(self.get_context_data(form=BriefingForm(instance=briefing), briefing=briefing))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save the texts and show the page as the council will see it."""
        briefing = self._draft()
        form = BriefingForm(request.POST, instance=briefing)
        if form.is_valid():
            try:
                return redirect(self._save(form))
            except StaleError:
                form.note_conflict()
            except MoveRefused as refused:
                form.add_error(None, str(refused))
        status = 409 if form.conflict else 200
        return render(request, self.template_name, self.get_context_data(form=form, briefing=briefing), status=status)

    def _save(self, form: BriefingForm) -> Briefing:
        fields = {name: form.cleaned_data[name] for name in BriefingForm.Meta.fields}
        begun = services.begin_briefing(self.engagement, by=self.request.user)
        version = form.expected_version if form.opened_at is not None else begun.version
        saved = services.change_briefing(begun, version=version or 0, by=self.request.user, **fields)
        messages.success(self.request, _("The briefing is saved. This is how the council will see it."))
        return saved


class BriefingMove(MoveView):
    """Send, release, return with remarks."""

    def get_queryset(self) -> QuerySet[Briefing]:
        """Briefings the user sees."""
        return Briefing.objects.visible_to(self.request.user).select_related("engagement__municipality")
