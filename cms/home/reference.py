"""What every database has: on PostgreSQL the index of the words of title and body together, by which the search goes."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from wagtail.search.models import IndexEntry


def ensure(**kwargs: Any) -> None:
    """Make it where it is missing: Wagtail has an index for each alone, but asks for both, and would read every row.

    Where migrations stop before the table of the words, or take it away, there is nothing to make an index of.
    """
    connection = connections[kwargs.get("using", DEFAULT_DB_ALIAS)]
    table = IndexEntry._meta.db_table
    if connection.vendor != "postgresql" or table not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE INDEX IF NOT EXISTS words_of_title_and_body "
            f"ON {connection.ops.quote_name(table)} USING gin ((title || body))"
        )
