"""In the CMS a published version is closed except for the lawyer's confirmation."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from engagements.models import Requirement, RequirementVersion
from engagements.requirements import services
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client: Client) -> Client:
    """Signed in as the lead."""
    client.force_login(StaffFactory(group="lead"))
    return client


@pytest.fixture
def published() -> RequirementVersion:
    """A version in use."""
    return RequirementVersion.objects.get(requirement__code="UND-24T", valid_from=date(2024, 1, 1))


@pytest.mark.parametrize("name", ["requirement_catalogue", "requirement_versions"])
def test_the_screens_list_and_search(lead: Client, name: str) -> None:
    assert lead.get(reverse(f"{name}:index")).status_code == 200
    assert lead.get(reverse(f"{name}:index"), {"q": "UND"}).status_code == 200
    assert lead.get(reverse(f"{name}:add")).status_code == 200


def test_a_published_version_shows_its_wording_and_takes_only_a_confirmation(
    lead: Client, published: RequirementVersion
) -> None:
    address = reverse("requirement_versions:edit", args=[published.pk])
    html = lead.get(address).content.decode()
    assert 'name="confirmed_by"' in html
    assert 'name="paragraph"' not in html
    assert "§ 136" in html
    today = timezone.localdate().isoformat()
    lead.post(address, {"confirmed_by": "Jurist i Ankestyrelsen", "confirmed_on": today, "paragraph": "§ 999"})
    published.refresh_from_db()
    assert (published.confirmed_by, published.paragraph) == ("Jurist i Ankestyrelsen", "§ 136")
    assert ModelLogEntry.objects.filter(action="engagements.requirementversion.confirmed").count() == 1
    lead.post(address, {"confirmed_by": "", "confirmed_on": ""})
    published.refresh_from_db()
    assert not published.is_confirmed


@pytest.mark.parametrize(
    "posted",
    [
        {"confirmed_by": "Jurist", "confirmed_on": ""},
        {"confirmed_by": "", "confirmed_on": "2026-01-01"},
        {"confirmed_by": "Jurist", "confirmed_on": "2999-01-01"},
        {"confirmed_by": "010203-1234", "confirmed_on": "2026-01-01"},
    ],
)
def test_half_a_confirmation_is_refused(lead: Client, published: RequirementVersion, posted: dict[str, str]) -> None:
    answer = lead.post(reverse("requirement_versions:edit", args=[published.pk]), posted)
    assert answer.status_code == 200
    published.refresh_from_db()
    assert not published.is_confirmed


def test_a_published_version_cannot_be_deleted(lead: Client, published: RequirementVersion) -> None:
    address = reverse("requirement_versions:delete", args=[published.pk])
    assert lead.get(address).status_code == 302
    assert lead.post(address).status_code == 302
    assert RequirementVersion.objects.filter(pk=published.pk).exists()


def test_a_requirement_in_use_cannot_be_deleted(lead: Client, published: RequirementVersion) -> None:
    answer = lead.post(reverse("requirement_catalogue:delete", args=[published.requirement_id]), follow=True)
    assert answer.status_code == 200
    assert "UND-24T" in next(str(message) for message in answer.context["messages"])
    assert Requirement.objects.filter(pk=published.requirement_id).exists()


def test_a_draft_is_written_changed_and_published(lead: Client, published: RequirementVersion) -> None:
    wording = {
        "requirement": published.requirement_id,
        "law": "barnets lov",
        "valid_from": "2026-01-01",
        "valid_until": "",
        "paragraph": "§ 136 a",
        "deadline_iso": "PT24H",
        "deadline_text": "Senest 24 timer",
        "clock_starts": "",
        "checked": "no",
        "source_note": "",
    }
    lead.post(reverse("requirement_versions:add"), wording)
    draft = RequirementVersion.objects.get(valid_from=date(2026, 1, 1))
    assert not draft.is_published
    address = reverse("requirement_versions:edit", args=[draft.pk])
    assert 'name="paragraph"' in lead.get(address).content.decode()
    lead.post(address, wording | {"paragraph": "§ 136 b", "publish": "on"})
    assert services.version_for(published.requirement, 2026).paragraph == "§ 136 b"
    assert services.version_for(published.requirement, 2025).paragraph == "§ 136"


def test_a_caseworker_of_the_state_has_no_catalogue_screens(client: Client) -> None:
    client.force_login(StaffFactory(group="social"))
    assert client.get(reverse("requirement_versions:index")).status_code == 302
