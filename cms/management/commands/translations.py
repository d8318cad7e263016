"""`manage.py translations`: keep the Danish catalogue in step with the source."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms import translations


class Command(BaseCommand):
    """Collect the texts of the source into locale/da; with --compile or --check only that."""

    help = "Collects texts for translation into locale/da; --compile writes the .mo files; --check fails if any is missing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Either collect (the default), compile or check."""
        group = parser.add_mutually_exclusive_group()
        group.add_argument(
            "--compile", action="store_true", help="write the .mo files that are older than their source"
        )
        group.add_argument(
            "--check", action="store_true", help="list what is missing, fuzzy, wrong or unused, and fail"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the one thing asked for."""
        if options["check"]:
            found = translations.problems()
            if found:
                raise CommandError("\n".join(["The Danish catalogue is not complete:", *found]))
            self.stdout.write("Danish is complete.")
            return
        if not options["compile"]:
            path = translations.catalogues()[0]
            fresh = translations.merged(translations.read(path))
            translations.write(fresh, path)
            untranslated = [message for message in fresh if message.id and not translations.translated(message)]
            self.stdout.write(f"{len(fresh)} texts, {len(untranslated)} without a translation.")
        for written in translations.compile_all():
            self.stdout.write(f"Compiled {written.name} of {written.parents[2]}.")
