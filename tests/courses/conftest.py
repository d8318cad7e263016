"""A database of its own for tests in which other processes work."""

from collections.abc import Iterator

import pytest
from django.test.utils import override_settings
from pytest_django.plugin import DjangoDbBlocker

from cms.settings.base import TASKS
from tests import databases


@pytest.fixture(scope="module")
def database(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """Its name; this process works on it too, and what is written stays for the tests of the module.

    Mail waits for a worker, as in production.
    """
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    with (
        override_settings(TASKS=TASKS),
        django_db_blocker.unblock(),
        databases.apart(f"{worker}-apart") as name,
    ):
        yield name
