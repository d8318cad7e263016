"""Meetings: the list, a meeting's page, and what those who arrange them do with them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from courses.runs.models import Run
from courses.runs.standing import standing
from engagements.design.lists import Column, ListPage
from engagements.lifecycle import MoveRefused
from engagements.records.access import address

from . import meetings, permissions
from .filters import MeetingFilter
from .forms_meetings import GuestForm, MaterialForm, MeetingForm, MinutesForm, PlanForm
from .models import Meeting, MeetingGuest, MeetingMaterial
from .screens import Arranges, InNetwork, NetworkFormPage

MEETINGS = (gettext_lazy("Meetings"), "network:meetings")


class MeetingList(InNetwork, ListPage):
    """Meetings to come, the next first; held and cancelled ones by the filter, the newest first."""

    heading = gettext_lazy("Meetings")
    intro = gettext_lazy("Meetings of your own network and of the others; cancelled meetings stay in the list.")
    template_name = "network/meetings.html"
    filterset_class = MeetingFilter
    downloads = False
    empty_title = gettext_lazy("No meetings planned")
    empty_text = gettext_lazy("When a meeting is planned, it is shown here. Held meetings are found with the filter.")
    columns = [
        Column("theme", gettext_lazy("Theme"), sort="theme", link=True),
        Column("network", gettext_lazy("Network"), sort="network__name", template="network/network_cell.html"),
        Column("starts", gettext_lazy("Time"), "run.starts_at", sort="run__starts_at"),
        Column("place", gettext_lazy("Place"), lambda row: place_of(row.run)),
        Column("standing", gettext_lazy("State"), lambda row: standing(row.run), template="network/standing_cell.html"),
    ]

    @property
    def default_sort(self) -> tuple[str]:  # type: ignore[override]
        """The next first; of those held the newest first."""
        return ("-run__starts_at",) if self.request.GET.get("when") else ("run__starts_at",)

    def get_queryset(self) -> QuerySet[Meeting]:
        """Those to come, unless others are asked for."""
        rows = Meeting.objects.visible_to(self.request.user)
        if not self.request.GET.get("when"):
            rows = rows.filter(run__ends_at__gt=timezone.now())
        return rows.select_related("run", "network").prefetch_related("run__sessions")

    def get_actions(self) -> list[tuple[Any, str]]:
        """Plan one, and who has taken part."""
        if not permissions.arranges(self.request.user):
            return []
        return [(_("Plan a meeting"), reverse("network:new_meeting"))]


def place_of(run: Run) -> str:
    """Where the run's first session is held."""
    sessions = list(run.sessions.all())
    if not sessions:
        return ""
    return str(sessions[0].place or (_("Online") if sessions[0].online_link else ""))


class MeetingPage(LoginRequiredMixin, TemplateView):
    """A meeting; its dates, seats and enrolment are those of its run."""

    template_name = "network/meeting.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The meeting with guests and material, and the run if the person may enrol."""
        user = self.request.user
        rows = Meeting.objects.visible_to(user).select_related("run", "network")
        meeting = get_object_or_404(rows, run__reference=self.kwargs["reference"])
        run = meeting.run
        arranges = permissions.arranges(user)
        material: dict[str, list[Any]] = {}
        for one in meeting.material.all():
            material.setdefault(one.when, []).append((one, address(one) if one.file else one.link))
        seated = run.enrolments.filter(person=user.pk, state="seated").exists()
        return super().get_context_data(**kwargs) | {
            "meeting": meeting,
            "run": run,
            "standing": standing(run),
            "sessions": list(run.sessions.all()),
            "sees_links": seated or arranges,
            "topics": list(meeting.topics.all()),
            "guests": list(meeting.guests.all()),
            "material": [(one.label, material[one.value]) for one in MeetingMaterial.When if one.value in material],
            "sees_run": permissions.belongs(user),
            "sees_minutes": bool(meeting.minutes) and (arranges or meeting.minutes_at is not None),
            "arranges": arranges,
        }


class NewMeeting(Arranges, NetworkFormPage):
    """Plan a meeting; its run is a draft until it is published."""

    page_title = gettext_lazy("Plan a meeting")
    crumbs = [MEETINGS]

    def make_form(self, *args: Any) -> PlanForm:
        """Theme, time and place."""
        return PlanForm(*args)

    def save(self, form: PlanForm) -> str:
        """Plan it."""
        meeting = meetings.plan_meeting(by=self.editor, **form.cleaned_data)
        messages.success(self.request, _("The meeting is planned. Publish it when its dates and seats are right."))
        return meeting.get_absolute_url()

    def back(self) -> str:
        """The list."""
        return reverse("network:meetings")


