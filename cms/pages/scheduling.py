"""Wakes the worker when a page is to be published or taken down."""

from typing import Any

from django.db.models.signals import post_save
from wagtail.models import Page, Revision
from wagtail.signals import page_published

from .tasks import publish_at


def _revised(instance: Revision, **_kwargs: Any) -> None:
    publish_at(instance.approved_go_live_at)


def _published(instance: Page, **_kwargs: Any) -> None:
    publish_at(instance.expire_at)


def connect() -> None:
    """Listen to what editors set the clock for."""
    post_save.connect(_revised, sender=Revision, dispatch_uid="pages.go_live")
    page_published.connect(_published, dispatch_uid="pages.expire")
