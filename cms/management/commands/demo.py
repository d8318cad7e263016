"""`manage.py demo`: fill in the demonstration's content; again does no harm."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cms.home import demo
from cms.pages import demo_pages
from courses.demo import scale
from engagements.programme.models import Engagement


class Command(BaseCommand):
    """Fictional municipalities with everything in them, accounts for every role, and the programme's pages."""

    help = "Makes the demonstration: four fictional municipalities, accounts, courses, pages. Idempotent, seeded, no network."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much."""
        parser.add_argument(
            "--scale",
            type=int,
            default=0,
            metavar="N",
            help="also N closed engagements and N runs of courses, for measuring",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell the story once."""
        if not settings.DEMONSTRATION:
            raise CommandError("This is not the demonstration (settings.DEMONSTRATION is off).")
        first = not Engagement.objects.exists()
        demo.tell()
        demo_pages.ensure()
        if first:
            demo.forget_notices()
        if options["scale"]:
            self.stdout.write(f"{demo.scale(options['scale'])} engagements added.")
            self.stdout.write(f"{scale.add(options['scale'])} runs of courses added.")
        self.stdout.write("The demonstration is ready.")
