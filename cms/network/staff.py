"""What those who look after the network keep in the CMS: topics, rounds, regional networks, the welcome."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from engagements.design.screens import SafeDelete

from .models import Network, NetworkRound, Topic
from .models_own import WelcomeStep


class TopicViewSet(ModelViewSet):
    """What material, threads and meetings are about."""

    model = Topic
    delete_view_class = SafeDelete
    name = "network_topics"
    icon = "tag"
    menu_label = _("Topics")
    panels = ["title_da", "title_en", "key", "is_guidepost", "order"]
    list_display = ["title_da", "title_en", "is_guidepost", "order"]
    search_fields = ["title_da", "title_en"]
    copy_view_enabled = False


class RoundViewSet(ModelViewSet):
    """Rounds with their hosts."""

    model = NetworkRound
    delete_view_class = SafeDelete
    name = "network_rounds"
    icon = "history"
    menu_label = _("Network rounds")
    panels = ["title", "host", FieldRowPanel([FieldPanel("begins_on"), FieldPanel("ends_on")]), "about"]
    list_display = ["title", "host", "begins_on", "ends_on"]
    copy_view_enabled = False


class NetworkViewSet(ModelViewSet):
    """The regional networks of each round."""

    model = Network
    delete_view_class = SafeDelete
    name = "networks"
    icon = "group"
    menu_label = _("Regional networks")
    panels = ["name", "round", "region", FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_until")])]
    list_display = ["name", "round", "region", "valid_from", "valid_until"]
    list_filter = ["round", "region"]
    copy_view_enabled = False


class WelcomeViewSet(ModelViewSet):
    """The first five things a new leader reads."""

    model = WelcomeStep
    delete_view_class = SafeDelete
    name = "network_welcome"
    icon = "list-ol"
    menu_label = _("Welcome")
    panels = ["title", "text", FieldPanel("page"), "address", "order"]
    list_display = ["title", "page", "address", "order"]
    copy_view_enabled = False


class NetworkScreens(ViewSetGroup):
    """The network's menu."""

    menu_label = _("Leaders' network")
    menu_icon = "group"
    items = (RoundViewSet, NetworkViewSet, TopicViewSet, WelcomeViewSet)


def screens() -> list[object]:
    """What this room adds to the CMS."""
    return [NetworkScreens()]
