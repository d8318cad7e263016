"""The one way a state changes.

States and moves are declared on the model with `transition`; `move` performs them: it locks the row, asks the
permission, makes the move, saves, writes the audit entry and sends `moved`, all in one transaction. Pages, the CMS,
commands and tests go through it.
"""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_fsm import FSMField, get_available_FIELD_transitions
from django_fsm import transition as fsm_transition
from wagtail.log_actions import log

if TYPE_CHECKING:
    from engagements.users.models import User

Text = str | Promise
NOTE = gettext_lazy("Note")

moved = Signal()
"""Sent inside the transaction after a move: `sender` model class, `obj`, `name`, `step`, `source`, `target`."""


class MoveRefused(Exception):
    """The move is not allowed now, or not for this person; `str()` is the sentence shown to the user."""


@dataclass(frozen=True)
class Step:
    """Who makes a move, when the request arrived, and the note that goes with it; `by=None` is the system."""

    by: "User | None"
    at: datetime
    note: str = ""


@dataclass(frozen=True)
class Move:
    """A move as a page shows it: a button with a label."""

    name: str
    label: Text
    done: Text
    note: str  # "none", "optional" or "required"
    note_label: Text
    note_internal: bool
    primary: bool
    help: Text
    system: bool
    hidden: bool


type Permission[T: models.Model] = Callable[[T, "User"], bool]


def transition(
    field: FSMField,
    *,
    source: str | list[str],
    target: str,
    label: Text,
    done: Text,
    permission: Callable[[Any, Any], bool] | None = None,
    conditions: list[Callable[[Any], bool]] | None = None,
    note: str = "none",
    note_label: Text = NOTE,
    note_internal: bool = False,
    primary: bool = False,
    help: Text = "",
    system: bool = False,
    hidden: bool = False,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declare a move on a model method `def name(self, step: Step) -> None`.

    `permission(obj, user)` may be None only for moves of the system. `label` is the button, `done` the sentence shown
    afterwards and in the log. `note` says whether the person writes a note: none, optional or required. `hidden` moves
    have a form of their own and no plain button.
    """
    custom = {
        "label": label,
        "done": done,
        "note": note,
        "note_label": note_label,
        "note_internal": note_internal,
        "primary": primary,
        "help": help,
        "system": system,
        "hidden": hidden,
    }
    return fsm_transition(  # type: ignore[no-any-return]
        field=field,
        source=source,
        target=target,
        conditions=conditions or [],
        permission=permission if permission is not None else _nobody,
        custom=custom,
    )


def _nobody(obj: models.Model, user: Any) -> bool:
    return False


def _state_field(model: type[models.Model]) -> FSMField:
    return next(field for field in model._meta.get_fields() if isinstance(field, FSMField))


def _declared(obj: models.Model) -> Iterator[Any]:
    """Every transition possible from the object's present state, whoever asks."""
    yield from get_available_FIELD_transitions(obj, _state_field(type(obj)))


def _describe(found: Any) -> Move:
    return Move(name=found.name, **found.custom)


def moves_for(obj: models.Model, user: Any) -> list[Move]:
    """The moves this user may make now, in the order they are declared; these are the buttons on the page."""
    allowed = [found for found in _declared(obj) if not found.custom["system"] and found.has_perm(obj, user)]
    order = [name for cls in reversed(type(obj).__mro__) for name in vars(cls)]
    return [_describe(found) for found in sorted(allowed, key=lambda found: order.index(found.name))]


def move_named(model: type[models.Model], name: str) -> Move | None:
    """The declared move of this name, or None."""
    method = getattr(model, name, None)
    spec = getattr(method, "_django_fsm", None)
    if spec is None:
        return None
    some = next(iter(spec.transitions.values()))
    return Move(name=name, **some.custom)


@transaction.atomic
def move[T: models.Model](obj: T, name: str, *, by: "User | None", note: str = "", at: datetime | None = None) -> T:
    """Perform the move `name` on `obj` and return it with its new state.

    `by=None` is the system, which may make only moves declared with `system=True`. `at` is the arrival of the request
    (now, unless given); deadlines compare with it. Raises MoveRefused, with nothing changed and nothing logged, when
    the move does not exist, is not allowed from the present state, not for this person, or lacks a required note.
    """
    model = type(obj)
    declared = move_named(model, name)
    if declared is None:
        raise MoveRefused(_("There is no such step."))
    # Lock by primary key alone, so that no joined row is locked with it.
    locked = model._base_manager.select_for_update().get(pk=obj.pk)
    found = next((item for item in _declared(locked) if item.name == name), None)
    if found is None:
        raise MoveRefused(
            _("“%(move)s” is not possible now: the state is “%(state)s”. Nothing has been changed.")
            % {"move": declared.label, "state": state_label(locked)}
        )
    if by is None:
        if not declared.system:
            raise MoveRefused(_("Only a person can do this."))
    elif not found.has_perm(locked, by):
        raise MoveRefused(
            _("You are not allowed to do this: “%(move)s”. Nothing has been changed.") % {"move": declared.label}
        )
    note = note.strip()
    if declared.note == "required" and not note:
        raise MoveRefused(_("Write a note first: “%(label)s”.") % {"label": declared.note_label})
    try:
        import_string(settings.FREE_TEXT_GUARD)(note, declared.note_label)
    except ValidationError as error:
        raise MoveRefused(" ".join(error.messages)) from error
    step = Step(by=by, at=at or timezone.now(), note=note)
    field = _state_field(model).name
    source = getattr(locked, field)
    getattr(locked, name)(step)
    locked.save()
    target = getattr(locked, field)
    entry = {"from": source, "to": target}
    if note:
        entry |= {"note": note, "internal": declared.note_internal}
    record(locked, name, by=by, **entry)
    moved.send(sender=model, obj=locked, name=name, step=step, source=source, target=target)
    obj.refresh_from_db()
    return obj


def state_label(obj: models.Model) -> str:
    """The state in the words of the interface."""
    return str(getattr(obj, f"get_{_state_field(type(obj)).name}_display")())


def action_name(model: type[models.Model], name: str) -> str:
    """The audit log's name of a move or other act: `engagements.application.submit`."""
    return f"{model._meta.app_label}.{model._meta.model_name}.{name}"


def record(obj: models.Model, name: str, *, by: "User | None", **entry: Any) -> None:
    """Write one audit entry; also for acts that change no state (declare them in the model's `recorded_acts`).

    Each entry gets a uuid of its own: Wagtail's history view keeps only the newest entry per uuid and action.
    """
    log(obj, action_name(type(obj), name), user=by, uuid=uuid.uuid4(), data=entry)


def actions() -> Iterator[tuple[str, Text, Text]]:
    """Every audit action of every model: its name, label and message, for registration with Wagtail."""
    for model in apps.get_models():
        for name in dir(model):
            declared = move_named(model, name) if name[0] != "_" and name != "objects" else None
            if declared is not None:
                yield action_name(model, name), declared.label, declared.done
        for name, label in getattr(model, "recorded_acts", {}).items():
            yield action_name(model, name), label, label
