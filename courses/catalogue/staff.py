"""What editors keep in the CMS: the subjects of courses."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSet

from engagements.design.screens import SafeDelete

from .models import Subject


class SubjectViewSet(ModelViewSet):
    """What courses are about; the key stands in addresses of the filtered catalogue."""

    model = Subject
    delete_view_class = SafeDelete
    name = "course_subjects"
    icon = "tag"
    menu_label = _("Course subjects")
    add_to_admin_menu = True
    panels = ["title_da", "title_en", "key", "order"]
    list_display = ["title_da", "title_en", "key", "order"]
    list_export = ["key", "title_da", "title_en", "order"]
    search_fields = ["title_da", "title_en"]
    ordering = ["order", "title_da"]
    copy_view_enabled = False


def screens() -> list[Any]:
    """What this room adds to the CMS."""
    return [SubjectViewSet()]
