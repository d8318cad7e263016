"""What both sides do to get ready: the preparation list, and the files for the participants."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from engagements.lifecycle import MoveRefused

from . import forms, permissions, planning
from .acts import ForBothSides
from .models import Preparation, VisitMaterial, VisitState
from .views import VisitMixin


class AddPreparation(ForBothSides):
    """Something more to prepare."""

    form_class = forms.PreparationForm
    heading = gettext_lazy("Add to the preparation list")
    states = (VisitState.PLANNED,)

    def get_form_kwargs(self) -> dict[str, Any]:
        """On this visit."""
        return super().get_form_kwargs() | {"instance": Preparation(visit=self.visit)}

    def act(self, form: Any) -> None:
        """Add it."""
        planning.add_preparation(self.visit, by=self.request.user, **form.cleaned_data)


class ChangePreparation(ForBothSides):
    """Change something on the preparation list, or take it off."""

    template_name = "visits/preparation.html"
    form_class = forms.PreparationForm
    heading = gettext_lazy("Change the preparation list")
    states = (VisitState.PLANNED,)

    def get_form_kwargs(self) -> dict[str, Any]:
        """As it is, while it is not done."""
        self.row = get_object_or_404(self.visit.preparations.filter(done_at=None), pk=self.kwargs["pk"])
        return super().get_form_kwargs() | {"instance": self.row}

    def act(self, form: Any) -> None:
        """Save it."""
        planning.change_preparation(self.row, by=self.request.user, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What may be taken off."""
        return super().get_context_data(**kwargs) | {"row": self.row}


class RemovePreparation(VisitMixin, View):
    """Something is taken off the preparation list."""

    http_method_names = ["post"]

    def may_read(self, user: Any) -> bool:
        """Either side."""
        return permissions.works_on(self.visit, user)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Back to the list; a second click finds nothing to take off."""
        row = self.visit.preparations.filter(pk=kwargs["pk"]).first()
        if row is not None and self.visit.state == VisitState.PLANNED:
            try:
                planning.remove_preparation(row, by=request.user)
                messages.success(request, _("“%(text)s” is taken off the list.") % {"text": row.text})
            except MoveRefused as refused:
                messages.error(request, str(refused))
        return HttpResponseRedirect(f"{self.visit.get_absolute_url()}#preparation")


class Tick(VisitMixin, View):
    """Something on the preparation list is done, or not after all."""

    def may_read(self, user: Any) -> bool:
        """Either side."""
        return permissions.works_on(self.visit, user)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Back to the list."""
        row = get_object_or_404(self.visit.preparations, pk=kwargs["pk"])
        if self.visit.state == VisitState.PLANNED:
            planning.tick(row, done=request.POST.get("done") == "1", by=request.user)
        return HttpResponseRedirect(f"{self.visit.get_absolute_url()}#preparation")


class AddMaterial(ForBothSides):
    """A file for the participants."""

    form_class = forms.MaterialForm
    heading = gettext_lazy("Add material")
    intro = gettext_lazy("Both sides can fetch the file. Remove names and CPR numbers from it first.")
    states = (VisitState.ACCEPTED, VisitState.PLANNED, VisitState.HELD, VisitState.FOLLOWED_UP)

    def get_form_kwargs(self) -> dict[str, Any]:
        """On this visit."""
        return super().get_form_kwargs() | {"instance": VisitMaterial(visit=self.visit)}

    def act(self, form: Any) -> None:
        """Add it."""
        planning.add_material(
            self.visit, title=form.cleaned_data["title"], file=form.cleaned_data["file"], by=self.request.user
        )


class RemoveMaterial(VisitMixin, View):
    """A file is taken away again."""

    http_method_names = ["post"]

    def may_read(self, user: Any) -> bool:
        """Either side; which files, `permissions.may_remove` says."""
        return permissions.works_on(self.visit, user)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Back to the files; a second click finds nothing to take away."""
        row = self.visit.material.filter(pk=kwargs["pk"]).first()
        if row is not None:
            try:
                planning.remove_material(row, by=request.user)
                messages.success(request, _("“%(title)s” is taken away.") % {"title": row.title})
            except MoveRefused as refused:
                messages.error(request, str(refused))
        return HttpResponseRedirect(f"{self.visit.get_absolute_url()}#material")
