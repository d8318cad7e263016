"""Ready to submit: one check per thing that may be missing; and the standing of the sign-off."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from engagements.lifecycle import MoveRefused

from .sections import SECTIONS

if TYPE_CHECKING:
    from .models import Application, SignOff

type Check = Callable[["Application", datetime], str]


def digest(application: "Application") -> str:
    """A checksum of exactly these answers and attachments: what the director signs off."""
    answers = dict(application.sections.values_list("key", "answers"))
    files = sorted(application.attachments.values_list("title", "sha256"))
    frozen = json.dumps([answers, files], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(frozen.encode()).hexdigest()


@dataclass(frozen=True)
class SignOffStanding:
    """Where the sign-off is: `none`, `requested`, `outdated` (answers changed since) or `signed`."""

    kind: str
    sign_off: "SignOff | None" = None


def sign_off_standing(application: "Application") -> SignOffStanding:
    """The newest sign-off and whether it covers the answers as they are now."""
    rows = list(application.sign_offs.select_related("signer", "requested_by"))
    signed = sorted((row.signed_at, row.pk, row) for row in rows if row.signed_at)
    if signed:
        signed_at, _pk, newest = signed[-1]
        # A submitted application's sign-off is history: it covered what was submitted.
        if application.submitted_at or newest.answers_digest == digest(application):
            return SignOffStanding("signed", newest)
        asked_since = [row for row in rows if not row.signed_at and row.requested_at > signed_at]
        return SignOffStanding("requested", asked_since[0]) if asked_since else SignOffStanding("outdated", newest)
    return SignOffStanding("requested", rows[0]) if rows else SignOffStanding("none")


def moment(at: datetime, *, seconds: bool = False) -> str:
    """`mandag den 30. november 2026 kl. 12.00`."""
    local = timezone.localtime(at)
    return _("%(weekday)s %(date)s at %(time)s") % {
        "weekday": date_format(local, "l"),
        "date": date_format(local, "DATE_FORMAT"),
        "time": time_format(local, "H.i.s" if seconds else "TIME_FORMAT"),
    }


def in_time(application: "Application", at: datetime) -> str:
    """The round is open at the arrival of the request; its last moment is before the clock strikes."""
    if application.round.is_open(at):
        return ""
    if at < application.round.opens_at:
        return _("The application round opens %(opens)s.") % {"opens": moment(application.round.opens_at)}
    return _(
        "The application round closed %(closed)s, and your application arrived %(arrived)s. It has not been submitted."
    ) % {"closed": moment(application.round.closes_at), "arrived": moment(at, seconds=True)}


def sections_complete(application: "Application", at: datetime) -> str:
    """Every section is complete."""
    done = set(application.sections.filter(complete=True).values_list("key", flat=True))
    open_sections = [str(section.title) for section in SECTIONS if section.key not in done]
    if not open_sections:
        return ""
    return _("These sections are not complete: %(sections)s.") % {"sections": ", ".join(open_sections)}


def signed_off(application: "Application", at: datetime) -> str:
    """The director or a deputy has signed off exactly these answers."""
    return {
        "signed": "",
        "outdated": _("The answers have changed since the director's sign-off. Ask for a new one."),
    }.get(sign_off_standing(application).kind, _("The director's sign-off is missing."))


CHECKS: tuple[Check, ...] = (in_time, sections_complete, signed_off)


def missing(application: "Application", *, at: datetime) -> list[str]:
    """What stands in the way of submitting at `at`, as sentences; empty when ready."""
    return [sentence for check in CHECKS if (sentence := check(application, at))]


def require_ready(application: "Application", *, at: datetime) -> None:
    """Raise MoveRefused naming what is missing."""
    problems = missing(application, at=at)
    if problems:
        raise MoveRefused(" ".join(problems))


def unassessed(application: "Application") -> list[str]:
    """The agencies whose assessment is not complete."""
    from .models import Assessment

    done = set(application.assessments.filter(completed_at__isnull=False).values_list("agency", flat=True))
    return [str(label) for key, label in Assessment.Agency.choices if key not in done]