class OnMeeting(Arranges, NetworkFormPage):
    """A form on a meeting."""

    def prepare(self) -> None:
        """The meeting."""
        rows = Meeting.objects.visible_to(self.request.user).select_related("run", "network")
        self.meeting = get_object_or_404(rows, run__reference=self.kwargs["reference"])
        self.crumbs = [MEETINGS, (self.meeting.theme, self.meeting.get_absolute_url())]

    def back(self) -> str:
        """The meeting's page."""
        return self.meeting.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The meeting beside the form."""
        return super().get_context_data(**kwargs) | {"meeting": self.meeting}


class ChangeMeeting(OnMeeting):
    """Theme, agenda, network and topics."""

    page_title = gettext_lazy("Change the meeting")

    def make_form(self, *args: Any) -> MeetingForm:
        """As it is."""
        return MeetingForm(*args, instance=Meeting.objects.get(pk=self.meeting.pk))

    def save(self, form: MeetingForm) -> str:
        """Save it."""
        fields = {name: form.cleaned_data[name] for name in MeetingForm.Meta.fields}
        meetings.change_meeting(self.meeting, version=form.expected_version or 0, by=self.editor, **fields)
        messages.success(self.request, _("The meeting is changed."))
        return self.meeting.get_absolute_url()


class Minutes(OnMeeting):
    """Write the minutes."""

    page_title = gettext_lazy("Minutes")

    def make_form(self, *args: Any) -> MinutesForm:
        """As they are."""
        return MinutesForm(*args, instance=Meeting.objects.get(pk=self.meeting.pk))

    def save(self, form: MinutesForm) -> str:
        """Save them."""
        meetings.write_minutes(
            self.meeting,
            minutes=form.cleaned_data["minutes"],
            version=form.expected_version or 0,
            by=self.editor,
        )
        messages.success(self.request, _("The minutes are saved."))
        return self.meeting.get_absolute_url()


class Guests(OnMeeting):
    """Who is invited to this meeting besides the members."""

    page_title = gettext_lazy("Guests")
    button = gettext_lazy("Add the guest")
    template_name = "network/guests.html"

    def make_form(self, *args: Any) -> GuestForm:
        """A guest."""
        return GuestForm(*args[:1])

    def save(self, form: GuestForm) -> str:
        """Note the guest."""
        meetings.add_guest(self.meeting, by=self.editor, **form.cleaned_data)
        messages.success(self.request, _("The guest is added."))
        return reverse("network:guests", args=[self.meeting.run.reference])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Those there are."""
        return super().get_context_data(**kwargs) | {"guests": list(self.meeting.guests.all())}


class Material(OnMeeting):
    """Files and links for before and after."""

    page_title = gettext_lazy("Material for the meeting")
    button = gettext_lazy("Add")
    template_name = "network/meeting_material.html"

    def make_form(self, *args: Any) -> MaterialForm:
        """A file or a link."""
        initial = {"when": "after" if self.meeting.run.ends_at < timezone.now() else "before"}
        return MaterialForm(*args, initial=initial)

    def save(self, form: MaterialForm) -> str:
        """Add it."""
        meetings.add_material(self.meeting, by=self.editor, **form.cleaned_data)
        messages.success(self.request, _("The material is added."))
        return reverse("network:meeting_material", args=[self.meeting.run.reference])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What there is."""
        rows = [(one, address(one) if one.file else one.link) for one in self.meeting.material.all()]
        return super().get_context_data(**kwargs) | {"material": rows}


class ActOnMeeting(Arranges, View):
    """A button on a meeting."""

    http_method_names = ["post"]

    def meeting(self) -> Meeting:
        """The meeting that the address names."""
        rows = Meeting.objects.visible_to(self.request.user)
        return get_object_or_404(rows, run__reference=self.kwargs["reference"])


class ShareMinutes(ActOnMeeting):
    """Let the network read the minutes."""

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Share them."""
        meeting = self.meeting()
        try:
            meetings.share_minutes(meeting, by=self.editor)
        except MoveRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("The minutes are shared, and those who took part are told."))
        return redirect(meeting)


class RemoveGuest(ActOnMeeting):
    """Take a guest off the list."""

    def post(self, request: HttpRequest, reference: str, pk: int) -> HttpResponse:
        """Do it."""
        guest = MeetingGuest.objects.filter(meeting=self.meeting(), pk=pk).first()
        if guest is not None:  # a second click finds nothing to do
            meetings.remove_guest(guest, by=self.editor)
        messages.success(request, _("The guest is removed."))
        return redirect("network:guests", reference)


class RemoveMaterial(ActOnMeeting):
    """Take material away."""

    def post(self, request: HttpRequest, reference: str, pk: int) -> HttpResponse:
        """Do it."""
        item = MeetingMaterial.objects.filter(meeting=self.meeting(), pk=pk).first()
        if item is not None:
            meetings.remove_material(item, by=self.editor)
        messages.success(request, _("The material is removed."))
        return redirect("network:meeting_material", reference)
