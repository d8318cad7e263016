"""The page that performs a move: asks, refuses with a reason, and answers a second click quietly."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.log_actions import registry

from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def application() -> object:
    return f.ApplicationFactory(submitted=True)


@pytest.fixture
def consultant(client: Client) -> Client:
    client.force_login(f.StaffFactory())
    return client


def _move(application: object, name: str) -> str:
    return reverse("applications:move", args=[application.reference, name])  # type: ignore[attr-defined]


def _log(application: object) -> int:
    return registry.get_logs_for_instance(application).count()


def test_the_buttons_are_the_moves_one_may_make_now(consultant: Client, application: object) -> None:
    html = consultant.get(reverse("applications:detail", args=[application.reference])).content.decode()  # type: ignore[attr-defined]
    assert _move(application, "start_assessment") in html
    assert _move(application, "withdraw") not in html


def test_a_move_is_confirmed_then_performed_and_told(consultant: Client, application: object) -> None:
    assert consultant.get(_move(application, "start_assessment")).status_code == 200
    page = consultant.post(_move(application, "start_assessment"), follow=True)
    application.refresh_from_db()  # type: ignore[attr-defined]
    assert application.state == "assessment"  # type: ignore[attr-defined]
    assert "alert-success" in page.content.decode()


def test_a_double_click_makes_one_move_and_shows_no_complaint(consultant: Client, application: object) -> None:
    consultant.post(_move(application, "start_assessment"))
    second = consultant.post(_move(application, "start_assessment"))
    assert second.status_code == 302
    assert _log(application) == 1


def test_a_move_that_is_not_possible_now_says_so_and_is_not_logged(consultant: Client, application: object) -> None:
    f_state = type(application).objects.filter(pk=application.pk)  # type: ignore[attr-defined]
    f_state.update(state="more_information")
    page = consultant.post(_move(application, "start_assessment"))
    assert page.status_code == 409
    assert 'role="alert"' in page.content.decode()
    assert _log(application) == 0
    assert f_state.get().state == "more_information"


def test_a_required_note_is_asked_for_and_a_cpr_number_in_it_refused(consultant: Client, application: object) -> None:
    assert consultant.post(_move(application, "ask_for_more"), {"note": " "}).status_code == 422
    page = consultant.post(_move(application, "ask_for_more"), {"note": "Barnet 010111-1234 mangler, og mere"})
    assert page.status_code == 422
    assert "og mere" in page.content.decode()
    assert _log(application) == 0
    assert consultant.post(_move(application, "ask_for_more"), {"note": "Bilag mangler"}).status_code == 302


@pytest.mark.parametrize("name", ["submit", "accept", "nothing", "save", "delete", "__init__"])
def test_moves_with_a_page_of_their_own_and_other_words_are_not_found(
    consultant: Client, application: object, name: str
) -> None:
    assert consultant.post(_move(application, name)).status_code == 404
    assert type(application).objects.filter(pk=application.pk, state="submitted").exists()  # type: ignore[attr-defined]


def test_a_stranger_does_not_find_it_and_the_anonymous_signs_in_first(client: Client, application: object) -> None:
    assert client.get(_move(application, "withdraw")).url.startswith("/konto/login/?next=")  # type: ignore[attr-defined]
    client.force_login(f.UserFactory())
    assert client.get(_move(application, "withdraw")).status_code == 404


def test_internal_notes_are_in_the_history_only_for_those_who_may_read_them(
    consultant: Client, application: object
) -> None:
    from engagements.lifecycle import record

    record(application, "withdraw", by=None, note="Kun for os", internal=True)  # type: ignore[arg-type]
    address = reverse("applications:detail", args=[application.reference])  # type: ignore[attr-defined]
    assert "Kun for os" not in consultant.get(address).content.decode()
    assert "Kun for os" in consultant.get(address + "?internal").content.decode()
