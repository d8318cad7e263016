"""Who in a municipality has which course, who is enrolled, who waits, and what awaits a leader's yes."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.enrolment.models import Enrolment, EnrolmentState, Policy
from engagements.design.lists import Column, ListPage
from engagements.municipalities.models import Municipality
from engagements.people import permissions as who

from .filters_people import MunicipalityFilter


class MunicipalityCourses(LoginRequiredMixin, ListPage):
    """For leaders and coordinators: every enrolment from the own municipality, the newest run first."""

    template_name = "courses/pages/municipality.html"
    intro = gettext_lazy("Who has which course, who is enrolled, and who waits.")
    filterset_class = MunicipalityFilter
    default_sort = ("-run__starts_at", "person__first_name", "person__last_name", "pk")
    empty_title = gettext_lazy("Nobody from the municipality has been enrolled yet")
    empty_text = gettext_lazy("Enrol yourself or colleagues from the page of a run; then they stand here.")
    columns = [
        Column("person", gettext_lazy("Name"), sort=("person__first_name", "person__last_name"), link=True),
        Column("role", gettext_lazy("Role"), sort="role"),
        Column("course", gettext_lazy("Course"), "run.title", sort=("run__course__title_da", "run__own_title")),
        Column(
            "starts", gettext_lazy("Begins"), lambda row: timezone.localdate(row.run.starts_at), sort="run__starts_at"
        ),
        Column("state", gettext_lazy("State"), sort="state", template="components/state_cell.html"),
        Column(
            "completed_at",
            gettext_lazy("Course completed"),
            lambda row: timezone.localdate(row.completed_at) if row.completed_at else None,
            sort="completed_at",
        ),
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The municipality's own leaders and coordinators."""
        if request.user.is_authenticated:
            self.municipality = get_object_or_404(Municipality, code=kwargs["code"])
            if not who.works_for(request.user, self.municipality):
                raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_heading(self) -> str:
        """Named after the municipality."""
        return _("Courses in %(municipality)s") % {"municipality": self.municipality.full_name}

    def get_queryset(self) -> QuerySet[Enrolment]:
        """Everyone enrolled from there."""
        rows = Enrolment.objects.visible_to(self.request.user).filter(municipality=self.municipality)
        return rows.select_related("person", "run__course")

    def get_actions(self) -> list[tuple[Any, str]]:
        """The way to the catalogue."""
        return [(_("Find a course"), reverse("courses:list"))]

    def get_extra_context(self) -> dict[str, Any]:
        """What awaits a leader, and the municipality's rule."""
        asking = self.everything.filter(state=EnrolmentState.REQUESTED).order_by("answer_by", "pk")
        policy = Policy.objects.filter(municipality=self.municipality).first()
        return {"municipality": self.municipality, "asking": list(asking[:50]), "policy": policy}
