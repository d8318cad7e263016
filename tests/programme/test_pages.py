"""Who sees what of an engagement, and what the lists cost."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engagements import models as m
from engagements.lifecycle import move, record
from engagements.programme import services
from engagements.users.models import User
from tests.factories import EngagementFactory, MembershipFactory, MunicipalityFactory, StaffFactory

pytestmark = pytest.mark.django_db


def page(client: Client, user: User, name: str, *args: object) -> str:
    """The page as this person reads it."""
    client.force_login(user)
    response = client.get(reverse(f"engagements:{name}", args=args))
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_another_consultant_reads_the_overview_only(client: Client) -> None:
    engagement = EngagementFactory()
    other = StaffFactory()
    text = page(client, other, "detail", engagement.case_no)
    assert engagement.municipality.name in text
    assert "awaits" not in text
    for name in ("plan", "team", "documents", "history"):
        assert client.get(reverse(f"engagements:{name}", args=[engagement.case_no])).status_code == 404


def test_the_disqualified_see_nothing_even_on_the_team(client: Client) -> None:
    lead = StaffFactory(group="lead")
    engagement = EngagementFactory(team=[lead])
    m.Disqualification.objects.create(user=lead, municipality=engagement.municipality)
    client.force_login(lead)
    assert client.get(engagement.get_absolute_url()).status_code == 404
    assert engagement.municipality.name not in page(client, lead, "list")


def test_a_caseworker_reads_the_plan_and_no_documents(client: Client) -> None:
    engagement = EngagementFactory()
    caseworker = MembershipFactory(role="caseworker", municipality=engagement.municipality).user
    page(client, caseworker, "plan", engagement.case_no)
    assert client.get(reverse("engagements:documents", args=[engagement.case_no])).status_code == 404


def test_internal_notes_and_documents_stay_with_the_task_force(client: Client) -> None:
    consultant = StaffFactory()
    engagement = EngagementFactory(team=[consultant])
    leader = MembershipFactory(municipality=engagement.municipality).user
    services.write_note(engagement, text="Kun for os", internal=True, by=consultant)
    services.write_note(engagement, text="For alle", internal=False, by=consultant)
    client.force_login(consultant)
    for title, internal in (("Internt udkast", "on"), ("Aftalebrev", "")):
        given = {"title": title, "direction": "made", "file": SimpleUploadedFile("brev.txt", b"Hej")}
        client.post(
            reverse("engagements:add_document", args=[engagement.case_no]),
            given | ({"internal": internal} if internal else {}),
        )
    assert m.Document.objects.count() == 2
    history, documents = (page(client, leader, name, engagement.case_no) for name in ("history", "documents"))
    assert "For alle" in history
    assert "Kun for os" not in history
    assert "Aftalebrev" in documents
    assert "Internt udkast" not in documents + history
    assert "Kun for os" in page(client, consultant, "history", engagement.case_no)
    assert "Internt udkast" in page(client, consultant, "documents", engagement.case_no)


def test_a_document_is_handed_out_to_those_who_may_read_it(client: Client) -> None:
    from engagements.records import access
    from engagements.records.services import file_document

    consultant = StaffFactory()
    engagement = EngagementFactory(team=[consultant])
    people = {
        "team": consultant,
        "leader": MembershipFactory(municipality=engagement.municipality).user,
        "caseworker": MembershipFactory(municipality=engagement.municipality, role="caseworker").user,
        "other consultant": StaffFactory(),
        "stranger": MembershipFactory().user,
    }
    for internal, readers in ((False, {"team", "leader"}), (True, {"team"})):
        document = file_document(engagement.case_no, "Brev", b"%PDF-1.7", by=consultant, internal=internal)
        for name, user in people.items():
            client.force_login(user)
            expected = 200 if name in readers else 404
            assert client.get(access.address(document)).status_code == expected, (name, internal)


def test_pausing_needs_a_reason_and_tells_the_municipality(client: Client) -> None:
    consultant = StaffFactory()
    engagement = EngagementFactory(team=[consultant])
    leader = MembershipFactory(municipality=engagement.municipality).user
    client.force_login(consultant)
    address = reverse("engagements:move", args=[engagement.case_no, "pause"])
    assert client.post(address, {"note": ""}).status_code == 422
    assert client.post(address, {"note": "Kommunen skifter ledelse"}).status_code == 302
    engagement.refresh_from_db()
    assert engagement.state == "paused"
    assert "Kommunen skifter ledelse" in m.Notice.objects.get(recipient=leader).body


def test_only_the_lead_closes(client: Client) -> None:
    consultant = StaffFactory()
    engagement = EngagementFactory(team=[consultant])
    client.force_login(consultant)
    client.post(reverse("engagements:move", args=[engagement.case_no, "close"]))
    engagement.refresh_from_db()
    assert engagement.state == "active"
    move(engagement, "close", by=StaffFactory(group="lead"))
    assert engagement.closed_at is not None


def test_the_overview_says_what_is_new_since_the_last_look_and_not_ones_own_doing(client: Client) -> None:
    import time_machine

    consultant, colleague = StaffFactory(), StaffFactory()
    engagement = EngagementFactory(team=[consultant, colleague])
    with time_machine.travel(timezone.now() - timedelta(days=3)):
        page(client, consultant, "detail", engagement.case_no)
        services.write_note(engagement, text="Set", internal=True, by=consultant)
    with time_machine.travel(timezone.now() - timedelta(days=1)):
        services.write_note(engagement, text="Nyt", internal=True, by=colleague)
    client.force_login(consultant)
    changes = client.get(engagement.get_absolute_url()).context["changes"]
    assert [(change.by, change.new) for change in changes] == [(str(colleague), True), (str(consultant), False)]


def test_the_overview_puts_first_what_awaits_whom(client: Client) -> None:
    consultant = StaffFactory()
    engagement = EngagementFactory(team=[consultant])
    m.Milestone.objects.create(
        engagement=engagement, title="Selvevaluering", due_on=timezone.localdate(), side="municipality"
    )
    m.Milestone.objects.create(
        engagement=engagement, title="Om et år", due_on=timezone.localdate() + timedelta(days=365)
    )
    client.force_login(consultant)
    context = client.get(engagement.get_absolute_url()).context
    assert [str(item.text).endswith("Selvevaluering") for item in context["theirs"]] == [True]
    assert not any("Om et år" in str(item.text) for item in context["ours"])


@pytest.mark.parametrize("rows", [25, 250])
def test_the_list_costs_the_same_for_many_as_for_few(
    client: Client, rows: int, django_assert_max_num_queries: Any
) -> None:
    lead = StaffFactory(group="lead")
    team = [StaffFactory(), StaffFactory(agency="social", group="social")]
    EngagementFactory.create_batch(rows, team=team)
    client.force_login(lead)
    client.get(reverse("engagements:list"))
    with django_assert_max_num_queries(12):
        client.get(reverse("engagements:list"))


@pytest.mark.parametrize("rows", [3, 30])
def test_the_portfolio_costs_the_same_for_many_as_for_few(
    client: Client, rows: int, django_assert_max_num_queries: Any
) -> None:
    lead = StaffFactory(group="lead")
    for engagement in EngagementFactory.create_batch(rows, team=[StaffFactory()]):
        m.Milestone.objects.create(engagement=engagement, title="Rapport", due_on=timezone.localdate())
    client.force_login(lead)
    client.get(reverse("engagements:portfolio"))
    with django_assert_max_num_queries(12):
        client.get(reverse("engagements:portfolio"))


@pytest.mark.parametrize(
    ("group", "reads"),
    [("team", ["Eget møde"]), ("legal", []), ("lead", ["Eget møde", "Fremmed møde"]), ("analyst", [])],
)
def test_the_portfolio_names_only_milestones_of_plans_the_reader_may_read(
    client: Client, group: str, reads: list[str]
) -> None:
    reader = StaffFactory(group="legal" if group == "team" else group)
    own = EngagementFactory(team=[reader] if group == "team" else [StaffFactory()])
    for engagement, title in ((own, "Eget møde"), (EngagementFactory(), "Fremmed møde")):
        m.Milestone.objects.create(engagement=engagement, title=title, due_on=timezone.localdate())
    client.force_login(reader)
    html = client.get(reverse("engagements:portfolio")).content.decode()
    assert [title for title in ("Eget møde", "Fremmed møde") if title in html] == reads
    assert str(own.municipality) in html


@pytest.mark.parametrize("name", ["pause", "stop", "close"])
def test_who_writes_why_an_engagement_rests_or_ends_is_told_who_reads_it(client: Client, name: str) -> None:
    client.force_login(StaffFactory(group="lead"))
    html = client.get(reverse("engagements:move", args=[EngagementFactory().case_no, name])).content.decode()
    assert html.count("Kommunen læser, hvad du skriver her") == 1
    assert 'aria-describedby="id_note_helptext"' in html


def test_what_is_new_for_the_municipality_is_not_crowded_out_by_internal_entries(client: Client) -> None:
    consultant = StaffFactory()
    engagement = EngagementFactory(team=[consultant])
    leader = MembershipFactory(municipality=engagement.municipality).user
    record(engagement, "plan_changed", by=consultant, note="Fælles")
    for number in range(15):
        record(engagement, "document_added", by=consultant, note=f"Intern {number}", internal=True)
    client.force_login(leader)
    assert [change.note for change in client.get(engagement.get_absolute_url()).context["changes"]] == ["Fælles"]
    client.force_login(consultant)
    notes = [change.note for change in client.get(engagement.get_absolute_url()).context["changes"]]
    assert notes == [f"Intern {number}" for number in range(14, 2, -1)]


def test_the_list_is_filtered_by_phase_region_consultant_and_words(client: Client) -> None:
    consultant, lead = StaffFactory(), StaffFactory(group="lead")
    aero = EngagementFactory(municipality=MunicipalityFactory(name="Ærø"), team=[consultant])
    other = EngagementFactory(municipality=MunicipalityFactory(name="Nordby"))
    other.phases.filter(kind="start").update(finished_on=timezone.localdate())
    region = m.Region.objects.create(code="9999", name="Prøveregion")
    m.RegionPeriod.objects.create(
        municipality=aero.municipality, region=region, valid_from=timezone.localdate() - timedelta(days=1)
    )
    client.force_login(lead)
    for query, expected in (
        ({"q": "ærø"}, [aero]),
        ({"q": other.shown_case_no}, [other]),
        ({"phase": "analysis"}, [other]),
        ({"region": region.pk}, [aero]),
        ({"consultant": consultant.pk}, [aero]),
        ({"state": "closed"}, []),
        ({"q": "%_'\"<>", "phase": "x", "region": "abc", "sort": "nej"}, None),
    ):
        response = client.get(reverse("engagements:list"), query)
        assert response.status_code == 200
        if expected is not None:
            assert [row.pk for row in response.context["page_obj"]] == [row.pk for row in expected], query


def test_the_list_can_be_taken_home_as_a_spreadsheet(client: Client) -> None:
    engagement = EngagementFactory(team=[StaffFactory()])
    client.force_login(StaffFactory(group="lead"))
    response = client.get(reverse("engagements:list"), {"format": "csv"})
    assert engagement.shown_case_no in b"".join(response.streaming_content).decode("utf-8-sig")


def test_reminders_of_a_milestone_come_once_before_and_once_after_and_anew_with_a_new_date() -> None:
    from engagements.notices.services import remind

    today = timezone.localdate()
    engagement = EngagementFactory()
    leader = MembershipFactory(municipality=engagement.municipality).user
    milestone = m.Milestone.objects.create(
        engagement=engagement, title="Selvevaluering", due_on=today + timedelta(days=5), side="municipality"
    )
    told = m.Notice.objects.filter(recipient=leader)
    for day, expected in ((today - timedelta(days=9), 0), (today, 1), (today, 1), (today + timedelta(days=6), 2)):
        remind(day=day)
        assert told.count() == expected
    milestone.due_on = today + timedelta(days=20)
    milestone.save()
    remind(day=today + timedelta(days=15))
    assert told.count() == 3
    milestone.reached_on = today
    milestone.save()
    remind(day=today + timedelta(days=30))
    assert told.count() == 3


def test_an_opened_engagement_tells_the_municipality_and_asks_the_lead_for_a_team() -> None:
    from tests.programme.test_opening import opened

    municipality = MunicipalityFactory()
    leader = MembershipFactory(municipality=municipality).user
    lead = StaffFactory(group="lead")
    inhabil = StaffFactory(group="lead")
    m.Disqualification.objects.create(user=inhabil, municipality=municipality)
    opened(municipality=municipality)
    assert m.Notice.objects.filter(recipient=leader).count() == 1
    assert "team" in m.Notice.objects.get(recipient=lead).subject.lower()
    assert not m.Notice.objects.filter(recipient=inhabil).exists()
