"""What notices do once a day: remind, gather the digests, and try again what could not be sent."""

from datetime import date

from . import services


def run(day: date) -> str:
    """Safe to run again: a person is reminded of a thing once and gets at most one digest a day."""
    reminded = services.remind(day=day)
    digests = services.gather_digests(day=day)
    services.send_after_commit()
    return f"{reminded} reminders, {digests} digests"
