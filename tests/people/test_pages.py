"""The pages about people: who sees what, and what the buttons do."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from engagements.people import permissions, services
from engagements.people.models import Invitation, Membership, Role, WorkDomain
from engagements.users.models import User
from tests.factories import PASSWORD, MembershipFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader() -> Membership:
    """A leader of a municipality with a work domain."""
    membership = MembershipFactory(role=Role.LEADER)
    WorkDomain.objects.create(municipality=membership.municipality, domain="proeveby.example")
    return membership


@pytest.fixture
def invitation(leader: Membership) -> Invitation:
    """An open invitation for a new coordinator."""
    return services.invite(
        municipality=leader.municipality,
        email="ny@eksempel.example",
        role=Role.COORDINATOR,
        by=leader.user,
        next_address="/konto/beskeder/",
    )


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _members(membership: Membership) -> str:
    return reverse("people:members", args=[membership.municipality.code])


def test_colleagues_see_the_people_and_strangers_find_nothing(leader: Membership) -> None:
    colleague = MembershipFactory(municipality=leader.municipality, role=Role.CASEWORKER)
    page = _signed_in(colleague.user).get(_members(leader)).content.decode()
    assert leader.user.email in page
    assert "inviter" not in page
    assert _signed_in(UserFactory()).get(_members(leader)).status_code == 404
    assert Client().get(_members(leader)).status_code == 302


def test_only_those_who_manage_people_may_invite(leader: Membership) -> None:
    address = reverse("people:invite", args=[leader.municipality.code])
    colleague = MembershipFactory(municipality=leader.municipality, role=Role.COORDINATOR)
    assert _signed_in(colleague.user).get(address).status_code == 404
    answer = _signed_in(leader.user).post(address, {"email": "ny@eksempel.example", "role": "coordinator"})
    assert answer.status_code == 302
    assert Invitation.objects.get().email == "ny@eksempel.example"


def test_inviting_one_who_has_the_role_says_so_and_keeps_what_was_typed(leader: Membership) -> None:
    address = reverse("people:invite", args=[leader.municipality.code])
    answer = _signed_in(leader.user).post(address, {"email": leader.user.email, "role": "leader"})
    assert answer.status_code == 200
    assert leader.user.email in answer.content.decode()


def test_a_request_is_approved_with_a_button(leader: Membership) -> None:
    asked = MembershipFactory(municipality=leader.municipality, role=Role.CASEWORKER, approved_at=None)
    client = _signed_in(leader.user)
    assert asked.user.email in client.get(_members(leader)).content.decode()
    client.post(asked.get_absolute_url(), {"approve": "1"})
    asked.refresh_from_db()
    assert asked.approved_by == leader.user


def test_a_person_cannot_approve_the_own_request(leader: Membership) -> None:
    asked = MembershipFactory(municipality=leader.municipality, user=leader.user, role=Role.DIRECTOR, approved_at=None)
    assert _signed_in(leader.user).post(asked.get_absolute_url(), {"approve": "1"}).status_code == 403
    asked.refresh_from_db()
    assert asked.approved_at is None


def test_the_last_leader_is_told_why_leaving_is_not_possible(leader: Membership) -> None:
    answer = _signed_in(leader.user).post(reverse("people:leave", args=[leader.pk]), follow=True)
    leader.refresh_from_db()
    assert leader.ended_on is None
    assert leader.municipality.full_name in answer.content.decode()


def test_nobody_ends_the_membership_of_another_municipality(leader: Membership) -> None:
    other = MembershipFactory()
    assert _signed_in(leader.user).post(other.get_absolute_url(), {"end": "1"}).status_code == 404
    crossed = reverse("people:membership", args=[leader.municipality.code, other.pk])
    assert _signed_in(leader.user).post(crossed, {"end": "1"}).status_code == 404
    assert _signed_in(leader.user).post(reverse("people:leave", args=[other.pk])).status_code == 404


def test_an_invited_person_creates_an_account_and_gets_where_the_invitation_leads(invitation: Invitation) -> None:
    client = Client()
    link = reverse("people:accept", args=[invitation.token])
    assert "signup" in client.get(link).content.decode()
    answer = client.post(
        reverse("account_signup") + f"?next={link}",
        {
            "email": invitation.email,
            "first_name": "Ny",
            "last_name": "Kollega",
            "password1": "en-lang-adgangskode",
            "password2": "en-lang-adgangskode",
            "next": link,
        },
    )
    assert answer.url == link, "the link has shown that the address is theirs: no second confirmation"
    answer = client.post(link)
    assert answer.url == "/konto/beskeder/"
    assert Membership.objects.get(user__email=invitation.email).role == Role.COORDINATOR
    assert client.get(link).status_code == 302, "following the link again leads on"


def test_an_invited_person_with_an_account_signs_in_and_accepts(invitation: Invitation) -> None:
    user = UserFactory(email=invitation.email)
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    client = Client()
    link = reverse("people:accept", args=[invitation.token])
    client.get(link)
    answer = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD, "next": link})
    assert answer.url == link
    client.post(link)
    assert permissions.roles_of(User.objects.get(pk=user.pk))


def test_signed_in_as_another_person_the_link_says_so_and_gives_nothing(invitation: Invitation) -> None:
    other = UserFactory()
    client = _signed_in(other)
    link = reverse("people:accept", args=[invitation.token])
    assert other.email in client.get(link).content.decode()
    client.post(link)
    assert not Membership.objects.filter(user=other).exists()


def test_unknown_and_withdrawn_invitations_answer_alike(invitation: Invitation, leader: Membership) -> None:
    services.withdraw_invitation(invitation, by=leader.user)
    gone = Client().get(reverse("people:accept", args=[invitation.token]))
    never = Client().get(reverse("people:accept", args=["findes-ikke"]))
    assert gone.status_code == 410
    assert never.status_code == 404
    assert invitation.email not in gone.content.decode()


def _sign_up(client: Client, email: str) -> Any:
    return client.post(
        reverse("account_signup"),
        {
            "email": email,
            "first_name": "Ny",
            "last_name": "Kollega",
            "password1": "en-lang-adgangskode",
            "password2": "en-lang-adgangskode",
        },
    )


def test_sign_up_is_open_for_work_addresses_only(leader: Membership) -> None:
    assert _sign_up(Client(), "ny@proeveby.example").status_code == 302
    refused = _sign_up(Client(), "ny@privat.example")
    assert refused.status_code == 200
    assert "taskforce@taskforce.example" in refused.content.decode(), "it says whom to ask"
    assert list(User.objects.filter(email__startswith="ny@").values_list("email", flat=True)) == ["ny@proeveby.example"]


def test_being_invited_helps_only_one_who_has_the_link(invitation: Invitation) -> None:
    assert _sign_up(Client(), invitation.email).status_code == 200
    assert not User.objects.filter(email=invitation.email).exists()


def test_sign_up_answers_alike_whether_or_not_there_is_an_account(leader: Membership) -> None:
    UserFactory(email="har@proeveby.example")
    known, unknown = _sign_up(Client(), "har@proeveby.example"), _sign_up(Client(), "ny@proeveby.example")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert len(mail.outbox) == 2, "each gets a mail that says what to do"


def test_password_reset_answers_alike_whether_or_not_there_is_an_account() -> None:
    UserFactory(email="har@proeveby.example")
    answers = [
        Client().post(reverse("account_reset_password"), {"email": email})
        for email in ("har@proeveby.example", "ingen@proeveby.example")
    ]
    assert len({(answer.status_code, answer.url) for answer in answers}) == 1


def test_after_sign_in_one_who_belongs_nowhere_may_ask_to_join(leader: Membership) -> None:
    user = UserFactory(email="ny@proeveby.example")
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    client = Client()
    answer = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert answer.url == reverse("people:join")
    client.post(answer.url, {"role": "caseworker", "title": ""})
    assert Membership.objects.waiting().get().user == user


def test_the_account_page_saves_name_language_and_notices(leader: Membership) -> None:
    client = _signed_in(leader.user)
    client.post(reverse("people:account"), {"first_name": "Åse", "last_name": "", "language": "en", "mail": "digest"})
    user = User.objects.get(pk=leader.user.pk)
    assert (user.first_name, user.language, user.notice_preference.mail) == ("Åse", "en", "digest")


def test_the_members_list_costs_the_same_for_many(leader: Membership, django_assert_max_num_queries: Any) -> None:
    client = _signed_in(leader.user)
    MembershipFactory.create_batch(3, municipality=leader.municipality, role=Role.CASEWORKER)
    client.get(_members(leader))
    with django_assert_max_num_queries(12) as few:
        client.get(_members(leader))
    MembershipFactory.create_batch(30, municipality=leader.municipality, role=Role.CASEWORKER)
    with django_assert_max_num_queries(len(few)):
        client.get(_members(leader))


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("/cms/login/", "/konto/login/"),
        ("/cms/password_reset/", "/konto/password/reset/"),
        ("/cms/password_reset/confirm/MQ/abc-def/", "/konto/password/reset/"),
        ("/_util/login/", "/konto/login/"),
    ],
)
def test_wagtails_own_doors_lead_to_ours(address: str, target: str) -> None:
    for answer in (Client().get(address), Client().post(address, {"username": "x", "password": "y"})):
        assert answer.status_code == 302
        assert answer.url == target


def test_the_cms_account_page_offers_no_password_or_address() -> None:
    from engagements.people import reference

    reference.ensure()
    page = _signed_in(StaffFactory(group=permissions.LEAD)).get("/cms/account/").content.decode()
    assert 'type="password"' not in page
    assert 'type="email"' not in page


def test_staff_set_up_a_second_factor_before_anything_else_where_it_is_required(settings: Any) -> None:
    settings.MFA_REQUIRED_FOR_STAFF = True
    staff, member = StaffFactory(), MembershipFactory().user
    for address in (reverse("notices:list"), "/cms/", "/"):
        assert _signed_in(staff).get(address).url == reverse("mfa_activate_totp")
    # The way to the second factor itself stays open.
    assert _signed_in(staff).get(reverse("people:account")).status_code == 200
    assert _signed_in(member).get(reverse("notices:list")).status_code == 200


def test_the_demonstration_lists_its_accounts_and_nobody_else_does(settings: Any) -> None:
    assert "lead@taskforce.example" not in Client().get(reverse("account_login")).content.decode()
    settings.DEMONSTRATION = True
    assert "lead@taskforce.example" in Client().get(reverse("account_login")).content.decode()


def test_an_invitation_is_sent_again_or_withdrawn_by_a_leader_only(leader: Membership, invitation: Invitation) -> None:
    address = reverse("people:invitation", args=[leader.municipality.code, invitation.pk])
    assert _signed_in(MembershipFactory().user).post(address, {"withdraw": "1"}).status_code == 404
    Invitation.objects.update(last_sent_at=None)
    _signed_in(leader.user).post(address, {"again": "1"})
    invitation.refresh_from_db()
    assert invitation.times_sent == 2
    _signed_in(leader.user).post(address, {"withdraw": "1"})
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is not None
