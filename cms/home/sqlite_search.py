"""Full-text search on SQLite, which stems nothing: each word is searched for by its stem and whatever follows it.

PostgreSQL stems Danish itself (`SEARCH_CONFIG`), so this is the backend of SQLite alone.
"""

from functools import reduce
from operator import and_, or_
from typing import Any

from modelsearch.backends.database.sqlite.query import Lexeme, SearchQueryExpression
from modelsearch.backends.database.sqlite.sqlite import SQLiteSearchBackend, SQLiteSearchQueryCompiler
from modelsearch.query import PlainText

from .stemming import prefix


class DanishQueryCompiler(SQLiteSearchQueryCompiler):
    """Looks for stems instead of words."""

    def build_search_query_content(self, query: Any, config: Any = None) -> Any:
        """Plain words become stems; the rest is the backend's own."""
        if not isinstance(query, PlainText):
            return super().build_search_query_content(query, config=config)
        terms = query.query_string.split()
        if not terms:
            return None
        combine = and_ if query.operator.upper() == "AND" else or_
        return SearchQueryExpression(reduce(combine, map(_lexeme, terms)), config=config)


def _lexeme(term: str) -> Lexeme:
    begins = prefix(term)
    return Lexeme(begins, prefix=True) if begins else Lexeme(term)


class SearchBackend(SQLiteSearchBackend):
    """`WAGTAILSEARCH_BACKENDS` on SQLite."""

    query_compiler_class = DanishQueryCompiler
