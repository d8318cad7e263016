"""One's own notices."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.views import View
from django.views.generic import ListView

from . import services
from .models import Notice


class NoticeList(LoginRequiredMixin, ListView[Notice]):
    """All notices to the person, newest first."""

    template_name = "notices/list.html"
    paginate_by = 50
    context_object_name = "notices"

    def get_queryset(self) -> Any:
        return Notice.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(unread=self.get_queryset().unread().count(), **kwargs)


class OpenNotice(LoginRequiredMixin, View):
    """Mark a notice as read and go to what it is about."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
        services.mark_read(Notice.objects.filter(pk=notice.pk))
        # Addresses are made by ourselves; they always begin on this site.
        return HttpResponseRedirect(notice.address) if notice.address else redirect("notices:list")


class MarkAllRead(LoginRequiredMixin, View):
    """Mark all of one's notices as read."""

    def post(self, request: HttpRequest) -> HttpResponse:
        services.mark_read(Notice.objects.visible_to(request.user))
        return redirect("notices:list")
