"""The demonstration's accounts: one for each role; names are first names only and belong to nobody."""

from functools import cache
from typing import NamedTuple

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from engagements.municipalities.models import Agency, Municipality
from engagements.users.models import User

from . import permissions as who
from .models import Membership, Role, StaffProfile, WorkDomain

PASSWORD = "demonstration"  # noqa: S105 - shown on the sign-in page of the demonstration
DOMAINS = {
    "korsbaek": "korsbaek.example",
    "nordager": "nordager.example",
    "sundkoebing": "sundkoebing.example",
    "lillehavn": "lillehavn.example",
}
"""Slug of the fictional municipality → its work domain."""
ROLES = (Role.LEADER, Role.COORDINATOR, Role.DIRECTOR, Role.CASEWORKER, Role.COUNCIL)
FIRST_NAMES = {
    "korsbaek": ("Karen", "Jonas", "Birgitte", "Amalie", "Svend"),
    "nordager": ("Lone", "Rasmus", "Henrik", "Sofie", "Ulla"),
    "sundkoebing": ("Mette", "Thomas", "Annette", "Emil", "Preben"),
    "lillehavn": ("Dorte", "Signe", "Flemming", "Mikkel", "Grethe"),
}


class StaffAccount(NamedTuple):
    """One of the Task Force's accounts."""

    name: str
    first_name: str
    group: str
    agency: str
    title: Promise


STAFF = (
    StaffAccount("lead", "Inger", who.LEAD, "social", _("lead of the Task Force")),
    StaffAccount("legal", "Peter", who.LEGAL, "legal", _("legal consultant")),
    StaffAccount("social", "Hanne", who.SOCIAL, "social", _("social-professional consultant")),
    StaffAccount("learning", "Kirsten", who.LEARNING, "social", _("member of the learning team")),
    StaffAccount("courses", "Lars", who.COURSES, "social", _("course administrator")),
    StaffAccount("network", "Maria", who.NETWORK, "social", _("network editor")),
    StaffAccount("editor", "Birgitte", who.EDITORS, "social", _("web editor")),
    StaffAccount("approver", "Torben", who.APPROVERS, "legal", _("approver of pages")),
    StaffAccount("host", "Sofie", who.HOSTS, "", _("host of the leaders' network")),
    StaffAccount("analyst", "Anders", who.ANALYST, "legal", _("analyst")),
    StaffAccount("admin", "Vibeke", who.ADMINISTRATORS, "social", _("administrator")),
)
STAFF_DOMAIN = "taskforce.example"
COLLEAGUES = {
    "korsbaek": "Anne Bo Camilla Dennis Eva Freja Gitte Hans Ida Jesper Katrine Louise",
    "nordager": "Maja Niels Oliver Pernille Rikke Simon Tina Ulrik Vibe William Astrid Benjamin",
    "sundkoebing": "Cecilie Daniel Ella Frederik Gry Helle Ib Julie Kasper Line Morten Nanna",
    "lillehavn": "Ole Puk Ronja Sanne Torben Ursula Viktor Winnie Alma Bent Clara David",
}
"""Caseworkers, so that courses can fill up; they are not listed on the sign-in page."""


class Account(NamedTuple):
    """A line of the list on the demonstration's sign-in page."""

    email: str
    role: str


def accounts() -> list[tuple[str, list[Account]]]:
    """The accounts by place: the fictional municipalities that exist here, and the Task Force."""
    places = Municipality.objects.filter(slug__in=DOMAINS)
    groups = [
        (place.full_name, [Account(f"{role}@{DOMAINS[place.slug]}", str(Role(role).label)) for role in ROLES])
        for place in places
    ]
    groups.append((str(_("the Task Force")), [Account(f"{a.name}@{STAFF_DOMAIN}", str(a.title)) for a in STAFF]))
    return groups


def ensure() -> None:
    """Make the accounts, idempotently; municipalities and agencies must be there."""
    for place in Municipality.objects.filter(slug__in=DOMAINS):
        domain = DOMAINS[place.slug]
        WorkDomain.objects.get_or_create(domain=domain, defaults={"municipality": place})
        for role, first_name in zip(ROLES, FIRST_NAMES[place.slug], strict=True):
            user = _user(f"{role}@{domain}", first_name)
            Membership.objects.get_or_create(
                user=user,
                municipality=place,
                role=role,
                ended_on=None,
                defaults={"approved_at": timezone.now(), "title": ""},
            )
    agencies = {kind: Agency.objects.filter(kind=kind).order_by("pk").first() for kind in ("legal", "social")}
    for account in STAFF:
        user = _user(f"{account.name}@{STAFF_DOMAIN}", account.first_name)
        user.groups.add(Group.objects.get_or_create(name=account.group)[0])
        agency = agencies.get(account.agency)
        if agency is not None:
            StaffProfile.objects.get_or_create(user=user, defaults={"agency": agency, "title": str(account.title)})


def account(name: str, domain: str) -> User:
    """The account of a role or of one of the Task Force."""
    return User.objects.get(email=f"{name}@{domain}")


def colleagues(place: Municipality) -> list[User]:
    """Twelve caseworkers of a fictional municipality, made when they are missing."""
    names = {f"{name.lower()}@{DOMAINS[place.slug]}": name for name in COLLEAGUES[place.slug].split()}
    known = set(User.objects.filter(email__in=names).values_list("email", flat=True))
    made = User.objects.bulk_create(
        User(email=email, first_name=name, password=_password()) for email, name in names.items() if email not in known
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in made
    )
    Membership.objects.bulk_create(
        Membership(user=user, municipality=place, role=Role.CASEWORKER, approved_at=timezone.now()) for user in made
    )
    found = {user.email: user for user in User.objects.filter(email__in=names)}
    return [found[email] for email in names]


@cache
def _password() -> str:
    """All have the same password, so it is hashed once: that is what takes time."""
    return make_password(PASSWORD)


def _user(email: str, first_name: str) -> User:
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create(email=email, password=_password(), first_name=first_name)
    EmailAddress.objects.get_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
    return user
