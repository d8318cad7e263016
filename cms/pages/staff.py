"""The editors' list of publications, with a filter for what the import was uncertain of."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.viewsets.pages import PageListingViewSet

from .models import PublicationPage
from .models_keeping import Synonym


class PublicationFilterSet(PageListingViewSet.filterset_class):  # type: ignore[name-defined,misc]
    """Filters of the list."""

    class Meta:
        model = PublicationPage
        fields = ["series", "recipient_group", "looked_through"]


class PublicationListing(PageListingViewSet):
    """All publications, whatever section they stand in."""

    icon = "doc-full"
    menu_label = _("Publications")
    add_to_admin_menu = True
    model = PublicationPage
    filterset_class = PublicationFilterSet
    columns = [
        *PageListingViewSet.columns,
        Column("sender", label=_("Sender")),
        Column("published_on", label=_("Date"), sort_key="published_on"),
        BooleanColumn("looked_through", label=_("Looked through"), sort_key="looked_through"),
    ]


publications = PublicationListing("publications")


class SynonymViewSet(ModelViewSet):
    """Words that the search takes for each other."""

    model = Synonym
    name = "synonyms"
    icon = "search"
    menu_label = _("Synonyms")
    add_to_admin_menu = True
    menu_order = 800
    panels = Synonym.panels
    list_display = ["words"]
    search_fields = ["words"]
    copy_view_enabled = False


synonyms = SynonymViewSet()
