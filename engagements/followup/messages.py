"""Who is told what about actions; a reminder before and after the due date."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from engagements.lifecycle import Step
from engagements.notices.registry import Tell, on_move, reminder
from engagements.people.models import WORKING_ROLES
from engagements.people.services import people_of
from engagements.programme.services import team_of
from engagements.records.access import register as serve
from engagements.users.models import User

from . import panel  # noqa: F401 - shows itself on the recommendation's page
from .models import UNDONE, Action, Evidence
from .permissions import may_fetch_evidence

serve(Evidence, may_read=may_fetch_evidence)


def _workers(action: Action) -> list[User]:
    return list(people_of(action.engagement.municipality, *WORKING_ROLES))


def _facts(action: Action) -> dict[str, object]:
    return {
        "number": action.number,
        "title": action.title,
        "owner": action.owner,
        "name": action.engagement.municipality.full_name,
        "day": date_format(action.due_on),
    }


@on_move(Action, "report_done")
def reported(action: Action, step: Step) -> Iterator[Tell]:
    """The team verifies."""
    yield Tell(
        team_of(action.engagement),
        lambda: _("%(name)s reports action %(number)s done") % _facts(action),
        lambda: (
            _("“%(title)s” is reported done. See the evidence, and verify it or return it with a note.")
            % _facts(action)
        ),
        action,
    )


@on_move(Action, "verify")
def verified(action: Action, step: Step) -> Iterator[Tell]:
    """The municipality hears that it counts."""
    yield Tell(
        _workers(action),
        lambda: _("Action %(number)s is verified") % _facts(action),
        lambda: _("The evidence for “%(title)s” has been seen, and the action is verified.") % _facts(action),
        action,
    )


@on_move(Action, "send_back")
def returned(action: Action, step: Step) -> Iterator[Tell]:
    """The municipality hears what is missing."""
    yield Tell(
        _workers(action),
        lambda: _("Action %(number)s is returned") % _facts(action),
        lambda: _("“%(title)s” is returned. What is missing: %(note)s") % {**_facts(action), "note": step.note},
        action,
    )


@reminder
def due_dates(day: date) -> Iterator[tuple[str, Tell]]:
    """A week before the due date, and once when it has passed; also if the job missed a day."""
    rows = Action.objects.filter(state__in=UNDONE, due_on__lte=day + timedelta(days=7))
    for action in rows.select_related("engagement__municipality"):
        if action.due_on < day:
            key = f"action-overdue:{action.pk}:{action.due_on}"
            subject = lambda a=action: _("The due date of action %(number)s has passed") % _facts(a)  # noqa: E731
        else:
            key = f"action-due:{action.pk}:{action.due_on}"
            subject = lambda a=action: _("Action %(number)s is due on %(day)s") % _facts(a)  # noqa: E731
        body = lambda a=action: _("“%(title)s” (owner: %(owner)s) is due on %(day)s.") % _facts(a)  # noqa: E731
        yield key, Tell(_workers(action), subject, body, action)
