"""Who plans and sees runs."""

from typing import TYPE_CHECKING, Any

from courses.catalogue.permissions import administers
from engagements.people import permissions as who
from engagements.people.models import Role

if TYPE_CHECKING:
    from .models import Run, RunMaterial


def organises_some(user: Any) -> bool:
    """Whether the user organises runs of any kind."""
    return administers(user) or who.arranges_meetings(user)


def may_organise(run: "Run", user: Any) -> bool:
    """Course administrators all runs; the network's editor and host its meetings."""
    return administers(user) or (run.kind == run.Kind.MEETING and who.arranges_meetings(user))


def sees_members_runs(user: Any) -> bool:
    """Leaders of municipalities, the network's host and the Task Force see what is shown to members of the network only."""
    return who.is_task_force(user) or who.is_host(user) or bool(who.municipalities_of(user, Role.LEADER))


def is_teacher(run: "Run", user: Any) -> bool:
    """Whether the user teaches on the run."""
    return bool(user.is_authenticated) and any(teacher.user_id == user.pk for teacher in run.teachers.all())


def may_hold(run: "Run", user: Any) -> bool:
    """Note attendance and see the list of participants: organisers and the run's own teachers."""
    return may_organise(run, user) or is_teacher(run, user)


def may_fetch_material(item: "RunMaterial", user: Any) -> bool:
    """Those with a seat, and those who hold the run."""
    run = item.run
    return may_hold(run, user) or run.enrolments.filter(person=user.pk, state="seated").exists()
