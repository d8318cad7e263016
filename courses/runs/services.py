"""What organisers do with a run before and while it is held; seats and those enrolled belong to the next room."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.design.versions import StaleError
from engagements.lifecycle import MoveRefused, record
from engagements.records.numbers import next_run_reference
from engagements.records.versions import save_versioned, sent_twice

from .models import Question, Run, RunMaterial, RunState, Session, Teacher
from .permissions import may_organise

if TYPE_CHECKING:
    from engagements.users.models import User

DEADLINES = ("opens_at", "closes_at", "cancel_until", "release_at")
CHANGEABLE = frozenset(
    {
        "course",
        "own_title",
        "description",
        "contact",
        "audience",
        "members_only",
        "minimum",
        "training_last",
        "waiting_order",
        "promotion",
        "offer_hours",
        "certificate_rule",
        "certificate_sessions",
        *DEADLINES,
    }
)
"""What `change_run` may set; seats and quotas change through the enrolment room, which moves people up."""


@dataclass(frozen=True)
class SessionPlan:
    """A session as it should be; `session` is the one it changes, or None for a new one."""

    starts_at: datetime
    ends_at: datetime
    title: str = ""
    place: str = ""
    address: str = ""
    online_link: str = ""
    session: Session | None = None

    @classmethod
    def of(cls, session: Session) -> "SessionPlan":
        """The session as it is."""
        return cls(
            session.starts_at,
            session.ends_at,
            session.title,
            session.place,
            session.address,
            session.online_link,
            session,
        )

    @property
    def facts(self) -> tuple[Any, ...]:
        """What a participant's calendar shows."""
        return (self.starts_at, self.ends_at, self.title, self.place, self.address, self.online_link)


@dataclass(frozen=True)
class Changes:
    """What a new plan does to the sessions: added and removed ones, and pairs of before and after."""

    added: list[SessionPlan] = field(default_factory=list)
    changed: list[tuple[SessionPlan, SessionPlan]] = field(default_factory=list)
    removed: list[SessionPlan] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def require_organiser(run: Run, by: "User") -> None:
    """Raise MoveRefused unless `by` organises the run."""
    if not may_organise(run, by):
        raise MoveRefused(_("Only those who organise the run can do this."))


def _require_not_over(run: Run) -> None:
    if run.state == RunState.CANCELLED:
        raise MoveRefused(_("The run is cancelled and can no longer be changed."))


@transaction.atomic
def plan_run(
    *, by: "User", starts_at: datetime, ends_at: datetime, sessions: Iterable[SessionPlan] = (), **fields: Any
) -> Run:
    """Make a draft; without `sessions` it has none yet, with them its times follow theirs.

    `opens_at` is now, `closes_at` and `cancel_until` a week before the run unless given. Raises ValidationError for
    what cannot be, MoveRefused if `by` may not organise runs of this kind. Sent twice within a minute it is made once.
    """
    now = timezone.now()
    fields.setdefault("opens_at", now)
    week_before = starts_at - timedelta(days=7)
    fields.setdefault("closes_at", week_before if week_before > fields["opens_at"] else starts_at)
    fields.setdefault("cancel_until", fields["closes_at"])
    run = Run(starts_at=starts_at, ends_at=ends_at, created_by=by, **fields)
    require_organiser(run, by)
    before = transaction.savepoint_create()
    run.reference = next_run_reference(now)  # from here on, nobody else makes a run
    same = {"course": run.course, "own_title": run.own_title, "starts_at": starts_at, "created_by": by}
    if twin := sent_twice(Run.objects.all(), when="created_at", **same):
        transaction.savepoint_rollback(before)
        return twin
    run.full_clean()
    run.save()
    record(run, "made", by=by)
    if plans := list(sessions):
        _set_sessions(run, plans)
    return run


