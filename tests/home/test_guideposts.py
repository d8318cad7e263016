"""The overview shows the guideposts as counts, the newest review beside the first."""

from typing import Any

import pytest
from django.test import Client

from engagements import models as m
from tests.factories import EngagementFactory, RequirementFactory, ReviewFactory, StaffFactory

pytestmark = pytest.mark.django_db


def recorded(engagement: m.Engagement, requirement: Any, *, met: int, of: int, kind: str = "baseline") -> m.Review:
    """A closed review in which `met` of `of` cases meet the requirement."""
    review = ReviewFactory(engagement=engagement, kind=kind, state="closed", requirements=[requirement], cases=of)
    version = requirement.versions.get(law="barnets lov")
    for case in review.cases.all():
        verdict = "met" if case.number <= met else "not_met"
        m.Answer.objects.create(case=case, requirement=requirement, requirement_version=version, verdict=verdict)
    return review


def figures(client: Client, engagement: m.Engagement, user: Any) -> Any:
    """The guideposts on the overview."""
    client.force_login(user)
    return client.get(engagement.get_absolute_url()).context.get("guideposts")


def test_guideposts_show_the_newest_review_beside_the_first(client: Client) -> None:
    consultant = StaffFactory()
    engagement = EngagementFactory(team=[consultant])
    requirement = RequirementFactory(theme="inddragelse")
    recorded(engagement, requirement, met=6, of=10)
    [figure] = figures(client, engagement, consultant)
    assert (figure.x, figure.n) == (6, 10)
    recorded(engagement, requirement, met=9, of=12, kind="status")
    [figure] = figures(client, engagement, consultant)
    assert (figure.x, figure.n) == (9, 12)
    assert "6" in figure.more
    assert "10" in figure.more


def test_fewer_than_five_answers_are_not_shown(client: Client) -> None:
    consultant = StaffFactory()
    engagement = EngagementFactory(team=[consultant])
    recorded(engagement, RequirementFactory(theme="inddragelse"), met=3, of=4)
    [figure] = figures(client, engagement, consultant)
    assert figure.n == 0


def test_other_consultants_see_no_guideposts(client: Client) -> None:
    engagement = EngagementFactory()
    recorded(engagement, RequirementFactory(theme="inddragelse"), met=6, of=10)
    assert not figures(client, engagement, StaffFactory())
