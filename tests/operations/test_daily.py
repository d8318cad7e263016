"""The daily command runs every room's job, and one failing job does not keep the others from running."""

from datetime import date
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from cms.management.commands import daily


@pytest.mark.django_db
def test_the_same_day_may_be_run_twice() -> None:
    for _ in range(2):
        out = StringIO()
        call_command("daily", day=date(2026, 11, 23), stdout=out)
        assert "engagements.notices: 0 reminders, 0 digests" in out.getvalue()
    assert "cms: " in out.getvalue()


def test_a_failing_job_is_named_and_the_rest_still_run(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = []

    def broken(day: date) -> str:
        raise RuntimeError

    rooms = {
        "a.daily": SimpleNamespace(run=broken),
        "b.daily": SimpleNamespace(run=lambda day: ran.append(day) or "ok"),
    }
    monkeypatch.setattr(daily, "jobs", lambda: iter(rooms))
    monkeypatch.setattr(daily, "import_module", rooms.__getitem__)
    with pytest.raises(CommandError, match=r"a\.daily"):
        call_command("daily", day=date(2026, 11, 23), stdout=StringIO())
    assert ran == [date(2026, 11, 23)]
