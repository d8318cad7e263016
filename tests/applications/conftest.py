"""People and applications these tests start from."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from engagements.applications import demo, services
from engagements.applications.models import Application
from engagements.users.models import User
from tests import factories as f


@dataclass
class Town:
    """A municipality with its people and a round it may apply in."""

    municipality: Any
    round: Any
    leader: User
    coordinator: User
    director: User

    def draft(self) -> Application:
        """An application begun, nothing answered."""
        return services.begin_application(municipality=self.municipality, round=self.round, by=self.leader)

    def complete(self) -> Application:
        """An application with every section complete."""
        return demo.fill(self.draft(), 0, by=self.leader)

    def signed(self) -> Application:
        """Complete and signed off."""
        application = self.complete()
        services.sign_off(application, by=self.director)
        return application

    def submitted(self) -> Application:
        """With the Task Force."""
        return services.submit_application(self.signed(), by=self.leader)


def make_town(**round: Any) -> Town:
    """A municipality with leader, coordinator and director."""
    municipality = f.MunicipalityFactory()
    people = {
        role: f.MembershipFactory(municipality=municipality, role=role).user
        for role in ("leader", "coordinator", "director")
    }
    return Town(municipality, round.pop("round", None) or f.RoundFactory(**round), **people)


@pytest.fixture
def town(db: None) -> Town:
    """One municipality."""
    return make_town()


@dataclass
class Staff:
    """The Task Force."""

    lead: User
    legal: User
    social: User


@pytest.fixture
def staff(db: None) -> Staff:
    """A lead and a consultant of each agency."""
    return Staff(
        lead=f.StaffFactory(group="lead"),
        legal=f.StaffFactory(group="legal"),
        social=f.StaffFactory(agency="social", group="social"),
    )


def browse(user: User) -> Client:
    """A browser in which the user is signed in."""
    client = Client()
    client.force_login(user)
    return client


def assessed(application: Application, staff: Staff) -> Application:
    """Assessed by both agencies."""
    from engagements.applications import deciding

    for user, agency in ((staff.legal, "legal"), (staff.social, "social")):
        given, comment = demo.scores(agency, 1)
        deciding.assess(application, agency=agency, scores=given, comment=comment, complete=True, by=user)
    application.refresh_from_db()
    return application
