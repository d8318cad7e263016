"""Factories for courses, runs and enrolments."""

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from courses import models as c
from engagements.people.models import Role

from .people import MembershipFactory, MunicipalityFactory
from .programme import noon


class SubjectFactory(DjangoModelFactory):
    """A subject of courses."""

    class Meta:
        model = c.Subject
        django_get_or_create = ("key",)

    key = "sagsbehandling"
    title_da = "Sagsbehandling"
    title_en = "Casework"


class CourseFactory(DjangoModelFactory):
    """A published course; `CourseFactory(state="draft")` is not shown yet."""

    class Meta:
        model = c.Course

    slug = factory.Sequence(lambda n: f"kursus-{n}")
    title_da = factory.Sequence(lambda n: f"Kursus {n}")
    title_en = factory.Sequence(lambda n: f"Course {n}")
    summary_da = "Et kursus om inddragelse af børn."
    state = "published"
    subject = factory.SubFactory(SubjectFactory)


class LearningPathFactory(DjangoModelFactory):
    """A published learning path of two courses; `LearningPathFactory(courses=[…])` of others."""

    class Meta:
        model = c.LearningPath
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"laeringsforloeb-{n}")
    title_da = factory.Sequence(lambda n: f"Læringsforløb {n}")
    summary_da = "To kurser, der hører sammen."
    state = "published"

    @factory.post_generation
    def courses(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """Two new courses unless others are given."""
        for order, course in enumerate(extracted or [CourseFactory(), CourseFactory()], 1):
            c.PathStep.objects.create(path=self, course=course, order=order)  # type: ignore[misc]


class RunFactory(DjangoModelFactory):
    """A published run in 30 days with one session, open for enrolment: `RunFactory(capacity=…, sessions=2)`.

    `RunFactory(held=True)` was held a week ago.
    """

    class Meta:
        model = c.Run
        skip_postgeneration_save = True

    class Params:
        held = factory.Trait(
            starts_at=factory.LazyFunction(lambda: noon(-8)), opens_at=factory.LazyFunction(lambda: noon(-60))
        )

    reference = factory.Sequence(lambda n: f"2019-{n:05}")
    course = factory.SubFactory(CourseFactory)
    state = "published"
    capacity = 20
    starts_at = factory.LazyFunction(lambda: noon(30))
    ends_at = factory.LazyAttribute(lambda o: o.starts_at + timedelta(hours=4))
    opens_at = factory.LazyFunction(lambda: noon(-10))
    closes_at = factory.LazyAttribute(lambda o: o.starts_at - timedelta(days=10))
    cancel_until = factory.SelfAttribute("closes_at")

    @factory.post_generation
    def sessions(self, create: bool, extracted: int | None, **kwargs: Any) -> None:
        """One session unless another number is given, one a day; the run ends with the last."""
        for number in range(1 if extracted is None else extracted):
            begins = self.starts_at + timedelta(days=number)  # type: ignore[attr-defined]
            SessionFactory(run=self, starts_at=begins, ends_at=begins + timedelta(hours=4))
        if extracted and extracted > 1:
            self.ends_at = self.starts_at + timedelta(days=extracted - 1, hours=4)  # type: ignore[attr-defined]
            self.save(update_fields=["ends_at"])  # type: ignore[attr-defined]


class SessionFactory(DjangoModelFactory):
    """A session of four hours."""

    class Meta:
        model = c.Session

    run = factory.SubFactory(RunFactory, sessions=0)
    starts_at = factory.SelfAttribute("run.starts_at")
    ends_at = factory.LazyAttribute(lambda o: o.starts_at + timedelta(hours=4))
    place = "Mødelokale 1, Odense"


class EnrolmentFactory(DjangoModelFactory):
    """A row with a seat, made without the service; use `enrol` where the rules matter.

    The person is a caseworker of `municipality` (a new one unless given).
    """

    class Meta:
        model = c.Enrolment
        skip_postgeneration_save = True

    run = factory.SubFactory(RunFactory)
    municipality = factory.SubFactory(MunicipalityFactory)
    person = factory.LazyAttribute(lambda o: MembershipFactory(municipality=o.municipality, role=Role.CASEWORKER).user)
    role = Role.CASEWORKER
    state = "seated"
    queued_at = factory.LazyFunction(timezone.now)
    seated_at = factory.LazyAttribute(lambda o: o.queued_at if o.state == "seated" else None)

    @factory.post_generation
    def counted(self, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        """Keep the run's counter true."""
        run = self.run  # type: ignore[attr-defined]
        run.taken = run.enrolments.holding().count()
        c.Run.objects.filter(pk=run.pk).update(taken=run.taken)