@transaction.atomic
def change_run(run: Run, *, version: int, by: "User", **fields: Any) -> Run:
    """Change facts, deadlines and rules (`CHANGEABLE`). Raises StaleError if someone saved since `version`."""
    require_organiser(run, by)
    if unknown := fields.keys() - CHANGEABLE:
        raise TypeError(f"change_run cannot set {', '.join(sorted(unknown))}")
    stored = Run.objects.select_for_update().get(pk=run.pk)
    _require_not_over(stored)
    before = {name: getattr(stored, name) for name in fields}
    for name, value in fields.items():
        setattr(stored, name, value)
    _check(stored, fields)
    save_versioned(stored, version, fields)
    changed = [name for name in fields if getattr(stored, name) != before[name]]
    if changed:
        record(stored, "changed", by=by, fields=sorted(changed))
    run.refresh_from_db()
    return run


def _check(run: Run, fields: Iterable[str]) -> None:
    """The changed fields and every rule of the table, such as *closes after it opens*."""
    names = set(fields)
    run.clean_fields(exclude={one.name for one in run._meta.fields} - names)
    run.clean()
    run.validate_constraints(exclude={"reference"})


@transaction.atomic
def plan_sessions(
    run: Run,
    plans: Iterable[SessionPlan],
    *,
    by: "User",
    note: str = "",
    deadlines: Mapping[str, datetime | None] | None = None,
    version: int | None = None,
) -> Changes:
    """Make the run's sessions be `plans`: one that is not among them is removed. Returns what changed.

    The run's own times follow; `deadlines` (`DEADLINES`) may move with them. Of a published run the calendar sequence
    counts up and *dates moved* is logged with the note: whoever calls this then tells the participants. Raises
    ValidationError when sessions overlap, one ends before it begins, or one with noted attendance would be removed,
    StaleError if someone saved since `version`.
    """
    require_organiser(run, by)
    stored = Run.objects.select_for_update().get(pk=run.pk)
    _require_not_over(stored)
    if version is not None and version != stored.version:
        raise StaleError(stored)
    wanted = list(plans)
    if not wanted and stored.state == RunState.PUBLISHED:
        raise ValidationError(_("A published run has at least one session."))
    changes = changes_of(stored, wanted)
    moved = {name: at for name, at in (deadlines or {}).items() if getattr(stored, name) != at}
    if not changes and not moved:
        return changes
    for name, at in moved.items():
        setattr(stored, name, at)
    if changes and stored.state == RunState.PUBLISHED:
        stored.calendar_sequence += 1
    stored.version += 1
    _set_sessions(stored, wanted)
    if stored.state == RunState.PUBLISHED and changes:
        record(stored, "dates_moved", by=by, note=note, changed=_told(changes))
    else:
        record(stored, "changed", by=by, fields=["sessions", *sorted(moved)])
    run.refresh_from_db()
    return changes


def move_dates(
    run: Run, dates: Mapping[Session, tuple[datetime, datetime]], *, by: "User", note: str = "", **deadlines: Any
) -> Changes:
    """Move some sessions to other times and leave the rest; see `plan_sessions`."""
    plans = []
    for session in run.sessions.all():
        starts_at, ends_at = dates.get(session, (session.starts_at, session.ends_at))
        plans.append(SessionPlan(starts_at, ends_at, *SessionPlan.of(session).facts[2:], session=session))
    return plan_sessions(run, plans, by=by, note=note, deadlines=deadlines)


def changes_of(run: Run, plans: Iterable[SessionPlan]) -> Changes:
    """What these plans would do to the run's sessions."""
    now = {session.pk: SessionPlan.of(session) for session in run.sessions.all()}
    changes = Changes()
    kept = set()
    for plan in plans:
        before = now.get(plan.session.pk) if plan.session else None
        if before is None:
            changes.added.append(plan)
            continue
        kept.add(before.session.pk)  # type: ignore[union-attr]
        if before.facts != plan.facts:
            changes.changed.append((before, plan))
    changes.removed.extend(plan for pk, plan in now.items() if pk not in kept)
    return changes


def _told(changes: Changes) -> dict[str, int]:
    return {"added": len(changes.added), "changed": len(changes.changed), "removed": len(changes.removed)}


