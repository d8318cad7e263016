"""Who gets what at every address: the table that tests/test_access.py walks.

Each address is one line. `seen_by` names the roles that get the page; everyone else signed in gets 404 and the
anonymous visitor is sent to sign-in. `public` is for all, `signed_in` for anyone with an account, `own_rule` names
addresses whose answer is tested elsewhere (say where). The last argument gives the address its arguments from the
world that tests/world.py builds: `w.application`, `w.engagement`, `w.review`, `w.finding`, `w.report`, `w.action`, ...
"""

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
ROLES = (ANONYMOUS, STRANGER, LEADER, COORDINATOR, DIRECTOR, CASEWORKER, COUNCIL, TEAM, STAFF, LEAD, ANALYST, ADMIN)
"""TEAM is a legal consultant on the engagement's team; STAFF a social-professional one who is not."""


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


def _case(w: Any) -> list[Any]:
    return [w.engagement.case_no]


ROWS: list[Row] = [
    own_rule("records:file", tested_in="tests/records/test_documents.py"),
    seen_by("engagements:detail", LEADER, COORDINATOR, DIRECTOR, CASEWORKER, TEAM, STAFF, LEAD, ANALYST, args=_case),
]
