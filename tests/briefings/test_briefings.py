"""The director reads first; the council reads what was frozen; ten working days release by themselves."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from engagements.briefings import services
from engagements.briefings.content import freeze
from engagements.briefings.models import Briefing
from engagements.lifecycle import MoveRefused, move
from engagements.notices.models import Notice
from engagements.records.days import working_days_after
from tests.factories import ActionFactory, BriefingFactory, EngagementFactory, MembershipFactory, StaffFactory

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


@pytest.fixture
def legal(db: None) -> Any:
    return StaffFactory()


@pytest.fixture
def engagement(legal: Any) -> Any:
    return EngagementFactory(team=[legal])


@pytest.fixture
def director(engagement: Any) -> Any:
    return MembershipFactory(municipality=engagement.municipality, role="director").user


@pytest.fixture
def council(engagement: Any) -> Any:
    return MembershipFactory(municipality=engagement.municipality, role="council").user


@pytest.fixture
def briefing(engagement: Any) -> Any:
    return BriefingFactory(engagement=engagement)


def council_page(client: Client, briefing: Any, user: Any) -> Any:
    client.force_login(user)
    return client.get(reverse("briefings:council", args=[briefing.engagement.municipality.slug]))


def test_ten_working_days_skip_weekends() -> None:
    friday = datetime(2026, 11, 20, 15, tzinfo=COPENHAGEN)
    assert working_days_after(friday, 1) == date(2026, 11, 23)
    assert working_days_after(friday, 10) == date(2026, 12, 4)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(COPENHAGEN)), st.integers(1, 30))  # noqa: DTZ001
def test_the_release_day_is_a_working_day_and_later_counts_give_later_days(at: datetime, count: int) -> None:
    day = working_days_after(at, count)
    assert day.weekday() < 5
    assert working_days_after(at, count + 1) > day


def test_the_council_reads_nothing_before_the_director_has_released(
    client: Client, briefing: Any, legal: Any, director: Any, council: Any
) -> None:
    assert "Analysen er afsluttet" not in council_page(client, briefing, council).content.decode()
    move(briefing, "send_to_director", by=legal)
    assert "Analysen er afsluttet" not in council_page(client, briefing, council).content.decode()
    assert "Analysen er afsluttet" in council_page(client, briefing, director).content.decode()
    move(briefing, "release", by=director)
    assert "Analysen er afsluttet" in council_page(client, briefing, council).content.decode()


def test_only_the_director_or_the_deputy_releases(briefing: Any, legal: Any) -> None:
    move(briefing, "send_to_director", by=legal)
    leader = MembershipFactory(municipality=briefing.engagement.municipality, role="leader").user
    for person in (legal, leader):
        with pytest.raises(MoveRefused):
            move(briefing, "release", by=person)
    deputy = MembershipFactory(municipality=briefing.engagement.municipality, role="deputy").user
    assert move(briefing, "release", by=deputy).state == "released"


def test_it_is_released_by_itself_after_ten_working_days_once(briefing: Any, legal: Any, council: Any) -> None:
    with time_machine.travel(datetime(2026, 11, 20, 15, tzinfo=COPENHAGEN), tick=False):
        move(briefing, "send_to_director", by=legal)
    assert services.release_due(date(2026, 12, 3)) == []
    assert len(services.release_due(date(2026, 12, 4))) == 1
    assert services.release_due(date(2026, 12, 5)) == []
    briefing.refresh_from_db()
    assert briefing.released_by is None
    assert Notice.objects.filter(recipient=council).count() == 1


def test_a_return_with_remarks_does_not_start_the_ten_days_again(briefing: Any, legal: Any, director: Any) -> None:
    with time_machine.travel(datetime(2026, 11, 2, 9, tzinfo=COPENHAGEN), tick=False):
        move(briefing, "send_to_director", by=legal)
    first = briefing.release_by
    move(briefing, "send_back", by=director, note="Tallet i andet afsnit er forkert.")
    move(briefing, "send_to_director", by=legal)
    assert briefing.release_by == first


def test_the_director_who_returns_it_is_told_who_reads_the_remarks(
    client: Client, briefing: Any, legal: Any, director: Any
) -> None:
    move(briefing, "send_to_director", by=legal)
    client.force_login(director)
    html = client.get(reverse("briefings:move", args=[briefing.pk, "send_back"])).content.decode()
    assert "Kommunalbestyrelsen ser dem ikke." in html


def test_the_remarks_of_the_director_stand_where_the_briefing_is_written(
    client: Client, briefing: Any, legal: Any, director: Any
) -> None:
    move(briefing, "send_to_director", by=legal)
    move(briefing, "send_back", by=director, note="Tallet i andet afsnit er forkert.")
    client.force_login(legal)
    for page in (reverse("briefings:write", args=[briefing.engagement.case_no]), briefing.get_absolute_url()):
        assert "Tallet i andet afsnit er forkert." in client.get(page).content.decode()
    move(briefing, "send_to_director", by=legal)
    assert "Tallet i andet afsnit" not in client.get(briefing.get_absolute_url()).content.decode()


def test_what_is_sent_is_frozen(client: Client, briefing: Any, legal: Any, director: Any, council: Any) -> None:
    action = ActionFactory(engagement=briefing.engagement, title="Indfør dagsorden", overdue=True)
    move(briefing, "send_to_director", by=legal)
    type(action).objects.filter(pk=action.pk).update(title="Noget helt andet")
    move(briefing, "release", by=director)
    page = council_page(client, briefing, council).content.decode()
    assert "Indfør dagsorden" in page
    assert "Noget helt andet" not in page


def test_a_member_of_another_council_gets_404(client: Client, briefing: Any) -> None:
    stranger = MembershipFactory(role="council").user
    assert council_page(client, briefing, stranger).status_code == 404


def test_a_member_without_a_briefing_gets_a_page_that_explains(client: Client, engagement: Any, council: Any) -> None:
    client.force_login(council)
    response = client.get(reverse("briefings:council", args=[engagement.municipality.slug]))
    assert response.status_code == 200
    assert "Ingen orientering endnu" in response.content.decode()


def test_the_index_leads_a_council_member_straight_to_the_page(client: Client, engagement: Any, council: Any) -> None:
    client.force_login(council)
    response = client.get(reverse("briefings:index"))
    assert response.url == reverse("briefings:council", args=[engagement.municipality.slug])  # type: ignore[attr-defined]


def test_texts_opened_before_it_was_sent_are_not_saved_after(briefing: Any, legal: Any) -> None:
    opened_before = Briefing.objects.get(pk=briefing.pk)
    move(briefing, "send_to_director", by=legal)
    with pytest.raises(MoveRefused):
        services.change_briefing(opened_before, version=opened_before.version, by=legal, status_text="Andet")


def test_the_team_writes_sends_and_cannot_change_what_is_sent(client: Client, engagement: Any, legal: Any) -> None:
    client.force_login(legal)
    url = reverse("briefings:write", args=[engagement.case_no])
    assert client.post(url, {"status_text": "Vi er i gang.", "questions": "Et?\nTo?"}).status_code == 302
    briefing = Briefing.objects.get()
    assert briefing.question_lines == ["Et?", "To?"]
    move(briefing, "send_to_director", by=legal)
    with pytest.raises(MoveRefused):
        services.change_briefing(briefing, version=briefing.version, by=legal, status_text="Nyt")


def test_the_team_finds_the_briefing_among_the_tabs_and_others_do_not(
    client: Client, engagement: Any, legal: Any, director: Any
) -> None:
    link = f'href="{reverse("briefings:write", args=[engagement.case_no])}"'
    client.force_login(legal)
    assert link in client.get(engagement.get_absolute_url()).content.decode()
    client.force_login(director)
    assert link not in client.get(engagement.get_absolute_url()).content.decode()


def test_the_phase_is_the_one_the_engagement_is_in_also_before_its_first_day(db: None) -> None:
    early = EngagementFactory(starts_on=timezone.localdate() + timedelta(days=30))
    assert freeze(early)["phase"]["number"] == 1
    early.phases.filter(kind="start").update(finished_on=timezone.localdate())
    assert freeze(early)["phase"]["number"] == 2


def test_more_than_five_questions_are_refused_and_kept(client: Client, engagement: Any, legal: Any) -> None:
    client.force_login(legal)
    questions = "\n".join(f"Spørgsmål {number}?" for number in range(6))
    response = client.post(
        reverse("briefings:write", args=[engagement.case_no]), {"status_text": "x", "questions": questions}
    )
    assert response.status_code == 200
    assert "Spørgsmål 5?" in response.content.decode()
    assert not Briefing.objects.exists()


def test_the_pdf_is_one_tagged_page_in_danish(
    client: Client, briefing: Any, legal: Any, director: Any, council: Any
) -> None:
    from io import BytesIO

    from pypdf import PdfReader

    type(briefing).objects.filter(pk=briefing.pk).update(
        status_text="Analysen er afsluttet. " + "Kommunen har svaret på alle anbefalinger. " * 20,
        decision_asked="At orienteringen tages til efterretning. " * 14,
        questions="\n".join(
            "Hvordan sikrer I, at der tales med barnet, før der træffes afgørelse i sagen? " * 3 for _ in range(5)
        ),
    )
    briefing.refresh_from_db()
    for number in range(4):
        ActionFactory(
            engagement=briefing.engagement, title=f"Tiltag med en lang titel om børnesamtaler nummer {number}"
        )
    move(briefing, "send_to_director", by=legal)
    move(briefing, "release", by=director)
    client.force_login(council)
    response = client.get(reverse("briefings:pdf", args=[briefing.engagement.municipality.slug]))
    pdf = PdfReader(BytesIO(response.content))
    assert len(pdf.pages) == 1
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert str(pdf.trailer["/Root"]["/Lang"]).startswith("da")
    assert "Analysen er afsluttet" in pdf.pages[0].extract_text()


def test_the_daily_run_releases_what_is_due(briefing: Any, legal: Any) -> None:
    from io import StringIO

    from django.core.management import call_command

    with time_machine.travel(datetime(2026, 11, 2, 9, tzinfo=COPENHAGEN), tick=False):
        move(briefing, "send_to_director", by=legal)
    out = StringIO()
    call_command("daily", "--day", "2026-11-16", stdout=out)
    assert "1 briefings released by time" in out.getvalue()
    briefing.refresh_from_db()
    assert briefing.state == "released"