def _set_sessions(run: Run, plans: list[SessionPlan]) -> None:
    """Write the sessions and the run's own times; the run is locked or new."""
    refuse_overlaps(plans)
    kept = {plan.session.pk for plan in plans if plan.session}
    gone = run.sessions.exclude(pk__in=kept)
    if gone.filter(attendance__isnull=False).exists():
        raise ValidationError(_("A session with noted attendance stays."))
    gone.delete()
    for plan in plans:
        session = plan.session or Session()
        session.run = run
        session.starts_at, session.ends_at, session.title, session.place, session.address, session.online_link = (
            plan.facts
        )
        session.full_clean(exclude=["run"])
        session.save()
    if plans:
        run.starts_at = min(plan.starts_at for plan in plans)
        run.ends_at = max(plan.ends_at for plan in plans)
    run.validate_constraints(exclude={"reference"})
    run.save(update_fields=["starts_at", "ends_at", "calendar_sequence", "version", *DEADLINES])


def refuse_overlaps(plans: Iterable[SessionPlan]) -> None:
    """Raise ValidationError when two sessions are at the same time, or one ends before it begins."""
    last: SessionPlan | None = None
    for plan in sorted(plans, key=lambda one: one.starts_at):
        if plan.ends_at <= plan.starts_at:
            raise ValidationError(_("The session must end after it begins."))
        if last is not None and plan.starts_at < last.ends_at:
            raise ValidationError(_("Two sessions are at the same time."), code="overlap")
        last = plan


@transaction.atomic
def set_teachers(run: Run, teachers: Iterable[Teacher], *, by: "User") -> None:
    """Make these, in this order, the run's teachers; rows that are not among them are removed."""
    require_organiser(run, by)
    Run.objects.select_for_update().get(pk=run.pk)
    wanted = list(teachers)
    run.teachers.exclude(pk__in=[teacher.pk for teacher in wanted if teacher.pk]).delete()
    for order, teacher in enumerate(wanted, 1):
        teacher.run, teacher.order = run, order
        teacher.full_clean(exclude=["run", "user"])
        teacher.save()
    record(run, "changed", by=by, fields=["teachers"])


@transaction.atomic
def set_questions(run: Run, questions: Iterable[Question], *, by: "User") -> None:
    """Make these, in this order, what participants are asked; a question somebody has answered stays as it is."""
    require_organiser(run, by)
    Run.objects.select_for_update().get(pk=run.pk)  # somebody may be answering
    wanted = list(questions)
    kept = [question.pk for question in wanted if question.pk]
    answered = set(run.questions.filter(answers__isnull=False).values_list("pk", flat=True))
    if answered - set(kept):
        raise ValidationError(_("A question that participants have answered stays."))
    run.questions.exclude(pk__in=kept).delete()
    for order, question in enumerate(wanted, 1):
        question.run, question.order = run, order
        question.full_clean(exclude=["run"])
        question.save()
    record(run, "changed", by=by, fields=["questions"])


@transaction.atomic
def add_material(
    run: Run,
    *,
    title: str,
    by: "User",
    file: File[bytes] | None = None,
    link: str = "",
    session: Session | None = None,
) -> RunMaterial:
    """Give those with a seat a file or a link; the same one sent twice within a minute is added once."""
    require_organiser(run, by)
    Run.objects.select_for_update().get(pk=run.pk)
    same = {"title": title, "link": link, "session": session}
    if twin := sent_twice(run.material.all(), when="added_at", **same):
        return twin
    item = RunMaterial(run=run, file=file or "", **same)
    item.full_clean(exclude=["run", "session"])
    item.save()
    record(run, "changed", by=by, fields=["material"])
    return item


@transaction.atomic
def remove_material(item: RunMaterial, *, by: "User") -> None:
    """Take a file or link away; the file itself goes unless a copy of the run still has it."""
    require_organiser(item.run, by)
    storage, name = item.file.storage, str(item.file.name or "")
    item.delete()
    if name and not RunMaterial.objects.filter(file=name).exists():
        transaction.on_commit(lambda: storage.delete(name))
    record(item.run, "changed", by=by, fields=["material"])
