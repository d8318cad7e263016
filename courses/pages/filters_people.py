"""Filters of the municipality's courses."""

from typing import Any

import django_filters as df
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from courses.catalogue.models import Course
from courses.enrolment.filters import by_name
from courses.enrolment.models import ACTIVE, Enrolment, EnrolmentState
from engagements.design.forms import FilterForm
from engagements.people.models import Role

STATES = [
    ("completed", _("have completed")),
    ("seated", _("have a seat")),
    ("waiting", _("wait")),
    ("requested", _("await approval")),
    ("ended", _("cancelled or not approved")),
]


class MunicipalityFilter(df.FilterSet):
    """Person, course, state and role."""

    q = df.CharFilter(label=_("Name or e-mail address"), method="search")
    course = df.ModelChoiceFilter(
        label=_("Course"), field_name="run__course", queryset=Course.objects.none(), empty_label=_("All courses")
    )
    state = df.ChoiceFilter(label=_("State"), choices=STATES, method="by_state", empty_label=_("All states"))
    role = df.ChoiceFilter(label=_("Role"), choices=Role.choices, empty_label=_("All roles"))

    class Meta:
        model = Enrolment
        fields = ["q", "course", "state", "role"]
        form = FilterForm

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = Course.objects.filter(runs__enrolments__in=self.queryset).distinct()
        self.filters["course"].queryset = here

    def search(self, rows: QuerySet[Enrolment], name: str, value: str) -> QuerySet[Enrolment]:
        """Words in the name or address."""
        return by_name(rows, value)

    def by_state(self, rows: QuerySet[Enrolment], name: str, value: str) -> QuerySet[Enrolment]:
        """In the words a leader uses."""
        if value == "completed":
            return rows.filter(completed_at__isnull=False)
        if value == "waiting":
            return rows.filter(state__in=[EnrolmentState.WAITING, EnrolmentState.OFFERED])
        if value == "ended":
            return rows.exclude(state__in=ACTIVE)
        return rows.filter(state=value)
