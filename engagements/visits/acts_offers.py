"""What the learning team does to its offers, and where each of them sets out from."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy

from . import forms, permissions, services
from .acts import Form
from .models import Base, VisitOffer


class OfferForm(LoginRequiredMixin, Form):
    """Make an offer."""

    form_class = forms.OfferForm
    heading = gettext_lazy("New offer of visits")
    intro = gettext_lazy("It is a draft until it is published.")
    offer: VisitOffer | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Those who run visits."""
        if request.user.is_authenticated and not permissions.runs_visits(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """A new one."""
        return super().get_form_kwargs() | {"instance": self.offer or VisitOffer()}

    def act(self, form: Any) -> None:
        """Make it."""
        self.offer = services.make_offer(by=self.request.user, **_fields(form))

    def get_success_url(self) -> str:
        """The offer, or the list."""
        return self.offer.get_absolute_url() if self.offer else reverse("visits:offers")


class ChangeOffer(OfferForm):
    """Change an offer."""

    heading = gettext_lazy("Change the offer")
    intro = gettext_lazy("More places go to those in line at once.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """As it is."""
        self.offer = get_object_or_404(VisitOffer, pk=self.kwargs["pk"])
        return super().get_form_kwargs()

    def act(self, form: Any) -> None:
        """Save it."""
        services.change_offer(
            VisitOffer.objects.get(pk=self.kwargs["pk"]),
            by=self.request.user,
            version=form.expected_version or 0,
            **_fields(form),
        )


def _fields(form: Any) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in forms.OfferForm.Meta.fields}


class ChooseBase(LoginRequiredMixin, Form):
    """Where one sets out from."""

    form_class = forms.BaseForm
    heading = gettext_lazy("Your starting point")
    intro = gettext_lazy("Distances are measured from here; Odense is used until you choose.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Those who may be on a team."""
        if request.user.is_authenticated and not permissions.sees_planning(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The choice made before."""
        base = Base.objects.filter(user=self.request.user).first() or Base(user=self.request.user)
        return super().get_form_kwargs() | {"instance": base}

    def act(self, form: Any) -> None:
        """Keep it."""
        Base.objects.update_or_create(
            user=self.request.user, defaults={"municipality": form.cleaned_data["municipality"]}
        )

    def get_success_url(self) -> str:
        """The season plan."""
        return reverse("visits:planning")
