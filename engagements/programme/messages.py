"""Who is told what about an engagement: its opening, its pauses and its end, the team, and milestones that come near."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from engagements.lifecycle import Step
from engagements.notices.registry import Tell, on_move, reminder
from engagements.notices.services import notify
from engagements.people import permissions as who
from engagements.people.models import CASEWORK_ROLES, WORKING_ROLES
from engagements.people.services import people_of, staff
from engagements.users.models import User

from .models import Engagement, Milestone, TeamMember
from .services import opened, team_joined, team_of

REMIND_BEFORE = timedelta(days=7)


@receiver(opened, dispatch_uid="programme.opened")
def tell_of_opening(engagement: Engagement, by: User | None, **kwargs: Any) -> None:
    """The municipality reads that the engagement is open, the lead that it needs a team."""
    notify(
        people_of(engagement.municipality, *CASEWORK_ROLES),
        key=f"engagement:{engagement.pk}:opened",
        subject=lambda: _("Your engagement is open (case no. %(case_no)s)") % _words(engagement),
        body=lambda: (
            _(
                "The engagement for %(municipality)s begins on %(date)s. "
                "On its page you find the plan, and soon the names of the consultants."
            )
            % _words(engagement, engagement.starts_on)
        ),
        address=engagement,
    )
    notify(
        staff(who.LEAD, about=engagement.municipality),
        key=f"engagement:{engagement.pk}:needs-team",
        subject=lambda: _("Put a team on the engagement for %(municipality)s") % _words(engagement),
        body=lambda: (
            _(
                "The engagement for %(municipality)s (case no. %(case_no)s) is open and begins on %(date)s. "
                "It needs a legal and a social-professional consultant."
            )
            % _words(engagement, engagement.starts_on)
        ),
        address=lambda: reverse("engagements:team", args=[engagement.case_no]),
    )


@receiver(team_joined, dispatch_uid="programme.team_joined")
def tell_of_team(member: TeamMember, by: User | None, **kwargs: Any) -> None:
    """A consultant reads of the new engagement."""
    engagement = member.engagement
    if by is not None and by.pk == member.user_id:
        return
    notify(
        [member.user],
        key=f"engagement:{engagement.pk}:team:{member.pk}",
        subject=lambda: _("You are on the team for %(municipality)s") % _words(engagement),
        body=lambda: (
            _("You now read the engagement with case no. %(case_no)s in full; its plan shows what comes next.")
            % _words(engagement)
        ),
        address=engagement,
    )


@on_move(Engagement, "pause", "resume", "close", "stop")
def tell_of_state(engagement: Engagement, step: Step) -> Iterator[Tell]:
    """Both sides read that the engagement is paused, runs again, is closed or stopped, and why."""
    yield Tell(
        [*people_of(engagement.municipality, *CASEWORK_ROLES), *team_of(engagement)],
        lambda: _("The engagement for %(municipality)s: %(state)s") % _state_words(engagement),
        lambda: "\n\n".join(
            filter(
                None, [_("Case no. %(case_no)s: the state is now “%(state)s”.") % _state_words(engagement), step.note]
            )
        ),
        engagement,
    )


@reminder
def milestones_near(day: date) -> Iterator[tuple[str, Tell]]:
    """A week before a milestone, and once when it has passed; a milestone with a new date reminds anew."""
    rows = Milestone.objects.filter(
        engagement__state=Engagement.State.ACTIVE, reached_on=None, due_on__lte=day + REMIND_BEFORE
    ).select_related("engagement__municipality")
    for milestone in rows:
        engagement = milestone.engagement
        theirs = milestone.side == Milestone.Side.MUNICIPALITY
        users = people_of(engagement.municipality, *WORKING_ROLES) if theirs else team_of(engagement)
        late = milestone.due_on < day
        yield (
            f"milestone:{milestone.pk}:{milestone.due_on}:{'late' if late else 'near'}",
            Tell(users, _subject(milestone, late=late), _body(milestone), lambda e=engagement: _plan(e)),
        )


def _subject(milestone: Milestone, *, late: bool) -> Callable[[], str]:
    def text() -> str:
        words = _words(milestone.engagement, milestone.due_on) | {"milestone": milestone.name}
        if late:
            return _("Not reached yet: %(milestone)s (%(date)s)") % words
        return _("Coming up: %(milestone)s (%(date)s)") % words

    return text


def _body(milestone: Milestone) -> Callable[[], str]:
    return lambda: (
        _(
            "%(milestone)s in the engagement for %(municipality)s (case no. %(case_no)s) has the date %(date)s. "
            "When it is reached, the team marks it in the plan; if the date no longer holds, it is changed there."
        )
        % (_words(milestone.engagement, milestone.due_on) | {"milestone": milestone.name})
    )


def _plan(engagement: Engagement) -> str:
    return reverse("engagements:plan", args=[engagement.case_no])


def _state_words(engagement: Engagement) -> dict[str, str]:
    return _words(engagement) | {"state": engagement.get_state_display()}


def _words(engagement: Engagement, day: date | None = None) -> dict[str, str]:
    return {
        "municipality": engagement.municipality.full_name,
        "case_no": engagement.shown_case_no,
        "date": date_format(day, "DATE_FORMAT") if day else "",
    }
