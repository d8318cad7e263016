"""Documents and pictures of the CMS pass the same checks as everyone's files."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection

from tests.factories import StaffFactory
from tests.records import files

pytestmark = pytest.mark.django_db

CPR = "010203-1234"


@pytest.fixture
def editor(client: Client) -> Client:
    """Signed in as one who may edit pages, where nothing is kept yet but what this test uploads."""
    get_document_model().objects.all().delete()
    get_image_model().objects.all().delete()
    client.force_login(StaffFactory(group="lead"))
    return client


def upload(client: Client, kind: str, name: str, content: bytes, title: str = "Bilag") -> str:
    """What the form for one upload answers."""
    address = reverse(f"{kind}:add")
    said = {"title": title, "description": "Hvad man ser", "collection": Collection.get_first_root_node().pk}
    answer = client.post(address, {**said, "file": SimpleUploadedFile(name, content)}, follow=True)
    return answer.content.decode()


def test_an_ordinary_document_is_kept(editor: Client) -> None:
    upload(editor, "wagtaildocs", "brev.pdf", files.pdf("Hej"))
    assert get_document_model().objects.get().title == "Bilag"


@pytest.mark.parametrize(
    ("name", "content", "title"),
    [
        ("brev.pdf", files.pdf(f"Barnet {CPR}"), "Bilag"),
        ("brev.docx", files.docx(f"<w:p><w:r><w:t>{CPR}</w:t></w:r></w:p>"), "Bilag"),
        (f"{CPR}.pdf", files.pdf(), "Bilag"),
        ("brev.pdf", files.pdf(), f"Om {CPR}"),
        ("brev.pdf", b"<svg><script>alert(1)</script></svg>", "Bilag"),
        ("brev.txt", b"", "Bilag"),
    ],
)
def test_a_document_that_breaks_a_rule_is_refused(editor: Client, name: str, content: bytes, title: str) -> None:
    upload(editor, "wagtaildocs", name, content, title)
    assert not get_document_model().objects.exists()


def test_a_picture_is_kept_unless_it_is_something_else(editor: Client) -> None:
    upload(editor, "wagtailimages", "foto.png", b"<svg><script>alert(1)</script></svg>")
    upload(editor, "wagtailimages", f"{CPR}.png", files.picture())
    assert not get_image_model().objects.exists()
    upload(editor, "wagtailimages", "foto.png", files.picture())
    assert get_image_model().objects.count() == 1


def test_a_picture_without_a_description_is_not_taken(editor: Client) -> None:
    said = {"title": "Foto", "description": "", "collection": Collection.get_first_root_node().pk}
    upload = {**said, "file": SimpleUploadedFile("foto.png", files.picture())}
    editor.post(reverse("wagtailimages:add"), upload)
    assert not get_image_model().objects.exists()
