"""What the CMS learns from the site: the list of publications, the network's screens, and who sees what is private."""

from wagtail import hooks

from cms.network import privacy
from cms.network import staff as network
from cms.pages.staff import publications


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[object]:
    """The publications, beside the page tree, and what the network's editor keeps."""
    return [publications, *network.screens()]


# Before Wagtail's own check, which would send a stranger who is signed in to sign in once more.
hooks.register("before_serve_page", privacy.hide_page, order=-1)
hooks.register("before_serve_document", privacy.hide_document, order=-1)
