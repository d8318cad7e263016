"""The papers of a visit: tagged, in Danish, with what the reader needs and nothing of what is internal."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from engagements.visits import documents
from engagements.visits.models import Visit
from tests.factories import MembershipFactory, StaffFactory, VisitFactory

pytestmark = pytest.mark.django_db


def paper(visit: Any, user: Any, name: str = "programme_pdf") -> tuple[PdfReader, str]:
    """The PDF and its text on one line."""
    client = Client()
    client.force_login(user)
    answer = client.get(reverse(f"visits:{name}", args=[visit.reference]))
    assert answer["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.content))
    return reader, " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_the_programme_holds_times_and_the_preparation_list(learning: Any, leader: Any) -> None:
    visit = VisitFactory(
        planned=True,
        municipality=leader.memberships.get().municipality,
        team=[learning],
        programme="9.00 Velkomst\n\n10.15–11.30 Sag A\nAfrunding",
        team_note="Skal ikke med.",
    )
    visit.preparations.create(text="Book et lokale", side="municipality", due_on=timezone.localdate())
    reader, text = paper(visit, leader)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "da"
    assert reader.metadata is not None
    assert visit.municipality.full_name in str(reader.metadata.title)
    for words in ("9.00 Velkomst", "10.15–11.30 Sag A", "– Afrunding", str(learning), "Book et lokale", visit.place):
        assert words in text, words
    assert "Skal ikke med." not in text
    assert visit.problem not in text  # the sheet lies on the table on the day


def test_a_line_of_the_programme_begins_with_its_time() -> None:
    visit = Visit(programme="kl. 9.00: Velkomst\n13:30 - Afrunding\n12.000 sager\n")
    assert visit.points_of_programme == [("kl. 9.00", "Velkomst"), ("13:30", "Afrunding"), ("", "12.000 sager")]


def test_the_sheet_to_hang_up_holds_the_address_of_the_evaluation(learning: Any) -> None:
    visit = VisitFactory(planned=True, team=[learning])
    reader, text = paper(visit, learning, "evaluation_pdf")
    assert len(reader.pages) == 1
    assert f"/besoeg/evaluering/{visit.token}/" in text.replace(" ", "")


def test_the_sheet_is_made_while_somebody_may_come_to_answer(learning: Any) -> None:
    closed = timezone.localdate() - timedelta(days=1)
    client = Client()
    client.force_login(learning)
    for visit, status in (
        (VisitFactory(held=True, team=[learning]), 200),
        (VisitFactory(held=True, team=[learning], evaluation_until=closed), 404),
        (VisitFactory(planned=True, team=[learning], state="cancelled"), 404),
    ):
        sheet = reverse("visits:evaluation_pdf", args=[visit.reference])
        assert client.get(sheet).status_code == status
        assert client.get(reverse("visits:programme_pdf", args=[visit.reference])).status_code == 200
        if visit.is_done:
            page = client.get(reverse("visits:evaluation", args=[visit.reference])).content.decode()
            assert (sheet in page) == (status == 200)


@pytest.mark.parametrize("make", [documents.programme, documents.evaluation_sheet])
def test_a_paper_bears_the_day_it_is_made_here(make: Any) -> None:
    visit = VisitFactory(planned=True)
    with time_machine.travel(datetime(2026, 3, 1, 23, 30, tzinfo=UTC)):
        reader = PdfReader(io.BytesIO(make(visit)))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert f"{visit.reference} · 2. marts 2026" in text


def test_there_is_no_paper_before_a_time_nor_for_those_who_read_the_overview(learning: Any) -> None:
    waiting, planned = VisitFactory(accepted=True), VisitFactory(planned=True)
    for visit, user in (
        (waiting, learning),
        (planned, StaffFactory(group="analyst")),
        (planned, MembershipFactory().user),
    ):
        client = Client()
        client.force_login(user)
        for name in ("programme_pdf", "evaluation_pdf"):
            assert client.get(reverse(f"visits:{name}", args=[visit.reference])).status_code == 404
