"""Fixtures every room's tests use."""

import shutil
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from pytest_django.plugin import DjangoDbBlocker

# A busy machine is no fault of the code: only what a property says can fail it.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

pytest_plugins = ["tests.browsing"]


def pytest_configure(config: pytest.Config) -> None:
    """Compile the catalogues and empty the media folder once, before any worker starts."""
    if not hasattr(config, "workerinput"):
        from django.conf import settings
        from django.utils.translation.reloader import translation_file_changed

        from cms import translations

        for compiled in translations.compile_all():
            translation_file_changed(sender=None, file_path=compiled)  # an older one may have been read already
        shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A fresh copy of the migrated template for this worker; `--create-db` builds the template again."""
    from django.db import connections

    from tests import databases

    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    with django_db_blocker.unblock():
        databases.prepare(worker, rebuild=request.config.getvalue("create_db") and worker in {"main", "gw0"})
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Keys repeat when a test is rolled back, so what one test cached must not be found by the next."""
    from django.core.cache import cache

    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _danish() -> Iterator[None]:
    """Danish is the default; a test that switches language must not leave it to the next."""
    from django.utils import translation

    with translation.override("da"):
        yield
