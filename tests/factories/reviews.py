"""Factories for what is read in an engagement and what follows from it."""

from datetime import date, timedelta
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from engagements import models as m

from .programme import EngagementFactory


class RequirementFactory(DjangoModelFactory):
    """A requirement with a published version under each law."""

    class Meta:
        model = m.Requirement
        django_get_or_create = ("code",)
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"PRV-{n}")
    theme = "underretning"
    title_da = factory.Sequence(lambda n: f"Lovkrav {n}")
    title_en = factory.Sequence(lambda n: f"Requirement {n}")

    @factory.post_generation
    def versions(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """§ 1 under the old law, § 2 under the new one."""
        if self.versions.exists():  # type: ignore[attr-defined]
            return
        now = timezone.now()
        common: dict[str, Any] = {"requirement": self, "published_at": now}
        m.RequirementVersion.objects.create(
            law="serviceloven", valid_from=date(2011, 1, 1), valid_until=date(2024, 1, 1), paragraph="§ 1", **common
        )
        m.RequirementVersion.objects.create(law="barnets lov", valid_from=date(2024, 1, 1), paragraph="§ 2", **common)


class ReviewFactory(DjangoModelFactory):
    """A baseline review being recorded, with three requirements; `cases=20` makes cases without answers."""

    class Meta:
        model = m.Review
        skip_postgeneration_save = True

    engagement = factory.SubFactory(EngagementFactory)

    @factory.post_generation
    def requirements(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """Three requirements unless others are given."""
        self.requirements.set(extracted if extracted is not None else RequirementFactory.create_batch(3))  # type: ignore[attr-defined]

    @factory.post_generation
    def cases(self, create: bool, extracted: int | None, **kwargs: Any) -> None:
        """Cases of 2025."""
        for number in range(1, (extracted or 0) + 1):
            m.Case.objects.create(review=self, number=number, decision_year=2025)  # type: ignore[misc]


class FindingFactory(DjangoModelFactory):
    """A weakness."""

    class Meta:
        model = m.Finding

    engagement = factory.SubFactory(EngagementFactory)
    number = factory.Sequence(lambda n: n % 30000 + 1)
    theme = "inddragelse"
    competence = "legal"
    polarity = "weakness"
    severity = "major"
    title = factory.Sequence(lambda n: f"Fund {n}")
    text = "Der mangler børnesamtaler forud for afgørelsen."


class RecommendationFactory(DjangoModelFactory):
    """A recommendation made from one finding; `(published=True)` is part of a published report."""

    class Meta:
        model = m.Recommendation
        skip_postgeneration_save = True

    class Params:
        published = factory.Trait(published_at=factory.LazyFunction(timezone.now))

    engagement = factory.SubFactory(EngagementFactory)
    number = factory.Sequence(lambda n: n % 30000 + 1)
    kind = "must"
    competence = "legal"
    title = factory.Sequence(lambda n: f"Anbefaling {n}")
    text = "Tal med barnet forud for afgørelsen."

    @factory.post_generation
    def findings(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """One finding unless others are given."""
        self.findings.set(extracted or [FindingFactory(engagement=self.engagement, published_at=self.published_at)])  # type: ignore[attr-defined]


class ReportFactory(DjangoModelFactory):
    """An analysis report in draft."""

    class Meta:
        model = m.Report

    engagement = factory.SubFactory(EngagementFactory)


class ActionFactory(DjangoModelFactory):
    """A planned action due in 30 days; `(overdue=True)` was due ten days ago."""

    class Meta:
        model = m.Action

    class Params:
        overdue = factory.Trait(due_on=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=10)))

    engagement = factory.SubFactory(EngagementFactory)
    recommendation = factory.SubFactory(
        RecommendationFactory, published=True, engagement=factory.SelfAttribute("..engagement")
    )
    number = factory.Sequence(lambda n: n % 30000 + 1)
    title = factory.Sequence(lambda n: f"Tiltag {n}")
    owner = "Børne- og familiechef"
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))
    original_due_on = factory.SelfAttribute("due_on")


class BriefingFactory(DjangoModelFactory):
    """A briefing in draft."""

    class Meta:
        model = m.Briefing

    engagement = factory.SubFactory(EngagementFactory)
    status_text = "Analysen er afsluttet."
