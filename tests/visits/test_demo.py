"""The demonstration's visits, told on any day of the year."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from courses.demo.clock import at
from engagements.municipalities.demo import ensure_fictional
from engagements.people import demo as people
from engagements.visits import demo
from engagements.visits.models import Visit, VisitOffer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("day", ["2026-11-22", "2027-01-01", "2026-03-31", "2026-06-15", "2028-02-29"])
def test_every_state_of_a_visit_is_shown_and_telling_twice_changes_nothing(day: str) -> None:
    moment = timezone.make_aware(datetime.fromisoformat(f"{day}T10:30"))
    with time_machine.travel(moment - timedelta(seconds=1), tick=True):
        places = ensure_fictional()
        people.ensure()
        for _ in range(2):
            demo.tell(places, at=at, now=timezone.now())
        states = sorted(Visit.objects.values_list("state", flat=True))
        assert states == ["accepted", "closed", "followed_up", "held", "planned", "requested"]
        assert VisitOffer.objects.count() == 3
        planned = Visit.objects.get(state="planned")
        assert planned.starts_at
        assert planned.starts_at > timezone.now()
        assert Visit.objects.get(state="closed").closed_at < timezone.now()  # type: ignore[operator]
