"""What an engagement's overview says first, gathered from rooms that this one may not know.

`cms.home` registers its sources here when the site starts; the start pages use the same sources.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from engagements.lifecycle import Text

if TYPE_CHECKING:
    from .models import Engagement


@dataclass(frozen=True)
class Waiting:
    """Something that awaits a side: what, where it is done, by when; `mine` when this reader is the one to do it."""

    text: Text
    address: str
    side: str
    due_on: date | None = None
    about: str = ""
    mine: bool = False

    @property
    def order(self) -> tuple[bool, date, str]:
        """Dated first, earliest first."""
        return (self.due_on is None, self.due_on or date.max, str(self.text))


@dataclass(frozen=True)
class Figure:
    """A key number, never alone: `x` of `n`, and a sentence on what more it says."""

    label: Text
    x: int
    n: int
    more: Text = ""
    address: str = ""


@dataclass(frozen=True)
class Change:
    """Something that happened, in the words of the audit log."""

    at: datetime
    text: Text
    about: str
    by: str
    address: str = ""
    note: str = ""
    new: bool = False


type WaitingSource = Callable[[Sequence["Engagement"], Any], Iterable[Waiting]]
type FigureSource = Callable[["Engagement", Any], Iterable[Figure]]
type ChangeSource = Callable[["Engagement", Any, datetime | None], Iterable[Change]]

_waiting: list[WaitingSource] = []
_figures: list[FigureSource] = []
_guideposts: list[FigureSource] = []
_changes: list[ChangeSource] = []


def register(
    *,
    waiting: WaitingSource | None = None,
    figures: FigureSource | None = None,
    guideposts: FigureSource | None = None,
    changes: ChangeSource | None = None,
) -> None:
    """Let a source tell every overview what awaits whom, key numbers, guideposts, and changes; once per source."""
    sources = ((waiting, _waiting), (figures, _figures), (guideposts, _guideposts), (changes, _changes))
    for source, known in sources:
        if source is not None and source not in known:
            known.append(source)  # type: ignore[arg-type]


def waiting(engagements: Sequence["Engagement"], user: Any) -> list[Waiting]:
    """What awaits either side in these engagements, dated first."""
    return sorted((item for source in _waiting for item in source(engagements, user)), key=lambda item: item.order)


def figures(engagement: "Engagement", user: Any) -> list[Figure]:
    """The engagement's key numbers that this reader may see."""
    return [figure for source in _figures for figure in source(engagement, user)]


def guideposts(engagement: "Engagement", user: Any) -> list[Figure]:
    """How much of what was read met the law, by guidepost; empty until a case review is recorded."""
    return [figure for source in _guideposts for figure in source(engagement, user)]


def changes(engagement: "Engagement", user: Any, since: datetime | None) -> list[Change]:
    """What has happened, newest first; `new` when it did after `since`."""
    found = [change for source in _changes for change in source(engagement, user, since)]
    return sorted(found, key=lambda change: change.at, reverse=True)
