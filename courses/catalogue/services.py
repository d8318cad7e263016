"""What people do with the catalogue: write courses and paths, add material, show interest in a course without a date."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.lifecycle import MoveRefused, record
from engagements.records.versions import save_versioned

from .models import CatalogueThing, Course, CourseMaterial, Interest, LearningPath, PathStep, Shown
from .permissions import administers

if TYPE_CHECKING:
    from engagements.users.models import User


def _refuse_unless_administers(user: "User") -> None:
    if not administers(user):
        raise MoveRefused(_("Only those who look after the catalogue can do this."))


def _write[T: CatalogueThing](thing: T, version: int | None, fields: dict[str, Any], by: "User") -> T:
    """Save a new thing, or the changed fields of one that is stored at this version."""
    _refuse_unless_administers(by)
    for name, value in fields.items():
        setattr(thing, name, value)
    thing.full_clean(exclude={field.name for field in thing._meta.fields} - fields.keys())
    if thing.pk is None:
        thing.save()
        record(thing, "made", by=by)
    else:
        save_versioned(thing, version or 0, fields)
        record(thing, "changed", by=by)
    return thing


@transaction.atomic
def write_course(course: Course | None = None, *, by: "User", version: int | None = None, **fields: Any) -> Course:
    """Make a course, as a draft, or change one; raises StaleError if someone saved since `version`."""
    return _write(course or Course(), version, fields, by)


@transaction.atomic
def write_path(
    path: LearningPath | None = None,
    *,
    steps: Sequence[tuple[Course, bool]],
    by: "User",
    version: int | None = None,
    **fields: Any,
) -> LearningPath:
    """Make or change a learning path; `steps` are its courses in order, each with whether it is required."""
    written = _write(path or LearningPath(), version, fields, by)
    written.steps.all().delete()
    PathStep.objects.bulk_create(
        [
            PathStep(path=written, course=course, order=order, required=required)
            for order, (course, required) in enumerate(steps, 1)
        ]
    )
    return written


@transaction.atomic
def add_material(
    course: Course, *, title: str, by: "User", file: File[bytes] | None = None, link: str = ""
) -> CourseMaterial:
    """Put a file or a link with the course, for those who have or had a seat."""
    _refuse_unless_administers(by)
    material = CourseMaterial(course=course, title=title, file=file or "", link=link)
    material.full_clean()
    material.save()
    record(course, "material_added", by=by, title=title)
    return material


@transaction.atomic
def remove_material(material: CourseMaterial, *, by: "User") -> None:
    """Take it away; the file is deleted once that is certain."""
    _refuse_unless_administers(by)
    record(material.course, "material_removed", by=by, title=material.title)
    stored = material.file
    material.delete()
    if stored:
        transaction.on_commit(lambda: stored.storage.delete(str(stored.name)), robust=True)


@transaction.atomic
def show_interest(course: Course, *, by: "User") -> Interest:
    """Put oneself on the interest list; a second time changes nothing."""
    if course.state != Shown.PUBLISHED:
        raise MoveRefused(_("The course is not offered now."))
    interest, _made = Interest.objects.get_or_create(course=course, person=by)
    return interest


@transaction.atomic
def withdraw_interest(course: Course, *, by: "User") -> None:
    """Take oneself off the interest list; nothing happens to those who are not on it."""
    Interest.objects.filter(course=course, person=by).delete()
