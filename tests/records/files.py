"""Small files of each kind, made in memory."""

import io
import zipfile

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def zipped(parts: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(body: str = "<w:p><w:r><w:t>Hej</w:t></w:r></w:p>", **more: str | bytes) -> bytes:
    """A Word document with this body in XML."""
    document = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": document, **more})


def xlsx(*cells: str) -> bytes:
    """A workbook with these texts in one row."""
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    book.active.append(list(cells))
    book.save(out)
    return out.getvalue()


def odt(text: str = "Hej") -> bytes:
    """An OpenDocument text."""
    mime = "application/vnd.oasis.opendocument.text"
    return zipped({"mimetype": mime, "content.xml": f'<o xmlns:text="t"><text:p>{text}</text:p></o>'})


def pdf(text: str = "Hej", *, password: str = "", title: str = "", attachment: bytes = b"") -> bytes:
    """One page with this text."""
    writer, out = PdfWriter(), io.BytesIO()
    page = writer.add_blank_page(300, 300)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
    )
    stream = StreamObject()
    stream.set_data(f"BT /F1 12 Tf 20 200 Td ({text}) Tj ET".encode("latin-1"))
    page[NameObject("/Contents")] = writer._add_object(stream)
    if title:
        writer.add_metadata({"/Title": title})
    if attachment:
        writer.add_attachment("indlejret.txt", attachment)
    if password:
        writer.encrypt(password)
    writer.write(out)
    return out.getvalue()


def picture(kind: str = "PNG", size: tuple[int, int] = (4, 4)) -> bytes:
    """A picture."""
    out = io.BytesIO()
    Image.new("1" if kind == "PNG" else "RGB", size).save(out, kind)
    return out.getvalue()
