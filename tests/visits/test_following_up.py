"""After the visit: who came, learning points with owners and dates, actions of an engagement, the check."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engagements.design.versions import StaleError
from engagements.lifecycle import MoveRefused, move, moves_for
from engagements.notices.models import Notice
from engagements.notices.services import remind
from engagements.visits import services
from engagements.visits.models import LearningPoint, Visit
from engagements.visits.waiting import awaited, ready
from tests.factories import EngagementFactory, RecommendationFactory, VisitFactory

from .conftest import home

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(leader: Any, learning: Any) -> Visit:
    """Held ten days ago."""
    return VisitFactory(held=True, municipality=home(leader), team=[learning])


def point(visit: Visit, by: Any, **changes: Any) -> LearningPoint:
    due = timezone.localdate() + timedelta(days=30)
    wanted = {"text": "Indfør en fast dagsorden", "owner": "Faglig leder", "due_on": due, **changes}
    return services.add_point(visit, by=by, **wanted)


def test_a_visit_is_held_after_it_has_begun_with_those_who_came(leader: Any, learning: Any) -> None:
    visit = VisitFactory(planned=True, municipality=home(leader), team=[learning])
    with pytest.raises(MoveRefused, match="ikke begyndt"):
        services.hold(visit, attended={"caseworkers": 9}, by=learning)
    began = timezone.now() - timedelta(hours=5)
    Visit.objects.update(starts_at=began, ends_at=began + timedelta(hours=4))
    held = services.hold(visit, attended={"caseworkers": 9, "leaders": 2, "lawyers": 0}, by=learning)
    rows = {row.role: (row.expected, row.attended) for row in held.audience.all()}
    assert rows == {"caseworkers": (12, 9), "leaders": (0, 2)}
    assert held.check_on == held.date + timedelta(days=91)  # type: ignore[operator]
    assert Notice.objects.filter(recipient=leader).count() == 1


def test_the_municipality_does_not_register_its_own_visit(leader: Any) -> None:
    visit = VisitFactory(planned=True, municipality=home(leader))
    began = timezone.now() - timedelta(hours=5)
    Visit.objects.update(starts_at=began, ends_at=began + timedelta(hours=4))
    with pytest.raises(MoveRefused):
        services.hold(visit, attended={"caseworkers": 9}, by=leader)


def test_either_side_writes_learning_points(visit: Visit, leader: Any, learning: Any) -> None:
    point(visit, leader)
    point(visit, leader)  # sent twice
    point(visit, learning, text="Skriv kvittering samme dag")
    assert visit.points.count() == 2


@pytest.mark.parametrize("text", ["Følg op på drengen Oliver Jensen", "Sagen 010111-1234", ""])
def test_a_learning_point_names_no_child(visit: Visit, leader: Any, text: str) -> None:
    with pytest.raises(ValidationError):
        point(visit, leader, text=text)


def test_points_belong_to_a_visit_that_was_held(leader: Any) -> None:
    with pytest.raises(MoveRefused):
        point(VisitFactory(planned=True, municipality=home(leader)), leader)


def test_follow_up_begins_when_there_is_a_point(visit: Visit, leader: Any) -> None:
    assert "follow_up" not in {found.name for found in moves_for(visit, leader)}
    point(visit, leader)
    assert move(visit, "follow_up", by=leader).state == "followed_up"


def test_a_point_done_twice_is_done_once_and_is_not_changed_after(visit: Visit, leader: Any, learning: Any) -> None:
    one = point(visit, leader)
    with pytest.raises(MoveRefused):
        services.finish_point(one, by=learning)
    done = services.finish_point(one, by=leader)
    assert services.finish_point(one, by=leader).done_at == done.done_at
    with pytest.raises(MoveRefused):
        services.change_point(done, by=leader, version=done.version, owner="En anden")


def test_a_colleagues_change_is_not_overwritten(visit: Visit, leader: Any) -> None:
    one = point(visit, leader)
    stale = LearningPoint.objects.get(pk=one.pk)
    services.change_point(one, by=leader, version=one.version, owner="Chefen")
    with pytest.raises(StaleError):
        services.change_point(stale, by=leader, version=stale.version, owner="En anden")


def test_a_point_becomes_an_action_of_the_running_engagement(visit: Visit, leader: Any) -> None:
    engagement = EngagementFactory(municipality=visit.municipality)
    recommendation = RecommendationFactory(engagement=engagement, published=True)
    assert list(services.recommendations_for(visit)) == [recommendation]
    one = point(visit, leader, text="Indfør " + "en fast dagsorden " * 12)
    action = services.make_action(one, recommendation, by=leader)
    assert action == services.make_action(one, recommendation, by=leader)
    assert (action.owner, action.due_on, action.recommendation) == (one.owner, one.due_on, recommendation)
    assert len(action.title) == 160
    assert action.text.startswith("Indfør en fast dagsorden")
    assert not LearningPoint.objects.open().exists()


def test_no_action_without_a_running_engagement_of_the_same_municipality(visit: Visit, leader: Any) -> None:
    one = point(visit, leader)
    stopped = RecommendationFactory(
        engagement=EngagementFactory(municipality=visit.municipality, state="closed"), published=True
    )
    for recommendation in (stopped, RecommendationFactory(published=True)):
        assert recommendation not in services.recommendations_for(visit)
        with pytest.raises(MoveRefused):
            services.make_action(one, recommendation, by=leader)


def test_the_visit_closes_after_the_check_with_a_note(visit: Visit, leader: Any) -> None:
    assert "close" not in {found.name for found in moves_for(visit, leader)}
    Visit.objects.update(check_on=timezone.localdate())
    visit.refresh_from_db()
    with pytest.raises(MoveRefused):
        move(visit, "close", by=leader)
    assert move(visit, "close", by=leader, note="To af tre tiltag er indført.").state == "closed"


def test_both_sides_are_reminded_of_the_check_once(visit: Visit, leader: Any, learning: Any) -> None:
    for days in (81, 82):
        remind(day=timezone.localdate() + timedelta(days=days))
    for user in (leader, learning):
        assert Notice.objects.filter(recipient=user, subject__contains="kommet ud af besøget").count() == 1


def test_the_teams_note_is_not_for_the_municipality(visit: Visit, leader: Any, learning: Any) -> None:
    with pytest.raises(MoveRefused):
        services.write_note(visit, text="Nej", by=leader, version=visit.version)
    assert services.write_note(visit, text="Ledelsen er klar.", by=learning, version=visit.version).version == 2


def test_what_awaits_whom_follows_the_visit(visit: Visit, leader: Any, learning: Any) -> None:
    def sides(user: Any) -> list[tuple[str, bool]]:
        return [(item.side, item.mine) for item in awaited(ready(Visit.objects.all()), user)]

    assert sides(leader) == [("municipality", True)]
    assert sides(learning) == [("municipality", False)]
    Visit.objects.update(check_on=timezone.localdate())
    assert sides(leader) == [("municipality", True), ("task_force", False)]
    assert sides(learning) == [("municipality", False), ("task_force", True)]


def test_what_came_of_a_closed_visit_stands_first_on_its_page(visit: Visit, leader: Any, client: Client) -> None:
    Visit.objects.filter(pk=visit.pk).update(check_on=timezone.localdate())
    visit.refresh_from_db()
    move(visit, "close", by=leader, note="To af tre tiltag er indført.")
    client.force_login(leader)
    html = client.get(visit.get_absolute_url()).content.decode()
    assert html.index("To af tre tiltag er indført.") < html.index('id="points"')
    assert reverse("visits:evaluation", args=[visit.reference]) in html  # still open for answers
    Visit.objects.filter(pk=visit.pk).update(evaluation_until=timezone.localdate() - timedelta(days=1))
    html = client.get(visit.get_absolute_url()).content.decode()
    assert reverse("visits:evaluation", args=[visit.reference]) not in html
