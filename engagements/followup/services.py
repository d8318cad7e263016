"""What people do with a recommendation: answer it, plan actions, report them done with evidence."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.files import File
from django.db import transaction
from django.db.models import Max

from engagements.findings.models import Recommendation
from engagements.lifecycle import MoveRefused, move, record
from engagements.programme.models import Engagement
from engagements.records.services import sha256
from engagements.records.versions import save_versioned, sent_twice

from .models import Action, Evidence, Reply
from .permissions import may_reply, may_work

if TYPE_CHECKING:
    from engagements.users.models import User


def _refuse_unless(allowed: bool) -> None:
    if not allowed:
        from django.utils.translation import gettext as _

        raise MoveRefused(_("Only leaders and coordinators of the municipality can do this."))


@transaction.atomic
def reply_to(
    recommendation: Recommendation, *, stance: str, text: str = "", by: "User", version: int | None = None
) -> Reply:
    """Record or change the municipality's reply; `version` is that of the reply the form was opened at, if any.

    Raises StaleError if a colleague has replied since, MoveRefused if `by` may not reply.
    """
    _refuse_unless(may_reply(recommendation.engagement, by))
    # Two first replies at once: the second waits here, and then finds the first.
    Recommendation.objects.select_for_update().get(pk=recommendation.pk)
    reply = Reply.objects.select_for_update().filter(recommendation=recommendation).first()
    if reply is None:
        reply = Reply(recommendation=recommendation, stance=stance, text=text, replied_by=by)
        reply.clean_fields(exclude=["recommendation", "replied_by"])
        reply.save()
    else:
        reply.stance, reply.text, reply.replied_by = stance, text, by
        reply.clean_fields(exclude=["recommendation", "replied_by"])
        save_versioned(reply, version or 0, ["stance", "text", "replied_by", "replied_at"])
    record(reply, "replied", by=by, stance=stance)
    return reply


@transaction.atomic
def plan_action(
    recommendation: Recommendation,
    *,
    title: str,
    owner: str,
    due_on: date,
    by: "User",
    text: str = "",
    effect: str = "",
) -> Action:
    """Plan an action on a published recommendation; it is numbered within the engagement, without gaps."""
    engagement = recommendation.engagement
    _refuse_unless(may_reply(engagement, by) and recommendation.published_at is not None)
    # Two colleagues planning at once take their numbers one after the other.
    Engagement.objects.select_for_update().get(pk=engagement.pk)
    wanted = {"recommendation": recommendation, "title": title, "owner": owner, "due_on": due_on, "created_by": by}
    if twin := sent_twice(engagement.actions.all(), when="created_at", **wanted):
        return twin
    last = engagement.actions.aggregate(last=Max("number"))["last"] or 0
    action = Action(
        engagement=engagement,
        recommendation=recommendation,
        number=last + 1,
        title=title,
        text=text,
        owner=owner,
        due_on=due_on,
        original_due_on=due_on,
        effect=effect,
        created_by=by,
    )
    action.clean_fields(exclude=["engagement", "recommendation", "created_by"])
    action.save()
    record(action, "made", by=by)
    return action


@transaction.atomic
def change_action(action: Action, *, version: int, by: "User", **fields: Any) -> Action:
    """Change what is planned; the original due date stays. Raises StaleError if someone saved in between."""
    _refuse_unless(may_work(action, by))
    before = {name: getattr(action, name) for name in fields}
    for name, value in fields.items():
        setattr(action, name, value)
    action.clean_fields(exclude={field.name for field in action._meta.fields} - fields.keys())
    save_versioned(action, version, fields)
    stored = {name: str(value) for name, value in fields.items() if value != before[name] and name == "due_on"}
    record(action, "changed", by=by, **stored)
    return action


@transaction.atomic
def report_done(
    action: Action, *, evidence: str, by: "User", file: File[bytes] | None = None, at: datetime | None = None
) -> Action:
    """Report an action done with evidence in words, and a file if there is one; a consultant then verifies it.

    Raises ValidationError if the words or the file hold a CPR number, or the file is of a kind we do not take.
    """
    move(action, "report_done", by=by, note=evidence, at=at)
    checksum = ""
    if file is not None:
        checksum = sha256(file.read())
        file.seek(0)
    shown = Evidence(action=action, text=evidence, file=file or "", sha256=checksum, added_by=by)
    shown.full_clean(exclude=["action", "added_by"])
    shown.save()
    record(action, "evidence_added", by=by)
    return action
