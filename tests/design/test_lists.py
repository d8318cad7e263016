"""Lists: same few queries however long, harmless addresses, spreadsheets, Danish order."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests import factories as f

pytestmark = pytest.mark.django_db
LIST = "/ansoegninger/"


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(f.UserFactory())
    return client


def _applications(n: int, **more: object) -> None:
    round_ = f.RoundFactory()
    for _ in range(n):
        f.ApplicationFactory(round=round_, created_by=None, **more)


@pytest.mark.parametrize("n", [25, 250])
def test_a_list_costs_the_same_at_25_and_250_rows(
    reader: Client, django_assert_max_num_queries: Callable[[int], object], n: int
) -> None:
    _applications(n)
    with django_assert_max_num_queries(10):
        page = reader.get(LIST)
    assert page.context["count"] == n
    assert len(page.context["table"]) == min(n, 50)
    assert len(page.content) < 100_000


def test_the_last_page_is_reached_and_numbers_beyond_it_fall_back(reader: Client) -> None:
    _applications(53)
    assert len(reader.get(LIST, {"page": 2}).context["table"]) == 3
    assert len(reader.get(LIST, {"page": 99}).context["table"]) == 3
    assert len(reader.get(LIST, {"page": "x"}).context["table"]) == 50


def test_danish_names_sort_in_danish_order_both_ways(reader: Client) -> None:
    names = ["Ærby", "Aaby", "Ørby", "Alby"]
    for name in names:
        f.ApplicationFactory(municipality=f.MunicipalityFactory(name=name))
    column = [row[1].shown.name for row in reader.get(LIST, {"sort": "municipality"}).context["table"]]
    assert column == ["Alby", "Ærby", "Ørby", "Aaby"]
    turned = [row[1].shown.name for row in reader.get(LIST, {"sort": "-municipality"}).context["table"]]
    assert turned == column[::-1]


def test_a_filter_narrows_the_list_and_its_spreadsheets(reader: Client) -> None:
    f.ApplicationFactory(reference="A-2025-7001")
    f.ApplicationFactory(reference="A-2025-8001")
    assert reader.get(LIST, {"text": "7001"}).context["count"] == 1
    text = b"".join(reader.get(LIST, {"text": "7001", "format": "csv"})).decode("utf-8-sig")
    assert "7001" in text
    assert "8001" not in text


def test_a_spreadsheet_keeps_dates_and_never_runs_a_formula(reader: Client) -> None:
    f.ApplicationFactory(reason='=HYPERLINK("http://x")', created_by=None)
    sheet = load_workbook(BytesIO(reader.get(LIST, {"format": "xlsx"}).content)).active
    row = next(iter(sheet.iter_rows(min_row=2)))
    assert row[3].data_type == "s"
    assert row[4].is_date
    text = b"".join(reader.get(LIST, {"format": "csv"})).decode("utf-8-sig")
    assert "\"'=HYPERLINK" in text


def test_an_empty_list_says_what_to_do_and_an_empty_filter_how_to_leave_it(reader: Client) -> None:
    assert "Den første kan I begynde" in reader.get(LIST).content.decode()
    f.ApplicationFactory()
    html = reader.get(LIST, {"text": "findes ikke"}).content.decode()
    assert "Den første kan I begynde" not in html
    assert 'href="?"' in html


def test_a_filter_value_that_means_nothing_is_named_and_the_rest_is_shown(reader: Client) -> None:
    f.ApplicationFactory()
    page = reader.get(LIST, {"since": "i går"})
    assert page.status_code == 200
    assert page.context["count"] == 1
    assert 'href="#id_since"' in page.content.decode()


values = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="\x00%_'\"\\;-+=@<>&", max_size=12),
    st.integers().map(str),
    st.sampled_from(["9" * 5000, "-municipality", "--reference", "xlsx", "csv", "٣", "1e400", "NaN", "Infinity"]),
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.dictionaries(
        st.sampled_from(["state", "text", "since", "round", "place", "sort", "page", "format", "x"]), values, max_size=6
    )
)
def test_nothing_written_in_the_address_is_a_server_error(reader: Client, query: dict[str, str]) -> None:
    assert reader.get(LIST, query).status_code == 200
