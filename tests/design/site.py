"""Sample pages for the tests of the design: a list, a form, a thing and its moves, made from real models."""

from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _

from engagements import models as m
from engagements.design.drafts import draft_not_saved, draft_saved
from engagements.design.forms import DateField, PortalForm, PortalModelForm, VersionedForm
from engagements.design.lists import Column, ListPage
from engagements.design.moves import MoveView
from engagements.design.versions import StaleError


class ApplicationFilter(django_filters.FilterSet):
    """One filter of each common kind."""

    state = django_filters.ChoiceFilter(choices=m.Application.State.choices, label=_("State"))
    text = django_filters.CharFilter(field_name="reference", lookup_expr="icontains", label=_("Reference"))
    since = django_filters.DateFilter(field_name="created_at", lookup_expr="date__gte", label=_("Begun"))
    round = django_filters.ModelChoiceFilter(queryset=m.Round.objects.all(), label=_("Round"))
    place = django_filters.NumberFilter(field_name="wait_position", label=_("Place"))


class Applications(LoginRequiredMixin, ListPage):
    """A list with filter, sorting and a state tag."""

    heading = "Ansøgninger"
    filterset_class = ApplicationFilter
    columns = [
        Column("reference", "Reference", link=True, sort="reference"),
        Column("municipality", "Kommune", sort="municipality__folded_name"),
        Column("state", "Status", sort="state", template="components/state_cell.html"),
        Column("reason", "Begrundelse"),
        Column("created_at", "Begyndt", sort="created_at"),
        Column("length", "Tegn", accessor=lambda row: len(row.reason), numeric=True),
    ]
    default_sort = "reference"
    empty_title = "I har ingen ansøgninger endnu"
    empty_text = "Den første kan I begynde, når en ansøgningsrunde er åben."

    def get_queryset(self) -> Any:
        """All of them: this page is only for tests."""
        return m.Application.objects.select_related("municipality")


class ApplicationMove(MoveView):
    """Moves by reference."""

    slug_field = slug_url_kwarg = "reference"

    def get_queryset(self) -> Any:
        """What the person may see."""
        return m.Application.objects.visible_to(self.request.user)


class ActionForm(VersionedForm, PortalModelForm):
    """A row two people edit."""

    class Meta:
        model = m.Action
        fields = ["title", "owner", "due_on"]


class SampleForm(PortalForm):
    """One field of each kind."""

    title = forms.CharField(label="Baggrund", max_length=40, help_text="Højst 40 tegn.")
    text = forms.CharField(label="Beskrivelse", widget=forms.Textarea, max_length=200)
    day = DateField(label="Frist")
    kind = forms.ChoiceField(label="Art", choices=[("a", "Første"), ("b", "Anden")], widget=forms.RadioSelect)
    several = forms.MultipleChoiceField(
        label="Emner", choices=[("a", "Første"), ("b", "Anden")], widget=forms.CheckboxSelectMultiple, required=False
    )
    one = forms.ChoiceField(label="Kommune", choices=[("", "Vælg"), ("k", "Korsbæk")])
    file = forms.FileField(label="Bilag", required=False)
    agree = forms.BooleanField(label="Vi har talt om det")


def sample(request: HttpRequest) -> HttpResponse:
    """Every kind of field, with and without errors."""
    form = SampleForm(request.POST, request.FILES) if request.method == "POST" else SampleForm()
    if request.method == "POST" and form.is_valid():
        messages.success(request, "Ansøgningen er gemt.")
        messages.error(request, "Bilaget blev ikke gemt.")
        messages.warning(request, "Fristen er i morgen.")
        messages.info(request, "Der er nyt.")
        return redirect("sample")
    return render(request, "sample_form.html", {"form": form}, status=422 if form.is_bound else 200)


def edit_action(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit a versioned row."""
    action = get_object_or_404(m.Action, pk=pk)
    form = ActionForm(request.POST if request.method == "POST" else None, instance=action)
    if request.method == "POST" and form.is_valid():
        try:
            form.save()
        except StaleError:
            form.note_conflict()
        else:
            return redirect("sample")
    return render(request, "sample_form.html", {"form": form, "autosave": reverse("draft", args=[pk])})


def keep_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """What the page sends by itself."""
    form = ActionForm(request.POST, instance=get_object_or_404(m.Action, pk=pk))
    if not form.is_valid():
        return draft_not_saved(form)
    return draft_saved(form.save())


def thing(request: HttpRequest, reference: str) -> HttpResponse:
    """The page of an application, with header, tabs and history."""
    application = get_object_or_404(m.Application.objects.visible_to(request.user), reference=reference)
    tabs = [{"label": "oversigt", "url": "#1", "active": True}, {"label": "historik", "url": "#2", "active": False}]
    context = {"application": application, "tabs": tabs, "internal": "internal" in request.GET}
    return render(request, "sample_thing.html", context)


applications = [
    path("", Applications.as_view(), name="list"),
    path("<str:reference>/", thing, name="detail"),
    path("<str:reference>/skridt/<str:name>/", ApplicationMove.as_view(), name="move"),
]
urlpatterns = [
    path("", sample, name="sample"),
    path("konto/", include("allauth.urls")),
    path("", include("engagements.people.urls")),
    path("", include("engagements.notices.urls")),
    path("", include("cms.home.urls")),
    path("", include("cms.api.urls")),
    path("tiltag/<int:pk>/", edit_action, name="edit"),
    path("tiltag/<int:pk>/kladde/", keep_draft, name="draft"),
    path("ansoegninger/", include((applications, "applications"))),
]
