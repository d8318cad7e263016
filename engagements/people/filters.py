"""Filters of this room's lists."""

import django_filters as df
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from .models import Membership, Role


class MemberFilter(df.FilterSet):
    """Find a person of the municipality."""

    q = df.CharFilter(label=_("Name or e-mail address"), method="search")
    role = df.ChoiceFilter(label=_("Role"), choices=Role)

    class Meta:
        model = Membership
        fields = ["q", "role"]

    def search(self, queryset: QuerySet[Membership], name: str, value: str) -> QuerySet[Membership]:
        """Each word is part of the name or the address."""
        for word in value.split():
            queryset = queryset.filter(
                Q(user__first_name__icontains=word)
                | Q(user__last_name__icontains=word)
                | Q(user__email__icontains=word)
            )
        return queryset
