"""The list of material, what one has read and keeps at hand, the directory, one's own entry, and coverage."""

from abc import ABC, abstractmethod
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from engagements.design.lists import Column, ListPage
from engagements.people.models import Membership

from . import coverage, reading
from .filters import DirectoryFilter, MaterialFilter
from .forms import EntryForm
from .library import LibraryPage
from .models import NetworkRound
from .models_own import DirectoryEntry, Favourite, Reading
from .people import members
from .screens import InNetwork, NetworkFormPage


def published_on(page: LibraryPage) -> date | None:
    """The day it was published first."""
    return timezone.localdate(page.first_published_at) if page.first_published_at else None


class MaterialList(InNetwork, ListPage):
    """Everything in the library, the newest first."""

    heading = gettext_lazy("Material")
    intro = gettext_lazy("Written for the network; nobody else can read it.")
    template_name = "network/material.html"
    filterset_class = MaterialFilter
    default_sort = ("-first_published_at",)
    downloads = False
    empty_title = gettext_lazy("No material yet")
    empty_text = gettext_lazy("The network's editor publishes material here.")
    columns = [
        Column("title", gettext_lazy("Title"), sort="title", template="network/material_cell.html"),
        Column("reading_minutes", gettext_lazy("Minutes to read"), sort="reading_minutes", numeric=True),
        Column("times_read", gettext_lazy("Read by"), sort="times_read", numeric=True),
        Column("first_published_at", gettext_lazy("Date"), published_on, sort="first_published_at"),
    ]

    def get_queryset(self) -> QuerySet[LibraryPage]:
        """What is published, with what the person has done with it."""
        return reading.material(self.request.user).prefetch_related("topics")

    def get_extra_context(self) -> dict[str, Any]:
        """The themes of the years beside the list."""
        return {"themes": list(reading.themes(self.request.user))}


class OnPage(InNetwork, View, ABC):
    """A button on a page of the library."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do what the button says and stay on the page."""
        page = get_object_or_404(reading.readable(request.user), pk=pk)
        self.act(page)
        return redirect(page.specific.url)

    @abstractmethod
    def act(self, page: Any) -> None:
        """What the button does."""


class NoteRead(OnPage):
    """Note a page as read."""

    def act(self, page: Any) -> None:
        """Once."""
        Reading.objects.get_or_create(page_id=page.pk, person=self.request.user)
        messages.success(self.request, _("Noted as read."))


class KeepAtHand(OnPage):
    """Keep a page at hand, or no longer."""

    def act(self, page: Any) -> None:
        """As the button said."""
        if self.request.POST.get("keep") == "no":
            Favourite.objects.filter(page_id=page.pk, person=self.request.user).delete()
            messages.success(self.request, _("The page is no longer among your favourites."))
        else:
            Favourite.objects.get_or_create(page_id=page.pk, person=self.request.user)
            messages.success(self.request, _("The page is among your favourites on the network's start page."))


class Directory(InNetwork, ListPage):
    """The members by municipality; contact only of those who show it."""

    heading = gettext_lazy("Who is a member")
    intro = gettext_lazy(
        "Every leader of a municipality is a member. Each decides whether the others see how to get in touch."
    )
    template_name = "network/directory.html"
    filterset_class = DirectoryFilter
    default_sort = ("municipality__folded_name", "user__first_name")
    downloads = False
    empty_title = gettext_lazy("No members yet")
    empty_text = gettext_lazy("Leaders become members when their municipality has an account.")
    columns = [
        Column("user", gettext_lazy("Name"), sort="user__first_name", template="network/member_cell.html"),
        Column("title", gettext_lazy("Title"), sort="title"),
        Column(
            "municipality", gettext_lazy("Municipality"), "municipality.full_name", sort="municipality__folded_name"
        ),
        Column("region", gettext_lazy("Region"), lambda row: row.municipality.region_on()),
        Column("contact", gettext_lazy("Contact"), lambda row: "", template="network/contact_cell.html"),
    ]

    def get_queryset(self) -> QuerySet[Membership]:
        """Active leaders."""
        rows = members().select_related("user__directory_entry", "municipality")
        return rows.prefetch_related("municipality__region_periods__region")


class OwnEntry(InNetwork, NetworkFormPage):
    """What the others see of oneself."""

    page_title = gettext_lazy("What the others see of you")
    crumbs = [(gettext_lazy("Who is a member"), "network:directory")]

    def make_form(self, *args: Any) -> EntryForm:
        """The own entry, empty until it is filled in."""
        own = DirectoryEntry.objects.filter(person=self.request.user).first()
        return EntryForm(*args[:1], instance=own or DirectoryEntry(person=self.request.user))

    def save(self, form: EntryForm) -> str:
        """Save it."""
        values = {name: form.cleaned_data[name] for name in EntryForm.Meta.fields}
        DirectoryEntry.objects.update_or_create(person=self.request.user, defaults=values)
        messages.success(self.request, _("Your entry is saved."))
        return reverse("network:directory")


class CoveragePage(InNetwork, TemplateView):
    """How many municipalities have taken part in a meeting, by round and network, on the tile map."""

    template_name = "network/coverage.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The running round unless another is asked for."""
        rounds = list(NetworkRound.objects.all())
        asked = self.request.GET.get("periode", "")
        chosen = next((one for one in rounds if str(one.pk) == asked), None)
        if asked and chosen is None:
            raise Http404
        today = timezone.localdate()
        chosen = chosen or next((one for one in rounds if one.is_running(today)), rounds[0] if rounds else None)
        found = coverage.of_round(chosen) if chosen else None
        return super().get_context_data(**kwargs) | {"rounds": rounds, "coverage": found}
