"""What happens to pages by the calendar: publication, the end of what forms have taken, and links that have died."""

from datetime import date

from django.conf import settings
from django.core.management import call_command

from . import links
from .models_forms import forget_old_answers


def run(day: date) -> str:
    """Safe to run again."""
    call_command("publish_scheduled", verbosity=0)
    dead = links.check(day=day, fetch=links.fetch if settings.CHECK_EXTERNAL_LINKS else None)
    return f"scheduled pages published, {forget_old_answers()} old answers deleted, {dead} dead links"
