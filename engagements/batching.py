"""Writing while others wait for a lock: fewer pauses, and less work than the general way of the ORM."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import batched
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db import connection, models

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@contextmanager
def pipelined() -> Iterator[None]:
    """Within, a statement whose answer nobody reads does not wait for it; for inserting and reading only.

    On PostgreSQL this is the pipeline of its protocol; elsewhere nothing changes. How many rows a statement has changed
    is not known in time, and `save` and `update` go by that: RuntimeError is raised on UPDATE and DELETE, whatever the
    database. An error of the database may be raised by a later statement than the one that made it, at the latest at
    the end of the block.
    """
    with connection.execute_wrapper(_refuse_changes):
        if connection.vendor != "postgresql":
            yield
            return
        connection.ensure_connection()
        with connection.wrap_database_errors, connection.connection.pipeline():
            yield


def _refuse_changes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    if sql.lstrip()[:6].upper() in ("UPDATE", "DELETE"):
        raise RuntimeError("Statements that are pipelined only insert and read.")
    return execute(sql, params, many, context)


class Computed(NamedTuple):
    """A value that the database works out while it inserts: SQL, and the parameters of a row."""

    sql: str
    values: Callable[[Any], list[Any]]


def insert(
    rows: Sequence[models.Model], *, computed: Mapping[str, Computed] = _NOTHING, then: str = "", keyed: bool = False
) -> None:
    """Insert new rows of one model with one statement, as `bulk_create` does, with less work and no signals.

    `computed` has the columns (`attname`) whose values are SQL; the rows keep their own. `then` follows the values
    (`ON CONFLICT …`). With `keyed` the rows get the primary keys the database gave them, which means waiting for its
    answer. Very many rows become several statements where the database limits the parameters of one.
    """
    if not rows:
        return
    fields = _fields(type(rows[0]))
    size = connection.ops.bulk_batch_size(fields * 2, rows)  # a computed value may have several parameters
    with connection.cursor() as cursor:
        for some in batched(rows, size, strict=False):
            cursor.execute(*_insertion(some, fields, computed, then, keyed))
            if keyed:
                for row, (key,) in zip(some, cursor.fetchall(), strict=True):
                    row.pk = key
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _insertion(
    rows: Sequence[models.Model],
    fields: list[models.Field],
    computed: Mapping[str, Computed],
    then: str,
    keyed: bool,
) -> tuple[str, list[Any]]:
    quote, meta = connection.ops.quote_name, rows[0]._meta
    columns = ", ".join(quote(str(field.column)) for field in fields)
    place = ", ".join(computed[field.attname].sql if field.attname in computed else "%s" for field in fields)
    values = [
        value
        for row in rows
        for field in fields
        for value in (
            computed[field.attname].values(row)
            if field.attname in computed
            else [field.get_db_prep_save(field.pre_save(row, True), connection)]
        )
    ]
    places = ", ".join([f"({place})"] * len(rows))
    returning = f"RETURNING {quote(str(meta.pk.column))}" if keyed else ""
    return f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES {places} {then} {returning}", values  # noqa: S608


def from_row[T: models.Model](model: type[T], row: Sequence[Any]) -> T:
    """The object of a row of which a query by hand asked all columns, in the model's order."""
    values = []
    for field, value in zip(model._meta.concrete_fields, row, strict=True):
        column = field.cached_col
        for convert in (*connection.ops.get_db_converters(column), *field.get_db_converters(connection)):
            value = convert(value, column, connection)
        values.append(value)
    return model.from_db(connection.alias, [field.attname for field in model._meta.concrete_fields], values)


@cache
def _fields(model: type[models.Model]) -> list[models.Field]:
    """Those that the database does not fill in."""
    return [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
