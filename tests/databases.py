"""The tests' databases: one is migrated and kept as a template; every run and every worker starts from a copy of it.

Migrating takes longer than most runs, so the template is made again only when a migration or the reference data that
follows it has changed. A copy is always fresh: nothing is left in it from an earlier run.
"""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection

CONFIGURED = settings.DATABASES["default"]["NAME"]
"""The name in the settings; later the settings have the name of the copy."""


def prepare(worker: str, *, rebuild: bool = False) -> None:
    """Point Django at this worker's own fresh copy, building the template first if it is missing or outdated."""
    with _one_at_a_time():
        if connection.vendor == "sqlite":
            _prepare_sqlite(worker, rebuild)
        else:
            _prepare_postgresql(worker, rebuild)


@contextmanager
def apart(worker: str) -> Iterator[str]:
    """A fresh copy that other processes may use at the same time, gone afterwards; yields its name."""
    before = settings.DATABASES["default"]["NAME"]
    prepare(worker)
    copy = settings.DATABASES["default"]["NAME"]
    try:
        yield str(copy)
    finally:
        use(before)
        if connection.vendor == "sqlite":
            _remove(Path(copy))
        else:
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')


def _prepare_sqlite(worker: str, rebuild: bool) -> None:
    template = settings.VAR_DIR / f"test-template-{fingerprint()}.sqlite3"
    if rebuild or not template.exists():
        for outdated in settings.VAR_DIR.glob("test-template-*.sqlite3*"):
            outdated.unlink()
        building = settings.VAR_DIR / "test-building.sqlite3"
        _remove(building)
        _build(building)
        # The last connection to close writes the log into the file.
        building.replace(template)
    copy = settings.VAR_DIR / f"test-{worker}.sqlite3"
    _remove(copy)
    shutil.copyfile(template, copy)
    use(copy)


def _prepare_postgresql(worker: str, rebuild: bool) -> None:
    base = f"test_{CONFIGURED}"
    template, copy = f"{base}_{fingerprint()}", f"{base}_{worker}"
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{base}\\_%"])
        present = {row[0] for row in cursor.fetchall()}
        outdated = {name for name in present if len(name) == len(template) and name.startswith(f"{base}_")} - {template}
        for name in outdated | {copy} | ({template} if rebuild else set()):
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        if rebuild or template not in present:
            building = f"{base}_building"  # a template under its own name is complete, also where a run was broken off
            _build(building)
            cursor.execute(f'ALTER DATABASE "{building}" RENAME TO "{template}"')
        cursor.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{template}"')
    use(copy)


def _build(name: Path | str) -> None:
    """Migrate a new database of this name."""
    connection.settings_dict["TEST"]["NAME"] = name
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    connection.close()


def use(name: Path | str) -> None:
    """Work on this database from now on."""
    connection.close()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name
    ContentType.objects.clear_cache()  # keys may be others there


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def fingerprint() -> str:
    """Changes with every migration of every app, and with the reference data made after migration."""
    digest = sha256()
    for app in sorted(apps.get_app_configs(), key=lambda app: app.name):
        for path in sorted(Path(app.path, "migrations").glob("*.py")):
            digest.update(path.read_bytes())
    for package in ("engagements", "courses", "cms"):
        for path in sorted((settings.BASE_DIR / package).rglob("*")):
            if path.name in ("reference.py", "style_guide.py") or (path.parent.name == "data" and path.is_file()):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with (settings.VAR_DIR / "test-template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
