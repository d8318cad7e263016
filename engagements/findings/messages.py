"""Who is told of a report: the leads when a version is locked, the municipality when it is published."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.lifecycle import Step
from engagements.notices.registry import Tell, on_move
from engagements.people import permissions as who
from engagements.people.models import Role
from engagements.people.services import people_of, staff
from engagements.programme.services import team_of

from . import content
from .models import Report

if TYPE_CHECKING:
    from engagements.programme.models import Engagement
    from engagements.users.models import User

READERS = (Role.LEADER, Role.COORDINATOR, Role.DIRECTOR)


def recipients(engagement: "Engagement") -> "list[User]":
    """Those of the municipality who are told that a report is published."""
    return list(people_of(engagement.municipality, *READERS))


def directors(engagement: "Engagement") -> "list[User]":
    """Those who are told of critical findings."""
    return list(people_of(engagement.municipality, Role.DIRECTOR))


def published_subject(report: Report) -> str:
    """The subject of the notice to the municipality."""
    names = {"report": _capital(report.get_kind_display()), "municipality": report.engagement.municipality.full_name}
    return _("%(report)s for %(municipality)s is published to you") % names


def published_body(report: Report) -> str:
    """The text of the notice to the municipality."""
    version = report.versions.order_by("-number").first()
    count = len(version.content["recommendations"]) if version else 0
    asked = ngettext(
        "It contains %(count)s recommendation, which you answer on the page of the engagement.",
        "It contains %(count)s recommendations, which you answer on the page of the engagement.",
        count,
    ) % {"count": count}
    return (
        _("The Task Force has published the report of case no. %(case_no)s. You can read it and fetch it as a PDF.")
        % {"case_no": report.engagement.shown_case_no}
        + "\n\n"
        + asked
    )


def critical_subject(report: Report) -> str:
    """The subject of the notice to the director alone."""
    names = {"municipality": report.engagement.municipality.full_name}
    return _("Critical findings in the report for %(municipality)s") % names


def critical_body(report: Report) -> str:
    """The text of the notice to the director alone: which findings, and when the council reads them."""
    version = report.versions.order_by("-number").first()
    titles = [finding["title"] for finding in content.critical(version.content)] if version else []
    first = ngettext(
        "The report contains %(count)s critical finding:",
        "The report contains %(count)s critical findings:",
        len(titles),
    ) % {"count": len(titles)}
    after = _(
        "You are told before the council: its members can read the report from the next working day. "
        "Critical findings ask for action now, and not only when the development plan is ready."
    )
    return "\n\n".join([first, "\n".join(f"– {title}" for title in titles), after])


@on_move(Report, "lock")
def waits_for_publication(report: Report, step: Step) -> Iterator[Tell]:
    """The leads learn that a version waits for them."""
    names = {"municipality": report.engagement.municipality.full_name}
    yield Tell(
        staff(who.LEAD, about=report.engagement.municipality),
        lambda: _("%(municipality)s: a report waits for your approval") % names,
        lambda: _("A version of the report is locked. Read it and publish it, or open it for changes."),
        report,
    )


@on_move(Report, "publish")
def published(report: Report, step: Step) -> Iterator[Tell]:
    """The director first where something is critical; then everyone who works with it, and the team."""
    engagement = report.engagement
    version = report.versions.order_by("-number").first()
    if version is not None and content.critical(version.content):
        yield Tell(directors(engagement), partial(critical_subject, report), partial(critical_body, report), report)
    told = recipients(engagement)
    yield Tell(told, partial(published_subject, report), partial(published_body, report), report)
    team = [user for user in team_of(engagement) if user not in told]
    names = {"municipality": engagement.municipality.full_name}
    yield Tell(
        team,
        lambda: _("The report for %(municipality)s is published") % names,
        lambda: _("The municipality can read the report and answer its recommendations."),
        report,
    )


def _capital(text: object) -> str:
    return str(text)[:1].upper() + str(text)[1:]
