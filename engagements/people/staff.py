"""What administrators and the lead keep in the CMS: work domains, staff, disqualifications; memberships to look up."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import CreateView, DeleteView, EditView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from .models import Disqualification, Membership, StaffProfile, WorkDomain


class WorkDomainViewSet(ModelViewSet):
    """Which mail domains belong to which municipality."""

    model = WorkDomain
    name = "work_domains"
    icon = "mail"
    menu_label = _("Work domains")
    panels = ["municipality", "domain"]
    list_display = ["domain", "municipality"]
    list_filter = ["municipality"]
    list_export = ["domain", "municipality"]
    search_fields = ["domain", "municipality__name"]
    copy_view_enabled = False


class StaffProfileViewSet(ModelViewSet):
    """The staff and their agencies; their groups are given on the user."""

    model = StaffProfile
    name = "staff_profiles"
    icon = "group"
    menu_label = _("Staff")
    panels = ["user", "agency", "title"]
    list_display = ["user", "agency", "title"]
    list_filter = ["agency"]
    list_export = ["user", "agency", "title"]
    search_fields = ["user__first_name", "user__last_name", "user__email"]
    copy_view_enabled = False


class RecordDisqualification(CreateView):
    """Notes who recorded it."""

    def save_instance(self) -> Disqualification:
        self.form.instance.recorded_by = self.request.user
        saved: Disqualification = super().save_instance()
        return saved


class ForOthersToLift:
    """One's own disqualification is for somebody else to change or delete."""

    def get_object(self, queryset: Any = None) -> Disqualification:
        found: Disqualification = super().get_object(queryset)  # type: ignore[misc]
        if found.user_id == self.request.user.pk:  # type: ignore[attr-defined]
            raise PermissionDenied
        return found


class EditDisqualification(ForOthersToLift, EditView):
    """Another's."""


class DeleteDisqualification(ForOthersToLift, DeleteView):
    """Another's."""


class DisqualificationViewSet(ModelViewSet):
    """Who is *inhabil* for which municipality, and when."""

    model = Disqualification
    name = "disqualifications"
    icon = "warning"
    menu_label = _("Disqualifications")
    panels = ["user", "municipality", "valid_from", "valid_until"]
    list_display = ["user", "municipality", DateColumn("valid_from", label=_("from")), "valid_until"]
    list_filter = ["municipality"]
    list_export = ["user", "municipality", "valid_from", "valid_until"]
    add_view_class = RecordDisqualification
    edit_view_class = EditDisqualification
    delete_view_class = DeleteDisqualification
    copy_view_enabled = False
    inspect_view_enabled = True


class LookOnly(ModelPermissionPolicy):
    """Memberships are changed on the municipality's own page, whose rules the CMS does not know."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return "view" in actions and super().user_has_permission(user, "view")


class MembershipViewSet(ModelViewSet):
    """All memberships, to look up."""

    model = Membership
    name = "memberships"
    icon = "user"
    menu_label = _("Memberships")
    panels = ["role"]
    list_display = ["user", "municipality", Column("get_role_display", label=_("role")), "approved_at", "ended_on"]
    list_filter = ["municipality", "role"]
    list_export = ["user", "municipality", "get_role_display", "approved_at", "ended_on"]
    export_headings = {"get_role_display": _("role")}
    search_fields = ["user__first_name", "user__last_name", "user__email", "municipality__name"]
    copy_view_enabled = False
    inspect_view_enabled = True


class People(ViewSetGroup):
    """The screens of this room in the CMS menu."""

    menu_label = _("People")
    menu_icon = "group"
    items = (WorkDomainViewSet, StaffProfileViewSet, DisqualificationViewSet, MembershipViewSet)


def screens() -> list[ViewSetGroup]:
    """What this room adds to the CMS."""
    register_permission_policy(Membership, LookOnly(Membership))
    return [People()]
