"""What is done with the catalogue: which wording judges a case, new versions, publication, a lawyer's confirmation."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagements import lifecycle
from engagements.users.models import User

from .models import Requirement, RequirementVersion


def version_for(requirement: Requirement, year: int) -> RequirementVersion | None:
    """The published wording that judges a case decided in `year`; None if that year's law knows no such requirement."""
    return RequirementVersion.objects.for_year(year).filter(requirement=requirement).first()


def versions_for(requirements: Iterable[Requirement], year: int) -> dict[int, RequirementVersion]:
    """The wordings for many requirements in one query, by primary key of the requirement."""
    found = RequirementVersion.objects.for_year(year).filter(requirement__in=requirements).select_related("requirement")
    return {version.requirement_id: version for version in found}


@transaction.atomic
def draft_version(requirement: Requirement, *, valid_from: date, by: User, **wording: Any) -> RequirementVersion:
    """Begin a new version from a date; what `wording` does not say is taken from the newest version.

    It takes over from that date once it is published; the version before it stays as it is.
    """
    newest = requirement.versions.order_by("-valid_from").first()
    kept = ("law", "paragraph", "deadline_iso", "deadline_text", "clock_starts", "source_note")
    inherited = {name: getattr(newest, name) for name in kept} if newest else {}
    version = RequirementVersion(requirement=requirement, valid_from=valid_from, **{**inherited, **wording})
    version.full_clean()
    version.save()
    lifecycle.record(version, "drafted", by=by)
    return version


@transaction.atomic
def publish(version: RequirementVersion, *, by: User | None) -> RequirementVersion:
    """Take a version into use; from now on it cannot be changed or deleted."""
    version = RequirementVersion.objects.select_for_update().get(pk=version.pk)
    if version.is_published:
        raise ValidationError(_("The version is already published."))
    version.published_at = timezone.now()
    version.full_clean()
    version.save()
    lifecycle.record(version, "published", by=by)
    return version


@transaction.atomic
def confirm(version: RequirementVersion, *, lawyer: str, on: date, by: User | None) -> RequirementVersion:
    """Record that a lawyer, by name, has confirmed the wording; takes the mark *not legally confirmed* away.

    Raises ValidationError without a name, with a date to come, or with a CPR number in the name.
    """
    version = RequirementVersion.objects.select_for_update().get(pk=version.pk)
    if not lawyer.strip():
        raise ValidationError({"confirmed_by": _("Write the lawyer's name.")})
    if on > timezone.localdate():
        raise ValidationError({"confirmed_on": _("The date has not come yet.")})
    version.confirmed_by, version.confirmed_on = lawyer.strip(), on
    version.full_clean()
    version.save(update_fields=["confirmed_by", "confirmed_on"])
    lifecycle.record(version, "confirmed", by=by, lawyer=version.confirmed_by, on=on.isoformat())
    return version


@transaction.atomic
def withdraw_confirmation(version: RequirementVersion, *, by: User | None) -> RequirementVersion:
    """Put the mark *not legally confirmed* back."""
    version = RequirementVersion.objects.select_for_update().get(pk=version.pk)
    version.confirmed_by, version.confirmed_on = "", None
    version.save(update_fields=["confirmed_by", "confirmed_on"])
    lifecycle.record(version, "confirmation_withdrawn", by=by)
    return version
