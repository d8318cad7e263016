"""What is done once a visit has been held: who came, the team's note, and the learning points."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy
from django.views.generic import View

from . import forms, permissions, services
from .acts import Act, ForBothOfTheTeam, ForBothSides, ForTheTeam
from .models import LearningPoint, Visit, VisitState
from .views import VisitMixin


class Hold(ForTheTeam):
    """Register who came."""

    template_name = "visits/hold.html"
    form_class = forms.HoldForm
    heading = gettext_lazy("Register the visit as held")
    button = gettext_lazy("Register as held")
    done = gettext_lazy("The visit is registered as held.")
    states = (VisitState.PLANNED,)

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the numbers that were expected."""
        return super().get_form_kwargs() | {"visit": self.visit}

    def act(self, form: Any) -> None:
        """Register it."""
        services.hold(self.visit, attended=form.audience(), by=self.request.user, at=self.arrived_at)


class Note(ForBothOfTheTeam):
    """The team's own note."""

    form_class = forms.NoteForm
    heading = gettext_lazy("The team's note")

    def get_form_kwargs(self) -> dict[str, Any]:
        """As it is."""
        return super().get_form_kwargs() | {"instance": self.visit}

    def act(self, form: Any) -> None:
        """Save it."""
        fresh = Visit.objects.get(pk=self.visit.pk)
        services.write_note(
            fresh, text=form.cleaned_data["team_note"], by=self.request.user, version=form.expected_version or 0
        )


class AddPoint(ForBothSides):
    """A learning point."""

    form_class = forms.PointForm
    heading = gettext_lazy("Add a learning point")
    intro = gettext_lazy("What the municipality will do in another way, by whom and by when.")
    states = (VisitState.HELD, VisitState.FOLLOWED_UP)

    def get_form_kwargs(self) -> dict[str, Any]:
        """On this visit."""
        return super().get_form_kwargs() | {"instance": LearningPoint(visit=self.visit)}

    def act(self, form: Any) -> None:
        """Add it."""
        wanted = {name: form.cleaned_data[name] for name in forms.PointForm.Meta.fields}
        services.add_point(self.visit, by=self.request.user, **wanted)


class OnPoint(Act):
    """An act on a learning point that is neither done nor an action."""

    def setup_point(self) -> LearningPoint:
        """The point the address names."""
        rows = LearningPoint.objects.open().select_related("visit")
        return get_object_or_404(rows, visit=self.visit, pk=self.kwargs["pk"])


class ChangePoint(OnPoint):
    """Change a learning point."""

    form_class = forms.PointForm
    heading = gettext_lazy("Change the learning point")

    def may_read(self, user: Any) -> bool:
        """Either side."""
        return permissions.works_on(self.visit, user)

    def get_form_kwargs(self) -> dict[str, Any]:
        """As it is."""
        return super().get_form_kwargs() | {"instance": self.setup_point()}

    def act(self, form: Any) -> None:
        """Save it."""
        wanted = {name: form.cleaned_data[name] for name in forms.PointForm.Meta.fields}
        services.change_point(self.setup_point(), by=self.request.user, version=form.expected_version or 0, **wanted)


class FinishPoint(VisitMixin, View):
    """A learning point is done."""

    def may_read(self, user: Any) -> bool:
        """The municipality."""
        return permissions.who.works_for(user, self.visit.municipality_id)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Back to the list."""
        point = get_object_or_404(LearningPoint.objects.filter(visit=self.visit, action=None), pk=kwargs["pk"])
        services.finish_point(point, by=request.user)
        return HttpResponseRedirect(f"{self.visit.get_absolute_url()}#points")


class MakeAction(OnPoint):
    """Make a learning point an action of the municipality's engagement."""

    form_class = forms.ActionForm
    heading = gettext_lazy("Make the learning point an action")
    intro = gettext_lazy("Text, owner and due date go along; from then on the action is followed up with the others.")
    button = gettext_lazy("Make it an action")
    done = gettext_lazy("The learning point is now an action.")

    def may_read(self, user: Any) -> bool:
        """The municipality, while an engagement with recommendations runs."""
        return permissions.who.works_for(user, self.visit.municipality_id)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The recommendations to choose from."""
        self.point = self.setup_point()
        found = services.recommendations_for(self.visit)
        if not found.exists():
            raise Http404
        return super().get_form_kwargs() | {"recommendations": found}

    def act(self, form: Any) -> None:
        """Make it."""
        services.make_action(self.point, form.cleaned_data["recommendation"], by=self.request.user)
