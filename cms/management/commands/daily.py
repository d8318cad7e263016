"""`manage.py daily`: everything that happens by the calendar; run it once a day, more often does no harm."""

import logging
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

logger = logging.getLogger(__name__)


def jobs() -> Iterator[str]:
    """The modules with a daily job: `<room>/daily.py` with `run(day: date) -> str`, then the site's own."""
    for package in ("engagements", "courses", "cms"):
        root = import_module(package)
        rooms = sorted(module.name for module in iter_modules(root.__path__) if module.ispkg)
        yield from (f"{package}.{room}.daily" for room in rooms if find_spec(f"{package}.{room}.daily"))
        if find_spec(f"{package}.daily"):
            yield f"{package}.daily"


class Command(BaseCommand):
    """Run every room's job of the day; one that fails does not keep the others from running."""

    help = "Runs what happens by the calendar in every room. Idempotent: run it daily by cron or a timer."

    def add_arguments(self, parser: CommandParser) -> None:
        """The day may be given, for a day that was missed."""
        parser.add_argument("--day", type=date.fromisoformat, default=None, help="YYYY-MM-DD; today unless given")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line per job; fails at the end if any of them failed."""
        day = options["day"] or timezone.localdate()
        failed = []
        for name in jobs():
            try:
                self.stdout.write(f"{name.removesuffix('.daily')}: {import_module(name).run(day)}")
            except Exception:
                logger.exception("The daily job %s failed", name)
                failed.append(name)
        if failed:
            raise CommandError(f"Failed, see the log: {', '.join(failed)}")
