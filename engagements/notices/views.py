"""One's own notices, and the outbox for those who look after it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import DetailView

from engagements.design.lists import Column, ListPage
from engagements.design.moves import MoveView

from . import permissions, services
from .filters import NoticeFilter, OutboxFilter
from .models import Notice, OutboxMessage


class NoticeList(LoginRequiredMixin, ListPage):
    """All notices to the person, newest first."""

    template_name = "notices/list.html"
    heading = gettext_lazy("Notices")
    filterset_class = NoticeFilter
    columns = [
        Column("subject", gettext_lazy("Subject"), sort="subject", template="notices/subject_cell.html"),
        Column("created_at", gettext_lazy("Date"), sort="created_at"),
    ]
    default_sort = ("-created_at", "-pk")
    empty_title = gettext_lazy("You have no notices")
    empty_text = gettext_lazy("When something happens that concerns you, you are told here and by mail.")

    def get_queryset(self) -> QuerySet[Notice]:
        return Notice.objects.visible_to(self.request.user)

    def get_extra_context(self) -> dict[str, Any]:
        return {"unread": self.get_queryset().unread().count()}


class OpenNotice(LoginRequiredMixin, View):
    """Mark a notice as read and go to what it is about."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
        services.mark_read(Notice.objects.filter(pk=notice.pk))
        # Addresses are made by ourselves; they always begin on this site.
        return HttpResponseRedirect(notice.address) if notice.address else redirect("notices:list")


class MarkAllRead(LoginRequiredMixin, View):
    """Mark all of one's notices as read."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        services.mark_read(Notice.objects.visible_to(request.user))
        messages.success(request, _("All notices have been marked as read."))
        return redirect("notices:list")


class ForOutboxKeepers(LoginRequiredMixin):
    """The outbox does not exist for anyone else."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not permissions.may_look_after_outbox(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class Outbox(ForOutboxKeepers, ListPage):
    """Every mail and what became of it, newest first."""

    heading = gettext_lazy("Outbox")
    intro = gettext_lazy(
        "Mails that were not delivered, or of which we do not know whether they arrived, wait here for your decision."
    )
    filterset_class = OutboxFilter
    columns = [
        Column("subject", gettext_lazy("Subject"), sort="subject", link=True),
        Column("to", gettext_lazy("To"), sort="to"),
        Column("created_at", gettext_lazy("Written"), sort="created_at"),
        Column("state", gettext_lazy("State"), sort="state", template="components/state_cell.html"),
    ]
    default_sort = ("-created_at", "-pk")

    def get_queryset(self) -> QuerySet[OutboxMessage]:
        return OutboxMessage.objects.visible_to(self.request.user)

    def get_actions(self) -> list[tuple[str, str]]:
        states = OutboxMessage.State
        return [
            (_("Not confirmed"), f"?state={states.UNCERTAIN}"),
            (_("Not delivered"), f"?state={states.FAILED}"),
        ]


class OutboxDetail(ForOutboxKeepers, DetailView[OutboxMessage]):
    """One mail: what became of it and what may be done. Its text is the recipient's and is not shown."""

    template_name = "notices/mail.html"
    context_object_name = "mail"

    def get_queryset(self) -> QuerySet[OutboxMessage]:
        return OutboxMessage.objects.visible_to(self.request.user)


class OutboxMove(ForOutboxKeepers, MoveView):
    """Send again, or settle."""

    def get_queryset(self) -> QuerySet[OutboxMessage]:
        return OutboxMessage.objects.visible_to(self.request.user)
