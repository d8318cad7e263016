"""The courses app: wires the rooms together once Django has loaded them."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        from importlib import import_module

        from . import reference

        # Each room says in messages.py who is told what when something moves.
        for room in reference.ROOMS_WITH_MESSAGES:
            import_module(f"courses.{room}.messages")
        post_migrate.connect(reference.ensure, sender=self, dispatch_uid="courses.reference")
