"""The start page gathers what matters to this reader; a new leader is welcomed until the welcome is put away."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from cms.models import Network, NetworkRound, WelcomeStep
from cms.network import reference
from cms.network.models_own import DirectoryEntry
from engagements.municipalities.models import Region, RegionPeriod
from engagements.people.models import Membership
from tests.factories import MeetingFactory, MembershipFactory

from .conftest import browser

pytestmark = pytest.mark.django_db


def test_a_new_leader_is_welcomed_until_the_welcome_is_put_away(leader: Any) -> None:
    for number in range(7):
        WelcomeStep.objects.create(title=f"Trin {number}", address="/netvaerk/mig/", order=number)
    client = browser(leader)
    assert len(client.get(reverse("network:start")).context["welcome"]) == 5
    assert client.get(reverse("network:close_welcome")).status_code == 405
    client.post(reverse("network:close_welcome"))
    assert client.get(reverse("network:start")).context["welcome"] == []


def test_who_has_been_a_leader_for_long_is_not_welcomed(leader: Any, editor: Any) -> None:
    WelcomeStep.objects.create(title="Trin", address="/netvaerk/mig/")
    Membership.objects.filter(user=leader).update(created_at=timezone.now() - timedelta(days=121))
    assert browser(leader).get(reverse("network:start")).context["welcome"] == []
    assert browser(editor).get(reverse("network:start")).context["welcome"] == []


def test_meetings_of_the_own_region_come_first(leader: Any) -> None:
    reference.ensure()
    own, other = Region.objects.all()[:2]
    municipality = leader.memberships.get().municipality
    RegionPeriod.objects.create(municipality=municipality, region=own, valid_from=date(2007, 1, 1))
    round_ = NetworkRound.objects.get(ends_on=None)
    today = timezone.localdate()
    nets = {
        region: Network.objects.filter(round=round_, region=region).on(today).first()
        or Network.objects.create(round=round_, region=region, name=region.name, valid_from=today)
        for region in (own, other)
    }
    soon = timezone.now() + timedelta(days=12)
    far = MeetingFactory(network=nets[other], run__starts_at=soon)
    near = MeetingFactory(network=nets[own])
    everyone = MeetingFactory(run__starts_at=soon)
    assert browser(leader).get(reverse("network:start")).context["meetings"] == [near, everyone, far]


def test_the_network_stands_in_the_menu_of_those_who_belong(leader: Any, editor: Any) -> None:
    address = reverse("network:start")
    assert f'href="{address}"' in browser(leader).get(reverse("courses:list")).content.decode()
    assert f'href="{address}"' in browser(editor).get(reverse("courses:list")).content.decode()
    for role in ("caseworker", "coordinator", "director", "council"):
        client = browser(MembershipFactory(role=role).user)
        assert f'href="{address}"' not in client.get(reverse("courses:list")).content.decode()


def test_contact_is_shown_only_of_those_who_chose_to(leader: Any, other: Any) -> None:
    client = browser(other)
    assert leader.email not in client.get(reverse("network:directory")).content.decode()
    browser(leader).post(reverse("network:entry"), {"shows_email": "on", "phone": "12 34 56 78", "about": "Tavlemøder"})
    page = client.get(reverse("network:directory")).content.decode()
    assert leader.email in page
    assert "12 34 56 78" in page
    assert "Tavlemøder" in page
    browser(leader).post(reverse("network:entry"), {"about": "Tavlemøder"})
    assert leader.email not in client.get(reverse("network:directory")).content.decode()


def test_a_telephone_number_is_digits_and_a_cpr_number_is_none(leader: Any) -> None:
    client = browser(leader)
    for phone in ("ring til mig", "010190-1234"):
        assert client.post(reverse("network:entry"), {"phone": phone}).context["form"].errors["phone"]
    assert not DirectoryEntry.objects.exists()


def test_the_directory_is_searched_by_name_and_municipality(leader: Any, other: Any) -> None:
    client = browser(leader)
    rows = client.get(reverse("network:directory"), {"q": other.memberships.get().municipality.name}).context
    assert [row.user for row in rows["page_obj"]] == [other]


@pytest.mark.parametrize("rows", [25, 250])
def test_the_directory_asks_the_same_few_queries(leader: Any, rows: int, django_assert_max_num_queries: Any) -> None:
    from engagements.users.models import User

    municipality = leader.memberships.get().municipality
    people = User.objects.bulk_create(User(email=f"m{n}@example.org", first_name=f"M{n}") for n in range(rows))
    Membership.objects.bulk_create(
        Membership(user=one, municipality=municipality, role="leader", approved_at=timezone.now()) for one in people
    )
    client = browser(leader)
    client.get(reverse("network:directory"))
    with django_assert_max_num_queries(12):
        assert client.get(reverse("network:directory")).context["count"] == rows + 1


def test_the_start_page_asks_few_queries(leader: Any, django_assert_max_num_queries: Any) -> None:
    for _number in range(8):
        MeetingFactory()
    client = browser(leader)
    client.get(reverse("network:start"))
    with django_assert_max_num_queries(24):
        client.get(reverse("network:start"))


def test_reference_data_is_made_once_and_the_privacy_put_back() -> None:
    from wagtail.models import PageViewRestriction

    from cms.models import Topic

    reference.ensure()
    counts = Topic.objects.count(), NetworkRound.objects.count(), Network.objects.count()
    PageViewRestriction.objects.all().delete()
    reference.ensure()
    assert (Topic.objects.count(), NetworkRound.objects.count(), Network.objects.count()) == counts
    assert counts[:2] == (9, 3)
    assert PageViewRestriction.objects.get().groups.filter(name="network members").exists()
