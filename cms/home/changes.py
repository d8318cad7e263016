"""What has happened in an engagement, from the audit log of everything in it that the reader may see."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q
from wagtail.models import ModelLogEntry

from engagements.findings.models import Recommendation, Report
from engagements.followup.models import Action, Reply
from engagements.programme.models import Engagement
from engagements.programme.overview import Change
from engagements.programme.permissions import reads_in_full, reads_internal
from engagements.programme.tabs import address_of
from engagements.reviews.models import Review

SHOWN = 12
TOLD = {
    Engagement: (
        *("opened", "pause", "resume", "close", "stop", "team_changed", "document_added"),
        *("plan_changed", "phase_finished", "milestone_reached", "milestone_removed"),
    ),
    Review: ("close", "reopen"),
    Report: ("publish",),
    Action: ("made", "start", "report_done", "verify", "send_back", "drop", "reopen", "evidence_added"),
    Reply: ("replied",),
}
"""What both sides are told; drafts and internal notes are the Task Force's own."""
TOLD_INSIDE = TOLD | {
    Engagement: (*TOLD[Engagement], "note_written"),
    Report: ("begun", "lock", "unlock", "publish"),
    Review: ("opened", "close", "reopen"),
}


def in_engagement(engagement: Engagement, user: Any, since: datetime | None) -> Iterator[Change]:
    """The newest changes, each with a link to where it happened; nothing for those who do not read in full."""
    if not reads_in_full(engagement, user):
        return
    inside = reads_internal(engagement, user)
    things = dict(_things(engagement, user))
    wanted = Q(pk__in=[])
    for model, names in (TOLD_INSIDE if inside else TOLD).items():
        kind = ContentType.objects.get_for_model(model)
        keys = [str(pk) for (found, pk) in things if found is model]
        if keys:
            actions = [f"{model._meta.app_label}.{model._meta.model_name}.{name}" for name in names]
            wanted |= Q(content_type=kind, object_id__in=keys, action__in=actions)
    entries = ModelLogEntry.objects.filter(wanted).select_related("user", "content_type").order_by("-timestamp", "-pk")
    if not inside:
        entries = entries.filter(Q(data__internal__isnull=True) | Q(data__internal=False))
    for entry in entries[:SHOWN]:
        about, address = things[entry.content_type.model_class(), int(entry.object_id)]
        yield Change(
            at=entry.timestamp,
            text=str(entry.message).removesuffix("."),
            about=about,
            by=str(entry.user) if entry.user else "",
            address=address,
            note=str(entry.data.get("note", "")) if issubclass(entry.content_type.model_class(), Engagement) else "",
            new=since is not None and entry.timestamp > since and entry.user_id != user.pk,
        )


def _things(engagement: Engagement, user: Any) -> Iterator[tuple[tuple[type[Model], int], tuple[str, str]]]:
    """Everything in the engagement this reader may see: what it is called and where it is."""
    case_no = engagement.case_no
    yield (Engagement, engagement.pk), ("", address_of("engagements:history", case_no))
    for review in Review.objects.visible_to(user).filter(engagement=engagement):
        yield (Review, review.pk), (review.get_kind_display(), address_of("reviews:detail", case_no, review.pk))
    for report in Report.objects.visible_to(user).filter(engagement=engagement):
        yield (Report, report.pk), (report.get_kind_display(), address_of("findings:report", case_no, report.kind))
    for action in Action.objects.visible_to(user).filter(engagement=engagement):
        yield (Action, action.pk), (str(action), address_of("followup:action", case_no, action.number))
    recommendations = Recommendation.objects.visible_to(user).filter(engagement=engagement, reply__isnull=False)
    for pk, number, title in recommendations.values_list("reply", "number", "title"):
        yield (Reply, pk), (f"{number}. {title}", address_of("followup:engagement", case_no))
