"""The pages of a run for those who organise it, one topic each."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from engagements.lifecycle import Text

from .models import Run

PAGES: tuple[tuple[str, Text], ...] = (
    ("runs:edit", _("Overview")),
    ("runs:facts", _("Description")),
    ("runs:sessions", _("Sessions")),
    ("runs:teachers", _("Teachers")),
    ("runs:terms", _("Enrolment")),
    ("enrolment:seats", _("Seats")),
    ("runs:questions", _("Questions")),
    ("runs:material", _("Material")),
    ("runs:certificate", _("Certificate")),
    ("enrolment:participants", _("Participants")),
    ("completion:attendance_start", _("Attendance")),
    ("completion:evaluation", _("Evaluation")),
    ("completion:certificates", _("Conclusion")),
)
"""In the order in which a run is planned; rooms below say with their address name that they have a page here."""


@dataclass(frozen=True)
class Tab:
    """A page as the frame shows it."""

    label: Text
    url: str
    active: bool


def address(run: Run, name: str) -> str:
    """The address of one of the run's pages in some room; empty where there is none."""
    try:
        return reverse(name, kwargs=run.address_args)
    except NoReverseMatch:
        return ""


def tabs_of(run: Run, active: str) -> list[Tab]:
    """The pages, with the one that is open."""
    found = [(label, name, address(run, name)) for name, label in PAGES]
    return [Tab(label, url, name == active) for label, name, url in found if url]
