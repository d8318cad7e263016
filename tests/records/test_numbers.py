"""Numbers are consecutive within a year, also when several people ask at once."""

import threading
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction

from engagements.records import numbers
from engagements.records.models import NumberSeries

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


@pytest.mark.django_db
def test_case_numbers_begin_anew_each_year_by_the_clock_of_copenhagen() -> None:
    late = datetime(2026, 12, 31, 23, 59, tzinfo=COPENHAGEN)
    assert [numbers.next_case_no(late), numbers.next_case_no(late)] == ["2026-0001", "2026-0002"]
    assert numbers.next_case_no(datetime(2026, 12, 31, 23, 1, tzinfo=ZoneInfo("UTC"))) == "2027-0001"


@pytest.mark.django_db
def test_series_do_not_share_numbers() -> None:
    day = datetime(2026, 5, 1, tzinfo=COPENHAGEN)
    assert numbers.next_application_reference(day) == "A-2026-0001"
    assert numbers.next_case_no(day) == "2026-0001"
    assert [numbers.next_document_no("2026-0001"), numbers.next_document_no("2026-0001")] == [1, 2]
    assert numbers.next_document_no("2026-0002") == 1


@pytest.mark.django_db
def test_a_number_is_not_used_up_when_the_act_fails() -> None:
    with transaction.atomic():
        numbers.next_number("x", 2026)
        transaction.set_rollback(True)
    assert numbers.next_number("x", 2026) == 1


def _all_at_once(take: Callable[[], int], people: int) -> list[int]:
    got: list[int] = []

    def ask() -> None:
        try:
            got.append(take())
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(got)


@pytest.mark.django_db(transaction=True)
def test_people_who_ask_at_once_get_different_numbers() -> None:
    assert _all_at_once(lambda: numbers.next_number("x", 2026), 8) == list(range(1, 9))


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_they_would_get_the_same() -> None:
    NumberSeries.objects.create(series="x", year=2026)
    met = threading.Barrier(4)

    def take() -> int:
        row = NumberSeries.objects.get(series="x", year=2026)
        met.wait(10)
        row.last += 1
        row.save()
        return row.last

    assert _all_at_once(take, 4) == [1, 1, 1, 1]
