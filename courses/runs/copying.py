"""A run made anew on other dates: every date moves by as many days, and times of day stay."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import Allotment, Question, Run, RunMaterial, Session, Teacher
from .services import CHANGEABLE, DEADLINES, plan_run, require_organiser

if TYPE_CHECKING:
    from engagements.users.models import User


def shifted(moment: datetime, days: int) -> datetime:
    """The same time of day so many days later, also across the change to and from summer time."""
    local = timezone.localtime(moment).replace(tzinfo=None)
    return timezone.make_aware(local + timedelta(days=days))


@dataclass(frozen=True)
class NewDate:
    """A date of the copy: what it is, as it is now and as it will be."""

    what: str
    before: datetime
    after: datetime


def dates_of_copy(run: Run, starts_on: date) -> list[NewDate]:
    """Every date of a copy that begins on this day: the sessions, then the deadlines."""
    days = _days_until(run, starts_on)
    sessions = [
        (session.title or _("Session %(number)s") % {"number": number}, session.starts_at)
        for number, session in enumerate(run.sessions.all(), 1)
    ]
    deadlines = [(str(run._meta.get_field(name).verbose_name), getattr(run, name)) for name in DEADLINES]
    return [NewDate(what, at, shifted(at, days)) for what, at in [*sessions, *deadlines] if at]


def _days_until(run: Run, starts_on: date) -> int:
    return (starts_on - timezone.localtime(run.starts_at).date()).days


@transaction.atomic
def clone_run(run: Run, starts_on: date, *, by: "User", with_material: bool = True) -> Run:
    """A draft like this run that begins on another day: every date moves by as many days, times of day stay.

    Sessions, teachers, questions, rules, shares of the seats and, if asked for, material come with it; nobody enrolled.
    """
    require_organiser(run, by)
    days = _days_until(run, starts_on)
    kept = CHANGEABLE - set(DEADLINES) | {"kind", "capacity", "quota"}
    deadlines: dict[str, Any] = {name: shifted(at, days) if (at := getattr(run, name)) else None for name in DEADLINES}
    copy = plan_run(
        by=by,
        starts_at=shifted(run.starts_at, days),
        ends_at=shifted(run.ends_at, days),
        **{name: getattr(run, name) for name in kept},
        **deadlines,
    )
    if copy.sessions.exists():
        return copy  # sent twice
    made = {}
    for session in run.sessions.all():
        made[session.pk] = Session.objects.create(
            run=copy,
            title=session.title,
            starts_at=shifted(session.starts_at, days),
            ends_at=shifted(session.ends_at, days),
            place=session.place,
            address=session.address,
            online_link=session.online_link,
        )
    for row in run.teachers.all():
        Teacher.objects.create(run=copy, user=row.user, name=row.name, title=row.title, order=row.order)
    for asked in run.questions.all():
        Question.objects.create(
            run=copy,
            text=asked.text,
            answered=asked.answered,
            choices=asked.choices,
            required=asked.required,
            order=asked.order,
        )
    for share in run.allotments.all():
        Allotment.objects.create(
            run=copy, municipality_id=share.municipality_id, at_most=share.at_most, reserved=share.reserved
        )
    if with_material:
        for item in run.material.all():
            session_of = made.get(item.session_id) if item.session_id else None
            RunMaterial.objects.create(
                run=copy, session=session_of, title=item.title, file=item.file.name or "", link=item.link
            )
    return copy
