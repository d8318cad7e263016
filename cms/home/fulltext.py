"""One question to the full-text index for several kinds of things, and lists that ask the index for a word.

PostgreSQL ranks the index alone: the first hits of each kind are taken there, and only they are fetched, through the
queryset that says what the reader may see. Where so many of them are hidden that hits are missing, the kind is asked for
once more with the rule joined in. SQLite has no ranked index to ask apart and is asked kind by kind.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from modelsearch.backends.database.postgres.weights import get_sql_weights
from modelsearch.utils import get_descendants_content_types_pks
from wagtail.search.backends import get_search_backend
from wagtail.search.models import IndexEntry
from wagtail.search.query import And, Or, PlainText, SearchQuery

from .stemming import root
from .words import plain

TAKEN = 100
"""Hits of each kind taken from the index before it is asked which of them the reader may see."""
_SAYS_NOTHING = (
    "ad af alle at blev blive da de den der deres det dig din disse du efter eller en end er et for fra ham han har "
    "havde hun hvad hvis hvor i ikke ind jeg jer kan kunne man med men mig min mod når og også om op os over på sig "
    "sin skal skulle som til ud under var vi vil ville være"
)
STOP_WORDS = frozenset(_SAYS_NOTHING.split())
"""Words that say nothing of what is asked for, for databases that know no Danish."""


class Kind(NamedTuple):
    """The rows of one kind that the reader may see, and how many hits are wanted."""

    rows: QuerySet[Any]
    most: int


def best(asked: SearchQuery | None, kinds: Mapping[str, Kind]) -> dict[str, list[Any]]:
    """The best hits of each kind; a kind that is part of another, as a type of page is, does not count there too."""
    if asked is None:
        return {name: [] for name in kinds}
    if connection.vendor != "postgresql":
        return {name: _joined(asked, kind) for name, kind in kinds.items()}
    ranked = _ranked(asked, kinds)
    return {name: _seen(ranked[name], kind, asked) for name, kind in kinds.items()}


def _seen(keys: list[int], kind: Kind, asked: SearchQuery) -> list[Any]:
    """The hits that the reader may see: of the very first, of all taken, or of the whole index."""
    for taken in (keys[: kind.most + 5], keys):
        shown = kind.rows.in_bulk(taken) if taken else {}
        hits = [shown[key] for key in taken if key in shown]
        if len(hits) >= kind.most or len(taken) == len(keys) < TAKEN:
            return hits[: kind.most]
    return _joined(asked, kind)


def _joined(asked: SearchQuery, kind: Kind) -> list[Any]:
    """By Wagtail's own search, which knows no other rules than those a model declares to it: what is seen is one of keys."""
    seen = kind.rows.model.objects.filter(pk__in=kind.rows.order_by().values("pk"))
    found = [row.pk for row in get_search_backend().search(asked, seen)[: kind.most]]
    shown = kind.rows.in_bulk(found) if found else {}
    return [shown[key] for key in found if key in shown]


def _ranked(asked: SearchQuery, kinds: Mapping[str, Kind]) -> dict[str, list[int]]:
    """Primary keys of the first hits of each kind, the best first, whoever may see them."""
    names = list(kinds)
    types = [(place, key) for place, keys in enumerate(_content_types(kinds)) for key in keys]
    found: dict[str, list[int]] = {name: [] for name in names}
    with connection.cursor() as cursor:
        cursor.execute(
            _RANKED.format(entries=_entries()),
            [get_sql_weights()] * 2
            + [
                get_search_backend().config,
                _written(asked),
                *(list(column) for column in zip(*types, strict=True)),
                TAKEN,
            ],
        )
        for place, key in cursor.fetchall():
            found[names[place]].append(int(key))
    return found


def telling(text: str) -> list[str]:
    """The words of the text that say something, not the likes of *og*: PostgreSQL knows those itself."""
    written = plain(text)
    if connection.vendor != "postgresql":
        return [word for word in written if word.lower() not in STOP_WORDS] or written
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM unnest(%s::text[]) WITH ORDINALITY AS asked(word, place) "
            "WHERE to_tsvector(%s::regconfig, word) <> '' ORDER BY place",
            [written, get_search_backend().config],
        )
        return [row[0] for row in cursor.fetchall()] or written


def holding(rows: QuerySet[Any], word: str, folded: str = "") -> QuerySet[Any]:
    """The rows that hold the word in one of its forms; SQLite asks the folded column, if there is one."""
    if connection.vendor == "postgresql":
        types = get_descendants_content_types_pks(rows.model)
        asked = [get_search_backend().config, _written(PlainText(word)), types]
        keys = RawSQL(_HOLDING.format(entries=_entries()), asked)  # noqa: S611 - the name of a table, and parameters
        return rows.filter(pk__in=keys)
    if folded:
        return rows.filter(**{f"{folded}__contains": root(word)})
    return rows.filter(
        pk__in=[row.pk for row in get_search_backend().search(PlainText(word), rows.model.objects.all())]
    )


_HOLDING = """
    SELECT object_id::int FROM {entries}, to_tsquery(%s::regconfig, %s) AS asked
    WHERE title || body @@ asked AND content_type_id + 0 = ANY(%s)
"""
"""The sum keeps the planner from the index of the content types, as `_RANKED` does."""
_RANKED = """
    WITH hit AS MATERIALIZED (
        SELECT id, content_type_id, object_id,
            ts_rank(%s::float4[], title, asked) * title_norm + ts_rank(%s::float4[], body, asked) AS rank
        FROM {entries}, to_tsquery(%s::regconfig, %s) AS asked
        WHERE title || body @@ asked
    )
    SELECT kind, object_id FROM (
        SELECT kind, object_id, row_number() OVER (PARTITION BY kind ORDER BY rank DESC, id DESC) AS place
        FROM hit JOIN unnest(%s::int[], %s::int[]) AS type(kind, content_type_id) USING (content_type_id)
    ) AS placed
    WHERE place <= %s ORDER BY kind, place
"""
"""Finds and ranks before it looks at the kinds: otherwise the planner takes the index of the content types for the better."""


def _entries() -> str:
    return connection.ops.quote_name(IndexEntry._meta.db_table)


def _written(asked: SearchQuery) -> str:
    """The question in PostgreSQL's grammar; only letters and digits of what was typed come into it."""
    if isinstance(asked, PlainText):
        return " & ".join(_either_spelling(word.lower()) for word in plain(asked.query_string))
    if isinstance(asked, (And, Or)):
        parts = (f"({part})" for part in map(_written, asked.subqueries) if part)
        return (" & " if isinstance(asked, And) else " | ").join(parts)
    raise TypeError(f"No words can be read from {type(asked).__name__}.")


def _either_spelling(word: str) -> str:
    """*Aarhus* is *Århus*, and the other way round."""
    forms = dict.fromkeys([word, word.replace("aa", "å"), word.replace("å", "aa")])
    return "(" + " | ".join(f"'{form}'" for form in forms) + ")"


def _content_types(kinds: Mapping[str, Kind]) -> list[list[int]]:
    """The content types of each kind, without those of a kind that is named for itself."""
    every = [set(get_descendants_content_types_pks(kind.rows.model)) for kind in kinds.values()]
    return [sorted(own.difference(*(other for other in every if other < own))) for own in every]
