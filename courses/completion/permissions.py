"""Who notes attendance, issues and revokes certificates, and reads evaluations."""

from typing import TYPE_CHECKING, Any

from courses.runs.permissions import may_hold, may_organise

if TYPE_CHECKING:
    from .models import Certificate


def may_revoke(certificate: "Certificate", user: Any) -> bool:
    """The organiser of the run, who cannot revoke the own certificate."""
    return certificate.person_id != user.pk and may_organise(certificate.enrolment.run, user)


__all__ = ["may_hold", "may_organise", "may_revoke"]
