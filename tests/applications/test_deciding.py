"""The Task Force's side: each agency for itself, then the lead; places are never given twice."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from engagements.applications import deciding, demo, services
from engagements.applications.models import Application, State
from engagements.design.versions import StaleError
from engagements.lifecycle import MoveRefused, move
from engagements.notices.models import Notice
from engagements.programme.models import Engagement
from engagements.records.models import Document
from tests import factories as f

from .conftest import Staff, Town, assessed, browse, make_town

pytestmark = pytest.mark.django_db
REASON = "Stort behov og stærk opbakning."


def give(application: Application, staff: Staff, agency: str, *, complete: bool = True, **options: Any) -> Any:
    """An assessment from the agency's consultant."""
    scores, comment = demo.scores(agency, 1)
    return deciding.assess(
        application,
        agency=agency,
        scores=scores,
        comment=comment,
        complete=complete,
        by=getattr(staff, agency),
        **options,
    )


def test_the_first_assessment_takes_the_application_from_the_queue(town: Town, staff: Staff) -> None:
    application = town.submitted()
    give(application, staff, "legal", complete=False)
    application.refresh_from_db()
    assert application.state == State.ASSESSMENT


def test_an_agencys_assessment_is_hidden_from_the_other_until_both_are_complete(town: Town, staff: Staff) -> None:
    application = town.submitted()
    give(application, staff, "legal")
    comment = demo.scores("legal", 1)[1]
    url = application.get_absolute_url()
    assert comment in browse(staff.legal).get(url).content.decode()
    for person in (staff.social, staff.lead):
        assert comment not in browse(person).get(url).content.decode()
    give(application, staff, "social")
    for person in (staff.legal, staff.social, staff.lead):
        assert comment in browse(person).get(url).content.decode()
    for person in (town.leader, town.director):
        page = browse(person).get(url).content.decode()
        assert comment not in page
        assert str(staff.social) not in page


def test_both_assessments_stand_when_both_are_complete(town: Town, staff: Staff) -> None:
    application = town.submitted()
    first = give(application, staff, "legal")
    first = give(application, staff, "legal", expected_version=first.version)
    give(application, staff, "social")
    with pytest.raises(MoveRefused):
        give(application, staff, "legal", expected_version=first.version)
    assert Notice.objects.filter(recipient=staff.lead, key=f"application:{application.pk}:assessed").exists()


def test_a_consultant_does_not_fill_the_other_agencys_assessment(town: Town, staff: Staff) -> None:
    application = town.submitted()
    scores, comment = demo.scores("legal", 1)
    with pytest.raises(MoveRefused):
        deciding.assess(application, agency="legal", scores=scores, comment=comment, complete=True, by=staff.social)
    url = reverse("applications:assess", args=[application.reference])
    assert browse(staff.lead).get(url).status_code == 404
    assert browse(town.leader).get(url).status_code == 404


def test_an_assessment_is_completed_only_with_five_scores_and_saved_with_fewer(town: Town, staff: Staff) -> None:
    application = town.submitted()
    url = reverse("applications:assess", args=[application.reference])
    client = browse(staff.legal)
    assert client.post(url, {"need": "3", "comment": "Kladde", "complete": "1"}).status_code == 422
    assert not application.assessments.exists()
    assert client.post(url, {"need": "3", "comment": "Kladde"}).status_code == 302
    assert application.assessments.get().completed_at is None


def test_two_colleagues_in_the_same_agency_do_not_overwrite_each_other(town: Town, staff: Staff) -> None:
    application = town.submitted()
    give(application, staff, "legal", complete=False)
    with pytest.raises(StaleError):
        give(application, staff, "legal", complete=False)


def test_the_lead_decides_only_when_both_have_assessed_and_nobody_else_decides(town: Town, staff: Staff) -> None:
    application = town.submitted()
    give(application, staff, "legal")
    with pytest.raises(MoveRefused):
        deciding.decide(application, outcome="accept", reason=REASON, by=staff.lead)
    give(application, staff, "social")
    for person in (staff.legal, staff.social, town.leader):
        with pytest.raises(MoveRefused):
            deciding.decide(application, outcome="accept", reason=REASON, by=person)
    assert not Engagement.objects.exists()


def test_accepting_opens_an_engagement_with_the_same_case_number_team_and_focus(town: Town, staff: Staff) -> None:
    application = assessed(town.submitted(), staff)
    start = timezone.localdate() + timedelta(days=40)
    decided = deciding.decide(
        application, outcome="accept", reason=REASON, by=staff.lead, starts_on=start, team=[staff.legal, staff.social]
    )
    engagement = Engagement.objects.get()
    assert decided.engagement == engagement
    assert (engagement.case_no, engagement.starts_on) == (decided.case_no, start)
    assert engagement.focus == demo.answers(0)["motivation"]["focus"]
    assert {member.user: member.competence for member in engagement.team.all()} == {
        staff.legal: "legal",
        staff.social: "social",
    }
    assert engagement.phases.count() == 4
    assert decided.answer is not None
    assert Notice.objects.filter(recipient=town.director, body__contains="vedhæftet").exists()


def test_when_the_places_are_taken_accepting_is_refused_and_nothing_is_logged_as_done(staff: Staff) -> None:
    round = f.RoundFactory(capacity=1)
    first, second = (assessed(make_town(round=round).submitted(), staff) for _ in range(2))
    deciding.decide(first, outcome="accept", reason=REASON, by=staff.lead)
    with pytest.raises(MoveRefused):
        deciding.decide(second, outcome="accept", reason=REASON, by=staff.lead)
    second.refresh_from_db()
    assert (second.state, second.engagement) == (State.ASSESSMENT, None)
    assert Engagement.objects.count() == 1
    assert ModelLogEntry.objects.filter(action="engagements.application.accept").count() == 1


