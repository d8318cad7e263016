"""What editors look after: links that lead nowhere, and pages that nobody has read through for a year."""

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import PageReportView, ReportView
from wagtail.models import Page

from engagements.people import permissions as who

from .models import ContentPage
from .models_keeping import BrokenLink

YEAR = timedelta(days=365)


def due_for_review() -> QuerySet[Page]:
    """Live pages last reviewed, or if never reviewed published, more than a year ago; the oldest first."""
    today = timezone.localdate()
    late: list[int] = []
    for model in apps.get_app_config("cms").get_models():
        if issubclass(model, ContentPage):
            old = Q(reviewed_on__lt=today - YEAR)
            never = Q(reviewed_on=None, first_published_at__date__lt=today - YEAR)
            late += model.objects.live().filter(old | never).values_list("pk", flat=True)
    return Page.objects.filter(pk__in=late).order_by("last_published_at", "pk")


class ReviewReport(PageReportView):
    """Pages whose review is older than a year."""

    page_title = _("Pages to read through")
    header_icon = "time"
    index_url_name = "pages_to_review"
    index_results_url_name = "pages_to_review_results"
    any_permission_required = ["add", "change", "publish"]

    def get_queryset(self) -> QuerySet[Page]:
        """The oldest first."""
        return due_for_review()


class BrokenLinkReport(ReportView):
    """Links that led nowhere when they were last tried."""

    model = BrokenLink
    page_title = _("Dead links")
    header_icon = "link"
    index_url_name = "dead_links"
    index_results_url_name = "dead_links_results"
    default_ordering = "found_on"
    list_export = ["page", "address", "kind", "answer", "found_on", "tried_on"]
    columns = [
        TitleColumn(
            "page", label=_("Page"), get_url=lambda row: reverse("wagtailadmin_pages:edit", args=[row.page_id])
        ),
        Column("address", label=_("Address")),
        Column("get_kind_display", label=_("Kind")),
        Column("answer", label=_("Answer")),
        Column("found_on", label=_("Dead since")),
    ]

    def user_has_any_permission(self, *args: Any) -> bool:
        """Everyone who edits the site."""
        return who.edits_site(self.request.user)

    user_has_permission = user_has_any_permission

    def get_queryset(self) -> QuerySet[BrokenLink]:
        """The oldest first."""
        return BrokenLink.objects.select_related("page").order_by("found_on", "pk")


def addresses() -> list[URLPattern]:
    """Below `/cms/`."""
    return [
        path("reports/review/", ReviewReport.as_view(), name="pages_to_review"),
        path("reports/review/results/", ReviewReport.as_view(results_only=True), name="pages_to_review_results"),
        path("reports/links/", BrokenLinkReport.as_view(), name="dead_links"),
        path("reports/links/results/", BrokenLinkReport.as_view(results_only=True), name="dead_links_results"),
    ]


class EditorsMenuItem(MenuItem):
    """Shown to those who edit the site."""

    def is_shown(self, request: Any) -> bool:
        """As the report itself."""
        return who.edits_site(request.user)
