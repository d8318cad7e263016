"""Filters of this room's lists."""

import django_filters as df
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .models import Notice, OutboxMessage


class NoticeFilter(df.FilterSet):
    """Find a notice."""

    q = df.CharFilter(label=pgettext_lazy("filter", "Words"), method="search")
    show = df.ChoiceFilter(label=_("Show"), choices=[("unread", _("unread")), ("read", _("read"))], method="state")

    class Meta:
        model = Notice
        fields = ["q", "show"]

    def search(self, queryset: QuerySet[Notice], name: str, value: str) -> QuerySet[Notice]:
        """Each word stands in the subject or the text."""
        for word in value.split():
            queryset = queryset.filter(Q(subject__icontains=word) | Q(body__icontains=word))
        return queryset

    def state(self, queryset: QuerySet[Notice], name: str, value: str) -> QuerySet[Notice]:
        """Opened or not."""
        return queryset.filter(read_at__isnull=value == "unread")


class OutboxFilter(df.FilterSet):
    """Find a mail by what became of it, or by recipient and subject."""

    q = df.CharFilter(label=_("Recipient or subject"), method="search")
    state = df.ChoiceFilter(label=_("State"), choices=OutboxMessage.State)

    class Meta:
        model = OutboxMessage
        fields = ["q", "state"]

    def search(self, queryset: QuerySet[OutboxMessage], name: str, value: str) -> QuerySet[OutboxMessage]:
        """Each word stands in the address or the subject."""
        for word in value.split():
            queryset = queryset.filter(Q(to__icontains=word) | Q(subject__icontains=word))
        return queryset
