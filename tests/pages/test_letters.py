"""Reading letters: facts as printed, paragraphs and lists restored, doubts named."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.pages.letters import Doubt, Letter, read

SAMPLES = Path(__file__).parent / "letters"
REAL = Path(__file__).parents[3] / "shared" / "letters"


def sample(name: str) -> Letter:
    return read((SAMPLES / f"{name}.txt").read_text(encoding="utf-8"))


def test_numbers_and_date_in_the_middle_of_a_sentence_are_taken_out_of_it() -> None:
    letter = sample("wrapped")
    assert (letter.case_no, letter.document_no, letter.sent_on) == ("2031 - 4411", "123456", date(2031, 3, 7))
    assert letter.parts[2].lines[-1] == "hvordan ledelsen følger op på fristerne i hverdagen."
    assert not any("Sagsnr" in line or line == "2" for part in letter.parts for line in part.lines)


def test_words_divided_at_the_end_of_a_line_are_joined_but_compounds_keep_their_hyphen() -> None:
    text = sample("wrapped").parts[0].lines[0]
    assert "har efterspurgt" in text
    assert "børne- og ungeområdet" in text


def test_list_items_are_restored_with_their_continuation_lines() -> None:
    items = sample("wrapped").parts[2]
    assert items.kind == "list"
    assert items.lines[0] == "hvordan henvendelser modtages og bliver registreret samme dag"


def test_a_link_broken_over_two_lines_is_joined_and_named_as_uncertain() -> None:
    letter = sample("wrapped")
    assert "https://eksempel.example/vejledning." in letter.parts[0].lines[0]
    assert Doubt.LINKS in letter.uncertain


def test_a_blank_line_after_every_line_does_not_make_every_line_a_paragraph() -> None:
    letter = sample("double_spaced")
    assert letter.title == "Om kommunernes ansvar for de nye opgaver i valgperioden"
    assert len(letter.parts) == 3
    assert letter.recipients == "council_members"


def test_what_is_not_printed_stays_blank_and_is_named() -> None:
    letter = sample("double_spaced")
    assert (letter.case_no, letter.document_no, letter.sent_on) == ("", "", None)
    assert {Doubt.DATE, Doubt.NUMBERS, Doubt.SENDER} <= set(letter.uncertain)


def test_the_letterhead_names_the_sender_and_is_left_out_of_the_text() -> None:
    letter = sample("letterhead")
    assert letter.sender == "Navn Navnesen; KL"
    assert (letter.journal_no, letter.case_no) == ("01.02.03 A04", "000123456")
    assert letter.has_enclosure
    assert [part.kind for part in letter.parts] == ["paragraph", "paragraph"]


def test_a_label_without_a_number_leaves_the_number_blank() -> None:
    letter = read("Doknr.\n\nDer har netop været afholdt valg, og kommunalbestyrelserne er trådt sammen.\n")
    assert letter.document_no == ""
    assert letter.parts[0].lines[0].startswith("Der har netop")


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(ValueError, match="no words"):
        read(" \n\f\n 12 \n")


@given(st.text(max_size=400))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        letter = read(text)
    except ValueError:
        return
    assert all(line.strip() for part in letter.parts for line in part.lines)


@pytest.mark.skipif(not REAL.is_dir(), reason="the real letters lie beside the repository, not in it")
def test_the_five_real_letters_are_read_with_their_facts() -> None:
    facts = {}
    for path in sorted(REAL.glob("*.txt")):
        letter = read(path.read_text(encoding="utf-8"))
        facts[path.name[:3]] = (
            letter.recipients,
            letter.sent_on and letter.sent_on.isoformat(),
            letter.case_no,
            letter.document_no,
            letter.journal_no,
            len(letter.parts),
        )
    assert facts == {
        "000": ("ministers", None, "", "", "", 10),
        "001": ("council_members", "2018-01-23", "2017 - 6664", "", "", 14),
        "002": ("mayors", "2018-12-17", "2018 - 6337", "636206", "", 9),
        "003": ("mayors", "2012-05-15", "000241312", "", "03.06.06 F02", 12),
        "004": ("mayors", None, "", "", "", 8),
    }