def test_the_waiting_list_is_a_line_and_closes_up_when_one_leaves(staff: Staff) -> None:
    round = f.RoundFactory(capacity=0)
    towns = [make_town(round=round) for _ in range(3)]
    line = [assessed(town.submitted(), staff) for town in towns]
    for application in line:
        deciding.decide(application, outcome="waitlist", reason="Pladserne er besat.", by=staff.lead)
        application.refresh_from_db()
    assert [application.place_in_line for application in line] == [1, 2, 3]
    move(line[0], "withdraw", by=towns[0].leader)
    assert [application.place_in_line for application in line[1:]] == [1, 2]
    round.capacity = 1
    round.save()
    deciding.decide(line[1], outcome="accept", reason="En plads er blevet ledig.", by=staff.lead)
    line[2].refresh_from_db()
    assert line[2].place_in_line == 1


def test_a_decline_carries_its_reason_to_the_municipality(town: Town, staff: Staff) -> None:
    application = assessed(town.submitted(), staff)
    with pytest.raises(MoveRefused):
        deciding.decide(application, outcome="decline", reason="  ", by=staff.lead)
    deciding.decide(application, outcome="decline", reason="Der mangler politisk opbakning.", by=staff.lead)
    page = browse(town.leader).get(application.get_absolute_url()).content.decode()
    assert "Der mangler politisk opbakning." in page


def test_a_decision_is_previewed_with_recipients_before_it_goes_out_and_goes_out_once(town: Town, staff: Staff) -> None:
    application = assessed(town.submitted(), staff)
    papers = Document.objects.count()
    url = reverse("applications:decide", args=[application.reference])
    written = {
        "outcome": "accept",
        "reason": REASON,
        "starts_on": (timezone.localdate() + timedelta(days=30)).isoformat(),
        "legal": [staff.legal.pk],
        "social": [staff.social.pk],
    }
    client = browse(staff.lead)
    preview = client.post(url, written)
    page = preview.content.decode()
    assert town.director.email in page
    assert REASON in page
    assert Document.objects.count() == papers
    assert client.post(url, written | {"change": "1"}).context["form"]["reason"].value() == REASON
    for _ in range(2):
        assert client.post(url, written | {"send": "1"}).status_code == 302
    assert Engagement.objects.count() == 1
    assert Document.objects.count() == papers + 1


def test_an_accepted_application_needs_a_start_and_a_team_of_both_agencies(town: Town, staff: Staff) -> None:
    application = assessed(town.submitted(), staff)
    url = reverse("applications:decide", args=[application.reference])
    answer = browse(staff.lead).post(url, {"outcome": "accept", "reason": REASON})
    assert set(answer.context["form"].errors) == {"starts_on", "legal", "social"}


def test_more_information_is_asked_for_and_sent_and_the_answers_are_open_in_between(town: Town, staff: Staff) -> None:
    application = town.submitted()
    section = application.sections.get(key="resources")
    change: dict[str, Any] = {
        "key": "resources",
        "answers": section.answers | {"hours_staff": 99},
        "complete": True,
        "expected_version": section.version,
        "by": town.coordinator,
    }
    with pytest.raises(MoveRefused):
        services.save_section(application, **change)
    move(application, "ask_for_more", by=staff.legal, note="Hvor mange timer er sat af?")
    assert application.answer_due_on == timezone.localdate() + timedelta(days=14)
    assert "Hvor mange timer" in browse(town.leader).get(application.get_absolute_url()).content.decode()
    services.save_section(application, **change)
    move(application, "send_supplement", by=town.coordinator)
    assert (application.state, application.answer_due_on) == (State.ASSESSMENT, None)
    assert Notice.objects.filter(recipient=staff.social, body__contains="vurderingen").exists()


def test_a_withdrawn_application_is_no_longer_in_the_queue_and_a_new_one_may_be_begun(town: Town, staff: Staff) -> None:
    application = town.submitted()
    move(application, "withdraw", by=town.leader, note="Vi venter et år.")
    assert not Application.objects.in_queue().exists()
    assert town.draft() != application


def race(staff: Staff, applications: list[Application]) -> list[str]:
    """Accept all of them at once; what became of each."""
    start = threading.Barrier(len(applications))
    outcomes: list[str] = []

    def accept(application: Application) -> None:
        try:
            start.wait(timeout=10)
            deciding.decide(application, outcome="accept", reason=REASON, by=staff.lead)
            outcomes.append("accepted")
        except MoveRefused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=accept, args=[application]) for application in applications]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("recounted", [True, False])
def test_two_leads_at_once_do_not_give_the_last_place_twice(recounted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control trusts a count taken before the lock, and then the last place is given twice."""
    staff = Staff(
        lead=f.StaffFactory(group="lead"),
        legal=f.StaffFactory(group="legal"),
        social=f.StaffFactory(agency="social", group="social"),
    )
    round = f.RoundFactory(capacity=1)
    both = [assessed(make_town(round=round).submitted(), staff) for _ in range(2)]
    if not recounted:
        seen = deciding.places_left(round)
        monkeypatch.setattr(deciding, "places_left", lambda round: seen)
    outcomes = race(staff, both)
    assert outcomes == (["accepted", "refused"] if recounted else ["accepted", "accepted"])
    assert Engagement.objects.count() == (1 if recounted else 2)
