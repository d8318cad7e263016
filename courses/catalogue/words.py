"""The words and pictures that editors write about a course, told by the site, which this side may not know.

`cms` registers its source when the site starts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from .models import Course


@dataclass(frozen=True)
class Words:
    """What is shown, ready as HTML (empty until someone has written it), and where this person may edit it."""

    shown: SafeString | str = ""
    edit_address: str = ""


type CourseSource = Callable[["Course", Any], Words]
type CatalogueSource = Callable[[Any], Words]

_of_course: list[CourseSource] = []
_of_catalogue: list[CatalogueSource] = []


def register(*, of_course: CourseSource, of_catalogue: CatalogueSource) -> None:
    """Let this source tell the words of each course, and those above the catalogue."""
    _of_course[:] = [of_course]
    _of_catalogue[:] = [of_catalogue]


def of_course(course: "Course", user: Any) -> Words:
    """What editors have written about the course."""
    return next((source(course, user) for source in _of_course), Words())


def of_catalogue(user: Any) -> Words:
    """What editors have written above the catalogue."""
    return next((source(user) for source in _of_catalogue), Words())
