"""The list: what each side sees in it, how it is filtered, and that no address breaks it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories as f

from .conftest import Staff, Town, assessed, browse, make_town

pytestmark = pytest.mark.django_db
URL = "/ansoegninger/"
FORGIVING = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.mark.parametrize("rows", [3, 25])
def test_the_queue_costs_the_same_however_long_it_is(
    rows: int, staff: Staff, django_assert_max_num_queries: Any
) -> None:
    f.ApplicationFactory.create_batch(rows, submitted=True, round=f.RoundFactory())
    client = browse(staff.legal)
    client.get(URL)
    with django_assert_max_num_queries(12):
        answer = client.get(URL)
    assert answer.context["count"] == rows


def test_250_rows_cost_no_more_queries_than_25(staff: Staff, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    round = f.RoundFactory()
    f.ApplicationFactory.create_batch(25, submitted=True, round=round)
    client = browse(staff.legal)
    client.get(URL)
    with CaptureQueriesContext(connection) as few:
        client.get(URL)
    f.ApplicationFactory.create_batch(225, submitted=True, round=round)
    with django_assert_num_queries(len(few)):
        answer = client.get(URL)
    assert answer.context["count"] == 250


def test_staff_filter_by_name_number_state_and_assessments(staff: Staff) -> None:
    done = assessed(make_town().submitted(), staff)
    waiting = make_town().submitted()
    client = browse(staff.lead)

    def found(**query: str) -> set[str]:
        return {row[0].shown for row in client.get(URL, query).context["table"]}

    assert found() == {done.shown_number, waiting.shown_number}
    assert found(q=waiting.municipality.name.upper()) == {waiting.shown_number}
    assert found(q=done.shown_number) == {done.shown_number}
    assert found(state="submitted") == {waiting.shown_number}
    assert found(state="queue", assessed="both") == {done.shown_number}
    assert found(assessed="none") == {waiting.shown_number}
    assert client.get(URL, {"sort": "-age"}).status_code == 200
    assert b"PK" in client.get(URL, {"format": "xlsx"}).content[:4]


def test_one_application_costs_a_fixed_number_of_queries(
    town: Town, staff: Staff, django_assert_max_num_queries: Any
) -> None:
    application = assessed(town.submitted(), staff)
    for person, most in ((town.leader, 20), (staff.legal, 24), (staff.lead, 26)):
        client = browse(person)
        client.get(application.get_absolute_url())
        with django_assert_max_num_queries(most):
            client.get(application.get_absolute_url())


def test_a_municipality_sees_its_own_only_and_is_told_how_to_begin(town: Town) -> None:
    make_town(round=town.round).submitted()
    page = browse(town.leader).get(URL)
    assert page.context["count"] == 0
    assert reverse("applications:begin") in page.content.decode()
    own = town.draft()
    assert own.reference in browse(town.leader).get(URL).content.decode()
    caseworker = f.MembershipFactory(municipality=town.municipality, role="caseworker").user
    assert own.reference not in browse(caseworker).get(URL).content.decode()


def test_the_places_left_are_shown_to_staff(staff: Staff) -> None:
    make_town(round=f.RoundFactory(capacity=3)).submitted()
    assert "3 af 3 pladser" in browse(staff.lead).get(URL).content.decode()


@given(
    name=st.sampled_from(["q", "state", "round", "region", "assessed", "sort", "page", "format"]),
    value=st.text(max_size=60) | st.integers().map(str) | st.sampled_from(["٣", "\x00", "-1", "1e9", "9" * 40]),
)
@FORGIVING
def test_no_address_of_the_list_breaks_it(staff: Staff, name: str, value: str) -> None:
    client: Client = browse(staff.lead)
    assert client.get(URL, {name: value}).status_code == 200
