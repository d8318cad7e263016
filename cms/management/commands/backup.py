"""`manage.py backup`: database and files in one archive."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cms import archives


class Command(BaseCommand):
    """Make an archive and print where it is."""

    help = "Puts the database and the files into one archive under var/backups. The site may keep running."

    def add_arguments(self, parser: CommandParser) -> None:
        """Another folder may be given."""
        parser.add_argument("--folder", type=Path, default=None, help="where to put it, instead of var/backups")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it."""
        path = archives.make(options["folder"])
        self.stdout.write(f"{path} ({path.stat().st_size / 1e6:.1f} MB)")
