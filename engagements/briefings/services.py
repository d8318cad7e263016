"""What is done with a briefing: begun and written by the team, frozen when sent, released by the director or by time."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.lifecycle import MoveRefused, move, record
from engagements.programme.models import Engagement
from engagements.programme.permissions import is_on_team
from engagements.records.versions import save_versioned

from .models import Briefing

if TYPE_CHECKING:
    from engagements.users.models import User

DAYS_WITH_DIRECTOR = 10
"""Working days after which a briefing is released by itself (agreed in the start agreement)."""


@transaction.atomic
def begin_briefing(engagement: Engagement, *, by: "User") -> Briefing:
    """Begin the next briefing, or return the one already being written.

    Raises MoveRefused unless `by` is on the team.
    """
    if not is_on_team(engagement, by):
        raise MoveRefused(_("Only the engagement's team writes briefings."))
    Engagement.objects.select_for_update().get(pk=engagement.pk)
    unfinished = engagement.briefings.exclude(state=Briefing.State.RELEASED).first()
    if unfinished is not None:
        return unfinished
    last = engagement.briefings.order_by("-number").first()
    number = (engagement.briefings.aggregate(last=Max("number"))["last"] or 0) + 1
    briefing = Briefing.objects.create(
        engagement=engagement,
        number=number,
        status_text=last.status_text if last else "",
        questions=last.questions if last else "",
        created_by=by,
    )
    record(briefing, "begun", by=by)
    return briefing


@transaction.atomic
def change_briefing(briefing: Briefing, *, version: int, by: "User", **fields: object) -> Briefing:
    """Change the texts of a draft. Raises StaleError if someone saved in between, MoveRefused once it is sent."""
    locked = Briefing.objects.select_for_update().get(pk=briefing.pk)
    if locked.state != Briefing.State.DRAFT or not is_on_team(briefing.engagement, by):
        raise MoveRefused(_("The briefing can no longer be changed."))
    for name, value in fields.items():
        setattr(briefing, name, value)
    briefing.clean_fields(exclude={field.name for field in briefing._meta.fields} - fields.keys())
    save_versioned(briefing, version, fields)
    record(briefing, "changed", by=by)
    return briefing


def release_due(day: date | None = None) -> list[Briefing]:
    """Release what has been with the director for the agreed time; for the daily job, which may run twice or late."""
    rows = Briefing.objects.filter(state=Briefing.State.WITH_DIRECTOR, release_by__lte=day or timezone.localdate())
    return [move(briefing, "release_by_time", by=None) for briefing in rows]
