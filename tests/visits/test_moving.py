"""Another time: the municipality asks, the team answers, and what is prepared follows; lists and files are corrected."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engagements.lifecycle import MoveRefused
from engagements.notices.models import Notice
from engagements.visits import planning, services
from engagements.visits.models import Preparation, Visit
from tests.factories import MembershipFactory, StaffFactory, VisitFactory

from .conftest import home, hours

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(leader: Any, learning: Any) -> Visit:
    """Planned, in twenty days."""
    planned: Visit = VisitFactory(planned=True, municipality=home(leader), team=[learning])
    return planned


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(name: str, visit: Visit, *more: Any) -> str:
    return reverse(f"visits:{name}", args=[visit.reference, *more])


def day(ahead: int) -> Any:
    return timezone.localdate() + timedelta(days=ahead)


def prepared(visit: Visit, ahead: int, **more: Any) -> Preparation:
    return visit.preparations.create(text="Vælg sager", side="municipality", due_on=day(ahead), **more)


def test_a_wish_for_another_time_reaches_the_team_and_goes_when_the_visit_is_moved(
    visit: Visit, leader: Any, learning: Any
) -> None:
    wish = "Der er valg den dag; ugen efter passer bedre."
    for _ in range(2):  # a double click
        signed_in(leader).post(address("ask_to_move", visit), {"move_wish": wish})
    assert Notice.objects.filter(recipient=learning, body__contains=wish).count() == 1
    page = signed_in(learning).get(visit.get_absolute_url()).content.decode()
    assert wish in page
    assert address("keep_time", visit) in page
    moved = planning.reschedule(visit, by=learning, version=Visit.objects.get().version, place="Rådhuset", **hours(27))
    assert moved.move_wish == ""
    assert "beder om et andet tidspunkt" not in signed_in(learning).get(visit.get_absolute_url()).content.decode()


def test_the_team_keeps_the_time_and_says_why(visit: Visit, leader: Any, learning: Any) -> None:
    planning.ask_to_move(visit, text="Vi vil hellere i marts.", by=leader)
    client = signed_in(learning)
    assert client.post(address("keep_time", visit), {"note": ""}).status_code == 422
    assert "Vi vil hellere i marts." in client.get(address("keep_time", visit)).content.decode()
    answer = {"note": "Marts er fuld.", "version": Visit.objects.get().version}
    for _ in range(2):  # a double click
        assert client.post(address("keep_time", visit), answer).status_code == 302
    assert Visit.objects.get().move_wish == ""
    assert Notice.objects.filter(recipient=leader, body__contains="Marts er fuld.").count() == 1


def test_a_wish_rewritten_while_the_team_answers_is_read_before_it_is_refused(
    visit: Visit, leader: Any, learning: Any
) -> None:
    planning.ask_to_move(visit, text="Vi vil hellere i marts.", by=leader)
    read = Visit.objects.get().version
    planning.ask_to_move(visit, text="Mødelokalet er lukket den dag.", by=leader)
    client = signed_in(learning)
    answer = client.post(address("keep_time", visit), {"note": "Marts er fuld.", "version": read})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Mødelokalet er lukket den dag." in page
    assert "Marts er fuld." in page
    assert Visit.objects.get().move_wish == "Mødelokalet er lukket den dag."
    assert not Notice.objects.filter(recipient=leader, body__contains="Marts er fuld.").exists()


def test_without_a_wish_there_is_nothing_to_answer(visit: Visit, leader: Any, learning: Any) -> None:
    planning.ask_to_move(visit, text="Vi vil hellere i marts.", by=leader)
    read = Visit.objects.get().version
    planning.reschedule(visit, by=learning, version=read, place=visit.place, **hours(27))
    answer = signed_in(learning).post(address("keep_time", visit), {"note": "Marts er fuld.", "version": read})
    assert answer.status_code == 422
    assert "intet ønske om et andet tidspunkt" in answer.content.decode()
    assert not Notice.objects.filter(recipient=leader, body__contains="Marts er fuld.").exists()


@pytest.mark.parametrize("text", ["Vi skal tale med drengen Oliver Jensen", "Se 010111-1234"])
def test_a_wish_names_nobody_and_what_was_typed_is_kept(visit: Visit, leader: Any, text: str) -> None:
    answer = signed_in(leader).post(address("ask_to_move", visit), {"move_wish": text})
    assert answer.status_code == 422
    assert text in answer.content.decode()
    assert Visit.objects.get().move_wish == ""


def test_only_the_municipality_wishes_and_only_the_team_answers(visit: Visit, leader: Any, learning: Any) -> None:
    stranger, caseworker = (
        MembershipFactory().user,
        MembershipFactory(municipality=home(leader), role="caseworker").user,
    )
    for user in (stranger, caseworker, learning):
        assert signed_in(user).get(address("ask_to_move", visit)).status_code == 404
        with pytest.raises(MoveRefused):
            planning.ask_to_move(visit, text="En anden dag", by=user)
    for user in (stranger, caseworker, leader, StaffFactory(group="analyst")):
        assert signed_in(user).get(address("keep_time", visit)).status_code == 404
    Visit.objects.update(starts_at=timezone.now() - timedelta(hours=1))
    assert signed_in(leader).get(address("ask_to_move", visit)).status_code == 404


def test_what_is_not_prepared_yet_moves_with_the_visit(visit: Visit, learning: Any) -> None:
    ahead, late, done = prepared(visit, 10), prepared(visit, -2), prepared(visit, 3, done_at=timezone.now())
    planning.reschedule(visit, by=learning, version=visit.version, place=visit.place, **hours(30))
    days = {row.pk: row.due_on for row in visit.preparations.all()}
    assert days == {ahead.pk: day(20), late.pk: day(8), done.pk: day(3)}
    fresh = Visit.objects.get()
    planning.reschedule(fresh, by=learning, version=fresh.version, place=visit.place, **hours(2))
    assert visit.preparations.get(pk=late.pk).due_on == day(0)  # never in the past


def test_the_preparation_list_is_corrected_by_either_side(visit: Visit, leader: Any, learning: Any) -> None:
    row = prepared(visit, 5)
    form = {"text": "Vælg tre sager", "side": "task_force", "due_on": day(6).isoformat()}
    signed_in(leader).post(address("change_preparation", visit, row.pk), form)
    row.refresh_from_db()
    assert (row.text, row.side, row.due_on) == ("Vælg tre sager", "task_force", day(6))
    for due in (day(21), day(-1)):
        answer = signed_in(learning).post(
            address("change_preparation", visit, row.pk), {**form, "due_on": due.isoformat()}
        )
        assert answer.status_code == 422
    signed_in(learning).post(address("remove_preparation", visit, row.pk))
    assert not visit.preparations.exists()
    assert signed_in(learning).post(address("remove_preparation", visit, row.pk)).status_code == 302


def test_a_done_thing_is_neither_changed_nor_taken_off(visit: Visit, leader: Any) -> None:
    row = prepared(visit, 5, done_at=timezone.now())
    client = signed_in(leader)
    assert client.get(address("change_preparation", visit, row.pk)).status_code == 404
    page = client.post(address("remove_preparation", visit, row.pk), follow=True).content.decode()
    assert "Det, der er gjort, bliver på listen." in page
    assert visit.preparations.filter(pk=row.pk).exists()


def test_the_preparation_list_is_closed_once_the_visit_is_held(visit: Visit, leader: Any) -> None:
    row = prepared(visit, 5)
    stale = visit.preparations.select_related("visit").get()
    assert stale.visit.state == "planned"
    Visit.objects.update(state="held")
    with pytest.raises(MoveRefused):
        planning.change_preparation(stale, text="Andet", side=row.side, due_on=row.due_on, by=leader)
    with pytest.raises(MoveRefused):
        planning.remove_preparation(stale, by=leader)
    row.refresh_from_db()
    assert row.text == "Vælg sager"


def test_a_file_shows_the_day_it_was_added_here(visit: Visit, leader: Any) -> None:
    file = visit.material.create(title="Sag", file=SimpleUploadedFile("a.txt", b"Tekst"))
    visit.material.filter(pk=file.pk).update(added_at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC))
    assert "2. marts 2026" in signed_in(leader).get(visit.get_absolute_url()).content.decode()


def test_rows_of_another_visit_cannot_be_reached_through_ones_own(visit: Visit, leader: Any) -> None:
    other = VisitFactory(planned=True)
    row = prepared(other, 5)
    file = other.material.create(title="Sag", file=SimpleUploadedFile("a.txt", b"Tekst"))
    client = signed_in(leader)
    assert client.post(address("tick", visit, row.pk), {"done": "1"}).status_code == 404
    assert client.get(address("change_preparation", visit, row.pk)).status_code == 404
    client.post(address("remove_preparation", visit, row.pk))
    client.post(address("remove_material", visit, file.pk))
    for name, pk in (("remove_preparation", row.pk), ("remove_material", file.pk)):
        assert client.post(address(name, other, pk)).status_code == 404
    row.refresh_from_db()
    assert row.done_at is None
    assert other.material.count() == 1


def test_a_file_is_taken_away_by_whoever_added_it_and_by_the_team(
    visit: Visit, leader: Any, learning: Any, django_capture_on_commit_callbacks: Any
) -> None:
    colleague = MembershipFactory(municipality=home(leader)).user
    for user, gone in ((colleague, False), (leader, True), (learning, True)):
        row = planning.add_material(visit, title=f"Sag {user.pk}", file=SimpleUploadedFile("a.txt", b"T"), by=leader)
        storage, name = row.file.storage, row.file.name
        with django_capture_on_commit_callbacks(execute=True):
            answer = signed_in(user).post(address("remove_material", visit, row.pk))
        assert answer.status_code == 302
        assert visit.material.filter(pk=row.pk).exists() != gone
        assert storage.exists(name) != gone


def test_a_time_far_ahead_is_refused(leader: Any, learning: Any) -> None:
    visit = VisitFactory(accepted=True, municipality=home(leader))
    for begins in ("9999-12-31", day(1000).isoformat()):
        form = {"team": [learning.pk], "starts_at": f"{begins}T09:00", "ends_at": f"{begins}T14:00"}
        form |= {"place": "Sal 2", "programme": "9.00 Velkomst"}
        answer = signed_in(learning).post(address("plan", visit), form)
        assert answer.status_code == 422
    assert "inden for to år" in answer.content.decode()
    assert Visit.objects.get().state == "accepted"


@pytest.mark.parametrize(("starts", "ends"), [(1, 3000), (3000, 3001)])
def test_a_season_is_neither_endless_nor_far_away(learning: Any, starts: int, ends: int) -> None:
    form = {
        "kind": "general",
        "title_da": "Besøg",
        "summary_da": "Vi kommer.",
        "asks_da": "Et lokale",
        "starts_on": day(starts).isoformat(),
        "ends_on": day(ends).isoformat(),
        "opens_at": "2026-01-01T09:00",
        "places": "3",
    }
    assert signed_in(learning).post(reverse("visits:new_offer"), form).status_code == 422
    typed = {**form, "places": 3, "starts_on": day(starts), "ends_on": day(ends), "opens_at": timezone.now()}
    with pytest.raises(ValidationError):
        services.make_offer(by=learning, **typed)


HUGE = "99999999999999999999"


def test_made_up_and_huge_numbers_are_not_found(visit: Visit, leader: Any, learning: Any) -> None:
    client = signed_in(leader)
    for path in (
        f"/besoeg/tilbud/{HUGE}/",
        f"/besoeg/tilbud/{HUGE}/anmod/",
        f"/besoeg/B-2026-{HUGE}/",
        f"/besoeg/{visit.reference}/laering/{HUGE}/",
        f"/besoeg/{visit.reference}/forberedelse/{HUGE}/ret/",
        "/besoeg/evaluering/findes-ikke/",
    ):
        assert client.get(path).status_code == 404, path
    for path in (f"forberedelse/{HUGE}/fjern/", f"materiale/{HUGE}/fjern/"):
        assert client.post(f"/besoeg/{visit.reference}/{path}").status_code == 302
    assert client.post(f"/besoeg/{visit.reference}/forberedelse/{HUGE}/", {"done": "1"}).status_code == 404
    for query in ({"offer": HUGE}, {"offer": "x"}, {"offer": "1 OR 1=1"}):
        assert signed_in(learning).get(reverse("visits:planning"), query).status_code == 200


@pytest.mark.parametrize("number", [HUGE, "1" * 5000, "-1", "1e9", "501", "ti"])
def test_a_number_of_people_that_cannot_be_is_refused_and_kept(offer: Any, leader: Any, number: str) -> None:
    form = {
        "theme": "Inddragelse",
        "problem": "Vi mangler samtaler forud for afgørelsen.",
        "audience_caseworkers": number,
        "weeks": [offer.weeks()[0].code],
        "place": "Biblioteket på torvet",
        "cases_confirmed": "on",
    }
    answer = signed_in(leader).post(reverse("visits:request", args=[offer.pk]), form)
    assert answer.status_code == 422
    assert "Biblioteket på torvet" in answer.content.decode()
    assert not Visit.objects.exists()


@pytest.mark.parametrize("week", ["2026-W99", "9999-W01", "1999-W01", HUGE, "'; --"])
def test_a_week_that_was_not_offered_is_refused(offer: Any, leader: Any, week: str) -> None:
    form = {"theme": "Inddragelse", "problem": "Vi mangler samtaler.", "audience_leaders": "2", "weeks": [week]}
    form |= {"place": "Rådhuset", "cases_confirmed": "on"}
    assert signed_in(leader).post(reverse("visits:request", args=[offer.pk]), form).status_code == 422
