"""Rounds, networks, topics and the welcome are kept in the CMS by those who look after the network."""

import pytest
from django.test import Client
from django.urls import reverse

from cms.models import LibraryIndexPage, WelcomeStep
from cms.network import reference
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db
SCREENS = ["network_rounds", "networks", "network_topics", "network_welcome"]


@pytest.fixture
def editor(client: Client) -> Client:
    """The network's editor."""
    reference.ensure()
    client.force_login(StaffFactory(agency="social", group="network"))
    return client


@pytest.mark.parametrize("name", SCREENS)
def test_the_editor_lists_and_adds(editor: Client, name: str) -> None:
    assert editor.get(reverse(f"{name}:index")).status_code == 200
    assert editor.get(reverse(f"{name}:add")).status_code == 200


@pytest.mark.parametrize("name", SCREENS)
def test_the_course_administrator_does_not(client: Client, name: str) -> None:
    client.force_login(StaffFactory(agency="social", group="courses"))
    assert client.get(reverse(f"{name}:index")).status_code == 302


def test_a_step_of_the_welcome_leads_somewhere(editor: Client) -> None:
    fields = {"title": "Trin", "text": "", "page": "", "address": "", "order": "1"}
    assert editor.post(reverse("network_welcome:add"), fields).status_code == 200
    assert editor.post(reverse("network_welcome:add"), {**fields, "address": "/netvaerk/mig/"}).status_code == 302
    assert WelcomeStep.objects.get().address == "/netvaerk/mig/"


@pytest.mark.parametrize("kind", ["librarypage", "themepage"])
def test_the_editor_writes_pages_of_the_library(editor: Client, kind: str) -> None:
    parent = LibraryIndexPage.objects.get()
    assert editor.get(reverse("wagtailadmin_pages:add", args=["cms", kind, parent.pk])).status_code == 200
