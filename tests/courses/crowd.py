"""Many people at once."""

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from engagements.models import Membership
from engagements.people.models import Role
from engagements.users.models import User
from tests import factories as f

TOWNS = 10


def crowd(size: int) -> list[User]:
    """So many caseworkers, spread over ten municipalities."""
    towns = [f.MunicipalityFactory() for _ in range(TOWNS)]
    password = make_password(None)
    found = User.objects.bulk_create(
        User(email=f"racer{number}@example.org", first_name=f"Fornavn{number}", last_name="Løber", password=password)
        for number in range(size)
    )
    Membership.objects.bulk_create(
        Membership(user=person, municipality=towns[at % TOWNS], role=Role.CASEWORKER, approved_at=timezone.now())
        for at, person in enumerate(found)
    )
    return found
