"""The page of seats: who would move up is seen first, and too few seats are refused with the sentence."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.enrolment.models import Enrolment
from courses.enrolment.organising import change_seats
from courses.runs.models import Run
from engagements.notices.models import Notice
from tests.factories import EnrolmentFactory, MembershipFactory, MunicipalityFactory, RunFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser() -> Any:
    return StaffFactory(group="courses")


@pytest.fixture
def at(organiser: Any, client: Client) -> Client:
    client.force_login(organiser)
    return client


@pytest.fixture
def run() -> Run:
    """Two of two seats taken, three wait."""
    run: Run = RunFactory(capacity=2)
    EnrolmentFactory.create_batch(2, run=run)
    EnrolmentFactory.create_batch(3, run=run, state="waiting")
    return run


def address(run: Run) -> str:
    return reverse("enrolment:seats", kwargs=run.address_args)


def posted(run: Run, **changes: Any) -> dict[str, Any]:
    run.refresh_from_db()
    shares = list(run.allotments.all())
    rows: dict[str, Any] = {"form-TOTAL_FORMS": len(shares), "form-INITIAL_FORMS": len(shares)}
    for number, share in enumerate(shares):
        rows |= {f"form-{number}-id": share.pk, f"form-{number}-municipality": share.municipality_id}
        rows |= {f"form-{number}-reserved": share.reserved, f"form-{number}-at_most": share.at_most or ""}
    return {
        "capacity": run.capacity,
        "minimum": run.minimum,
        "quota": run.quota or "",
        "waiting_order": run.waiting_order,
        "promotion": run.promotion,
        "offer_hours": run.offer_hours,
        "version": run.version,
        **rows,
        **changes,
    }


def states(run: Run) -> list[str]:
    return list(Enrolment.objects.filter(run=run).order_by("pk").values_list("state", flat=True))


def test_more_seats_show_who_moves_up_before_anybody_does(at: Client, run: Run) -> None:
    first = run.enrolments.filter(state="waiting").order_by("queued_at", "pk").first()
    answer = at.post(address(run), posted(run, capacity=3))
    assert "Ikke gemt endnu" in answer.text
    assert str(first.person) in answer.text
    assert "2 venter fortsat" in answer.text
    assert states(run).count("waiting") == 3
    assert not Notice.objects.exists()
    at.post(address(run), posted(run, capacity=3, confirmed=answer.context["seen"]))
    first.refresh_from_db()
    assert first.state == "seated"
    assert states(run).count("waiting") == 2
    assert Notice.objects.filter(recipient=first.person).count() == 1


def test_what_was_typed_after_the_preview_is_shown_before_it_is_done(at: Client, run: Run) -> None:
    seen = at.post(address(run), posted(run, capacity=3)).context["seen"]
    again = at.post(address(run), posted(run, capacity=4, confirmed=seen))
    assert (again.status_code, len(again.context["up"])) == (200, 2)
    assert states(run).count("waiting") == 3
    assert f'name="confirmed" value="{again.context["seen"]}"' in again.text
    # Somebody else's act counts too: the next in line has gone home.
    first = run.enrolments.filter(state="waiting").order_by("pk").first()
    Enrolment.objects.filter(pk=first.pk).update(state="cancelled")
    assert at.post(address(run), posted(run, capacity=3, confirmed=seen)).status_code == 200
    assert states(run).count("waiting") == 2


def test_what_moves_nobody_up_is_saved_at_once(at: Client, run: Run) -> None:
    assert at.post(address(run), posted(run, waiting_order="spread")).status_code == 302
    run.refresh_from_db()
    assert run.waiting_order == "spread"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"capacity": 1}, "2 pladser er besat; antallet af pladser kan ikke være lavere"),
        ({"capacity": 0}, "Pladser"),
        ({"capacity": -4}, "Pladser"),
        ({"capacity": 99999}, "Pladser"),
        ({"minimum": 10}, "mindste antal deltagere"),
        ({"quota": 0}, "Flest pladser pr. kommune"),
        ({"offer_hours": 0}, "Timer til at svare"),
        ({"offer_hours": 5000}, "Timer til at svare"),
    ],
)
def test_what_cannot_be_is_refused(at: Client, run: Run, changes: dict[str, Any], words: str) -> None:
    answer = at.post(address(run), posted(run, **changes, confirmed="1"))
    assert "error-summary" in answer.text
    assert words in answer.text
    run.refresh_from_db()
    assert (run.capacity, run.minimum, run.quota) == (2, 1, None)


def test_seats_are_released_before_the_run_begins(at: Client, run: Run) -> None:
    late = timezone.localtime(run.starts_at + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    assert "før holdet begynder" in at.post(address(run), posted(run, release_at=late)).text


def test_shares_of_municipalities_are_kept_and_checked(at: Client, run: Run) -> None:
    home, other = MunicipalityFactory(), MunicipalityFactory()
    one = {"form-TOTAL_FORMS": 2, "form-0-municipality": home.pk, "form-0-at_most": 2, "form-0-reserved": 1}
    twice = {**one, "form-1-municipality": home.pk, "form-1-reserved": 1}
    assert "nævnt to gange" in at.post(address(run), posted(run, **twice)).text
    too_many = {**one, "form-1-municipality": other.pk, "form-1-reserved": 3}
    assert "reserveret flere pladser" in at.post(address(run), posted(run, **too_many)).text
    unlike = {**one, "form-0-reserved": 3, "form-1-municipality": other.pk, "form-1-reserved": 0}
    assert "end kommunen må have" in at.post(address(run), posted(run, **unlike)).text
    assert not run.allotments.exists()
    fine = {**one, "form-1-municipality": other.pk, "form-1-reserved": 1}
    assert at.post(address(run), posted(run, **fine)).status_code == 302
    assert list(run.allotments.values_list("reserved", flat=True)) == [1, 1]
    assert at.post(address(run), posted(run, **{"form-0-DELETE": "on"})).status_code == 302
    assert run.allotments.count() == 1


def test_releasing_now_is_shown_first(at: Client) -> None:
    home = MunicipalityFactory()
    run = RunFactory(capacity=3, quota=1)
    EnrolmentFactory(run=run, municipality=home)
    waiting = EnrolmentFactory(run=run, municipality=home, state="waiting")
    assert "får en plads" in at.post(address(run), {"release": "1"}).text
    waiting.refresh_from_db()
    assert waiting.state == "waiting"
    at.post(address(run), {"release": "1", "confirmed": "1"})
    waiting.refresh_from_db()
    assert waiting.state == "seated"


def test_two_organisers_do_not_overwrite_each_others_rules(at: Client, run: Run) -> None:
    old = posted(run, quota=5)
    at.post(address(run), posted(run, quota=3))
    answer = at.post(address(run), old)
    assert answer.status_code == 409
    run.refresh_from_db()
    assert run.quota == 3


def test_nobody_moves_up_by_a_rule_that_is_on_its_way_out(organiser: Any) -> None:
    home = MunicipalityFactory()
    run = RunFactory(capacity=1)
    EnrolmentFactory(run=run, municipality=home)
    EnrolmentFactory(run=run, municipality=home, state="waiting")
    other = EnrolmentFactory(run=run, state="waiting")
    up = change_seats(run, version=run.version, by=organiser, capacity=3, quota=1, shares=[], minimum=2)
    assert up == [other]
    run.refresh_from_db()
    assert (run.capacity, run.taken, run.minimum, run.quota) == (3, 2, 2, 1)


def test_seats_are_for_those_who_organise(client: Client, run: Run) -> None:
    client.force_login(MembershipFactory().user)
    assert client.get(address(run)).status_code == 404
    assert client.post(address(run), posted(run, capacity=9)).status_code == 404
