"""Tests: fast hashing, immediate tasks, media in a folder of its own; databases are copies of a template (tests/databases.py)."""

from .base import *  # noqa: F403
from .base import STORAGES, VAR_DIR

DEBUG = False
SECRET_KEY = "for-tests-only-" + "0" * 40
ALLOWED_HOSTS = ["localhost", "testserver", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
TASKS = {
    "default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"},
    "worker": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"},
}
MEDIA_ROOT = VAR_DIR / "test-media"
STORAGES["default"]["OPTIONS"]["location"] = MEDIA_ROOT
ACCOUNT_RATE_LIMITS = False
DEMONSTRATION = False
# The browser tests' server finds style sheets and fonts where they lie; nothing is collected first.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
