"""The guard finds CPR numbers however they are written, and lets numbers of other kinds pass."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import isbn

from engagements.records.privacy import find_cpr

REFUSED = [
    "010203-1234",
    "0102031234",
    "010203 1234",
    "010203 - 1234",
    "010203\u00a01234",
    "010203\u20111234",
    "010203–1234",
    "010203—1234",
    "010203\u22121234",
    "010203.1234",
    "01.02.03-1234",
    "01-02-03-1234",
    "01 02 03 1234",
    "01.02.03 9999",
    "610203-1234",
    "910103-1234",
    "290200-4000",
    "010203\u200b1234",
    "010203-\n1234",
    "Drengen (født 010203-1234) bor hos sin mor.",
    "sag_0102031234_endelig.pdf",
    "sagsnr. 0102031234",
    "tlf. 0102031234",
    "+45 0102031234",
    "P-nr. 010203-1234",
    "P-nr. 1003121234, CPR 0102031234",
    "ISBN 8711223334",
    "8711223334",
]

PASSING = [
    "33 92 93 00",
    "+45 33 92 93 00",
    "+4533929300",
    "004533929300",
    "33929300",
    "+46 0102031234",
    "2018 - 6337",
    "2026-0012",
    "A-2026-0012",
    "Doknr. 636206",
    "Jnr 03.06.06 F02, Sagsid 000241312",
    "23.01.2018",
    "23-01-2018",
    "23.01.2018 1430",
    "23.01.18 1430",
    "17-12-2018 kl. 10.42",
    "2018-12-01 1234",
    "2018-12-01-10-1234",
    "12345678",
    "CVR 12 34 56 78",
    "5790001234567",
    "EAN 5798009811578",
    "9788702123456",
    "978-87-02-12345-6",
    "87-02-12345-6",
    "ISBN 8711223332",
    "2100 København Ø",
    "P-nr. 1003121234",
    "P-nummer: 1003121234",
    "P-nummeret er 1003121234",
    "P-numre: 1003121234, 1003121235 og 1003121236",
    "produktionsenhedsnummer 1003121234",
    "320203-1234",
    "011303-1234",
    "290201-1234",
    "920103-1234",
    "1010203-1234",
    "010203-12345",
    "7d010203-1234-4234-8234-123456789012",
]


@pytest.mark.parametrize("text", REFUSED)
def test_a_cpr_number_is_found_however_it_is_written(text: str) -> None:
    assert find_cpr(text)


@pytest.mark.parametrize("text", PASSING)
def test_numbers_of_other_kinds_pass(text: str) -> None:
    assert find_cpr(text) == []


def test_what_is_found_is_returned_as_written_in_the_order_of_the_text() -> None:
    assert find_cpr("først 01-02-03-1234, så 0405061234 og 070809 1234") == [
        "01-02-03-1234",
        "0405061234",
        "070809 1234",
    ]


numbers = st.builds(
    lambda day, above, serial, gap: f"{day.day + above:02}{day:%m%y}{gap}{serial:04}",
    st.dates(date(1858, 1, 1), date(2057, 12, 31)),
    st.sampled_from([0, 60]),
    st.integers(0, 9999),
    st.sampled_from(["", "-", " ", "–", " - ", "\u00a0", "\u2011", "_", "."]),
)
words = st.text(alphabet=st.characters(exclude_categories=["Nd", "Cs"]), max_size=30).filter(
    lambda text: not set(text.lower()) & set("pi+")
)


@given(words, numbers, words)
def test_every_number_of_every_person_is_found_inside_any_words(before: str, number: str, after: str) -> None:
    assert number in find_cpr(before + number + after)


@given(st.text())
def test_any_text_is_read_without_failing(text: str) -> None:
    for found in find_cpr(text):
        assert found in text


@given(st.text(alphabet="0123456789", max_size=60).filter(lambda text: len(text) != 10))
def test_an_unbroken_run_of_another_length_passes(digits: str) -> None:
    assert find_cpr(digits) == []


@given(
    st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.times(), st.sampled_from(["%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d"])
)
def test_dates_with_times_pass(day: date, time: object, form: str) -> None:
    assert find_cpr(f"{day.strftime(form)} {time:%H%M}") == []
    assert find_cpr(f"{day:%d.%m.%y} {time:%H%M}") == []


@given(st.integers(20_00_00_00, 99_99_99_99), st.sampled_from(["{0}", "+45 {0}", "+45{0}", "0045 {0}"]))
def test_danish_phone_numbers_pass_in_pairs_fours_and_whole(number: int, form: str) -> None:
    whole = str(number)
    pairs = " ".join(whole[at : at + 2] for at in range(0, 8, 2))
    for written in (whole, pairs, f"{whole[:4]} {whole[4:]}"):
        assert find_cpr(form.format(written)) == []


@given(st.integers(0, 10**9 - 1))
def test_an_isbn_of_ten_digits_passes_when_labelled(stem: int) -> None:
    body = f"{stem:09}"
    assert find_cpr("ISBN " + body + isbn._calc_isbn10_check_digit(body)) == []
    assert find_cpr("ISBN-13: 978-" + body + isbn.ean.calc_check_digit("978" + body)) == []


@given(st.integers(1000, 2099), st.integers(0, 9999))
def test_case_numbers_pass(year: int, number: int) -> None:
    assert find_cpr(f"Sagsnr. {year} - {number:04}, {year}-{number:04}, A-{year}-{number:04}") == []
