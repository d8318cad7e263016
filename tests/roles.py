"""The roles that tests/access.py speaks of, what a row of it says, and the arguments that addresses have in common."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

LEADER, COORDINATOR, DIRECTOR, CASEWORKER, COUNCIL = "leader", "coordinator", "director", "caseworker", "council"
TEAM, STAFF, LEAD, ANALYST, ADMIN, STRANGER, ANONYMOUS = (
    "team",
    "staff",
    "lead",
    "analyst",
    "admin",
    "stranger",
    "anonymous",
)
COURSES, NETWORK, LEARNING, HOST = "courses", "network", "learning", "host"
ROLES = (
    ANONYMOUS,
    STRANGER,
    LEADER,
    COORDINATOR,
    DIRECTOR,
    CASEWORKER,
    COUNCIL,
    TEAM,
    STAFF,
    LEAD,
    ANALYST,
    ADMIN,
    COURSES,
    NETWORK,
    LEARNING,
    HOST,
)
"""TEAM is a legal consultant on the engagement's team; STAFF a social-professional one who is not.

COURSES is the course administrator, NETWORK the network's editor, LEARNING a member of the learning team,
HOST whoever hosts the network for a round.
"""


@dataclass(frozen=True)
class Row:
    """One address: its name, who sees it ("*" all, "signed_in"), where its rule is tested if not here, its arguments."""

    name: str
    roles: frozenset[str]
    args: Callable[[Any], list[Any]] = field(default=lambda w: [])
    tested_in: str = ""


def public(name: str, args: Callable[[Any], list[Any]] = lambda w: []) -> Row:
    """Everyone."""
    return Row(name, frozenset(ROLES), args)


def signed_in(name: str, args: Callable[[Any], list[Any]] = lambda w: []) -> Row:
    """Everyone with an account."""
    return Row(name, frozenset(ROLES) - {ANONYMOUS}, args)


def seen_by(name: str, *roles: str, args: Callable[[Any], list[Any]] = lambda w: []) -> Row:
    """These roles; 404 for everyone else who is signed in."""
    return Row(name, frozenset(roles), args)


def own_rule(name: str, tested_in: str) -> Row:
    """An address that only answers POST, or whose answer depends on more than the role."""
    return Row(name, frozenset(), tested_in=tested_in)


def case_of(w: Any) -> list[Any]:
    return [w.engagement.case_no]


def application_of(w: Any) -> list[Any]:
    return [w.application.reference]


def draft_of(w: Any) -> list[Any]:
    return [w.draft.reference]


def report_of(w: Any) -> list[Any]:
    return [*case_of(w), w.report.kind]


def review_of(w: Any) -> list[Any]:
    return [*case_of(w), w.review.pk]


def milestone_of(w: Any) -> list[Any]:
    return [*case_of(w), w.milestone.pk]


def run_of(w: Any) -> list[Any]:
    return [w.course.slug, w.run.reference]


def enrolment_of(w: Any) -> list[Any]:
    return [w.enrolment.pk]


def visit_of(w: Any) -> list[Any]:
    return [w.visit.reference]


def wish_of(w: Any) -> list[Any]:
    return [w.wish.reference]


def visit_offer_of(w: Any) -> list[Any]:
    return [w.visit_offer.pk]


VISITORS = (LEARNING, LEAD)
"""Those who run the visits of the learning team."""


def question_of(w: Any) -> list[Any]:
    return [w.question.reference]


def answer_of(w: Any) -> list[Any]:
    return [w.answer.pk]


ORGANISERS = (COURSES, LEAD, ADMIN)
"""Those who look after courses and runs."""

LAWYERS = (TEAM, LEAD)
"""Those who answer questions on rules."""

FOLLOWERS = (LEADER, COORDINATOR, DIRECTOR)
"""Those in the municipality who follow an application or engagement in full."""

MEMBERS = (*FOLLOWERS, CASEWORKER, COUNCIL)
"""Everyone in the municipality."""

IN_NETWORK = (LEADER, STRANGER, TEAM, STAFF, LEAD, ANALYST, ADMIN, COURSES, NETWORK, LEARNING, HOST)
"""Leaders of every municipality, the stranger among them, the host and the Task Force."""

KEEPERS = (NETWORK, LEAD, ADMIN)
"""Those who look after the network."""

ARRANGERS = (*KEEPERS, HOST)
"""Those who arrange its meetings."""
