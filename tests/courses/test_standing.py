"""A run is in one state at a time: what the organiser decided, then the clock, then the seats."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from courses.runs.models import Run
from courses.runs.standing import standing, stands
from courses.runs.words import rules_in_words
from tests.factories import CourseFactory, MunicipalityFactory, RunFactory

NOW = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def a_run(**kwargs: Any) -> Run:
    facts = {
        "state": "published",
        "capacity": 20,
        "taken": 5,
        "opens_at": NOW - 10 * DAY,
        "closes_at": NOW + 10 * DAY,
        "starts_at": NOW + 20 * DAY,
        "ends_at": NOW + 21 * DAY,
        "cancel_until": NOW + 10 * DAY,
    }
    return Run(**{**facts, **kwargs})


PAST: dict[str, Any] = {
    "opens_at": NOW - 40 * DAY,
    "closes_at": NOW - 30 * DAY,
    "starts_at": NOW - 20 * DAY,
    "ends_at": NOW - DAY,
}


@pytest.mark.parametrize(
    ("facts", "code", "label"),
    [
        ({**PAST, "state": "draft"}, "draft", "Kladde"),
        ({**PAST, "state": "cancelled"}, "cancelled", "Aflyst"),
        (PAST, "held", "Afholdt"),
        ({**PAST, "ends_at": NOW}, "held", "Afholdt"),
        ({**PAST, "ends_at": NOW + DAY}, "running", "I gang"),
        ({"opens_at": NOW + 11 * DAY, "closes_at": NOW + 12 * DAY}, "open_soon", "Åbner 3. december"),
        ({"opens_at": NOW + timedelta(hours=2)}, "open_soon", "Åbner i dag kl. 14.00"),
        ({"closes_at": NOW - DAY, "taken": 20}, "closed", "Tilmeldingen er lukket"),
        ({"closes_at": NOW}, "closed", "Tilmeldingen er lukket"),
        ({"taken": 20}, "waiting_list", "Venteliste"),
        ({"taken": 5, "withheld": 15}, "waiting_list", "Venteliste"),
        ({"taken": 18}, "few_left", "2 pladser tilbage"),
        ({"taken": 19}, "few_left", "1 plads tilbage"),
        ({"taken": 17}, "open", "Åben"),
        ({"capacity": 100, "taken": 90}, "few_left", "10 pladser tilbage"),
        ({"capacity": 100, "taken": 89}, "open", "Åben"),
    ],
)
def test_the_first_that_is_true_counts(facts: dict[str, Any], code: str, label: str) -> None:
    found = standing(a_run(**facts), NOW)
    assert (found.code, found.label) == (code, label)


@pytest.mark.parametrize(
    ("facts", "call"),
    [({}, "Tilmeld"), ({"taken": 19}, "Tilmeld"), ({"taken": 20}, "Skriv dig på venteliste"), (PAST, "")],
)
def test_one_is_called_to_act_only_where_one_can(facts: dict[str, Any], call: str) -> None:
    found = standing(a_run(**facts), NOW)
    assert found.call == call
    assert found.takes_enrolments is bool(call)


@pytest.mark.django_db
def test_the_rules_are_said_in_words() -> None:
    run = RunFactory(
        capacity=20,
        quota=4,
        release_at=NOW,
        training_last=True,
        promotion="offer",
        offer_hours=24,
        certificate_rule="at_least",
        certificate_sessions=2,
    )
    run.allotments.create(municipality=MunicipalityFactory(name="Korsbæk"), at_most=6, reserved=2)
    said = rules_in_words(run)
    assert said[0] == "Der er 20 pladser."
    assert "Hver kommune kan få op til 4 pladser." in said
    assert "Korsbæk Kommune kan få op til 6 pladser." in said
    assert "2 pladser er reserveret til Korsbæk Kommune." in said
    assert any("22. november 2026 kl. 12.00" in one for one in said)
    assert "Når en plads bliver ledig, får den næste på ventelisten den tilbudt og har 24 timer til at svare." in said
    assert "Den, der deltager i mindst 2 kursusgange, får et kursusbevis." in said


@pytest.mark.django_db
def test_rules_that_do_not_apply_are_not_mentioned() -> None:
    said = " ".join(rules_in_words(RunFactory(certificate_rule="none", minimum=1)))
    assert "kommune" not in said
    assert "kursusbevis" not in said
    assert "frigivet" not in said


@pytest.mark.django_db
def test_the_database_finds_the_same_standing_as_the_run_itself() -> None:
    course = CourseFactory()
    runs = [
        RunFactory(course=course, sessions=0, **{**facts, "capacity": capacity, "taken": taken, "withheld": withheld})
        for facts in (
            {"state": "draft"},
            {"state": "cancelled"},
            {key: value for key, value in a_run(**PAST).__dict__.items() if key in PAST},
            {"opens_at": NOW + DAY, "closes_at": NOW + 9 * DAY, "starts_at": NOW + 20 * DAY},
            {"opens_at": NOW - DAY, "closes_at": NOW, "starts_at": NOW + 20 * DAY},
            {"opens_at": NOW, "closes_at": NOW + DAY, "starts_at": NOW + 20 * DAY},
            {"opens_at": NOW - 9 * DAY, "closes_at": NOW - DAY, "starts_at": NOW + 20 * DAY},
            {"opens_at": NOW - 9 * DAY, "closes_at": NOW, "starts_at": NOW, "ends_at": NOW + DAY},
            {"opens_at": NOW - 9 * DAY, "closes_at": NOW - DAY, "starts_at": NOW - DAY, "ends_at": NOW},
        )
        for capacity, taken, withheld in ((1, 0, 0), (10, 7, 0), (10, 8, 0), (10, 7, 2), (70, 62, 0), (70, 63, 0))
    ]
    expected = {run.pk: standing(run, NOW).code for run in runs}
    found = {
        pk: code
        for code in {*expected.values(), "waiting_list", "open"}
        for pk in Run.objects.filter(stands(code, NOW)).values_list("pk", flat=True)
    }
    assert found == expected
    assert {"open", "few_left", "held", "running", "closed", "open_soon"} <= set(expected.values())
