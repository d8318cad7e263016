"""A run's rules as sentences, in the order a participant meets them."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import Run

DELETED_AFTER_DAYS = 14
"""Answers to the run's questions are deleted so many days after the last session."""


def rules_in_words(run: Run) -> list[str]:
    """Seats, shares, waiting list, cancelling and certificate; asks one query for the shares unless prefetched."""
    return [*_seats(run), *_waiting(run), *_after(run)]


def _moment(value: object) -> str:
    return date_format(timezone.localtime(value), "DATETIME_FORMAT")  # type: ignore[arg-type]


def _seats(run: Run) -> Iterator[str]:
    yield ngettext("There is %(n)s seat.", "There are %(n)s seats.", run.capacity) % {"n": run.capacity}
    if run.minimum > 1:
        yield _("The run is held if at least %(n)s enrol.") % {"n": run.minimum}
    shares = list(run.allotments.all())
    if run.quota:
        yield ngettext(
            "Each municipality may have %(n)s seat.", "Each municipality may have up to %(n)s seats.", run.quota
        ) % {"n": run.quota}
    for share in shares:
        facts = {"name": share.municipality.full_name, "n": share.at_most, "reserved": share.reserved}
        if share.at_most is not None:
            yield (
                ngettext("%(name)s may have %(n)s seat.", "%(name)s may have up to %(n)s seats.", share.at_most) % facts
            )
        if share.reserved:
            yield (
                ngettext(
                    "%(reserved)s seat is reserved for %(name)s.",
                    "%(reserved)s seats are reserved for %(name)s.",
                    share.reserved,
                )
                % facts
            )
    if run.training_last:
        yield (
            _("Caseworkers in training wait until unused seats are released, and then come after the others.")
            if run.release_at
            else _("Caseworkers in training come after the others.")
        )
    if run.quota or shares or run.training_last:
        if run.released_at:
            yield _("Unused seats were released on %(when)s.") % {"when": _moment(run.released_at)}
        elif run.release_at:
            yield _("Seats that have not been used by %(when)s go to everyone on the waiting list.") % {
                "when": _moment(run.release_at)
            }


def _waiting(run: Run) -> Iterator[str]:
    if run.waiting_order == run.Order.SPREAD:
        yield _(
            "On the waiting list, municipalities with the fewest seats come first, then those who enrolled earliest."
        )
    else:
        yield _("The waiting list follows the order of enrolment.")
    if run.promotion == run.Promotion.OFFER:
        yield ngettext(
            "When a seat becomes free, the next in line is offered it and has %(n)s hour to answer.",
            "When a seat becomes free, the next in line is offered it and has %(n)s hours to answer.",
            run.offer_hours,
        ) % {"n": run.offer_hours}
    else:
        yield _("When a seat becomes free, the next in line gets it at once and is told.")
    yield _("You can cancel until %(when)s; after that you give a reason.") % {"when": _moment(run.cancel_until)}


def _after(run: Run) -> Iterator[str]:
    rule = run.CertificateRule(run.certificate_rule)
    if rule == run.CertificateRule.ALL:
        yield _("Those who attend every session get a certificate.")
    elif rule == run.CertificateRule.AT_LEAST:
        yield ngettext(
            "Those who attend at least %(n)s session get a certificate.",
            "Those who attend at least %(n)s sessions get a certificate.",
            run.certificate_sessions or 0,
        ) % {"n": run.certificate_sessions}
    elif rule == run.CertificateRule.MANUAL:
        yield _("The organiser decides who gets a certificate.")
