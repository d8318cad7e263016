"""The one way a state changes.

States and moves are declared on the model with `transition`; `move` performs them: it locks the row, asks the
permission, makes the move, saves, writes the audit entry and sends `moved`, all in one transaction. `move_all` does so
for many at once, in as many queries as for one. Pages, the CMS, commands and tests go through them.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.signals import post_save
from django.dispatch import Signal
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_fsm import FSMField, TransitionNotAllowed, get_available_FIELD_transitions
from django_fsm import transition as fsm_transition
from wagtail.log_actions import get_active_log_context
from wagtail.log_actions import registry as log_registry

from .batching import insert

if TYPE_CHECKING:
    from engagements.users.models import User

Text = str | Promise
NOTE = gettext_lazy("Note")

moved = Signal()
"""Sent inside the transaction after a move: `sender` model class, `obj`, `name`, `step`, `source`, `target`."""

around: list[Callable[[], AbstractContextManager[Any]]] = []
"""Entered around the sending of `moved`, so that what the receivers of many moves do can be done together."""


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


class StateField(FSMField):  # type: ignore[misc]
    """The state of a model with a lifecycle; in migrations it is the plain text column that it is in the database.

    Historical models make no moves. As state fields each copy of each would listen to every model that is made, which
    was half the time it takes to migrate a new database.
    """

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """How migrations write it down."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


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


@cache
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


def move[T: models.Model](obj: T, name: str, *, by: "User | None", note: str = "", at: datetime | None = None) -> T:
    """Perform the move `name` on `obj` and return it with its new state.

    `by=None` is the system, which may make only moves declared with `system=True`. `at` is the arrival of the request
    (now, unless given); deadlines compare with it. Raises MoveRefused, with nothing changed and nothing logged, when
    the move does not exist, is not allowed from the present state, not for this person, or lacks a required note.
    """
    return move_all([obj], name, by=by, note=note, at=at)[0]


@transaction.atomic
def move_all[T: models.Model](
    objs: Iterable[T], name: str, *, by: "User | None", note: str = "", at: datetime | None = None
) -> list[T]:
    """Perform the move `name` on all of `objs`, which are of one model, or on none; each is as after `move`.

    The number of queries is that of one move. All are asked before the first is moved: what only the sum of the moves
    could break (seats, say) the caller checks under a lock of its own. MoveRefused names the first that may not.
    """
    objs = list(objs)
    if not objs:
        return []
    model = type(objs[0])
    declared = move_named(model, name)
    if declared is None:
        raise MoveRefused(_("There is no such step."))
    locked = _locked(model, objs)
    rows = list(locked.values())
    before = [_stored(row) for row in rows] if len(rows) > 1 else []
    for row in rows:
        if refusal := _refusal(row, declared, by):
            raise MoveRefused(refusal if len(rows) == 1 else f"{row}: {refusal}")
    note = _checked(note, declared)
    step = Step(by=by, at=at or timezone.now(), note=note)
    changes = [_perform(row, declared, step) for row in rows]
    _save(rows, before)
    said = {"note": note, "internal": declared.note_internal} if note else {}
    entries = [{"from": source, "to": target, **said} for source, target in changes]
    record_all(rows, name, by=by, entries=entries)
    with ExitStack() as stack:
        for surroundings in around:
            stack.enter_context(surroundings())
        for row, (source, target) in zip(rows, changes, strict=True):
            moved.send(sender=model, obj=row, name=name, step=step, source=source, target=target)
    now = model._base_manager.in_bulk(list(locked))  # receivers may have written to the rows
    for obj in objs:
        _take_over(obj, now[obj.pk])
    return objs


def _locked[T: models.Model](model: type[T], objs: list[T]) -> dict[Any, T]:
    """Fresh rows in the order of `objs`, locked by primary key alone (no joined row with them) and in its order.

    What one of them looks up (its municipality, say) is looked up for all of them.
    """
    if any(type(obj) is not model for obj in objs):
        raise TypeError("Objects of one model are moved together.")
    keys = list(dict.fromkeys(obj.pk for obj in objs))
    found = model._base_manager.select_for_update().fetch_mode(models.FETCH_PEERS).filter(pk__in=keys).order_by("pk")
    rows = {row.pk: row for row in found}
    if len(rows) != len(keys):
        raise model.DoesNotExist(f"{model._meta.label}: {len(keys) - len(rows)} of {len(keys)} rows are gone.")
    return {key: rows[key] for key in keys}


def _refusal(row: models.Model, declared: Move, by: "User | None") -> str:
    """Why this move may not be made now by this person; empty if it may."""
    spec = getattr(row, declared.name)._django_fsm
    state = spec.field.get_state(row)
    if not spec.has_transition(state) or not spec.conditions_met(row, state):
        return _not_now(row, declared)
    if by is None:
        return "" if declared.system else _("Only a person can do this.")
    if not spec.has_transition_perm(row, state, by):
        return _("You are not allowed to do this: “%(move)s”. Nothing has been changed.") % {"move": declared.label}
    return ""


