"""What the lead and the administrators keep in the CMS: offers, application rounds and plan templates."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from .models import Offer, PlanTemplate, Round


class OfferViewSet(ModelViewSet):
    """What municipalities may apply for, in both languages."""

    model = Offer
    name = "offers"
    icon = "clipboard-list"
    menu_label = _("Offers")
    panels = ["key", "title_da", "title_en", "summary_da", "summary_en"]
    list_display = ["title_da", "title_en", "key"]
    list_export = ["key", "title_da", "title_en", "summary_da", "summary_en"]
    search_fields = ["title_da", "title_en"]
    copy_view_enabled = False


class RoundViewSet(ModelViewSet):
    """When municipalities may apply, until which clock time, and for how many places."""

    model = Round
    name = "rounds"
    icon = "calendar"
    menu_label = _("Application rounds")
    panels = [
        "offer",
        "title",
        FieldRowPanel(["opens_at", "closes_at"], heading=_("Open for applications")),
        FieldRowPanel(["answer_by", "capacity"]),
    ]
    list_display = ["title", "offer", "opens_here", "closes_here", "answer_by", "capacity"]
    list_filter = ["offer"]
    list_export = ["title", "offer", "opens_here", "closes_here", "answer_by", "capacity"]
    export_headings = {"opens_here": _("opens"), "closes_here": _("closes")}
    search_fields = ["title"]
    copy_view_enabled = False


class PlanTemplateViewSet(ModelViewSet):
    """The phases a new engagement starts with, in whole months."""

    model = PlanTemplate
    name = "plan_templates"
    icon = "list-ol"
    menu_label = _("Plan templates")
    panels = [
        MultiFieldPanel(
            [FieldPanel("name"), FieldPanel("offer"), FieldPanel("is_default")], heading=_("Plan template")
        ),
        InlinePanel(
            "phases", heading=_("Phases"), panels=[FieldRowPanel(["kind", "months"])], min_num=1, label=_("Phase")
        ),
    ]
    list_display = ["name", "offer", "is_default"]
    list_filter = ["offer"]
    list_export = ["name", "offer", "is_default"]
    search_fields = ["name"]


class Programme(ViewSetGroup):
    """The screens of this room in the CMS menu."""

    menu_label = _("Programme")
    menu_icon = "calendar-alt"
    items = (OfferViewSet, RoundViewSet, PlanTemplateViewSet)


def screens() -> list[ViewSetGroup]:
    """What this room adds to the CMS."""
    return [Programme()]
