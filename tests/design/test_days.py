"""Days as they are shown."""

from datetime import UTC, date, datetime

from engagements.design.templatetags.design import daylong


def test_a_moment_after_midnight_belongs_to_the_day_it_has_in_denmark() -> None:
    assert daylong(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)) == "1. juli 2026"
    assert daylong(date(2026, 6, 30)) == "30. juni 2026"
    assert daylong(None) == ""
