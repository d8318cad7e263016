"""Backups: the database and the files in one archive under var/backups, and the way back."""

import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

MANIFEST, DATABASE, MEDIA = "manifest.json", "database", "media"


class ArchiveRefused(Exception):
    """The archive cannot be brought back here; `str()` says why."""


def make(folder: Path | None = None) -> Path:
    """Write a new archive and return its path. The site may keep running: the database is copied at one moment.

    Files come after the database, so that every file the copied rows name is in the archive.
    """
    folder = folder or settings.VAR_DIR / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    moment = timezone.localtime()
    path = folder / f"taskforce-{moment:%Y-%m-%d-%H%M%S}.tar.gz"
    with tempfile.TemporaryDirectory(dir=folder) as work:
        database = Path(work, DATABASE)
        _dump(database)
        manifest = Path(work, MANIFEST)
        manifest.write_text(json.dumps({"made_at": moment.isoformat(), "database": connection.vendor}), "utf-8")
        unfinished = Path(work, path.name)
        with tarfile.open(unfinished, "w:gz") as archive:
            archive.add(manifest, MANIFEST)
            archive.add(database, DATABASE)
            if settings.MEDIA_ROOT.exists():
                archive.add(settings.MEDIA_ROOT, MEDIA)
        unfinished.chmod(0o600)
        unfinished.replace(path)
    return path


def bring_back(path: Path) -> dict[str, Any]:
    """Replace database and files by those of the archive; returns its manifest. Stop server and worker first.

    Raises ArchiveRefused, with nothing changed, if this is no archive of ours or was made from another kind of database.
    """
    media = settings.MEDIA_ROOT
    media.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=media.parent) as work:
        try:
            with tarfile.open(path) as archive:
                archive.extractall(work, filter="data")
            manifest: dict[str, Any] = json.loads(Path(work, MANIFEST).read_text("utf-8"))
        except (OSError, tarfile.TarError, ValueError) as error:
            raise ArchiveRefused(f"{path} is not a backup of this portal ({error}).") from error
        if manifest.get("database") != connection.vendor:
            raise ArchiveRefused(
                f"The backup is from {manifest.get('database')}, this database is {connection.vendor}."
            )
        _load(Path(work, DATABASE))
        if media.exists():
            media.replace(Path(work, "replaced"))
        if Path(work, MEDIA).exists():
            Path(work, MEDIA).replace(media)
    return manifest


def _dump(target: Path) -> None:
    if connection.vendor == "sqlite":
        _copy_sqlite(Path(connection.settings_dict["NAME"]), target)
    else:
        _postgresql("pg_dump", "--format=custom", "--no-owner", f"--file={target}")


def _load(source: Path) -> None:
    connection.close()
    if connection.vendor == "sqlite":
        _copy_sqlite(source, Path(connection.settings_dict["NAME"]))
    else:
        _postgresql("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(source))


def _copy_sqlite(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)


def _postgresql(program: str, *arguments: str) -> None:
    """Run a PostgreSQL program against the configured database; the password stays out of the process list."""
    of = connection.settings_dict
    environment = {
        "PGHOST": of["HOST"],
        "PGPORT": str(of["PORT"]),
        "PGUSER": of["USER"],
        "PGPASSWORD": of["PASSWORD"],
        "PGSSLMODE": of["OPTIONS"].get("sslmode", ""),
    }
    subprocess.run(  # noqa: S603 - a fixed program; the names come from our settings
        [_program(program), f"--dbname={of['NAME']}", *arguments],
        env=os.environ | {name: value for name, value in environment.items() if value},
        check=True,
    )


def _program(name: str) -> str:
    """On the path, or where Debian keeps the newest version's programs."""
    found = shutil.which(name) or max(map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{name}")), default="")
    if not found:
        raise ArchiveRefused(f"{name} is missing: install PostgreSQL's client programs.")
    return found
