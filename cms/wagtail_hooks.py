"""What the CMS learns from the site: its lists, reports and words, the network's screens, and who sees what is private."""

from typing import Any

from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from cms.network import privacy
from cms.network import staff as network
from cms.pages import reports, style_guide
from cms.pages.links import ExternalLinkHandler
from cms.pages.staff import publications, synonyms


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[object]:
    """The publications, beside the page tree, the synonyms of the search, and what the network's editor keeps."""
    return [publications, synonyms, *network.screens()]


# Before Wagtail's own check, which would send a stranger who is signed in to sign in once more.
hooks.register("before_serve_page", privacy.hide_page, order=-1)
hooks.register("before_serve_document", privacy.hide_document, order=-1)


@hooks.register("register_rich_text_features")
def register_links(features: Any) -> None:
    """Links to other sites say so."""
    features.register_link_type(ExternalLinkHandler)


@hooks.register("register_admin_urls")
def register_reports() -> list[URLPattern]:
    """Pages to read through, dead links, and the way to the style guide."""
    return [*reports.addresses(), path("style-guide/", style_guide.show, name="style_guide")]


@hooks.register("register_reports_menu_item")
def register_review_item() -> reports.EditorsMenuItem:
    """In the menu of reports."""
    return reports.EditorsMenuItem(
        _("Pages to read through"), reverse_lazy("pages_to_review"), icon_name="time", order=100
    )


@hooks.register("register_reports_menu_item")
def register_links_item() -> reports.EditorsMenuItem:
    """In the menu of reports."""
    return reports.EditorsMenuItem(_("Dead links"), reverse_lazy("dead_links"), icon_name="link", order=110)


@hooks.register("register_help_menu_item")
def register_style_guide() -> reports.EditorsMenuItem:
    """First in the menu of help."""
    return reports.EditorsMenuItem(_("Style guide"), reverse_lazy("style_guide"), icon_name="pick", order=100)
