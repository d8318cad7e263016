"""Belonging to a municipality: invitations, requests, approval, the last leader."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from engagements.notices.models import Notice, OutboxMessage
from engagements.people import permissions, services
from engagements.people.models import Invitation, Membership, Role, WorkDomain
from tests.factories import MembershipFactory, MunicipalityFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader() -> Membership:
    """A leader of a municipality with a work domain."""
    membership = MembershipFactory(role=Role.LEADER)
    WorkDomain.objects.create(municipality=membership.municipality, domain="proeveby.example")
    return membership


def _invite(leader: Membership, email: str = "ny@proeveby.example", **more: Any) -> Invitation:
    return services.invite(
        municipality=leader.municipality, email=email, by=leader.user, **({"role": Role.COORDINATOR} | more)
    )


def test_an_invitation_is_mailed_with_its_link(leader: Membership) -> None:
    invitation = _invite(leader, "Ny@Proeveby.example")
    mail = OutboxMessage.objects.get()
    assert mail.to == "ny@proeveby.example"
    assert invitation.token in mail.address


def test_the_mail_is_the_same_whether_or_not_the_address_has_an_account(leader: Membership) -> None:
    UserFactory(email="har@proeveby.example")
    _invite(leader, "har@proeveby.example")
    _invite(leader, "ingen@proeveby.example")
    one, other = OutboxMessage.objects.order_by("to")
    assert (one.subject, one.body) == (other.subject, other.body)


def test_inviting_twice_keeps_one_invitation_and_a_double_click_sends_one_mail(leader: Membership) -> None:
    first = _invite(leader)
    second = _invite(leader)
    assert first.pk == second.pk
    assert OutboxMessage.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        again = _invite(leader)
    assert again.token == first.token
    assert OutboxMessage.objects.count() == 2
    assert again.expires_at > first.expires_at


def test_one_who_has_the_role_is_not_invited_to_it(leader: Membership) -> None:
    with pytest.raises(ValidationError):
        _invite(leader, leader.user.email, role=Role.LEADER)


def test_accepting_gives_the_role_and_tells_the_one_who_invited(leader: Membership) -> None:
    invitation = _invite(leader)
    person = UserFactory(email="ny@proeveby.example")
    services.accept_invitation(invitation, user=person)
    services.accept_invitation(invitation, user=person)
    assert list(services.people_of(leader.municipality, Role.COORDINATOR)) == [person]
    assert Notice.objects.filter(recipient=leader.user).count() == 1


def test_only_the_invited_address_can_accept(leader: Membership) -> None:
    invitation = _invite(leader)
    with pytest.raises(ValidationError):
        services.accept_invitation(invitation, user=UserFactory())
    assert not Membership.objects.filter(role=Role.COORDINATOR).exists()


def test_an_invitation_runs_out_after_two_weeks_and_can_be_sent_again(leader: Membership) -> None:
    invitation = _invite(leader)
    person = UserFactory(email=invitation.email)
    with time_machine.travel(timezone.now() + timedelta(days=14, minutes=1)):
        with pytest.raises(ValidationError):
            services.accept_invitation(invitation, user=person)
        services.send_invitation_again(invitation)
        services.accept_invitation(invitation, user=person)
    assert services.people_of(leader.municipality, Role.COORDINATOR).exists()


def test_a_withdrawn_invitation_cannot_be_accepted(leader: Membership) -> None:
    invitation = services.withdraw_invitation(_invite(leader), by=leader.user)
    with pytest.raises(ValidationError):
        services.accept_invitation(invitation, user=UserFactory(email=invitation.email))


def test_a_work_address_can_ask_to_join_and_the_leader_decides(leader: Membership) -> None:
    person = UserFactory(email="kollega@ProeveBy.example")
    asked = services.request_membership(user=person, municipality=leader.municipality, role=Role.CASEWORKER)
    assert Notice.objects.get().recipient == leader.user
    assert permissions.roles_of(person) == {}, "nothing is given before the approval"
    assert not permissions.may_approve(asked, person)
    assert permissions.may_approve(asked, leader.user)
    services.approve(asked, by=leader.user)
    services.approve(asked, by=leader.user)
    assert Notice.objects.filter(recipient=person).count() == 1
    assert list(services.people_of(leader.municipality, Role.CASEWORKER)) == [person]


def test_asking_twice_asks_once(leader: Membership) -> None:
    person = UserFactory(email="kollega@proeveby.example")
    for _n in range(2):
        services.request_membership(user=person, municipality=leader.municipality, role=Role.CASEWORKER)
    assert Membership.objects.waiting().count() == 1
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("email", ["a@nabo.example", "a@proeveby.example.org", "a@x.proeveby.example", "a@eksempel.dk"])
def test_other_addresses_cannot_ask_to_join(leader: Membership, email: str) -> None:
    with pytest.raises(ValidationError):
        services.request_membership(
            user=UserFactory(email=email), municipality=leader.municipality, role=Role.CASEWORKER
        )


def test_where_there_is_no_leader_the_administrators_are_asked() -> None:
    place = MunicipalityFactory()
    WorkDomain.objects.create(municipality=place, domain="nyby.example")
    admin = StaffFactory(group=permissions.ADMINISTRATORS)
    asked = services.request_membership(
        user=UserFactory(email="leder@nyby.example"), municipality=place, role=Role.LEADER
    )
    assert Notice.objects.get().recipient == admin
    assert permissions.may_approve(asked, admin)


def test_a_declined_request_is_told_and_can_be_made_again(leader: Membership) -> None:
    person = UserFactory(email="kollega@proeveby.example")
    asked = services.request_membership(user=person, municipality=leader.municipality, role=Role.CASEWORKER)
    services.decline(asked, by=leader.user)
    assert Notice.objects.filter(recipient=person).count() == 1
    with pytest.raises(ValidationError):
        services.approve(asked, by=leader.user)
    again = services.request_membership(user=person, municipality=leader.municipality, role=Role.CASEWORKER)
    assert again.pk != asked.pk


def test_the_last_leader_stays(leader: Membership) -> None:
    with pytest.raises(ValidationError):
        services.end_membership(leader, by=leader.user)
    with pytest.raises(ValidationError):
        services.change_role(leader, role=Role.COORDINATOR, by=leader.user)
    MembershipFactory(municipality=leader.municipality, role=Role.LEADER)
    services.end_membership(leader, by=leader.user)
    assert not services.people_of(leader.municipality).filter(pk=leader.user.pk).exists()


def test_a_leader_who_waits_or_has_left_or_is_inactive_does_not_count_as_leader(leader: Membership) -> None:
    place = leader.municipality
    MembershipFactory(municipality=place, role=Role.LEADER, approved_at=None)
    MembershipFactory(municipality=place, role=Role.LEADER, ended_on=timezone.localdate())
    MembershipFactory(municipality=place, role=Role.LEADER, user=UserFactory(is_active=False))
    with pytest.raises(ValidationError):
        services.end_membership(leader, by=leader.user)


def test_one_who_has_left_loses_the_role_at_once_and_is_told(leader: Membership) -> None:
    other = MembershipFactory(municipality=leader.municipality, role=Role.CASEWORKER)
    services.end_membership(other, by=leader.user)
    assert not permissions.has_role(other.user, leader.municipality, Role.CASEWORKER)
    assert Notice.objects.get().recipient == other.user


def test_rights_belong_to_one_municipality_only(leader: Membership) -> None:
    assert permissions.may_manage_people(leader.municipality, leader.user)
    assert not permissions.may_manage_people(MunicipalityFactory(), leader.user)
    coordinator = MembershipFactory(municipality=leader.municipality, role=Role.COORDINATOR)
    assert not permissions.may_manage_people(leader.municipality, coordinator.user)


def test_staff_who_are_disqualified_are_not_told_about_the_municipality(leader: Membership) -> None:
    barred, free = StaffFactory(), StaffFactory()
    barred.disqualifications.create(municipality=leader.municipality)
    assert list(services.staff(permissions.LEGAL, about=leader.municipality)) == [free]
