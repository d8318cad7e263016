"""Rows that two people may edit at once: nobody overwrites silently what somebody else has just saved."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from engagements.design.versions import StaleError

from .models import Versioned


@transaction.atomic
def save_versioned[V: Versioned](obj: V, expected_version: int, fields: Iterable[str]) -> V:
    """Save `fields` of `obj` if the stored row still has `expected_version`, and count the version up.

    Raises StaleError, carrying the stored row, if it does not.
    """
    stored = type(obj)._base_manager.select_for_update().get(pk=obj.pk)
    if stored.version != expected_version:
        raise StaleError(stored)
    obj.version = expected_version + 1
    obj.save(update_fields=[*fields, "version"])
    return obj


JUST_NOW = timedelta(minutes=1)


def sent_twice[M: models.Model](rows: models.QuerySet[M], *, when: str, **same: Any) -> M | None:
    """The row with the same content that was written within the last minute: a form sent twice, not a second thing.

    Ask while a row that both requests need is locked; `when` names the field that holds the moment of writing.
    """
    return rows.filter(**same, **{f"{when}__gt": timezone.now() - JUST_NOW}).first()
