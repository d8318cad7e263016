"""What happens to pages by the calendar: publication, the end of what forms have taken, and links that have died."""

from datetime import date

from django.core.management import call_command

from .models_forms import forget_old_answers


def run(day: date) -> str:
    """Safe to run again."""
    call_command("publish_scheduled", verbosity=0)
    return f"scheduled pages published, {forget_old_answers()} old answers deleted"
