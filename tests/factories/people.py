"""Factories for people and where they belong."""

from typing import Any

import factory
from django.contrib.auth.models import Group
from django.utils import timezone
from factory.django import DjangoModelFactory

from engagements import models as m
from engagements.people.models import Role
from engagements.users.models import User

PASSWORD = "demonstration"


class UserFactory(DjangoModelFactory):
    """A person who may sign in with the password `demonstration`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    first_name = factory.Sequence(lambda n: f"Fornavn{n}")
    last_name = "Efternavn"

    @factory.post_generation
    def password(self, create: bool, extracted: str | None, **kwargs: Any) -> None:
        """Set the password."""
        self.set_password(extracted or PASSWORD)  # type: ignore[attr-defined]
        if create:
            self.save()  # type: ignore[attr-defined]


class MunicipalityFactory(DjangoModelFactory):
    """A fictional municipality with a tile of its own."""

    class Meta:
        model = m.Municipality
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"{5000 + n}")
    name = factory.Sequence(lambda n: f"Prøveby {n}")
    slug = factory.LazyAttribute(lambda o: o.name.lower().replace(" ", "-").replace("ø", "oe"))
    tile_column = factory.Sequence(lambda n: 20 + n % 30)  # beside the real ones, so that a map stays a map
    tile_row = factory.Sequence(lambda n: n // 30)
    is_fictional = True


class MembershipFactory(DjangoModelFactory):
    """An approved membership; `MembershipFactory(role="director")`."""

    class Meta:
        model = m.Membership

    user = factory.SubFactory(UserFactory)
    municipality = factory.SubFactory(MunicipalityFactory)
    role = Role.LEADER
    approved_at = factory.LazyFunction(timezone.now)


class AgencyFactory(DjangoModelFactory):
    """An agency, legal unless said otherwise."""

    class Meta:
        model = m.Agency
        django_get_or_create = ("key",)

    key = "ankestyrelsen"
    kind = m.Agency.Kind.LEGAL


class StaffFactory(UserFactory):
    """A member of staff: `StaffFactory(agency="social", group="social")`."""

    @factory.post_generation
    def agency(self, create: bool, extracted: str | None, **kwargs: Any) -> None:
        """Give the person a profile at the agency of this kind."""
        kind = extracted or "legal"
        key = {"legal": "ankestyrelsen", "social": "socialstyrelsen"}[kind]
        m.StaffProfile.objects.create(user=self, agency=AgencyFactory(key=key, kind=kind))  # type: ignore[misc]

    @factory.post_generation
    def group(self, create: bool, extracted: str | None, **kwargs: Any) -> None:
        """Put the person in the staff group."""
        self.groups.add(Group.objects.get_or_create(name=extracted or "legal")[0])  # type: ignore[attr-defined]


class HostFactory(UserFactory):
    """Whoever hosts the leaders' network."""

    @factory.post_generation
    def group(self, create: bool, extracted: str | None, **kwargs: Any) -> None:
        """Put the person in the hosts' group."""
        self.groups.add(Group.objects.get_or_create(name="hosts")[0])  # type: ignore[attr-defined]
