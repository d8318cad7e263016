"""Who looks after the catalogue, and who has the material of a course."""

from typing import TYPE_CHECKING, Any

from engagements.people import permissions as who

if TYPE_CHECKING:
    from .models import Course, CourseMaterial


def administers(user: Any) -> bool:
    """Course administrators, the lead and administrators."""
    return bool(getattr(user, "is_superuser", False)) or who.is_staff_of(
        user, who.COURSES, who.LEAD, who.ADMINISTRATORS
    )


def may_administer(obj: Any, user: Any) -> bool:
    """The same, in the order a move asks."""
    return administers(user)


def may_have_material(course: "Course", user: Any) -> bool:
    """Those who have or had a seat on a run of the course, its teachers, and those who look after the catalogue."""
    if not getattr(user, "is_authenticated", False):
        return False
    if administers(user):
        return True
    seated = course.runs.filter(enrolments__person=user, enrolments__state="seated")
    return seated.exists() or course.runs.filter(teachers__user=user).exists()


def may_fetch(material: "CourseMaterial", user: Any) -> bool:
    """Whoever has the course's material."""
    return may_have_material(material.course, user)
