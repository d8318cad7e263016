"""Addresses nobody would write by hand: answered like any other that names nothing."""

import pytest
from django.test import Client

from tests.factories import StaffFactory

ENORMOUS = "9" * 30
ADDRESSES = (
    "/forloeb/%00/",
    "/ansoegninger/A-2026%00/",
    "/konto/invitation/%00/",
    "/filer/images/%00.png",
    "/filer/document/{enormous}/",
    "/konto/beskeder/{enormous}/",
    "/orientering/korsbaek/{enormous}/",
    "/forloeb/2026-0001/tiltag/{enormous}/",
    "/%00/",
)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_an_odd_address_names_nothing(client: Client, address: str) -> None:
    client.force_login(StaffFactory(group="lead"))
    assert client.get(address.format(enormous=ENORMOUS)).status_code == 404
