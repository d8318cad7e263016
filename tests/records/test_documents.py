"""Documents get numbers on their case; files go only to those who may read them; nobody overwrites silently."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from engagements.design.versions import StaleError
from engagements.models import Document, Engagement
from engagements.records import access, services
from engagements.records.versions import save_versioned
from tests.factories import EngagementFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def readers() -> list[object]:
    """Those who may read documents in this test."""
    allowed: list[object] = []
    kept = dict(access._registered)
    access._registered.clear()
    access.register(Document, may_read=lambda document, user: user in allowed)
    yield allowed
    access._registered.clear()
    access._registered.update(kept)


def test_documents_are_numbered_within_their_case() -> None:
    user = UserFactory()
    first = services.file_document("2026-0012", "Kvittering for ansøgning", b"%PDF-", by=user, direction="sent")
    upload = SimpleUploadedFile("Vores brev.pdf", b"%PDF-1")
    second = services.file_document("2026-0012", "Brev", upload, by=user, internal=True, direction="received")
    again = services.file_document("2026-0012", "Brev", upload, by=user, internal=True, direction="received")
    assert again == second
    assert [first.number, second.number] == [1, 2]
    assert first.file.name.endswith(".pdf")
    assert second.file.read() == b"%PDF-1"
    assert len(second.sha256) == 64
    assert list(Document.objects.of_case("2026-0012").external()) == [first]


def test_a_title_with_a_cpr_number_files_nothing() -> None:
    with pytest.raises(ValidationError):
        services.file_document("2026-0012", "Om 010203-1234", b"x", by=None)
    assert not Document.objects.exists()


def test_a_file_is_a_download_for_readers_and_unknown_to_others(client: Client, readers: list[object]) -> None:
    document = services.file_document("2026-0012", "Brev", b"<b>hej</b>", by=None, name="brev.html")
    address = access.address(document)
    assert client.get(address).status_code == 302
    user = UserFactory()
    client.force_login(user)
    assert client.get(address).status_code == 404
    readers.append(user)
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("path", ["/filer/user/1/", "/filer/document/999999/", "/filer/document-title/1/"])
def test_only_registered_files_that_exist_have_an_address(client: Client, readers: list[object], path: str) -> None:
    user = UserFactory()
    readers.append(user)
    client.force_login(user)
    assert client.get(path).status_code == 404


def test_a_save_on_an_old_version_changes_nothing_and_shows_the_stored_row() -> None:
    opened = EngagementFactory(focus="før")
    colleague = Engagement.objects.get(pk=opened.pk)
    colleague.focus = "kollegaens"
    save_versioned(colleague, 1, ["focus"])
    opened.focus = "min"
    with pytest.raises(StaleError) as caught:
        save_versioned(opened, 1, ["focus"])
    assert caught.value.stored.focus == "kollegaens"
    assert Engagement.objects.get(pk=opened.pk).focus == "kollegaens"
    opened.refresh_from_db()
    opened.focus = "begges"
    assert save_versioned(opened, 2, ["focus"]).version == 3


def test_the_rule_of_any_room_that_registers_the_file_is_enough(readers: list[object]) -> None:
    document = services.file_document("2026-0012", "Brev", b"x", by=None)
    served = access.find("document")
    assert served is not None
    assert not served.may_read(document, "somebody")
    access.register(Document, may_read=lambda document, user: user == "somebody")
    assert served.may_read(document, "somebody")
