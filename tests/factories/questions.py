"""Factories for questions on rules and practice."""

from datetime import date, timedelta
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from engagements import models as m
from engagements.users.models import User

from .people import MembershipFactory, MunicipalityFactory, StaffFactory


class QuestionFactory(DjangoModelFactory):
    """A question just received; `(assigned=True)`, `(drafted=True)` (in second reading), `(answered=True)`."""

    class Meta:
        model = m.LegalQuestion
        skip_postgeneration_save = True

    class Params:
        assigned = factory.Trait(state="assigned", assigned_to=factory.SubFactory(StaffFactory))
        written = factory.Trait(answer="Ja, det følger af lovens ord.", other_basis="forvaltningsloven § 19")
        drafted = factory.Trait(assigned=True, written=True, state="second_reading")
        answered = factory.Trait(
            assigned=True, written=True, state="answered", answered_at=factory.LazyFunction(timezone.now)
        )

    reference = factory.Sequence(lambda n: f"SP-2019-{n:04}")
    municipality = factory.SubFactory(MunicipalityFactory)
    asked_by = factory.LazyAttribute(lambda o: MembershipFactory(municipality=o.municipality).user)
    title = factory.Sequence(lambda n: f"Hvornår skal der partshøres? {n}")
    text = "Gælder pligten til partshøring også, når afgørelsen er begunstigende?"
    topic = "sagsbehandling"
    asked_at = factory.LazyFunction(timezone.now)
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=14))

    @factory.post_generation
    def drafters(self, create: bool, extracted: list[User] | None, **kwargs: Any) -> None:
        """Whoever it is assigned to has written what is written."""
        if extracted or (self.answer and self.assigned_to):  # type: ignore[attr-defined]
            self.drafters.set(extracted or [self.assigned_to])  # type: ignore[attr-defined]


class PublishedAnswerFactory(DjangoModelFactory):
    """A published answer; `(state="draft")` is not public yet, `(outdated=True)` rests on rules that have ended."""

    class Meta:
        model = m.PublishedAnswer

    class Params:
        outdated = factory.Trait(law="serviceloven", valid_from=date(2011, 1, 1), valid_until=date(2024, 1, 1))

    question = factory.SubFactory(QuestionFactory, answered=True)
    published_title = factory.Sequence(lambda n: f"Hvornår skal parterne høres? {n}")
    published_question = "En kommune spørger, om pligten til partshøring også gælder begunstigende afgørelser."
    published_answer = "Pligten følger af forvaltningsloven."
    other_basis = "forvaltningsloven § 19"
    topic = "sagsbehandling"
    valid_from = date(2024, 1, 1)
    state = "published"
    written_by = factory.SelfAttribute("question.assigned_to")
    published_at = factory.LazyFunction(timezone.now)
