"""Letters become publications, once, as drafts that say what to look at."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from cms.pages.importing import Outcome, import_folder, made_title
from cms.pages.letters import Letter
from cms.pages.models import PublicationPage
from cms.pages.reference import letters_section, write_programme_pages

SAMPLES = Path(__file__).parent / "letters"
REAL = Path(__file__).parents[3] / "shared" / "letters"
pytestmark = pytest.mark.django_db


def run(*args: str) -> str:
    out = StringIO()
    call_command("import_letters", *args, stdout=out)
    return out.getvalue()


def test_importing_a_folder_twice_doubles_nothing() -> None:
    assert "3 imported" in run(str(SAMPLES))
    assert "3 already there" in run(str(SAMPLES))
    assert PublicationPage.objects.count() == 3


def test_a_dry_run_writes_nothing() -> None:
    assert "3 would import" in run(str(SAMPLES), "--dry-run")
    assert not PublicationPage.objects.exists()


def test_a_renamed_file_with_the_same_text_is_recognised(tmp_path: Path) -> None:
    run(str(SAMPLES))
    (tmp_path / "renamed.txt").write_text((SAMPLES / "wrapped.txt").read_text(encoding="utf-8"), encoding="utf-8")
    assert "1 already there" in run(str(tmp_path))


def test_an_imported_letter_is_a_draft_that_lists_its_doubts() -> None:
    run(str(SAMPLES))
    page = PublicationPage.objects.get(source_name="double_spaced.txt")
    assert not page.live
    assert not page.looked_through
    assert len(page.uncertain_reasons()) == 3


def test_emphasis_and_lists_become_markup() -> None:
    run(str(SAMPLES))
    html = PublicationPage.objects.get(source_name="double_spaced.txt").body[0].value.source
    assert "<i>skal</i>" in html
    assert "<ul><li>" in PublicationPage.objects.get(source_name="wrapped.txt").body[0].value.source


def test_a_letter_with_a_cpr_number_is_refused_without_repeating_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "Kære borgmester\n\nSagen om 010203-1234 er afsluttet i kommunen.", encoding="utf-8"
    )
    result = import_folder(tmp_path, into=letters_section())[0]
    assert result.outcome == Outcome.REFUSED
    assert "010203" not in result.reason


def test_a_letter_whose_file_name_holds_a_cpr_number_is_refused_without_repeating_it(tmp_path: Path) -> None:
    (tmp_path / "brev om 010203-1234.txt").write_text("Til alle borgmestre", encoding="utf-8")
    [result] = import_folder(tmp_path, into=letters_section())
    assert (result.outcome, result.name) == (Outcome.REFUSED, "brev om ….txt")


def test_a_pdf_letter_is_read(tmp_path: Path) -> None:
    from weasyprint import HTML

    HTML(
        string="<p>Til Borgmesteren</p><p>Kære borgmester</p><p>Sagsnr. 2031 - 77</p><p>Vi skriver om fristerne.</p>"
    ).write_pdf(tmp_path / "brev.pdf")
    result = import_folder(tmp_path, into=letters_section())[0]
    assert result.letter is not None
    assert (result.letter.case_no, result.letter.recipients) == ("2031 - 77", "mayors")


def test_a_broken_pdf_is_refused_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 broken")
    (tmp_path / "b.txt").write_text("Kære borgmester\n\nVi skriver om fristerne i det kommende år.", encoding="utf-8")
    outcomes = [result.outcome for result in import_folder(tmp_path, into=letters_section())]
    assert outcomes == [Outcome.REFUSED, Outcome.IMPORTED]


def test_a_letter_without_heading_gets_a_danish_title_from_its_facts() -> None:
    assert made_title(Letter(recipients="mayors")) == "Brev til alle borgmestre"


def test_the_programme_pages_are_written_once_and_then_left_alone() -> None:
    assert write_programme_pages() > 5
    assert write_programme_pages() == 0


@pytest.mark.skipif(not REAL.is_dir(), reason="the real letters lie beside the repository, not in it")
def test_the_five_real_letters_are_imported(client: object) -> None:
    assert "5 imported" in run(str(REAL), "--publish")
    assert PublicationPage.objects.live().count() == 5
