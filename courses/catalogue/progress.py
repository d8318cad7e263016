"""How far a person is on a learning path, and what the path asks for, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import Course, LearningPath, PathStep


@dataclass(frozen=True)
class Progress:
    """`x` of the `n` courses that complete the path, and the steps that may come next, in order."""

    x: int
    n: int
    done: frozenset[int]
    left: tuple[PathStep, ...]

    @property
    def complete(self) -> bool:
        """Nothing more is needed."""
        return self.x >= self.n


def completed_by(user: Any) -> frozenset[int]:
    """Primary keys of the courses the person has completed."""
    if not getattr(user, "is_authenticated", False):
        return frozenset()
    mine = Course.objects.filter(
        runs__enrolments__person=user, runs__enrolments__completed_at__isnull=False, runs__enrolments__state="seated"
    )
    return frozenset(mine.order_by().values_list("pk", flat=True))


def needed_of(path: LearningPath, steps: Iterable[PathStep]) -> int:
    """How many courses complete the path: all, or the number needed, but never fewer than are required."""
    listed = list(steps)
    required = sum(step.required for step in listed)
    return len(listed) if path.needed is None else min(len(listed), max(path.needed, required))


def progress(path: LearningPath, completed: frozenset[int]) -> Progress:
    """Where someone who has completed these courses stands; the path's steps should be prefetched.

    A free course beyond those needed does not make up for a required one. On an ordered path only the first course
    that is missing comes next; on a free one any, the required ones first once nothing else counts.
    """
    steps = list(path.steps.all())
    n = needed_of(path, steps)
    room = n - sum(step.required for step in steps)
    free = sum(not step.required and step.course_id in completed for step in steps)
    required = sum(step.required and step.course_id in completed for step in steps)
    missing = [step for step in steps if step.course_id not in completed and (step.required or free < room)]
    left = missing[:1] if path.ordered else missing
    return Progress(
        x=required + min(free, room),
        n=n,
        done=frozenset(step.course_id for step in steps) & completed,
        left=tuple(left),
    )


def in_words(path: LearningPath) -> list[str]:
    """What completes the path, as sentences."""
    steps = list(path.steps.all())
    if not steps:
        return []
    facts = {"n": needed_of(path, steps), "total": len(steps)}
    if facts["n"] == facts["total"]:
        sentences = [
            ngettext(
                "The learning path is completed with the one course.",
                "The learning path is completed with all %(total)s courses.",
                len(steps),
            )
            % facts
        ]
    else:
        sentences = [_("The learning path is completed with %(n)s of the %(total)s courses.") % facts]
    required = [_("“%(title)s”") % {"title": step.course.title} for step in steps if step.required]
    if required and facts["n"] < facts["total"]:
        sentences.append(
            ngettext("%(courses)s is required.", "These are required: %(courses)s.", len(required))
            % {"courses": ", ".join(required)}
        )
    if len(steps) > 1:
        ordered, free = _("The courses are taken in order."), _("You choose the order yourself.")
        sentences.append(ordered if path.ordered else free)
    return sentences
