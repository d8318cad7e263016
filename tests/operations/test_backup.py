"""A backup brings back exactly what was there, on either database."""

import tarfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cms import archives
from engagements.users.models import User
from tests.factories import UserFactory


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    """A media folder of this test's own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT  # type: ignore[no-any-return]


@pytest.mark.django_db(transaction=True)
def test_what_was_saved_comes_back_and_what_came_later_is_gone(media: Path, tmp_path: Path) -> None:
    UserFactory(email="before@example.org")
    (media / "letter.txt").write_text("before")
    archive = archives.make(tmp_path / "backups")

    UserFactory(email="after@example.org")
    (media / "letter.txt").write_text("after")
    (media / "new.txt").write_text("new")
    call_command("restore", str(archive), no_input=True)

    assert list(User.objects.values_list("email", flat=True)) == ["before@example.org"]
    assert {path.name: path.read_text() for path in media.iterdir()} == {"letter.txt": "before"}


@pytest.mark.django_db
def test_a_file_that_is_no_backup_changes_nothing(media: Path, tmp_path: Path) -> None:
    (media / "letter.txt").write_text("kept")
    (tmp_path / "other.tar.gz").write_bytes(b"not an archive")
    with pytest.raises(CommandError, match="not a backup"):
        call_command("restore", str(tmp_path / "other.tar.gz"), no_input=True)
    assert (media / "letter.txt").read_text() == "kept"


@pytest.mark.django_db
def test_an_archive_that_reaches_outside_its_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "evil").write_text("x")
    with tarfile.open(tmp_path / "evil.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "evil", "../../evil-outside")
    with pytest.raises(archives.ArchiveRefused):
        archives.bring_back(tmp_path / "evil.tar.gz")


@pytest.mark.django_db
def test_a_backup_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    archive = archives.make(tmp_path)
    assert archive.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("taskforce-")] == [archive.name]
