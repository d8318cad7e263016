"""What participants and leaders are reminded of on a given day."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from courses.runs.models import Run
from engagements.notices.registry import Tell, reminder
from engagements.people.models import WORKING_ROLES, Membership
from engagements.users.models import User

from .models import Enrolment, EnrolmentState

WEEK, DAY = timedelta(days=7), timedelta(days=1)
BEFORE_APPROVAL_ENDS = timedelta(days=3)


@reminder
def soon(day: date) -> Iterator[tuple[str, Tell]]:
    """A week and a day before the run, to those with a seat; dates that move remind anew."""
    runs = Run.objects.upcoming().select_related("course").prefetch_related("sessions")
    by_run: dict[int, list[User]] = {}
    within = {run.pk: run for run in runs.filter(starts_at__gt=timezone.now()) if _first_day(run) <= day + WEEK}
    for row in Enrolment.objects.seated().filter(run__in=within).select_related("person"):
        by_run.setdefault(row.run_id, []).append(row.person)
    for pk, people in by_run.items():
        run = within[pk]
        which = "day" if _first_day(run) <= day + DAY else "week"
        yield (
            f"run-{which}:{pk}:{_first_day(run)}",
            Tell(
                people,
                lambda run=run: _("%(run)s begins %(when)s") % {"run": run.title, "when": _moment(run.starts_at)},
                lambda run=run: _soon_text(run),
                lambda run=run: reverse("courses:run", kwargs=run.address_args),
            ),
        )


def _first_day(run: Run) -> date:
    return timezone.localdate(run.starts_at)


def _moment(at: object) -> str:
    return formats.date_format(timezone.localtime(at), "DATETIME_FORMAT")  # type: ignore[arg-type]


def _soon_text(run: Run) -> str:
    lines = []
    for session in run.sessions.all():
        where = ", ".join(filter(None, [session.place, session.address]))
        if not where and session.online_link:
            where = _("online; the link is on the page of the run")
        lines.append(f"{_moment(session.starts_at)}{f': {where}' if where else ''}")
    lines += ["", _("If you cannot come, cancel on the page of the run, so that somebody else can have the seat.")]
    return "\n".join(lines)


@reminder
def answers(day: date) -> Iterator[tuple[str, Tell]]:
    """The day before an offer ends, to the person; three days before a request ends, to the own leaders."""
    end = timezone.now() + BEFORE_APPROVAL_ENDS + DAY
    asked = Enrolment.objects.filter(answer_by__gt=timezone.now(), answer_by__lte=end)
    rows = list(asked.select_related("person", "run__course"))
    leaders = _leaders({row.municipality_id for row in rows if row.municipality_id})
    for row in rows:
        if row.answer_by is None:
            continue
        left = timezone.localdate(row.answer_by) - day
        if row.state == EnrolmentState.OFFERED and left <= DAY:
            yield (
                f"offer-ends:{row.pk}:{row.answer_by:%Y%m%d}",
                Tell(
                    [row.person],
                    lambda row=row: _("Answer today or tomorrow: a seat on “%(run)s”") % {"run": row.run.title},
                    lambda row=row: (
                        _("The seat is kept for you until %(when)s. Then it goes to the next in line.")
                        % {"when": _moment(row.answer_by)}
                    ),
                    row,
                ),
            )
        elif row.state == EnrolmentState.REQUESTED and left <= BEFORE_APPROVAL_ENDS:
            yield (
                f"approval-ends:{row.pk}:{row.answer_by:%Y%m%d}",
                Tell(
                    [user for user in leaders.get(row.municipality_id or 0, []) if user.pk != row.person_id],
                    lambda row=row: (
                        _("%(name)s still awaits your answer: “%(run)s”") % {"name": row.person, "run": row.run.title}
                    ),
                    lambda row=row: (
                        _("Approve or refuse no later than %(when)s; after that the request ends by itself.")
                        % {"when": _moment(row.answer_by)}
                    ),
                    row,
                ),
            )


def _leaders(municipalities: set[int]) -> dict[int, list[User]]:
    """Leaders and coordinators by municipality, in one query."""
    found: dict[int, list[User]] = {}
    memberships = Membership.objects.active().with_role(*WORKING_ROLES).filter(municipality__in=municipalities)
    for membership in memberships.select_related("user"):
        found.setdefault(membership.municipality_id, []).append(membership.user)
    return found
