"""`manage.py restore FILE`: bring back an archive made by `manage.py backup`."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms import archives


class Command(BaseCommand):
    """Replace database and files, then bring the database up to this version."""

    help = "Replaces the database and the files by those of a backup. Stop the server and the worker first."

    def add_arguments(self, parser: CommandParser) -> None:
        """The archive; and whether to go ahead without asking."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--no-input", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, restore, migrate."""
        if not options["no_input"]:
            answer = input(f"This replaces the database and all files by {options['file']}. Type yes to go on: ")
            if answer.strip() != "yes":
                raise CommandError("Nothing has been changed.")
        try:
            manifest = archives.bring_back(options["file"])
        except archives.ArchiveRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        call_command("migrate", verbosity=0)
        self.stdout.write(f"Restored what was saved at {manifest['made_at']}.")
