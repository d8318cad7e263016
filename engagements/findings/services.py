"""What is done with findings, recommendations and reports."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.lifecycle import MoveRefused, move, moves_for, record
from engagements.programme.models import Engagement
from engagements.records.models import Document
from engagements.records.services import file_document
from engagements.records.versions import save_versioned, sent_twice
from engagements.reviews.models import Review
from engagements.reviews.services import share

from . import content, documents, readiness
from .models import Finding, Recommendation, Report, ReportKind, ReportVersion

if TYPE_CHECKING:
    from engagements.users.models import User

FRIDAY = 5


class NotReady(Exception):
    """The report lacks something; `problems` are the sentences shown."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def report_kind_now(engagement: Engagement, review: Review | None = None) -> ReportKind:
    """Which report a new finding goes into: the status report after the analysis report is published."""
    if review is not None and review.kind == Review.Kind.STATUS:
        return ReportKind.STATUS
    published = engagement.reports.filter(kind=ReportKind.ANALYSIS, published_at__isnull=False).exists()
    return ReportKind.STATUS if published else ReportKind.ANALYSIS


@transaction.atomic
def write_finding(*, engagement: Engagement, by: "User", **fields: Any) -> Finding:
    """Write a strength or weakness; it gets the engagement's next number."""
    fields.setdefault("report_kind", report_kind_now(engagement, fields.get("review")))
    number = _next_number(engagement, Finding)
    same = {"title": fields.get("title", ""), "text": fields.get("text", ""), "created_by": by}
    if twin := sent_twice(engagement.findings.all(), when="created_at", **same):
        return twin
    finding = Finding(engagement=engagement, number=number, created_by=by, **fields)
    finding.full_clean()
    finding.save()
    record(finding, "written", by=by)
    return finding


@transaction.atomic
def change_finding(*, finding: Finding, by: "User", version: int, **fields: Any) -> Finding:
    """Change an unpublished finding that is still as it was at `version`; StaleError if a colleague was faster."""
    _refuse_unless_draft(finding)
    return _change(finding, by, version, fields)


@transaction.atomic
def delete_finding(*, finding: Finding, by: "User") -> None:
    """Delete an unpublished finding that no recommendation builds on."""
    _refuse_unless_draft(finding)
    if finding.recommendations.exists():
        raise ValidationError(_("A recommendation builds on this finding. Change the recommendation first."))
    record(finding, "deleted", by=by, title=finding.title)
    finding.delete()


@transaction.atomic
def write_recommendation(
    *, engagement: Engagement, by: "User", findings: Sequence[Finding], **fields: Any
) -> Recommendation:
    """Recommend something because of one or more findings of the same engagement."""
    _refuse_foreign(engagement, findings)
    fields.setdefault("report_kind", report_kind_now(engagement))
    number = _next_number(engagement, Recommendation)
    same = {"title": fields.get("title", ""), "text": fields.get("text", ""), "created_by": by}
    if twin := sent_twice(engagement.recommendations.all(), when="created_at", **same):
        return twin
    recommendation = Recommendation(engagement=engagement, number=number, created_by=by, **fields)
    recommendation.full_clean()
    recommendation.save()
    recommendation.findings.set(findings)
    record(recommendation, "written", by=by)
    return recommendation


@transaction.atomic
def change_recommendation(
    *, recommendation: Recommendation, by: "User", version: int, findings: Sequence[Finding], **fields: Any
) -> Recommendation:
    """Change an unpublished recommendation that is still as it was at `version`."""
    _refuse_unless_draft(recommendation)
    _refuse_foreign(recommendation.engagement, findings)
    changed = _change(recommendation, by, version, fields)
    changed.findings.set(findings)
    return changed


@transaction.atomic
def delete_recommendation(*, recommendation: Recommendation, by: "User") -> None:
    """Delete an unpublished recommendation."""
    _refuse_unless_draft(recommendation)
    record(recommendation, "deleted", by=by, title=recommendation.title)
    recommendation.delete()


@transaction.atomic
def put_before(*, recommendation: Recommendation, by: "User") -> None:
    """Exchange numbers with the unpublished recommendation before it, if there is one."""
    _refuse_unless_draft(recommendation)
    rows = Recommendation.objects.select_for_update().filter(engagement=recommendation.engagement_id)
    here = rows.get(pk=recommendation.pk)
    before = rows.filter(number__lt=here.number, published_at__isnull=True, report_kind=here.report_kind).last()
    if before is None:
        return
    _refuse_unless_draft(before)
    numbers = before.number, here.number
    free = (rows.aggregate(Max("number"))["number__max"] or 0) + 1
    for row, number in ((before, free), (here, numbers[0]), (before, numbers[1])):
        Recommendation.objects.filter(pk=row.pk).update(number=number)
    record(here, "changed", by=by, order=numbers[0])


@transaction.atomic
def begin_report(*, engagement: Engagement, kind: str, by: "User") -> Report:
    """Begin the report of this kind; the one that exists if somebody was faster."""
    report, begun = Report.objects.get_or_create(engagement=engagement, kind=kind)
    if begun:
        record(report, "begun", by=by)
    return report


