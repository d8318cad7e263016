"""Where an application stands, in words: what awaits whom, by when, and the next thing to do."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import permissions
from .models import Application, State
from .readiness import moment, sign_off_standing, unassessed
from .sections import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable


def time_left(until: datetime, at: datetime | None = None) -> str:
    """How long until then, in days, then hours, then minutes; empty when it has passed."""
    left = until - (at or timezone.now())
    minutes = int(left.total_seconds() // 60)
    if left.total_seconds() <= 0:
        return ""
    if left.days >= 3:
        return ngettext("%(n)s day left", "%(n)s days left", left.days) % {"n": left.days}
    if minutes >= 60:
        return ngettext("%(n)s hour left", "%(n)s hours left", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)s minute left", "%(n)s minutes left", minutes) % {"n": minutes}


def awaiting(application: Application) -> str:
    """What awaits whom, by when; one sentence, the same for everyone who sees the page."""
    facts = {
        "municipality": application.municipality.full_name,
        "closes": moment(application.round.closes_at),
        "left": time_left(application.round.closes_at),
        "answer_by": date_format(application.round.answer_by, "DATE_FORMAT"),
        "due": date_format(application.answer_due_on, "DATE_FORMAT") if application.answer_due_on else "",
        "place": application.place_in_line,
    }
    sentences = {
        State.DRAFT: _("Awaits %(municipality)s: submit before %(closes)s (%(left)s)."),
        State.SUBMITTED: _("Awaits the Task Force: assessment by both agencies, and an answer by %(answer_by)s."),
        State.ASSESSMENT: _("Awaits the Task Force: assessment by both agencies, and an answer by %(answer_by)s."),
        State.MORE_INFORMATION: _("Awaits %(municipality)s: send the supplement by %(due)s."),
        State.WAITLISTED: _("On the waiting list as number %(place)s; we write if a place becomes free."),
        State.ACCEPTED: _("The application is accepted, and the work goes on in the engagement."),
        State.DECLINED: _("The application is decided; nothing more awaits anyone."),
        State.WITHDRAWN: _("The application is withdrawn; nothing more awaits anyone."),
    }
    if application.state == State.DRAFT and not facts["left"]:
        return _("The application round closed %(closes)s; this draft was not submitted.") % facts
    if application.state == State.ASSESSMENT and not unassessed(application):
        return _("Awaits the Task Force: decision, and an answer by %(answer_by)s.") % facts
    return sentences[State(application.state)] % facts


@dataclass(frozen=True)
class NextStep:
    """The one button a person most likely wants now."""

    label: str
    address: str


def next_step(application: Application, rows: "Iterable[Any]", user: Any) -> NextStep | None:
    """The next thing for this person on a draft; None when nothing awaits them."""
    if application.state != State.DRAFT or not application.round.is_open():
        return None
    done = {row.key for row in rows if row.complete}
    unfinished = [section for section in SECTIONS if section.key not in done]
    reference = application.reference
    if unfinished:
        if not permissions.may_edit(application, user):
            return None
        label = _("Go on with “%(section)s”") % {"section": unfinished[0].title}
        return NextStep(label, reverse("applications:section", args=[reference, unfinished[0].key]))
    return _after_sections(application, user)


def _after_sections(application: Application, user: Any) -> NextStep | None:
    reference = application.reference
    signed = sign_off_standing(application).kind == "signed"
    if not signed and permissions.may_sign(application, user):
        return NextStep(_("Read and sign off"), reverse("applications:sign", args=[reference]))
    if not signed and permissions.may_edit(application, user):
        return NextStep(_("Ask for the sign-off"), reverse("applications:request_sign_off", args=[reference]))
    if signed and permissions.may_submit(application, user):
        return NextStep(_("Submit the application"), reverse("applications:submit", args=[reference]))
    return None
