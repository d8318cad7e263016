"""The team changes plan, milestones and team; each change is logged and nothing is overwritten silently."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from engagements import models as m
from engagements.lifecycle import MoveRefused
from engagements.programme import services
from tests.factories import EngagementFactory, MembershipFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultant() -> m.StaffProfile:
    """A legal consultant."""
    return StaffFactory()


@pytest.fixture
def engagement(consultant: object) -> m.Engagement:
    """With the consultant on its team."""
    return EngagementFactory(team=[consultant])


def address(name: str, engagement: m.Engagement, *args: object) -> str:
    """Of a page of the engagement."""
    return reverse(f"engagements:{name}", args=[engagement.case_no, *args])


def test_new_dates_of_a_phase_move_the_rest_of_the_plan_when_wished(
    client: Client, engagement: m.Engagement, consultant: object
) -> None:
    client.force_login(consultant)  # type: ignore[arg-type]
    start, analysis, *_rest = engagement.phases.all()
    later = m.Milestone.objects.create(engagement=engagement, title="Rapport", due_on=analysis.ends_on)
    reached = m.Milestone.objects.create(
        engagement=engagement, title="Før", due_on=analysis.ends_on, reached_on=engagement.starts_on
    )
    response = client.post(
        address("phase", engagement, "start"),
        {
            "starts_on": start.starts_on,
            "ends_on": start.ends_on + timedelta(days=14),
            "version": start.version,
            "move_rest": "on",
        },
    )
    assert response.url == address("plan", engagement)
    assert engagement.phases.get(kind="start").ends_on == start.ends_on + timedelta(days=14)
    assert engagement.phases.get(kind="analysis").starts_on == analysis.starts_on + timedelta(days=14)
    later.refresh_from_db()
    reached.refresh_from_db()
    assert (later.due_on - analysis.ends_on).days == 14
    assert reached.due_on == analysis.ends_on


def test_a_phase_changed_by_a_colleague_meanwhile_is_not_overwritten(
    client: Client, engagement: m.Engagement, consultant: object
) -> None:
    client.force_login(consultant)  # type: ignore[arg-type]
    phase = engagement.phases.get(kind="start")
    opened_at = phase.version
    services.change_phase(
        phase, starts_on=phase.starts_on, ends_on=phase.ends_on + timedelta(days=3), by=StaffFactory()
    )
    kept = phase.ends_on
    response = client.post(
        address("phase", engagement, "start"),
        {"starts_on": phase.starts_on, "ends_on": kept + timedelta(days=30), "version": opened_at},
    )
    assert response.status_code == 422
    assert response.context["form"].conflict is not None
    assert engagement.phases.get(kind="start").ends_on == kept


def test_a_phase_that_would_end_before_it_starts_is_refused_at_the_form(
    client: Client, engagement: m.Engagement, consultant: object
) -> None:
    client.force_login(consultant)  # type: ignore[arg-type]
    phase = engagement.phases.get(kind="start")
    response = client.post(
        address("phase", engagement, "start"),
        {"starts_on": phase.starts_on, "ends_on": phase.starts_on - timedelta(days=1), "version": phase.version},
    )
    assert response.status_code == 422
    assert engagement.phases.get(kind="start").ends_on == phase.ends_on


def test_finishing_a_phase_makes_the_next_one_current(engagement: m.Engagement, consultant: object) -> None:
    first = engagement.phases.first()
    services.finish_phase(first, on=timezone.localdate(), by=consultant)  # type: ignore[arg-type]
    assert m.Engagement.objects.get().current_phase.kind == "analysis"
    with pytest.raises(MoveRefused):
        services.finish_phase(first, on=timezone.localdate(), by=consultant)  # type: ignore[arg-type]


def test_phases_are_finished_in_order_and_not_in_the_future(engagement: m.Engagement, consultant: object) -> None:
    first, second, *_rest = engagement.phases.all()
    with pytest.raises(MoveRefused):
        services.finish_phase(second, on=timezone.localdate(), by=consultant)  # type: ignore[arg-type]
    with pytest.raises(MoveRefused):
        services.finish_phase(first, on=timezone.localdate() + timedelta(days=1), by=consultant)  # type: ignore[arg-type]
    assert not engagement.phases.filter(finished_on__isnull=False).exists()


def test_the_engagement_list_knows_the_same_current_phase_as_the_page(engagement: m.Engagement) -> None:
    engagement.phases.filter(kind="start").update(finished_on=timezone.localdate())
    found = m.Engagement.objects.with_phase().get()
    assert found.phase == found.current_phase.kind == "analysis"


def test_a_milestone_is_added_changed_reached_and_removed_and_the_log_tells(
    client: Client, engagement: m.Engagement, consultant: object
) -> None:
    client.force_login(consultant)  # type: ignore[arg-type]
    given = {"title": "Temadag", "due_on": "2027-03-01", "side": "municipality"}
    client.post(address("add_milestone", engagement), given)
    milestone = engagement.milestones.get()
    client.post(address("milestone", engagement, milestone.pk), given | {"due_on": "2027-04-01", "version": 1})
    milestone.refresh_from_db()
    assert (milestone.due_on, milestone.version) == (date(2027, 4, 1), 2)
    client.post(address("reach_milestone", engagement, milestone.pk), {"on": timezone.localdate()})
    milestone.refresh_from_db()
    assert milestone.reached_on == timezone.localdate()
    client.post(address("remove_milestone", engagement, milestone.pk))
    assert not engagement.milestones.exists()
    actions = ModelLogEntry.objects.filter(object_id=str(engagement.pk)).values_list("action", flat=True)
    names = [action.rsplit(".", 1)[1] for action in actions.order_by("pk")]
    assert names == ["plan_changed", "plan_changed", "milestone_reached", "milestone_removed"]


def test_a_standard_milestone_keeps_its_kind_until_somebody_retitles_it(
    engagement: m.Engagement, consultant: object
) -> None:
    milestone = m.Milestone.objects.create(
        engagement=engagement, kind="report", title="analyserapport", due_on=timezone.localdate()
    )
    milestone.due_on += timedelta(days=5)
    services.save_milestone(milestone, by=consultant)  # type: ignore[arg-type]
    assert milestone.kind == "report"
    milestone.title = "Kort rapport"
    services.save_milestone(milestone, by=consultant)  # type: ignore[arg-type]
    assert (milestone.kind, milestone.name) == ("", "Kort rapport")


def test_a_cpr_number_in_a_milestone_is_refused_and_the_rest_is_kept(
    client: Client, engagement: m.Engagement, consultant: object
) -> None:
    client.force_login(consultant)  # type: ignore[arg-type]
    response = client.post(
        address("add_milestone", engagement),
        {"title": "Møde om 010203-1234", "due_on": "2027-03-01", "side": "municipality"},
    )
    assert response.status_code == 422
    assert "2027-03-01" in response.content.decode()
    assert not engagement.milestones.exists()


def test_the_team_may_be_joined_by_consultants_only_once_and_not_by_the_disqualified(engagement: m.Engagement) -> None:
    lead, social = StaffFactory(group="lead"), StaffFactory(agency="social", group="social")
    services.add_to_team(engagement, user=social, competence="social", by=lead)
    with pytest.raises(MoveRefused):
        services.add_to_team(engagement, user=social, competence="social", by=lead)
    with pytest.raises(MoveRefused):
        services.add_to_team(engagement, user=MembershipFactory().user, competence="legal", by=lead)
    inhabil = StaffFactory()
    m.Disqualification.objects.create(user=inhabil, municipality=engagement.municipality)
    with pytest.raises(MoveRefused):
        services.add_to_team(engagement, user=inhabil, competence="legal", by=lead)
    assert engagement.team.current().count() == 2


def test_who_has_left_may_come_back(engagement: m.Engagement, consultant: object) -> None:
    lead, today = StaffFactory(group="lead"), timezone.localdate()
    services.leave_team(engagement.team.get(), until=today, by=lead)
    assert not engagement.team.current().exists()
    services.add_to_team(engagement, user=consultant, competence="legal", by=lead)  # type: ignore[arg-type]
    assert engagement.team.current().count() == 1


@pytest.mark.parametrize("name", ["add_milestone", "join_team", "add_document", "write_note"])
def test_only_team_and_lead_may_change_anything(client: Client, engagement: m.Engagement, name: str) -> None:
    leader = MembershipFactory(municipality=engagement.municipality).user
    for user, status in ((StaffFactory(), 404), (leader, 404), (StaffFactory(group="lead"), 200)):
        client.force_login(user)
        assert client.get(address(name, engagement)).status_code == status


def test_a_look_again_within_half_an_hour_keeps_what_was_new(engagement: m.Engagement, consultant: object) -> None:
    import time_machine

    start = timezone.now()
    with time_machine.travel(start, tick=False):
        assert services.look_at(engagement, user=consultant) is None  # type: ignore[arg-type]
    with time_machine.travel(start + timedelta(days=2), tick=False):
        assert services.look_at(engagement, user=consultant) == start  # type: ignore[arg-type]
    with time_machine.travel(start + timedelta(days=2, minutes=10), tick=False):
        assert services.look_at(engagement, user=consultant) == start  # type: ignore[arg-type]


def test_what_a_double_click_sends_twice_is_there_once(
    client: Client, engagement: m.Engagement, consultant: object
) -> None:
    client.force_login(consultant)  # type: ignore[arg-type]
    for _click in range(2):
        client.post(address("add_milestone", engagement), {"title": "A", "due_on": "2027-03-01", "side": "task_force"})
        client.post(address("write_note", engagement), {"text": "Aftalt på mødet"})
    assert (engagement.milestones.count(), engagement.notes.count()) == (1, 1)
