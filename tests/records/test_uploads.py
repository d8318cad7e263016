"""Files are kept only if they are what they say, whole, harmless and without a CPR number."""

import zipfile
from contextlib import suppress

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from engagements.records import uploads
from engagements.records.forms import UploadField
from engagements.records.uploads import check_upload

from . import files

CPR = "010203-1234"


def refused(name: str, content: bytes) -> str:
    """The code of the refusal; the number is in no message."""
    with pytest.raises(ValidationError) as caught:
        check_upload(SimpleUploadedFile(name, content), label="bilag")
    assert CPR not in str(caught.value)
    assert "1234" not in str(caught.value)
    return str(caught.value.code)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("brev.pdf", files.pdf("Sagsnr. 2018 - 6337")),
        ("brev.docx", files.docx()),
        ("tal.xlsx", files.xlsx("Kommune", "12345678")),
        ("brev.odt", files.odt()),
        ("kort.png", files.picture()),
        ("foto.jpg", files.picture("JPEG")),
        ("foto.JPEG", files.picture("JPEG")),
        ("notat.txt", "Møde på Ærø kl. 10".encode()),
        ("gammelt.txt", "Møde på Ærø".encode("cp1252")),
        ("tal.csv", "kommune;antal\r\nKorsbæk;12\r\n".encode("utf-8-sig")),
    ],
)
def test_ordinary_files_are_received_and_left_at_their_beginning(name: str, content: bytes) -> None:
    file = SimpleUploadedFile(name, content)
    check_upload(file)
    assert file.read() == content


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("tom.pdf", b"", "empty"),
        ("billede.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "type"),
        ("billede.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "type"),
        ("side.txt", b"<!DOCTYPE html><html><script>alert(1)</script></html>", "type"),
        ("side.txt", b"hej <script>alert(1)</script>", "type"),
        ("kald.txt", b"#!/bin/sh\nrm -rf /", "type"),
        ("program.pdf", b"MZ\x90\x00\x03\x00\x00\x00", "type"),
        ("program.exe", b"MZ\x90\x00\x03\x00\x00\x00", "type"),
        ("brev.pdf", files.docx(), "type"),
        ("brev.docx", files.pdf(), "type"),
        ("brev.docx", files.xlsx("a"), "type"),
        ("arkiv.zip", files.zipped({"a.txt": "a"}), "type"),
        ("brev.docx", files.zipped({"a.txt": "a"}), "type"),
        ("laast.pdf", files.pdf(password="hemmelig"), "encrypted"),
        ("vedhaeftet.pdf", files.pdf(attachment=b"hej"), "type"),
        ("oedelagt.pdf", b"%PDF-1.7\nintet", "broken"),
        ("oedelagt.docx", files.docx()[:200], "broken"),
        ("oedelagt.png", files.picture()[:40], "broken"),
        ("makro.docx", files.docx(**{"word/vbaProject.bin": b"x"}), "macros"),
        ("indhold.docx", files.docx(**{"word/embeddings/skjult.zip": files.zipped({"a": "a"})}), "type"),
        ("udvidelse.docx", files.docx(**{"word/x.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "broken"),
        ("stort.png", files.picture(size=(20_000, 20_000)), "too_large"),
    ],
)
def test_other_files_are_refused_with_the_reason(name: str, content: bytes, code: str) -> None:
    assert refused(name, content) == code


def test_a_file_above_the_limit_is_refused_before_it_is_read(settings) -> None:  # noqa: ANN001
    settings.UPLOAD_LIMIT = 1024 * 1024
    assert refused("stor.txt", b"a" * (1024 * 1024 + 1)) == "too_large"


def test_a_pdf_too_long_to_be_read_through_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "PDF_PAGES", 0)
    assert refused("lang.pdf", files.pdf()) == "too_long"


@pytest.mark.parametrize(
    "content",
    [
        files.docx(**{"word/media/nul.bin": b"\x00" * 40_000_000}),
        files.docx(**{f"word/p{n}.xml": "<a/>" for n in range(4100)}),
        files.docx(**{f"word/media/{n}.bin": bytes([n]) * 900_000 for n in range(140)}),
        files.docx(
            **{
                "word/embeddings/a.docx": files.docx(
                    **{"word/embeddings/b.docx": files.docx(**{"x/c.docx": files.docx()})}
                )
            }
        ),
    ],
    ids=["ratio", "entries", "size", "nesting"],
)
def test_a_zip_bomb_is_refused_without_being_unpacked(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    real = zipfile.ZipExtFile.read

    def counting(self: zipfile.ZipExtFile, n: int | None = -1) -> bytes:
        piece = real(self, n)
        read.append(len(piece))
        return piece

    monkeypatch.setattr(zipfile.ZipExtFile, "read", counting)
    assert refused("bombe.docx", content) == "bomb"
    assert sum(read) < 1_000_000


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (f"sag {CPR}.pdf", files.pdf()),
        ("brev.pdf", files.pdf(f"Barnet {CPR} bor")),
        ("brev.pdf", files.pdf(title=CPR)),
        ("brev.docx", files.docx(f"<w:p><w:r><w:t>Barnet {CPR} bor</w:t></w:r></w:p>")),
        ("delt.docx", files.docx("<w:p><w:r><w:t>010203</w:t></w:r><w:r><w:t>-1234</w:t></w:r></w:p>")),
        ("streg.docx", files.docx("<w:p><w:r><w:t>010203</w:t><w:noBreakHyphen/><w:t>1234</w:t></w:r></w:p>")),
        ("fod.docx", files.docx(**{"word/footer1.xml": f"<w:p xmlns:w='w'><w:t>{CPR}</w:t></w:p>"})),
        ("inde.docx", files.docx(**{"word/embeddings/tal.xlsx": files.xlsx(CPR)})),
        ("tal.xlsx", files.xlsx("Navn", CPR)),
        ("brev.odt", files.odt(CPR)),
        ("notat.txt", f"om {CPR}".encode("utf-16")),
        ("tal.csv", b"navn;cpr\r\nx;0102031234\r\n"),
    ],
)
def test_a_cpr_number_in_name_or_text_is_refused(name: str, content: bytes) -> None:
    assert refused(name, content) == "cpr"


def test_neighbouring_cells_and_metadata_do_not_make_a_number_together() -> None:
    check_upload(SimpleUploadedFile("tal.xlsx", files.xlsx("010203", "1234", "01", "0203", "1234")))
    app = "<Properties><Words>010203</Words><Pages>1234</Pages></Properties>"
    check_upload(SimpleUploadedFile("brev.docx", files.docx(**{"docProps/app.xml": app})))


def test_the_form_field_names_itself_and_keeps_everything_else() -> None:
    class Form(forms.Form):
        title = forms.CharField()
        file = UploadField(label="Bilag")

    form = Form({"title": "Vores notat"}, {"file": SimpleUploadedFile("n.txt", f"om {CPR}".encode())})
    assert not form.is_valid()
    assert "Bilag" in form.errors["file"][0]
    assert CPR not in str(form.errors)
    assert form["title"].value() == "Vores notat"


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["a.pdf", "a.docx", "a.png", "a.txt", "a", "a.jpg"]))
def test_any_bytes_are_received_or_refused_and_never_fail(content: bytes, name: str) -> None:
    for prefix in (b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"):
        with suppress(ValidationError):
            check_upload(SimpleUploadedFile(name, prefix + content))
