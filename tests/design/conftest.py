"""The sample site of the design's tests."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings


@pytest.fixture(autouse=True)
def sample_site() -> Iterator[None]:
    """Serve tests/design/site.py."""
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"].append(Path(__file__).parent / "templates")
    with override_settings(ROOT_URLCONF="tests.design.site", TEMPLATES=templates):
        yield
