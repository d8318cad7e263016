"""People and offers the tests of visits share."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from engagements.visits import services
from engagements.visits.models import Visit
from tests.factories import MembershipFactory, MunicipalityFactory, StaffFactory, VisitOfferFactory

PROBLEM = "Vi mangler samtaler med barnet forud for afgørelsen, især i sager om anbringelse."


@pytest.fixture
def offer(db: None) -> Any:
    """Two places."""
    return VisitOfferFactory(places=2)


@pytest.fixture
def learning(db: None) -> Any:
    """A member of the learning team."""
    return StaffFactory(agency="social", group="learning")


@pytest.fixture
def leader(db: None) -> Any:
    """A leader of Korsbæk."""
    return MembershipFactory(municipality=MunicipalityFactory(name="Korsbæk", slug="korsbaek")).user


def home(user: Any) -> Any:
    """The municipality of a leader."""
    return user.memberships.get().municipality


def ask(offer: Any, leader: Any, **changes: Any) -> Visit:
    """A request as the form sends it."""
    wanted: dict[str, Any] = {
        "theme": "Inddragelse",
        "problem": PROBLEM,
        "audience": {"caseworkers": 12},
        "weeks": [week.code for week in offer.weeks()[:1]],
        "place": "Rådhuset",
        "cases_confirmed": True,
    }
    return services.request_visit(offer, municipality=home(leader), by=leader, **{**wanted, **changes})


def others(count: int) -> list[Any]:
    """Leaders of as many other municipalities."""
    return [MembershipFactory().user for _ in range(count)]


def hours(days: int) -> dict[str, Any]:
    """Five hours, so many days ahead."""
    begins = (timezone.localtime() + timedelta(days=days)).replace(hour=9, minute=0, second=0, microsecond=0)
    return {"starts_at": begins, "ends_at": begins + timedelta(hours=5)}
