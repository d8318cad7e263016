"""The staff groups and the demonstration's accounts."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from engagements.people import demo, permissions, reference
from engagements.people.models import Membership
from engagements.users.models import User
from tests.factories import AgencyFactory, MembershipFactory, MunicipalityFactory, StaffFactory

pytestmark = pytest.mark.django_db


def test_every_group_exists_and_making_them_again_changes_nothing() -> None:
    reference.ensure()
    before = list(Group.objects.values_list("name", "permissions").order_by("name", "permissions"))
    reference.ensure()
    assert set(permissions.GROUPS) <= set(Group.objects.values_list("name", flat=True))
    assert before == list(Group.objects.values_list("name", "permissions").order_by("name", "permissions"))


@pytest.mark.parametrize(
    ("group", "permission", "allowed"),
    [
        (permissions.LEAD, "wagtailadmin.access_admin", True),
        (permissions.NETWORK, "wagtailadmin.access_admin", True),
        (permissions.ADMINISTRATORS, "wagtailadmin.access_admin", True),
        (permissions.LEGAL, "wagtailadmin.access_admin", False),
        (permissions.ADMINISTRATORS, "users.change_user", True),
        (permissions.LEAD, "users.change_user", False),
        (permissions.LEAD, "engagements.look_after_outbox", True),
        (permissions.NETWORK, "engagements.look_after_outbox", False),
        (permissions.ADMINISTRATORS, "engagements.change_workdomain", True),
    ],
)
def test_groups_hold_the_rights_of_their_role(group: str, permission: str, allowed: bool) -> None:
    reference.ensure()
    person = User.objects.get(pk=StaffFactory(group=group).pk)
    assert person.has_perm(permission) is allowed


def test_the_demonstration_has_an_account_for_each_role() -> None:
    for slug in demo.DOMAINS:
        MunicipalityFactory(name=slug.capitalize(), slug=slug)
    AgencyFactory(key="ankestyrelsen", kind="legal")
    AgencyFactory(key="socialstyrelsen", kind="social")
    demo.ensure()
    demo.ensure()
    listed = {account.email for _place, accounts in demo.accounts() for account in accounts}
    assert len(listed) == 31
    assert listed == set(User.objects.values_list("email", flat=True))
    assert Membership.objects.active().count() == 20
    assert User.objects.get(email="lead@taskforce.example").check_password(demo.PASSWORD)


@pytest.mark.parametrize("name", ["work_domains", "staff_profiles", "disqualifications", "memberships"])
def test_administrators_keep_the_people_in_the_cms(name: str) -> None:
    reference.ensure()
    MembershipFactory()
    client = Client()
    client.force_login(StaffFactory(group=permissions.ADMINISTRATORS))
    assert client.get(reverse(f"{name}:index")).status_code == 200
    added = client.get(reverse(f"{name}:add"))
    assert added.status_code == (302 if name == "memberships" else 200), "memberships are not changed here"
    client.force_login(StaffFactory(group=permissions.NETWORK))
    assert client.get(reverse(f"{name}:index")).status_code == 302


def test_who_recorded_a_disqualification_is_kept() -> None:
    reference.ensure()
    admin, barred, place = StaffFactory(group=permissions.ADMINISTRATORS), StaffFactory(), MunicipalityFactory()
    client = Client()
    client.force_login(admin)
    client.post(
        reverse("disqualifications:add"),
        {"user": barred.pk, "municipality": place.pk, "valid_from": "2026-01-01", "valid_until": ""},
    )
    assert barred.disqualifications.get().recorded_by == admin


@pytest.mark.parametrize("screen", ["edit", "delete"])
def test_nobody_lifts_their_own_disqualification(screen: str) -> None:
    reference.ensure()
    lead, place = StaffFactory(group=permissions.LEAD), MunicipalityFactory()
    own = lead.disqualifications.create(municipality=place, valid_from="2026-01-01")
    changed = {"user": lead.pk, "municipality": place.pk, "valid_from": "2026-01-01", "valid_until": "2026-01-02"}
    client = Client()
    client.force_login(lead)
    client.post(reverse(f"disqualifications:{screen}", args=[own.pk]), changed)
    assert lead.disqualifications.get().valid_until is None
    client.force_login(StaffFactory(group=permissions.ADMINISTRATORS))
    client.post(reverse(f"disqualifications:{screen}", args=[own.pk]), changed)
    assert not lead.disqualifications.filter(valid_until=None).exists()
