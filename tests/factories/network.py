"""Factories for the leaders' network."""

from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from cms import models as s

from .courses import RunFactory
from .people import StaffFactory


class MeetingFactory(DjangoModelFactory):
    """A network meeting in a month, with its published run."""

    class Meta:
        model = s.Meeting

    run = factory.SubFactory(
        RunFactory,
        course=None,
        kind="meeting",
        own_title="Netværksmøde",
        members_only=True,
        audience="leaders",
        certificate_rule="none",
    )
    theme = "Ledelse af sagsarbejdet"
    agenda = "Velkomst\nErfaringer fra to kommuner"


class ThreadFactory(DjangoModelFactory):
    """A thread with one post by who started it; `ThreadFactory(posts=3)`."""

    class Meta:
        model = s.Thread
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Hvordan gør I? {n}")
    started_by = factory.SubFactory(StaffFactory, group="network")
    last_post_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def posts(self, create: bool, extracted: int | None, **kwargs: Any) -> None:
        """As many posts as asked for."""
        for number in range(1 if extracted is None else extracted):
            PostFactory(thread=self, author=self.started_by, text=f"Indlæg {number}")  # type: ignore[attr-defined]


class PostFactory(DjangoModelFactory):
    """A post, made without the service; use `reply` where the rules matter."""

    class Meta:
        model = s.Post

    thread = factory.SubFactory(ThreadFactory, posts=0)
    author = factory.SubFactory(StaffFactory, group="network")
    text = "Vi har gode erfaringer med faste møder."
