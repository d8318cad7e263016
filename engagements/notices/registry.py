"""Where a room says who is told what: after a move (`on_move`) and on a given day (`reminder`).

    @on_move(Application, "submit")
    def arrived(application: Application, step: Step) -> Iterator[Tell]:
        yield Tell(staff(), lambda: _("New application from %(name)s") % {...}, lambda: ..., application)

Texts are lazy or functions, so that each recipient gets the own language.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import models

from engagements.lifecycle import Step, action_name, around, moved

from .services import Attachment, Text, gathered, notify

if TYPE_CHECKING:
    from engagements.users.models import User


class Tell(NamedTuple):
    """One message: to whom, what, leading where. The person who made the move is left out unless `also_actor`."""

    users: "Iterable[User]"
    subject: Text
    body: Text
    address: Text | models.Model = ""
    attachment: Attachment | None = None
    also_actor: bool = False


type MoveMessages[T: models.Model] = Callable[[T, Step], Iterable[Tell | tuple[Any, ...]]]
type DayMessages = Callable[[date], Iterable[tuple[str, Tell]]]

_reminders: list[DayMessages] = []
around.append(gathered)  # all that the moves of one call say is written together


def on_move[T: models.Model](model: type[T], *names: str) -> Callable[[MoveMessages[T]], MoveMessages[T]]:
    """Tell people after these moves, in the move's own transaction; the function yields `Tell`s or plain tuples."""

    def connect(function: MoveMessages[T]) -> MoveMessages[T]:
        def receive(sender: type[T], obj: T, name: str, step: Step, **kwargs: Any) -> None:
            if name not in names:
                return
            event = f"{action_name(model, name)}:{obj.pk}:{step.at:%Y%m%d%H%M%S%f}"
            for number, item in enumerate(function(obj, step)):
                message = Tell(*item)
                actor = step.by.pk if step.by and not message.also_actor else None
                notify(
                    [user for user in message.users if user.pk != actor],
                    key=f"{event}:{function.__name__}:{number}",
                    subject=message.subject,
                    body=message.body,
                    address=message.address,
                    attachment=message.attachment,
                    fresh=True,  # the key holds the moment of the move
                )

        moved.connect(receive, sender=model, weak=False, dispatch_uid=f"{function.__module__}.{function.__qualname__}")
        return function

    return connect


def reminder(function: DayMessages) -> DayMessages:
    """Run `function(day)` once a day; it yields a key and a `Tell`. The same key reminds a person once, ever."""
    if function not in _reminders:
        _reminders.append(function)
    return function


def reminders() -> list[DayMessages]:
    """All reminders, in the order of the house."""
    return list(_reminders)
