"""What people do with an application, up to its submission; see `deciding` for what staff do after it."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.design.versions import StaleError
from engagements.lifecycle import MoveRefused, move, record
from engagements.people import permissions as who
from engagements.people import services as people
from engagements.people.models import CASEWORK_ROLES, SIGNING_ROLES, Membership, Role
from engagements.programme.models import Engagement, Round
from engagements.records.numbers import next_application_reference
from engagements.records.versions import sent_twice

from . import messages, permissions, readiness
from .models import Application, Attachment, Section, SignOff, State
from .sections import BY_KEY, SECTIONS

if TYPE_CHECKING:
    from engagements.municipalities.models import Municipality
    from engagements.users.models import User

MOST_ATTACHMENTS = 20
BETWEEN_REQUESTS = timedelta(minutes=1)
"""A second click within this time asks nobody twice."""


@transaction.atomic
def begin_application(
    *, municipality: "Municipality", round: Round, by: "User", at: datetime | None = None
) -> Application:
    """The municipality's application in this round: the one it has, or a new draft with empty sections.

    Raises MoveRefused if `by` may not begin one, the round is not open, or an engagement of the same offer runs there.
    """
    at = at or timezone.now()
    if not permissions.may_begin(municipality.pk, by):
        raise MoveRefused(_("Only a leader or coordinator of the municipality can begin an application."))
    existing = _living(municipality, round)
    if existing is not None:
        return existing
    if not round.is_open(at):
        raise MoveRefused(_("The application round is not open."))
    running = Engagement.objects.running().filter(municipality=municipality, offer=round.offer_id).first()
    if running is not None:
        raise MoveRefused(
            _("The municipality has a running engagement of this kind (%(case_no)s); you can apply when it has ended.")
            % {"case_no": running.shown_case_no}
        )
    try:
        with transaction.atomic():
            application = Application.objects.create(
                reference=next_application_reference(at), municipality=municipality, round=round, created_by=by
            )
    except IntegrityError:
        # A colleague began at the same moment: both go on with the same application.
        found = _living(municipality, round)
        if found is None:
            raise
        return found
    Section.objects.bulk_create(Section(application=application, key=section.key) for section in SECTIONS)
    record(application, "begun", by=by)
    return application


def _living(municipality: "Municipality", round: Round) -> Application | None:
    ended = [State.WITHDRAWN, State.DECLINED]
    return Application.objects.filter(municipality=municipality, round=round).exclude(state__in=ended).first()


def _require_editable(application: Application, by: "User") -> None:
    """Lock the application, so that nothing changes under a submission, and refuse those who may not edit."""
    locked = Application.objects.select_for_update().get(pk=application.pk)
    if not permissions.may_edit(locked, by):
        raise MoveRefused(_("The application cannot be changed now. Nothing has been saved."))


@transaction.atomic
def save_section(
    application: Application,
    *,
    key: str,
    answers: dict[str, Any],
    complete: bool,
    expected_version: int | None,
    by: "User",
    logged: bool = True,
) -> Section:
    """Store a section's answers; raises StaleError if someone saved after `expected_version` was read.

    `logged=False` is for the automatic saving, which would fill the log.
    """
    _require_editable(application, by)
    section = Section.objects.select_for_update().get(application=application, key=key)
    if section.version != expected_version:
        raise StaleError(section)
    if section.answers != answers or section.complete != complete:
        section.answers = answers
        section.complete = complete
        section.version += 1
        section.saved_by = by
        section.clean_fields()
        section.save()
        if key == "political":
            subject = bool(answers.get("subject_to_political_treatment"))
            Application.objects.filter(pk=application.pk).update(subject_to_political_treatment=subject)
    if logged:
        record(application, "section_saved", by=by, section=str(BY_KEY[key].title))
    return section


@transaction.atomic
def invite_colleague(application: Application, *, email: str, role: str = Role.COORDINATOR, by: "User") -> bool:
    """Ask a colleague to help with the application; True if the person already has access and got a notice instead.

    A colleague without access is invited to the municipality, which only a leader may do.
    """
    if not who.works_for(by, application.municipality_id):
        raise MoveRefused(_("Only a leader or coordinator of the municipality can invite colleagues."))
    email = email.strip().lower()
    member = (
        Membership.objects.active()
        .with_role(*CASEWORK_ROLES)
        .filter(municipality=application.municipality_id, user__email=email)
        .select_related("user")
        .first()
    )
    if member is None:
        if not who.has_role(by, application.municipality_id, Role.LEADER):
            raise MoveRefused(_("Only a leader can invite a person who does not yet have access."))
        people.invite(
            email=email,
            municipality=application.municipality,
            role=role,
            by=by,
            next_address=application.get_absolute_url(),
        )
    else:
        messages.colleague_asked(application, member.user, by=by)
    record(application, "colleague_invited", by=by, email=email)
    return member is not None


@transaction.atomic
def add_attachment(application: Application, *, title: str, upload: File, by: "User") -> Attachment:
    """Attach a file. Raises ValidationError unless it passes the checks of content, size and CPR numbers."""
    _require_editable(application, by)
    if application.attachments.count() >= MOST_ATTACHMENTS:
        raise MoveRefused(_("An application takes %(most)s attachments.") % {"most": MOST_ATTACHMENTS})
    upload.seek(0)
    checksum = hashlib.sha256(upload.read()).hexdigest()
    upload.seek(0)
    Application.objects.select_for_update().get(pk=application.pk)
    same = {"title": title, "sha256": checksum, "uploaded_by": by}
    if twin := sent_twice(application.attachments.all(), when="uploaded_at", **same):
        return twin
    attachment = Attachment(application=application, title=title, file=upload, sha256=checksum, uploaded_by=by)
    attachment.full_clean(exclude=["application", "uploaded_by"])
    attachment.save()
    record(application, "attachment_added", by=by, title=title)
    return attachment


@transaction.atomic
def remove_attachment(attachment: Attachment, *, by: "User") -> None:
    """Take a file away again; what has been submitted stays."""
    application = attachment.application
    _require_editable(application, by)
    if application.submitted_at and attachment.uploaded_at < application.submitted_at:
        raise MoveRefused(_("This file was part of the submitted application and stays."))
    record(application, "attachment_removed", by=by, title=attachment.title)
    storage, name = attachment.file.storage, str(attachment.file.name)
    attachment.delete()
    transaction.on_commit(lambda: storage.delete(str(name)))


@transaction.atomic
def request_sign_off(application: Application, *, email: str, by: "User") -> SignOff:
    """Mail the director or a deputy a link that ends in sign-in; the link alone gives access to nothing.

    An address without a signing role in the municipality gets an invitation as director that leads to the same page;
    only a leader may send one.
    """
    _require_editable(application, by)
    email = email.strip().lower()
    member = (
        Membership.objects.active()
        .with_role(*SIGNING_ROLES)
        .filter(municipality=application.municipality_id, user__email=email)
        .select_related("user")
        .first()
    )
    just_asked = application.sign_offs.filter(
        signer_email=email, signed_at=None, requested_at__gt=timezone.now() - BETWEEN_REQUESTS
    ).first()
    if just_asked is not None:
        return just_asked
    sign_off = SignOff.objects.create(
        application=application,
        signer=member.user if member else None,
        signer_email=email,
        token=secrets.token_urlsafe(32),
        requested_by=by,
    )
    address = reverse("applications:sign_off", args=[sign_off.token])
    if member:
        messages.sign_off_asked(sign_off, by=by)
    elif not who.has_role(by, application.municipality_id, Role.LEADER):
        raise MoveRefused(
            _(
                "No director or deputy in the municipality has this address. A leader can ask for the sign-off and thereby invite."
            )
        )
    else:
        people.invite(
            email=email, municipality=application.municipality, role=Role.DIRECTOR, by=by, next_address=address
        )
    record(application, "sign_off_requested", by=by, email=email)
    return sign_off


@transaction.atomic
def sign_off(application: Application, *, by: "User", at: datetime | None = None) -> SignOff:
    """The director or a deputy signs off exactly the answers as they are now.

    Raises MoveRefused if `by` does not sign for the municipality, the draft is gone, or a section is not complete.
    """
    at = at or timezone.now()
    locked = Application.objects.select_for_update().get(pk=application.pk)
    if not permissions.may_sign(locked, by):
        raise MoveRefused(_("Only the director or a named deputy can sign off."))
    if locked.state != State.DRAFT:
        raise MoveRefused(_("The application has been submitted and can no longer be signed off."))
    incomplete = readiness.sections_complete(locked, at)
    if incomplete:
        raise MoveRefused(incomplete)
    found = readiness.digest(locked)
    standing = readiness.sign_off_standing(locked)
    if standing.kind == "signed" and standing.sign_off is not None:
        return standing.sign_off
    asked = locked.sign_offs.filter(signed_at=None, signer_email=by.email).first()
    signed = asked or SignOff(application=locked, signer_email=by.email, token=secrets.token_urlsafe(32))
    signed.signer = by
    signed.signed_at = at
    signed.signed_role = Role.DIRECTOR if who.has_role(by, locked.municipality_id, Role.DIRECTOR) else Role.DEPUTY
    signed.answers_digest = found
    signed.save()
    record(locked, "signed_off", by=by)
    messages.signed(signed, by=by)
    return signed


def submit_application(application: Application, *, by: "User", at: datetime | None = None) -> Application:
    """Submit: complete, signed off, before the deadline at the arrival `at`; gives the case number and the receipt."""
    return move(application, "submit", by=by, at=at)
