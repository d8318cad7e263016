"""Who is told what about briefings: the director first, the council when it is released."""

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from engagements.lifecycle import Step
from engagements.notices.registry import Tell, on_move
from engagements.people.models import SIGNING_ROLES, WORKING_ROLES, Role
from engagements.people.services import people_of
from engagements.programme.services import team_of

from .models import Briefing


def _facts(briefing: Briefing) -> dict[str, str]:
    return {
        "name": briefing.engagement.municipality.full_name,
        "day": date_format(briefing.release_by) if briefing.release_by else "",
    }


@on_move(Briefing, "send_to_director")
def sent(briefing: Briefing, step: Step) -> Iterator[Tell]:
    """The director and a named deputy read it first."""
    yield Tell(
        people_of(briefing.engagement.municipality, *SIGNING_ROLES),
        lambda: _("A briefing to the council of %(name)s awaits you") % _facts(briefing),
        lambda: (
            _(
                "Read the briefing and release it to the council, or return it with remarks. "
                "It is released by itself on %(day)s."
            )
            % _facts(briefing)
        ),
        briefing,
    )


@on_move(Briefing, "release", "release_by_time")
def released(briefing: Briefing, step: Step) -> Iterator[Tell]:
    """The council, the committee secretary, those who work with it, and the team."""
    municipality = briefing.engagement.municipality
    people = [
        *people_of(municipality, Role.COUNCIL, Role.SECRETARY, *WORKING_ROLES),
        *team_of(briefing.engagement),
    ]
    yield Tell(
        people,
        lambda: _("New briefing to the council of %(name)s") % _facts(briefing),
        lambda: _("What was found and what is being done, on one page.") % _facts(briefing),
        briefing,
    )


@on_move(Briefing, "send_back")
def returned(briefing: Briefing, step: Step) -> Iterator[Tell]:
    """The team reads the remarks."""
    yield Tell(
        team_of(briefing.engagement),
        lambda: _("The director of %(name)s has remarks to the briefing") % _facts(briefing),
        lambda: _("Remarks: %(note)s") % {"note": step.note},
        briefing,
    )
