"""People whom a leader names with name and e-mail address before they have an account."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse

from engagements.notices.models import OutboxMessage
from engagements.notices.outbox import send_waiting
from engagements.people import entrance, permissions, services
from engagements.people.models import Invitation, Membership, Role
from engagements.users.models import User
from tests.factories import PASSWORD, MembershipFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
EMAIL = "ny@eksempel.example"
CHOSEN = {"password1": "en-lang-adgangskode", "password2": "en-lang-adgangskode"}


@pytest.fixture
def leader() -> Membership:
    """A leader who names colleagues."""
    return MembershipFactory(role=Role.LEADER)


def _name(leader: Membership, email: str = EMAIL, name: str = "Anna Marie Prøve", **more: Any) -> User:
    return services.person_by_mail(email=email, name=name, municipality=leader.municipality, by=leader.user, **more)


def _link() -> str:
    return reverse("people:accept", args=[Invitation.objects.get().token])


# Naming ----------------------------------------------------------------------------------------------------


def test_a_person_without_an_account_gets_one_without_a_password_and_an_invitation(leader: Membership) -> None:
    user = _name(leader, " Ny@Eksempel.example ", "  Anna  Marie\u200b Prøve ", next_address="/konto/beskeder/")
    assert (user.email, user.first_name, user.last_name) == (EMAIL, "Anna Marie", "Prøve")
    assert user.is_active
    assert not user.has_usable_password()
    assert not EmailAddress.objects.exists()
    invitation = Invitation.objects.get()
    assert (invitation.role, invitation.name, invitation.next_address) == (
        Role.CASEWORKER,
        "Anna Marie Prøve",
        "/konto/beskeder/",
    )
    assert OutboxMessage.objects.get().to == EMAIL
    assert permissions.roles_of(user) == {}, "nothing is given before the invitation is accepted"


def test_naming_a_person_again_gives_the_same_person_and_invitation(leader: Membership) -> None:
    first = _name(leader)
    again = _name(leader, EMAIL.upper(), "Et Andet Navn", role=Role.COORDINATOR, next_address="/konto/")
    assert again == first
    assert again.get_full_name() == "Anna Marie Prøve"
    invitation = Invitation.objects.get()
    assert (invitation.role, invitation.next_address) == (Role.CASEWORKER, "/konto/")


def test_a_colleague_is_found_by_the_address_and_not_invited(leader: Membership) -> None:
    colleague = MembershipFactory(municipality=leader.municipality, role=Role.COORDINATOR)
    MembershipFactory(user=colleague.user)
    assert _name(leader, colleague.user.email) == colleague.user
    assert not Invitation.objects.exists()


def test_a_person_is_found_by_another_confirmed_address_and_can_accept(leader: Membership) -> None:
    user = UserFactory()
    user.emailaddress_set.create(email=EMAIL, verified=True)
    assert _name(leader) == user
    assert services.accept_invitation(Invitation.objects.get(), user=user).role == Role.CASEWORKER


def test_an_address_that_somebody_only_claims_does_not_make_it_theirs(leader: Membership) -> None:
    claiming = UserFactory()
    claiming.emailaddress_set.create(email=EMAIL, verified=False)
    assert _name(leader) != claiming
    with pytest.raises(ValidationError):
        services.accept_invitation(Invitation.objects.get(), user=claiming)


def _elsewhere() -> User:
    return MembershipFactory().user


def _of_the_staff() -> User:
    return StaffFactory(group=permissions.LEGAL)


def _closed() -> User:
    return UserFactory(is_active=False)


@pytest.mark.parametrize("person", [_elsewhere, _of_the_staff, _closed])
def test_people_of_other_places_are_not_taken_and_not_told_about(leader: Membership, person: Any) -> None:
    user = person()
    with pytest.raises(ValidationError) as refused:
        _name(leader, user.email)
    assert refused.value.code == "elsewhere"
    assert user.last_name not in " ".join(refused.value.messages)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("email", "name", "code"),
    [
        ("ikke en adresse", "Anna Prøve", "invalid"),
        (EMAIL, "  ", "required"),
        (EMAIL, "Anna 010190-1234", "cpr"),
        ("0101901234@eksempel.example", "Anna Prøve", "cpr"),
        (EMAIL, "a" * 151, "max_length"),
        ("a@" + "eksempel." * 28 + "example", "Anna Prøve", "max_length"),
    ],
)
def test_what_is_no_name_or_address_makes_no_person(leader: Membership, email: str, name: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        _name(leader, email, name)
    assert refused.value.code == code
    assert not User.objects.exclude(pk=leader.user.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_two_leaders_naming_the_same_person_at_once_name_one_person() -> None:
    leaders = [MembershipFactory(role=Role.LEADER) for _n in range(2)]
    start = Barrier(2)

    def name(leader: Membership) -> int:
        start.wait()
        try:
            return _name(leader).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        named = list(pool.map(name, leaders))
    assert len(set(named)) == 1
    assert Invitation.objects.count() == 2, "each municipality has invited"


def test_an_account_made_between_the_look_and_the_making_is_used(
    leader: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = UserFactory(email=EMAIL)
    monkeypatch.setattr(services, "person_of_address", lambda email: None)
    assert _name(leader) == there


# Choosing among those who are there -------------------------------------------------------------------------


def test_colleagues_are_chosen_by_name_in_the_own_municipality_only(leader: Membership) -> None:
    place = leader.municipality
    last, first = (
        MembershipFactory(municipality=place, role=Role.CASEWORKER, user__first_name=name).user
        for name in ("Åse", "Abe")
    )
    MembershipFactory(municipality=place, approved_at=None)
    assert list(services.colleagues_of(leader.user, place)) == [first, leader.user, last]
    assert not services.colleagues_of(MembershipFactory().user, place).exists()


@pytest.mark.parametrize(
    ("role", "may"), [(Role.LEADER, True), (Role.COORDINATOR, True), (Role.DIRECTOR, False), (Role.CASEWORKER, False)]
)
def test_leaders_and_coordinators_may_enrol_for_their_own_municipality(role: str, may: bool) -> None:
    member = MembershipFactory(role=role)
    assert permissions.may_enrol_for(member.municipality, member.user) is may
    assert not permissions.may_enrol_for(MembershipFactory().municipality, member.user)


def test_the_members_page_shows_the_name_that_was_written(leader: Membership) -> None:
    _name(leader)
    client = Client()
    client.force_login(leader.user)
    page = client.get(reverse("people:members", args=[leader.municipality.code])).content.decode()
    assert "Anna Marie Prøve" in page
    assert EMAIL in page


# The way in -------------------------------------------------------------------------------------------------


def test_from_the_mail_to_a_password_and_on_to_where_the_invitation_leads(leader: Membership) -> None:
    user = _name(leader, next_address="/konto/beskeder/")
    send_waiting()
    link = re.search(r"/konto/invitation/\S+", str(mail.outbox[0].body))
    assert link
    client = Client()
    page = client.get(link[0]).content.decode()
    assert 'name="password1"' in page
    assert reverse("account_signup") not in page.split("<main")[1]
    answer = client.post(link[0], CHOSEN)
    assert answer.url == "/konto/beskeder/"
    assert client.get(answer.url).status_code == 200, "signed in"
    assert Membership.objects.get(user=user).municipality == leader.municipality
    assert EmailAddress.objects.get(user=user, email=EMAIL, verified=True, primary=True)
    again = Client().post(reverse("account_login"), {"login": EMAIL, "password": CHOSEN["password1"]})
    assert again.url == reverse("home:start"), "the password is good the next time too"


@pytest.mark.parametrize(
    "typed",
    [
        {"password1": "123", "password2": "123"},
        {"password1": EMAIL, "password2": EMAIL},
        {"password1": "en-lang-adgangskode", "password2": "en-anden-adgangskode"},
        {},
    ],
)
def test_a_bad_password_is_explained_and_changes_nothing(leader: Membership, typed: dict[str, str]) -> None:
    user = _name(leader)
    client = Client()
    answer = client.post(_link(), typed)
    assert answer.status_code == 200
    assert "form-error" in answer.content.decode()
    assert not User.objects.get(pk=user.pk).has_usable_password()
    assert not Membership.objects.filter(user=user).exists()


def test_the_second_factor_is_still_asked_for(leader: Membership) -> None:
    user = _name(leader)
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    client = Client()
    assert client.post(_link(), CHOSEN).url == reverse("mfa_authenticate")
    assert client.get(reverse("people:account")).status_code == 302
    assert not Membership.objects.filter(user=user).exists()


def test_the_link_sets_a_password_only_once(leader: Membership) -> None:
    user = _name(leader)
    invitation = Invitation.objects.get()
    entrance.choose_first_password(invitation, password="den-foerste-kode")
    with pytest.raises(ValidationError):
        entrance.choose_first_password(invitation, password="den-anden-kode")
    client = Client()
    assert "password1" not in client.get(_link()).content.decode()
    assert client.post(_link(), CHOSEN).url == _link()
    assert User.objects.get(pk=user.pk).check_password("den-foerste-kode")


def test_a_link_that_ran_out_or_was_withdrawn_sets_no_password(leader: Membership) -> None:
    user = _name(leader)
    services.withdraw_invitation(Invitation.objects.get(), by=leader.user)
    assert Client().get(_link()).status_code == 410
    Client().post(_link(), CHOSEN)
    Invitation.objects.update(withdrawn_at=None, expires_at="2020-01-01T00:00Z")
    Client().post(_link(), CHOSEN)
    assert not User.objects.get(pk=user.pk).has_usable_password()


def test_people_with_a_password_sign_in_with_it_and_the_link_gives_no_other(leader: Membership) -> None:
    user = UserFactory(email=EMAIL)
    _name(leader)
    client = Client()
    page = client.get(_link()).content.decode()
    assert "password1" not in page
    assert reverse("account_login") in page
    client.post(_link(), CHOSEN)
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)


def _follow_reset(client: Client) -> None:
    found = re.search(r"/konto/password/reset/key/\S+", str(mail.outbox[-1].body))
    assert found
    client.post(client.get(found[0]).url, CHOSEN)


def test_the_way_by_a_forgotten_password_sets_the_first_and_leads_to_the_invitation(leader: Membership) -> None:
    _name(leader)
    client = Client()
    client.post(reverse("account_reset_password"), {"email": EMAIL})
    _follow_reset(client)
    answer = client.post(reverse("account_login"), {"login": EMAIL, "password": CHOSEN["password1"]})
    assert answer.url == _link(), "signed in without confirming the address a second time"
    assert client.post(answer.url).status_code == 302
    assert Membership.objects.filter(user__email=EMAIL).exists()


def test_signing_up_with_the_address_answers_as_ever_and_the_mail_says_how_to_get_in(leader: Membership) -> None:
    leader.municipality.work_domains.create(domain="eksempel.example")
    _name(leader)
    answers = [
        Client().post(reverse("account_signup"), {"email": email, "first_name": "A", "last_name": "B", **CHOSEN})
        for email in (EMAIL, "ukendt@eksempel.example")
    ]
    assert len({(answer.status_code, answer.url) for answer in answers}) == 1
    assert not User.objects.get(email=EMAIL).has_usable_password()
    assert reverse("account_reset_password") in str(mail.outbox[0].body)


def test_a_reset_confirms_nothing_for_one_with_several_addresses() -> None:
    user = UserFactory(email=EMAIL)
    user.emailaddress_set.create(email="anden@eksempel.example", verified=True, primary=True)
    client = Client()
    client.post(reverse("account_reset_password"), {"email": "anden@eksempel.example"})
    _follow_reset(client)
    assert not user.emailaddress_set.filter(email=EMAIL, verified=True).exists()


def test_the_account_page_leads_to_invitations_that_wait(leader: Membership) -> None:
    user = UserFactory(email=EMAIL)
    _name(leader)
    client = Client()
    client.force_login(user)
    assert _link() in client.get(reverse("people:account")).content.decode()
