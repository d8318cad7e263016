"""What the CMS learns from the site: the list of publications with what the import was uncertain of."""

from wagtail import hooks

from cms.pages.staff import publications


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[object]:
    """The publications, beside the page tree."""
    return [publications]
