"""An engagement opens with a plan whose months hold at every month end."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engagements import models as m
from engagements.lifecycle import MoveRefused
from engagements.programme.plan import STANDARD_MONTHS, add_months, milestone_dates, spans
from engagements.programme.services import open_engagement
from tests.factories import EngagementFactory, MunicipalityFactory, OfferFactory, UserFactory

days = st.dates(date(2015, 1, 1), date(2060, 12, 31))


@settings(deadline=None)
@given(days, st.integers(0, 60))
def test_a_month_later_is_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


def test_a_plan_from_the_last_of_january_does_not_drift() -> None:
    placed = spans(date(2027, 1, 31), [("start", 1), ("analysis", 1), ("development", 1)])
    assert [span.starts_on for span in placed] == [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)]


@settings(deadline=None)
@given(days)
def test_phases_follow_each_other_without_gap_and_fill_two_years(day: date) -> None:
    placed = spans(day, STANDARD_MONTHS)
    for before, after in itertools.pairwise(placed):
        assert after.starts_on - before.ends_on == timedelta(days=1)
    assert placed[0].starts_on == day
    assert placed[-1].ends_on + timedelta(days=1) == add_months(day, 24)


@settings(deadline=None)
@given(days)
def test_standard_milestones_fall_on_weekdays_inside_the_plan(day: date) -> None:
    placed = spans(day, STANDARD_MONTHS)
    found = milestone_dates(placed)
    assert len(found) == len(m.Milestone.Kind)
    for _place, due in found:
        assert due.weekday() < 5
        assert day <= due <= placed[-1].ends_on


def opened(**given: object) -> m.Engagement:
    """An engagement opened through the service."""
    values = {
        "municipality": MunicipalityFactory(),
        "offer": OfferFactory(),
        "case_no": "2026-0012",
        "focus": "Inddragelse af børn",
        "starts_on": date(2026, 2, 2),
        "by": UserFactory(),
    }
    return open_engagement(**(values | given))  # type: ignore[arg-type]


@pytest.mark.django_db
def test_an_opened_engagement_has_the_phases_of_the_default_plan_and_its_log_says_who_opened_it() -> None:
    from wagtail.models import ModelLogEntry

    by = UserFactory()
    engagement = opened(by=by)
    assert list(engagement.phases.values_list("kind", "starts_on", "ends_on")) == [
        ("start", date(2026, 2, 2), date(2026, 4, 1)),
        ("analysis", date(2026, 4, 2), date(2026, 9, 1)),
        ("development", date(2026, 9, 2), date(2028, 1, 1)),
        ("measurement", date(2028, 1, 2), date(2028, 2, 1)),
    ]
    entry = ModelLogEntry.objects.get(action="engagements.engagement.opened", object_id=str(engagement.pk))
    assert entry.user == by


@pytest.mark.django_db
def test_the_plan_follows_the_template_chosen() -> None:
    offer = OfferFactory()
    template = m.PlanTemplate.objects.create(offer=offer, name="Kort")
    m.PhaseTemplate.objects.create(plan=template, kind="development", months=6)
    engagement = opened(offer=offer, template=template)
    assert engagement.phases.get().ends_on == date(2026, 8, 1)
    assert set(engagement.milestones.values_list("kind", flat=True)) == {"council", "development_plan"}


@pytest.mark.django_db
def test_a_second_running_engagement_of_the_same_kind_is_refused() -> None:
    running = EngagementFactory()
    with pytest.raises(MoveRefused):
        opened(municipality=running.municipality, offer=running.offer)
    assert m.Engagement.objects.count() == 1


@pytest.mark.django_db
def test_standard_milestones_are_named_in_the_readers_language_and_written_ones_as_written() -> None:
    from django.utils.translation import override

    milestone = opened().milestones.get(kind="kick_off")
    with override("en"):
        assert milestone.name == "Kick-off meeting"
    with override("da"):
        assert milestone.name == "Opstartsmøde"
    written = m.Milestone(title="temadag for ledere")
    assert written.name == "Temadag for ledere"
