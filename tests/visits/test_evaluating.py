"""Participants answer without signing in: once, anonymously, in time; five answers are shown, four are not."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from engagements.lifecycle import MoveRefused
from engagements.visits import evaluating, qr, views_evaluating
from engagements.visits.models import Evaluation, Visit
from tests.factories import VisitFactory

pytestmark = pytest.mark.django_db
GRADES = {"useful": 5, "own_practice": 4, "clear": 4, "will_use": 5}


@pytest.fixture
def visit() -> Any:
    """Held ten days ago."""
    return VisitFactory(held=True)


def send(client: Client, visit: Any, **changes: Any) -> Any:
    """Open the page and answer it, as a participant does."""
    address = evaluating.address(visit)
    page = client.get(address)
    nonce = page.context["form"]["nonce"].value() if page.context.get("form") else ""
    return client.post(address, {**GRADES, "comment": "", "nonce": nonce, **changes})


def answer(visit: Any, number: int = 1, **changes: Any) -> None:
    for index in range(number):
        evaluating.answer(visit, nonce=f"n{visit.evaluations.count()}-{index}", **{**GRADES, **changes})


def test_an_answer_needs_no_account_and_keeps_no_person(visit: Any) -> None:
    page = send(Client(), visit, comment="God dag")
    assert "Tak for svaret" in page.content.decode()
    row = Evaluation.objects.get()
    assert {field.name for field in Evaluation._meta.fields} == {
        *("id", "visit", "nonce", "comment", "answered_on"),
        *Evaluation.QUESTIONS,
    }
    assert row.comment == "God dag"


def test_the_same_browser_answers_once(visit: Any) -> None:
    client = Client()
    send(client, visit)
    page = client.get(evaluating.address(visit))
    assert "Tak for svaret" in page.content.decode()
    send(client, visit)
    assert Evaluation.objects.count() == 1


def test_a_page_sent_twice_is_one_answer_even_without_the_cookie(visit: Any) -> None:
    first, second = Client(), Client()
    nonce = first.get(evaluating.address(visit)).context["form"]["nonce"].value()
    for client in (first, second):
        assert client.post(evaluating.address(visit), {**GRADES, "nonce": nonce}).status_code == 200
    assert Evaluation.objects.count() == 1


def test_colleagues_on_the_same_network_each_answer(visit: Any) -> None:
    for _ in range(3):
        send(Client(), visit)
    assert Evaluation.objects.count() == 3


def test_a_made_up_page_is_not_an_answer_but_nothing_typed_is_lost(visit: Any) -> None:
    page = Client().post(evaluating.address(visit), {**GRADES, "comment": "Husk mig", "nonce": "opfundet"})
    assert page.status_code == 422
    assert "Husk mig" in page.content.decode()
    assert not Evaluation.objects.exists()
    fresh = page.context["form"]["nonce"].value()
    assert evaluating.read_nonce(visit, fresh)


def test_a_nonce_belongs_to_its_visit_and_its_day(visit: Any) -> None:
    nonce = evaluating.new_nonce(visit)
    assert evaluating.read_nonce(VisitFactory(held=True), nonce) is None
    with time_machine.travel(timezone.now() + timedelta(hours=13), tick=False):
        assert evaluating.read_nonce(visit, nonce) is None


def test_an_unknown_link_is_not_found() -> None:
    assert Client().get("/besoeg/evaluering/findes-ikke/").status_code == 404


def test_after_the_deadline_the_page_says_closed_and_takes_nothing(visit: Any) -> None:
    client = Client()
    nonce = client.get(evaluating.address(visit)).context["form"]["nonce"].value()
    Visit.objects.update(evaluation_until=timezone.localdate() - timedelta(days=1))
    page = client.get(evaluating.address(visit))
    assert page.status_code == 200
    assert "lukket" in page.content.decode()
    sent = client.post(evaluating.address(visit), {**GRADES, "nonce": nonce})
    assert sent.status_code == 410
    assert not Evaluation.objects.exists()


def test_before_the_visit_and_after_a_cancellation_nothing_is_taken() -> None:
    for visit in (VisitFactory(planned=True), VisitFactory(state="cancelled")):
        assert send(Client(), visit).status_code == 410
        with pytest.raises(MoveRefused):
            answer(visit)


def test_a_name_or_number_in_the_comment_is_refused(visit: Any) -> None:
    for comment in ("Godt om drengen Oliver Jensen", "Ring til 010111-1234"):
        assert send(Client(), visit, comment=comment).status_code == 422
        with pytest.raises(ValidationError):
            answer(visit, comment=comment)
    assert not Evaluation.objects.exists()


@pytest.mark.parametrize("grade", ["0", "6", "x", ""])
def test_a_grade_is_one_of_five(visit: Any, grade: str) -> None:
    assert send(Client(), visit, useful=grade).status_code == 422


def test_four_answers_are_counted_and_not_shown(visit: Any) -> None:
    answer(visit, 4, comment="Fin dag")
    found = evaluating.result(visit)
    assert (found.answers, found.shown, found.means, found.comments) == (4, False, [], [])
    answer(visit, useful=1)
    found = evaluating.result(visit)
    assert found.shown
    assert found.means[0].mean == pytest.approx(21 / 5)
    assert (found.means[0].high, found.means[0].answers) == (4, 5)
    assert found.comments == ["Fin dag"] * 4


def test_a_link_takes_no_more_answers_than_there_can_have_been_people(visit: Any) -> None:
    visit.audience.update(expected=6, attended=5)
    answer(visit, 12)
    with pytest.raises(MoveRefused):
        answer(visit)


def test_one_address_cannot_flood_the_link(visit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views_evaluating, "RATES", {"evaluate": "2/600s/ip"})
    codes = [send(Client(), visit).status_code for _ in range(3)]
    assert codes == [200, 200, 429]


def test_the_page_is_not_kept_by_caches_nor_found_by_robots(visit: Any) -> None:
    page = Client().get(evaluating.address(visit))
    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex"
    assert page["Referrer-Policy"] == "same-origin"  # the link stays here, and the form may be sent


def test_the_qr_code_draws_the_dark_modules() -> None:
    code = qr.code_for("https://example.org/besoeg/evaluering/abc/")
    assert code.size >= 21 + 8
    assert code.path.startswith("M4 4h7v1H4z")  # the upper left finder, after a quiet zone of four
