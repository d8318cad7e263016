"""What administrators keep in the CMS: municipalities, regions by date, units, partnerships, agencies and their names."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, DateColumn
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from engagements.design.screens import SafeDelete

from .models import Agency, AgencyName, Municipality, Partnership, Region, RegionPeriod, Unit

PERIOD = FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_until")])


class MunicipalityViewSet(ModelViewSet):
    """The 98, and the fictional ones of a demonstration."""

    model = Municipality
    delete_view_class = SafeDelete
    name = "municipalities"
    icon = "home"
    menu_label = _("Municipalities")
    panels = [
        HelpPanel(_("Code, neighbours and tile come from the register; change them only if the register is wrong.")),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("name"), FieldPanel("code")]),
                FieldPanel("slug"),
                FieldPanel("council_name"),
            ],
            heading=_("Names"),
        ),
        FieldRowPanel([FieldPanel("population"), FieldPanel("population_year"), FieldPanel("area_km2")]),
        FieldPanel("neighbours"),
        FieldPanel("nearest_by_sea"),
        FieldRowPanel([FieldPanel("tile_column"), FieldPanel("tile_row")]),
    ]
    list_display = ["name", "code", "council_name", "population", BooleanColumn("is_fictional", label=_("fictional"))]
    list_filter = ["is_fictional"]
    list_export = ["code", "name", "council_name", "population", "population_year", "area_km2"]
    search_fields = ["name", "code"]
    ordering = ["folded_name"]
    copy_view_enabled = False


class RegionViewSet(ModelViewSet):
    """The regions, those that end and those that begin."""

    model = Region
    delete_view_class = SafeDelete
    name = "regions"
    icon = "site"
    menu_label = _("Regions")
    panels = ["name", "code"]
    list_display = ["name", "code"]
    copy_view_enabled = False


class RegionPeriodViewSet(ModelViewSet):
    """Which region a municipality belongs to, by date."""

    model = RegionPeriod
    name = "region_periods"
    icon = "date"
    menu_label = _("Regions by date")
    panels = [FieldPanel("municipality"), FieldPanel("region"), PERIOD, FieldPanel("source")]
    list_display = ["municipality", "region", DateColumn("valid_from", label=_("from")), "valid_until"]
    list_filter = ["region", "municipality"]
    list_export = ["municipality", "region", "valid_from", "valid_until", "source"]
    search_fields = ["municipality__name"]
    copy_view_enabled = False


class UnitViewSet(ModelViewSet):
    """Units of large cities; their names are for the city to give."""

    model = Unit
    name = "units"
    icon = "group"
    menu_label = _("Units")
    panels = ["municipality", "name"]
    list_display = ["name", "municipality"]
    list_filter = ["municipality"]
    list_export = ["municipality", "name"]
    search_fields = ["name", "municipality__name"]
    copy_view_enabled = False


class PartnershipViewSet(ModelViewSet):
    """Tasks that one municipality runs for another."""

    model = Partnership
    name = "partnerships"
    icon = "link"
    menu_label = _("Partnerships")
    panels = [FieldPanel("task"), FieldPanel("responsible"), FieldPanel("operator"), PERIOD, FieldPanel("source")]
    list_display = ["task", "responsible", "operator", DateColumn("valid_from", label=_("from")), "valid_until"]
    list_filter = ["responsible", "operator"]
    list_export = ["task", "responsible", "operator", "valid_from", "valid_until", "source"]
    search_fields = ["task", "responsible__name", "operator__name"]
    copy_view_enabled = False


class AgencyViewSet(ModelViewSet):
    """State bodies and associations, by a key that does not change."""

    model = Agency
    delete_view_class = SafeDelete
    name = "agencies"
    icon = "clipboard-list"
    menu_label = _("Agencies and ministries")
    panels = ["key", "kind"]
    list_display = ["__str__", "key", "get_kind_display"]
    list_filter = ["kind"]
    copy_view_enabled = False


class AgencyNameViewSet(ModelViewSet):
    """What they were called, by date."""

    model = AgencyName
    name = "agency_names"
    icon = "date"
    menu_label = _("Names by date")
    panels = [FieldPanel("agency"), FieldPanel("name"), PERIOD, FieldPanel("source")]
    list_display = ["name", "agency", DateColumn("valid_from", label=_("from")), "valid_until"]
    list_filter = ["agency"]
    list_export = ["agency", "name", "valid_from", "valid_until", "source"]
    search_fields = ["name"]
    copy_view_enabled = False


class Register(ViewSetGroup):
    """The screens of this room in the CMS menu."""

    menu_label = _("Register")
    menu_icon = "site"
    items = (
        MunicipalityViewSet,
        RegionViewSet,
        RegionPeriodViewSet,
        UnitViewSet,
        PartnershipViewSet,
        AgencyViewSet,
        AgencyNameViewSet,
    )


def screens() -> list[ViewSetGroup]:
    """What this room adds to the CMS."""
    return [Register()]
