"""Template tags of pages: `{% load pages %}`."""

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cms.pages.links import mark_old

register = template.Library()


@register.filter
def with_old_links(html: str, page: Any) -> SafeString:
    """Rich text in which the dead links of an old letter say so; the letter itself is not changed."""
    dead: set[str] = getattr(page, "dead_links", None) or set()
    return mark_safe(mark_old(str(html), dead, _("old link")))  # noqa: S308 - rich text that Wagtail has cleaned