def _not_now(row: models.Model, declared: Move) -> str:
    return _("“%(move)s” is not possible now: the state is “%(state)s”. Nothing has been changed.") % {
        "move": declared.label,
        "state": state_label(row),
    }


def _checked(note: str, declared: Move) -> str:
    """The note without blanks around it; refused if it lacks or holds what no free text may hold."""
    note = note.strip()
    if declared.note == "required" and not note:
        raise MoveRefused(_("Write a note first: “%(label)s”.") % {"label": declared.note_label})
    try:
        import_string(settings.FREE_TEXT_GUARD)(note, declared.note_label)
    except ValidationError as error:
        raise MoveRefused(" ".join(error.messages)) from error
    return note


def _perform(row: models.Model, declared: Move, step: Step) -> tuple[str, str]:
    """Make the move in memory; returns the states it leads from and to."""
    field = _state_field(type(row)).name
    source = getattr(row, field)
    try:
        getattr(row, declared.name)(step)
    except TransitionNotAllowed as error:  # the moves before this one have changed what its conditions ask
        raise MoveRefused(f"{row}: {_not_now(row, declared)}") from error
    return source, getattr(row, field)


def _writable(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.concrete_fields if not field.primary_key and not field.generated]


def _stored(row: models.Model) -> dict[str, Any]:
    """The values as they are to be compared later, also those changed in place."""
    values = {field.attname: field.get_prep_value(getattr(row, field.attname)) for field in _writable(type(row))}
    return {name: deepcopy(value) if isinstance(value, dict | list) else value for name, value in values.items()}


def _save(rows: list[Any], before: list[dict[str, Any]]) -> None:
    """Save what has changed, with one query for all rows, unless their model does more when a row is saved."""
    model = type(rows[0])
    if len(rows) == 1 or model.save is not models.Model.save or post_save.has_listeners(model):
        for row in rows:
            row.save()
        return
    changed: dict[str, list[Any]] = {}
    for field in _writable(model):
        now = [field.get_prep_value(field.pre_save(row, False)) for row in rows]
        if now != [values[field.attname] for values in before]:
            changed[field.attname] = now
    if all(value == values[0] for values in changed.values() for value in values):
        same = {name: getattr(rows[0], name) for name in changed}
        model._base_manager.filter(pk__in=[row.pk for row in rows]).update(**same)
    else:
        model._base_manager.bulk_update(rows, list(changed))


def _take_over(obj: models.Model, row: models.Model) -> None:
    """Give `obj` the values of the row, and forget what it had looked up, as `refresh_from_db` does."""
    obj._prefetched_objects_cache = {}
    for field in obj._meta.concrete_fields:
        setattr(obj, field.attname, getattr(row, field.attname))
    for relation in [*obj._meta.fields, *obj._meta.related_objects, *obj._meta.private_fields]:
        if relation.is_relation and relation.is_cached(obj):
            relation.delete_cached_value(obj)


def state_label(obj: models.Model) -> str:
    """The state in the words of the interface."""
    return str(getattr(obj, f"get_{_state_field(type(obj)).name}_display")())


def action_name(model: type[models.Model], name: str) -> str:
    """The audit log's name of a move or other act: `engagements.application.submit`."""
    return f"{model._meta.app_label}.{model._meta.model_name}.{name}"


def record(obj: models.Model, name: str, *, by: "User | None", **entry: Any) -> None:
    """Write one audit entry; also for acts that change no state (declare them in the model's `recorded_acts`)."""
    record_all([obj], name, by=by, entries=[entry])


def record_all(
    objs: Iterable[models.Model], name: str, *, by: "User | None", entries: Iterable[Mapping[str, Any]]
) -> None:
    """Write one audit entry for each of `objs`, which are of one model, with one query.

    Each entry gets a uuid of its own: Wagtail's history view keeps only the newest entry per uuid and action.
    """
    from django.contrib.contenttypes.models import ContentType

    pairs = list(zip(objs, entries, strict=True))
    if not pairs:
        return
    model = type(pairs[0][0])
    log = log_registry.get_log_model_for_model(model)
    now = timezone.now()
    rows = [
        log(
            content_type=ContentType.objects.get_for_model(model, for_concrete_model=False),
            object_id=str(obj.pk),
            label=str(obj) or f"{model.__name__} {obj.pk}",
            action=action_name(model, name),
            timestamp=now,
            uuid=uuid.uuid4(),
            user=by or get_active_log_context().user,
            data=dict(entry),
        )
        for obj, entry in pairs
    ]
    rows[0].clean()  # an act that is not declared is refused
    insert(rows)


def actions() -> Iterator[tuple[str, Text, Text]]:
    """Every audit action of every model: its name, label and message, for registration with Wagtail."""
    for model in apps.get_models():
        for name in dir(model):
            declared = move_named(model, name) if name[0] != "_" and name != "objects" else None
            if declared is not None:
                yield action_name(model, name), declared.label, declared.done
        for name, label in getattr(model, "recorded_acts", {}).items():
            yield action_name(model, name), label, label
