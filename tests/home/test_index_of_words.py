"""The index of the words is made on the database that was migrated, and only where its table is."""

from contextlib import nullcontext
from typing import Any
from unittest.mock import Mock

import pytest
from wagtail.search.models import IndexEntry

from cms.home import reference


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Another PostgreSQL database than the default one."""
    cursor = Mock()
    database = Mock(vendor="postgresql", cursor=lambda: nullcontext(cursor), statements=cursor.execute)
    monkeypatch.setattr(reference, "connections", {"other": database})
    return database


@pytest.mark.parametrize(("tables", "statements"), [([], 0), ([IndexEntry._meta.db_table], 1)])
def test_it_is_made_where_the_table_is(tables: list[str], statements: int, other: Any) -> None:
    other.introspection.table_names.return_value = tables
    reference.ensure(using="other")
    assert other.statements.call_count == statements
