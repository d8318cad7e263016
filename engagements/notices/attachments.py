"""Attachments that are made when the mail leaves, for the one who gets it: nothing is stored while others wait.

@makes("invitation")
def invitation(key: str, to: str) -> Part | None: ...

notify(people, key=…, subject=…, body=…, attachment=MadeWhenSent("invitation", "12"))
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import MIMEPart

PREFIX = "made/"


@dataclass(frozen=True)
class MadeWhenSent:
    """What is to be made: the kind, and a short key that its maker understands."""

    kind: str
    key: str

    @property
    def name(self) -> str:
        """What the outbox keeps in place of a file's name."""
        return f"{PREFIX}{self.kind}/{self.key}"


@dataclass(frozen=True)
class Part:
    """A file in a mail: its name, its bytes, its kind such as `text/calendar` and that kind's parameters."""

    name: str
    content: bytes
    kind: str
    parameters: dict[str, str] = field(default_factory=dict)

    def in_mail(self) -> MIMEPart:
        """As the mail carries it."""
        part = MIMEPart()
        maintype, _slash, subtype = self.kind.partition("/")
        part.set_content(
            self.content,
            maintype,
            subtype,
            disposition="attachment",
            filename=self.name,
            params=self.parameters,
        )
        return part


type Maker = Callable[[str, str], Part | None]

_makers: dict[str, Maker] = {}


def makes(kind: str) -> Callable[[Maker], Maker]:
    """Register the function that makes attachments of this kind from a key and the recipient's address."""

    def connect(function: Maker) -> Maker:
        _makers[kind] = function
        return function

    return connect


def is_made(name: str) -> bool:
    """Whether the outbox's name stands for something to be made."""
    return name.startswith(PREFIX)


def make(name: str, to: str) -> Part | None:
    """What the name stands for; None when it no longer exists."""
    kind, _slash, key = name.removeprefix(PREFIX).partition("/")
    return _makers[kind](key, to)
