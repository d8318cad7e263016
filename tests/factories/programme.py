"""Factories for offers, rounds, applications and engagements."""

from datetime import date, datetime, timedelta
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from engagements import models as m
from engagements.applications.sections import SECTIONS
from engagements.users.models import User

from .people import MunicipalityFactory, UserFactory


class OfferFactory(DjangoModelFactory):
    """The Task Force engagement."""

    class Meta:
        model = m.Offer
        django_get_or_create = ("key",)

    key = "task-force"
    title_da = "Task Force-forløb"
    title_en = "Task Force engagement"


def noon(days: int) -> datetime:
    return (timezone.localtime() + timedelta(days=days)).replace(hour=12, minute=0, second=0, microsecond=0)


class RoundFactory(DjangoModelFactory):
    """An open round; `RoundFactory(closed=True)` closed yesterday."""

    class Meta:
        model = m.Round

    class Params:
        closed = factory.Trait(
            opens_at=factory.LazyFunction(lambda: noon(-80)), closes_at=factory.LazyFunction(lambda: noon(-1))
        )

    offer = factory.SubFactory(OfferFactory)
    title = factory.Sequence(lambda n: f"Runde {n}")
    opens_at = factory.LazyFunction(lambda: noon(-40))
    closes_at = factory.LazyFunction(lambda: noon(30))
    answer_by = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=90))
    capacity = 4


class ApplicationFactory(DjangoModelFactory):
    """A draft; `ApplicationFactory(submitted=True)` has arrived, `(in_assessment=True)` is being assessed."""

    class Meta:
        model = m.Application
        skip_postgeneration_save = True

    class Params:
        arrived = factory.Trait(
            case_no=factory.Sequence(lambda n: f"2025-{n % 10000:04}"),
            submitted_at=factory.LazyFunction(timezone.now),
            submitted_by=factory.SelfAttribute("created_by"),
        )
        submitted = factory.Trait(arrived=True, state="submitted")
        in_assessment = factory.Trait(arrived=True, state="assessment")

    reference = factory.Sequence(lambda n: f"A-2025-{n % 10000:04}")
    round = factory.SubFactory(RoundFactory)
    municipality = factory.SubFactory(MunicipalityFactory)
    created_by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def sections(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """Every section, empty."""
        m.Section.objects.bulk_create(m.Section(application=self, key=section.key) for section in SECTIONS)  # type: ignore[misc]


class EngagementFactory(DjangoModelFactory):
    """A running engagement with the four standard phases; `team=[user, …]` puts people on it."""

    class Meta:
        model = m.Engagement
        skip_postgeneration_save = True

    case_no = factory.Sequence(lambda n: f"2024-{n % 10000:04}")
    municipality = factory.SubFactory(MunicipalityFactory)
    offer = factory.SubFactory(OfferFactory)
    starts_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=120))

    @factory.post_generation
    def phases(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """2 + 5 + 16 + 1 months."""
        start: date = self.starts_on  # type: ignore[assignment]
        for order, (kind, months) in enumerate(
            [("start", 2), ("analysis", 5), ("development", 16), ("measurement", 1)]
        ):
            end = start + timedelta(days=30 * months)
            m.Phase.objects.create(engagement=self, kind=kind, order=order, starts_on=start, ends_on=end)  # type: ignore[misc]
            start = end

    @factory.post_generation
    def team(self, create: bool, extracted: list[User] | None, **kwargs: Any) -> None:
        """Put people on the team."""
        for user in extracted or []:
            m.TeamMember.objects.create(engagement=self, user=user, competence="legal")  # type: ignore[misc]
