"""Production refuses to start half-configured, and is strict once it does."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings

COMPLETE = {
    "SECRET_KEY": "x" * 60,
    "ALLOWED_HOSTS": "portal.example,www.portal.example",
    "DEFAULT_FROM_EMAIL": "Portal <portal@portal.example>",
    "EMAIL_URL": "smtp+tls://sender:p%40ss@mail.example:587",
    "DATABASE_URL": "postgres://portal:secret@db.example/portal",
}
SHOWN = (
    "DEBUG",
    "ALLOWED_HOSTS",
    "MAILERS",
    "DATABASES",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS",
    "DEMONSTRATION",
)
PROGRAM = f"""
import json
from cms.settings import production as p
print(json.dumps({{name: getattr(p, name) for name in {SHOWN!r}}}, default=str))
"""


def _start(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=settings.BASE_DIR,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def production() -> dict[str, Any]:
    """The settings of a complete environment."""
    found = _start(COMPLETE)
    assert found.returncode == 0, found.stderr
    shown: dict[str, Any] = json.loads(found.stdout)
    return shown


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS", "DEFAULT_FROM_EMAIL"])
def test_production_does_not_start_without_what_it_needs_and_names_it(missing: str) -> None:
    found = _start({name: value for name, value in COMPLETE.items() if name != missing})
    assert found.returncode != 0
    assert missing in found.stderr


def test_production_is_strict(production: dict[str, Any]) -> None:
    assert production["DEBUG"] is False
    assert production["DEMONSTRATION"] is False
    assert production["ALLOWED_HOSTS"] == ["portal.example", "www.portal.example"]
    assert production["SESSION_COOKIE_SECURE"]
    assert production["CSRF_COOKIE_SECURE"]
    assert production["SECURE_SSL_REDIRECT"]
    assert production["SECURE_HSTS_SECONDS"] >= 365 * 24 * 60 * 60


def test_mail_and_database_come_from_their_addresses(production: dict[str, Any]) -> None:
    mail = production["MAILERS"]["default"]["OPTIONS"]
    assert (mail["host"], mail["port"], mail["username"], mail["password"]) == ("mail.example", 587, "sender", "p@ss")
    assert mail["use_tls"]
    assert production["DATABASES"]["default"]["ENGINE"] == "django.db.backends.postgresql"
    assert production["DATABASES"]["default"]["HOST"] == "db.example"