@transaction.atomic
def change_report(*, report: Report, by: "User", version: int, **texts: str) -> Report:
    """Change the texts of a report in draft."""
    if Report.objects.select_for_update().get(pk=report.pk).state != Report.State.DRAFT:
        raise ValidationError(_("The report is locked. Open it for changes first."))
    return _change(report, by, version, texts)


def lock_report(*, report: Report, by: "User", at: datetime | None = None) -> ReportVersion:
    """Freeze every fact of the report as a new version and file its PDF, made from the frozen facts alone.

    NotReady if something is missing, MoveRefused if it is not possible now or not for this person. The PDF takes
    seconds, so it is made before the rows are locked; facts that changed meanwhile are refused.
    """
    at = at or timezone.now()
    if lacking := readiness.problems(report):
        raise NotReady([str(problem.text) for problem in lacking])
    fresh = Report.objects.get(pk=report.pk)
    if "lock" not in [allowed.name for allowed in moves_for(fresh, by)]:
        move(fresh, "lock", by=by, at=at)  # says why not
    number = (report.versions.aggregate(Max("number"))["number__max"] or 0) + 1
    facts = content.freeze(fresh, number=number, by=by, at=at)
    pdf = documents.report_pdf(facts)
    with transaction.atomic():
        move(report, "lock", by=by, at=at)
        now = content.freeze(report, number=number, by=by, at=at)
        if content.comparable(now) != content.comparable(facts):
            raise MoveRefused(_("A colleague changed the report in the same moment. Look at it and lock it again."))
        document = file_document(
            report.engagement.case_no,
            documents.title_of(facts),
            pdf,
            by=by,
            internal=True,
            direction=Document.Direction.MADE,
        )
        return ReportVersion.objects.create(
            report=report, number=number, content=facts, document=document, locked_at=at, locked_by=by
        )


@transaction.atomic
def publish_report(*, report: Report, by: "User", at: datetime | None = None) -> ReportVersion:
    """Let the municipality read the locked version with its findings, recommendations and case reviews.

    The director is told of critical findings, and council members read such a report from the next working day.
    """
    at = at or timezone.now()
    Report.objects.select_for_update().get(pk=report.pk)
    version = report.versions.order_by("-number").first()
    first_time = report.published_at is None
    if version is not None and content.critical(version.content) and first_time:
        report.council_from = _next_working_day(at)
        Report.objects.filter(pk=report.pk).update(council_from=report.council_from)
    move(report, "publish", by=by, at=at)  # MoveRefused rolls everything back
    assert version is not None  # noqa: S101 - a locked report has a version
    version.published_at, version.published_by = at, by
    version.save()
    Document.objects.filter(pk=version.document_id).update(internal=False)
    for model, rows in ((Finding, "findings"), (Recommendation, "recommendations")):
        pks = [row["pk"] for row in version.content[rows]]
        model._default_manager.filter(pk__in=pks, published_at__isnull=True).update(published_at=at)
    share(Review.objects.filter(pk__in=[row["pk"] for row in version.content["reviews"]]), by=by, at=at)
    return version


def _next_working_day(at: datetime) -> datetime:
    """The beginning of the next Monday to Friday after the local day of `at`."""
    day = timezone.localtime(at).date() + timedelta(days=1)
    while day.isoweekday() > FRIDAY:
        day += timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def _next_number(engagement: Engagement, model: type[models.Model]) -> int:
    """The next number in the engagement, whose row is locked until it is used."""
    Engagement.objects.select_for_update().get(pk=engagement.pk)
    rows = model._default_manager.filter(engagement=engagement)
    return int(rows.aggregate(last=Max("number"))["last"] or 0) + 1


def _refuse_unless_draft(obj: Finding | Recommendation) -> None:
    """Refuse what is published or stands in a locked report; the report cannot be locked until the change is made."""
    reports = Report.objects.select_for_update().filter(engagement=obj.engagement_id, kind=obj.report_kind)
    states = [report.state for report in reports]
    if type(obj)._default_manager.filter(pk=obj.pk, published_at__isnull=False).exists():
        raise ValidationError(
            _("This is published and can no longer be changed. Write a new one for the next version.")
        )
    if Report.State.LOCKED in states:
        raise ValidationError(_("The report is locked. Open it for changes first."))


def _refuse_foreign(engagement: Engagement, findings: Sequence[Finding]) -> None:
    if not findings:
        raise ValidationError(_("A recommendation builds on at least one finding."))
    if any(finding.engagement_id != engagement.pk for finding in findings):
        raise ValidationError(_("The finding belongs to another engagement."))


def _change[M: (Finding, Recommendation, Report)](obj: M, by: "User", version: int, fields: dict[str, Any]) -> M:
    for name, value in fields.items():
        setattr(obj, name, value)
    obj.full_clean()
    save_versioned(obj, version, list(fields))
    record(obj, "changed", by=by)
    return obj
