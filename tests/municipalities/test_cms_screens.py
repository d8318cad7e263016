"""Administrators keep the register in the CMS; others cannot."""

import pytest
from django.test import Client
from django.urls import reverse

from engagements.models import Municipality, Unit
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db

SCREENS = ["municipalities", "regions", "region_periods", "units", "partnerships", "agencies", "agency_names"]


@pytest.fixture
def administrator(client: Client) -> Client:
    """Signed in as an administrator."""
    client.force_login(StaffFactory(group="administrators"))
    return client


@pytest.mark.parametrize("name", SCREENS)
def test_each_screen_lists_searches_and_exports(administrator: Client, name: str) -> None:
    address = reverse(f"{name}:index")
    assert administrator.get(address).status_code == 200
    assert administrator.get(address, {"q": "Ærø 010203"}).status_code == 200
    assert administrator.get(reverse(f"{name}:add")).status_code == 200


def test_lists_of_the_register_need_few_queries(administrator: Client, django_assert_max_num_queries) -> None:  # noqa: ANN001
    administrator.get(reverse("municipalities:index"))
    # Two are the list; the others are the frame of the CMS, whose menu asks what the person may edit.
    with django_assert_max_num_queries(13):
        administrator.get(reverse("municipalities:index"))


def test_a_unit_is_added_and_a_cpr_number_in_its_name_is_not(administrator: Client) -> None:
    copenhagen = Municipality.objects.get(code="0101")
    address = reverse("units:add")
    refused = administrator.post(address, {"municipality": copenhagen.pk, "name": "Center 010203-1234"})
    assert "CPR" in refused.content.decode()
    assert not Unit.objects.exists()
    administrator.post(address, {"municipality": copenhagen.pk, "name": "Prøvecenter"})
    assert Unit.objects.get().municipality == copenhagen


def test_a_consultant_has_no_register_screens(client: Client) -> None:
    client.force_login(StaffFactory(group="legal"))
    assert client.get(reverse("municipalities:index")).status_code == 302
