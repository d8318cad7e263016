"""`manage.py import_letters FOLDER`: turn letters (text or PDF) into publications."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cms.pages.importing import Outcome, Result, import_folder
from cms.pages.models import SectionPage
from cms.pages.reference import letters_section


class Command(BaseCommand):
    """Import every letter of a folder; running it again doubles nothing."""

    help = "Turn the letters (.txt, .pdf) of a folder into publications; what is uncertain is listed in the CMS."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Folder and choices."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="show what would be imported, write nothing")
        parser.add_argument("--publish", action="store_true", help="publish at once instead of leaving drafts")
        parser.add_argument("--section", help="slug of the section that receives the letters (default: breve)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and report file by file."""
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder.")
        if options["section"]:
            into = SectionPage.objects.filter(slug=options["section"]).first()
            if into is None:
                raise CommandError(f"There is no section with the slug {options['section']}.")
        else:
            into = letters_section()
        results = import_folder(folder, into=into, publish=options["publish"], dry_run=options["dry_run"])
        for result in results:
            self._report(result)
        counts = ", ".join(
            f"{sum(result.outcome == outcome for result in results)} {outcome}"
            for outcome in Outcome
            if any(result.outcome == outcome for result in results)
        )
        self.stdout.write(counts or "No .txt or .pdf files in the folder.")

    def _report(self, result: Result) -> None:
        self.stdout.write(f"{result.name}: {result.outcome}" + (f" – {result.reason}" if result.reason else ""))
        letter = result.letter
        if letter is None or result.outcome == Outcome.ALREADY_THERE:
            return
        facts = {
            "title": letter.title,
            "sender": letter.sender,
            "recipients": letter.recipients,
            "date": letter.sent_on,
            "case no.": letter.case_no,
            "document no.": letter.document_no,
            "journal no.": letter.journal_no,
        }
        for name, value in facts.items():
            self.stdout.write(f"  {name}: {value or '–'}")
        if letter.uncertain:
            self.stdout.write(f"  to be looked through: {', '.join(letter.uncertain)}")
