"""Who is told what: the certificate, its revocation, and the question what the run was like."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from engagements.lifecycle import Step
from engagements.notices.registry import Tell, on_move
from engagements.notices.services import notify

from .models import Certificate
from .permissions import EVALUATION_OPEN
from .results import to_be_asked

if TYPE_CHECKING:
    from courses.runs.models import Run


def _facts(certificate: Certificate) -> dict[str, str]:
    return {"number": certificate.number, "title": certificate.facts["title"]}


def certificate_issued(certificate: Certificate) -> None:
    """The person hears where the certificate is."""
    notify(
        [certificate.person],
        key=f"certificate:{certificate.number}",
        subject=lambda: _("Your certificate for “%(title)s”") % _facts(certificate),
        body=lambda: (
            _(
                "You have completed “%(title)s”. Your certificate has number %(number)s, and you can fetch it as a PDF. "
                "Others can check with its code that it is valid."
            )
            % _facts(certificate)
        ),
        address=certificate,
    )


@on_move(Certificate, "revoke")
def revoked(certificate: Certificate, step: Step) -> Iterator[Tell]:
    """The person hears that it no longer holds; the reason is internal."""
    yield Tell(
        [certificate.person],
        lambda: _("Certificate %(number)s is revoked") % _facts(certificate),
        lambda: (
            _(
                "Your certificate for “%(title)s” (number %(number)s) has been revoked and is no longer valid. "
                "Write to the organiser of the course if you have questions."
            )
            % _facts(certificate)
        ),
        certificate,
    )


def ask_for_evaluation(run: "Run") -> int:
    """Ask the participants what the run was like; each is asked once. Returns how many were asked now."""
    last = timezone.localtime(run.ends_at + EVALUATION_OPEN)
    facts = lambda: {"title": run.title, "until": date_format(last, "DATETIME_FORMAT")}  # noqa: E731 - in the language of the recipient
    args = run.address_args
    made = notify(
        to_be_asked(run),
        key=f"evaluation:{run.pk}",
        subject=lambda: _("What was “%(title)s” like?") % facts(),
        body=lambda: (
            _(
                "Tell us in a few minutes what was good and what should be different. The evaluation is anonymous: "
                "we see that you have answered, but not what. You can answer until %(until)s."
            )
            % facts()
        ),
        address=lambda: reverse("completion:evaluate", kwargs=args),
    )
    return len(made)
