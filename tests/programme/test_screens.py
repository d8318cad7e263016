"""The CMS screens of the programme."""

import pytest
from django.test import Client
from django.urls import reverse

from engagements import models as m
from tests.factories import OfferFactory, RoundFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client: Client) -> Client:
    """The lead, signed in, with the rights of the group."""
    from engagements.people import reference

    reference.ensure()
    client.force_login(StaffFactory(group="lead"))
    return client


@pytest.mark.parametrize("name", ["offers", "rounds", "plan_templates"])
def test_the_lead_keeps_offers_rounds_and_plans(lead: Client, name: str) -> None:
    RoundFactory()
    assert lead.get(reverse(f"{name}:index")).status_code == 200
    assert lead.get(reverse(f"{name}:add")).status_code == 200
    assert lead.get(reverse(f"{name}:index"), {"export": "xlsx"}).status_code == 200


def test_a_plan_template_is_written_with_its_phases(lead: Client) -> None:
    offer = m.Offer.objects.create(key="proeve", title_da="Prøve", title_en="Trial")
    given = {
        "name": "Kort plan",
        "offer": offer.pk,
        "phases-TOTAL_FORMS": 2,
        "phases-INITIAL_FORMS": 0,
        "phases-MIN_NUM_FORMS": 1,
        "phases-MAX_NUM_FORMS": 1000,
        "phases-0-kind": "analysis",
        "phases-0-months": 3,
        "phases-1-kind": "start",
        "phases-1-months": 1,
    }
    response = lead.post(reverse("plan_templates:add"), given)
    assert response.status_code == 302
    plan = m.PlanTemplate.objects.get(name="Kort plan")
    from tests.programme.test_opening import opened

    phases = opened(offer=offer, template=plan).phases
    assert list(phases.values_list("kind", flat=True)) == ["start", "analysis"]


def test_a_second_default_plan_is_refused_with_a_sentence(lead: Client) -> None:
    offer = OfferFactory()
    m.PlanTemplate.objects.get_or_create(offer=offer, is_default=True, defaults={"name": "En"})
    given = {
        "name": "To",
        "offer": offer.pk,
        "is_default": "on",
        "phases-TOTAL_FORMS": 1,
        "phases-INITIAL_FORMS": 0,
        "phases-0-kind": "start",
        "phases-0-months": 1,
    }
    response = lead.post(reverse("plan_templates:add"), given)
    assert response.status_code == 200
    assert not m.PlanTemplate.objects.filter(name="To").exists()


def test_consultants_have_no_business_there(client: Client) -> None:
    client.force_login(StaffFactory())
    assert client.get(reverse("rounds:index")).status_code == 302
