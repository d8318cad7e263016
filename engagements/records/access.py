"""Who may fetch a private file: each room registers its file fields here, and the address works for no others."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.urls import reverse

type Rule = Callable[[Any, Any], bool]


@dataclass(frozen=True)
class PrivateFile:
    """A file field and the rules about who may read it; one that says yes is enough."""

    model: type[models.Model]
    field: str
    rules: list[Rule] = field(default_factory=list)  # type: ignore[operator]

    def may_read(self, obj: models.Model, user: Any) -> bool:
        """Whether some room lets the user read it."""
        return any(rule(obj, user) for rule in self.rules)


_registered: dict[str, PrivateFile] = {}


def register(model: type[models.Model], name: str = "file", may_read: Rule | None = None) -> None:
    """Serve the file field `name` of `model` to those for whom `may_read(obj, user)` is true.

    Without `may_read` the model's `objects.visible_to(user)` decides. Several rooms may register the same field, each
    with its own rule: the documents of a case belong first to its application and then to its engagement.
    """
    kind = _kind(model, name)
    _registered.setdefault(kind, PrivateFile(model, name)).rules.append(may_read or _visible)


def _visible(obj: models.Model, user: Any) -> bool:
    return bool(type(obj).objects.visible_to(user).filter(pk=obj.pk).exists())  # type: ignore[attr-defined]


def _kind(model: type[models.Model], name: str) -> str:
    kind = str(model._meta.model_name)
    return kind if name == "file" else f"{kind}-{name.replace('_', '-')}"


def find(kind: str) -> PrivateFile | None:
    """What is served at `/filer/<kind>/…`."""
    return _registered.get(kind)


def address(obj: models.Model, name: str = "file") -> str:
    """Where the file is fetched."""
    return reverse("records:file", args=[_kind(type(obj), name), obj.pk])
