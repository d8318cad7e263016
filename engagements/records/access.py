"""Who may fetch a private file: each room registers its file fields here, and the address works for no others."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.urls import reverse


@dataclass(frozen=True)
class PrivateFile:
    """A file field and the question who may read it."""

    model: type[models.Model]
    field: str
    may_read: Callable[[Any, Any], bool]


_registered: dict[str, PrivateFile] = {}


def register(
    model: type[models.Model], field: str = "file", may_read: Callable[[Any, Any], bool] | None = None
) -> None:
    """Serve `model.field` to those for whom `may_read(obj, user)` is true.

    Without `may_read` the model's `objects.visible_to(user)` decides.
    """
    _registered[_kind(model, field)] = PrivateFile(model, field, may_read or _visible)


def _visible(obj: models.Model, user: Any) -> bool:
    return bool(type(obj).objects.visible_to(user).filter(pk=obj.pk).exists())  # type: ignore[attr-defined]


def _kind(model: type[models.Model], field: str) -> str:
    name = str(model._meta.model_name)
    return name if field == "file" else f"{name}-{field.replace('_', '-')}"


def find(kind: str) -> PrivateFile | None:
    """What is served at `/filer/<kind>/…`."""
    return _registered.get(kind)


def address(obj: models.Model, field: str = "file") -> str:
    """Where the file is fetched."""
    return reverse("records:file", args=[_kind(type(obj), field), obj.pk])
