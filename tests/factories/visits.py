"""Factories for visits of the learning team."""

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from engagements import models as m
from engagements.users.models import User

from .people import MunicipalityFactory, StaffFactory
from .programme import noon


class VisitOfferFactory(DjangoModelFactory):
    """A published general offer with four places, open now; the season has begun and lasts half a year."""

    class Meta:
        model = m.VisitOffer

    title_da = factory.Sequence(lambda n: f"Besøg {n}")
    title_en = factory.Sequence(lambda n: f"Visits {n}")
    summary_da = "Læringsteamet arbejder med jeres egne sager."
    asks_da = "Et lokale med skærm\nTo afgjorte sager"
    starts_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=20))
    ends_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=180))
    opens_at = factory.LazyFunction(lambda: noon(-40))
    places = 4
    state = "published"


class VisitFactory(DjangoModelFactory):
    """A request that waits in line, made without the service; use `request_visit` where the rules matter.

    `VisitFactory(accepted=True)` has a place, `(planned=True)` is in 20 days with one person from the learning team,
    `(held=True)` was ten days ago and may be evaluated.
    """

    class Meta:
        model = m.Visit
        skip_postgeneration_save = True

    class Params:
        accepted = factory.Trait(state="accepted", accepted_at=factory.LazyFunction(timezone.now))
        timed = factory.Trait(
            accepted_at=factory.LazyFunction(timezone.now),
            ends_at=factory.LazyAttribute(lambda o: o.starts_at + timedelta(hours=5)),
            evaluation_until=factory.LazyAttribute(
                lambda o: timezone.localtime(o.starts_at).date() + timedelta(days=14)
            ),
            programme="9.00 Velkomst",
        )
        planned = factory.Trait(timed=True, state="planned", starts_at=factory.LazyFunction(lambda: noon(20)))
        held = factory.Trait(
            timed=True,
            state="held",
            starts_at=factory.LazyFunction(lambda: noon(-10)),
            held_at=factory.LazyFunction(timezone.now),
            check_on=factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=81)),
        )

    reference = factory.Sequence(lambda n: f"B-2019-{n:04}")
    offer = factory.SubFactory(VisitOfferFactory)
    municipality = factory.SubFactory(MunicipalityFactory)
    theme = "Inddragelse af barnet"
    problem = "Vi mangler samtaler forud for afgørelsen."
    weeks = factory.LazyAttribute(lambda o: [week.code for week in o.offer.weeks()[:2]])
    place = "Rådhuset, lokale 1"
    cases_confirmed = True
    requested_at = factory.LazyFunction(timezone.now)
    token = factory.Sequence(lambda n: f"token-{n}")

    @factory.post_generation
    def audience(self, create: bool, extracted: dict[str, int] | None, **kwargs: Any) -> None:
        """Twelve caseworkers unless others are given."""
        came = self.state in ("held", "followed_up", "closed")  # type: ignore[attr-defined]
        for role, number in (extracted or {"caseworkers": 12}).items():
            m.Audience.objects.create(visit=self, role=role, expected=number, attended=number if came else None)  # type: ignore[misc]

    @factory.post_generation
    def team(self, create: bool, extracted: list[User] | None, **kwargs: Any) -> None:
        """One of the learning team, unless others are given or there is no time yet."""
        for user in extracted or ([StaffFactory(group="learning")] if self.starts_at else []):  # type: ignore[attr-defined]
            m.VisitMember.objects.create(visit=self, user=user)  # type: ignore[misc]

    @factory.post_generation
    def counted(self, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        """Keep the offer's counter true."""
        offer = self.offer  # type: ignore[attr-defined]
        offer.taken = offer.visits.holding().count()
        m.VisitOffer.objects.filter(pk=offer.pk).update(taken=offer.taken)
