"""People of the network."""

from typing import Any

import pytest
from django.test import Client

from tests.factories import HostFactory, MembershipFactory, StaffFactory


@pytest.fixture
def leader() -> Any:
    """A leader of a municipality: a member."""
    return MembershipFactory(role="leader").user


@pytest.fixture
def other() -> Any:
    """A leader of another municipality."""
    return MembershipFactory(role="leader").user


@pytest.fixture
def editor() -> Any:
    """The network's editor."""
    return StaffFactory(agency="social", group="network")


@pytest.fixture
def host() -> Any:
    """Whoever hosts the network: KL."""
    return HostFactory(first_name="Sofie")


def browser(user: Any) -> Client:
    """Signed in."""
    client = Client()
    client.force_login(user)
    return client
