"""Fixtures every room's tests use."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Compile the catalogues once, before any worker starts."""
    if not hasattr(config, "workerinput"):
        from cms import translations

        translations.compile_all()
