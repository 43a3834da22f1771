"""Writing many rows whose values all differ: one prepared statement, run once a row, or PostgreSQL's COPY.

Django's `bulk_update` builds an expression for every value, which costs thirty times what the database does with it;
its `bulk_create` compiles every value of every row into one statement.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias, TypeVar

from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper

Row = TypeVar("Row", bound=models.Model)
Column: TypeAlias = "models.Field[Any, Any]"
Values = list[Any]
#: From so many rows on their ids are taken first and they are written at once.
MANY = 5


def update_rows(rows: Sequence[Row], names: Sequence[str]) -> None:
    """Write some fields of saved rows of one model; nothing is checked, and no signal is sent."""
    if not rows:
        return
    model = type(rows[0])
    connection = connections[router.db_for_write(model)]
    fields = {column.name: column for column in model._meta.concrete_fields}
    chosen = [fields[name] for name in names]
    quoted = connection.ops.quote_name
    columns = ", ".join(f"{quoted(str(one.column))} = %s" for one in chosen)
    # Names of our own tables and columns only.
    statement = f"UPDATE {quoted(model._meta.db_table)} SET {columns} WHERE id = %s"  # noqa: S608
    values = [
        [*(one.get_db_prep_save(getattr(row, one.attname), connection) for one in chosen), row.pk]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)


def insert_rows(
    model: type[models.Model], names: Sequence[str], values: Iterable[Sequence[Any]]
) -> None:
    """Add rows of a model, given by their values for some columns (`item_id`, not `item`); the others must have none.

    Nothing is checked, no default of the model is filled in, and no signal is sent.
    """
    connection = connections[router.db_for_write(model)]
    fields = {column.attname: column for column in model._meta.concrete_fields}
    chosen = [fields[name] for name in names]
    rows = [
        [one.get_db_prep_save(value, connection) for one, value in zip(chosen, row, strict=True)]
        for row in values
    ]
    if rows:
        _write(connection, model, chosen, rows)


def add_objects(instances: Sequence[models.Model]) -> None:
    """Insert new objects of one model as they are and give each its id; no signal is sent, nothing is checked.

    Called inside a transaction. The model's key is one the database counts up.
    """
    model = type(instances[0])
    if taken := next((one for one in instances if one.pk is not None), None):
        raise ValueError(f"{taken!r} has the id {taken.pk} already; new objects are given theirs.")
    connection = connections[router.db_for_write(model)]
    key = model._meta.pk
    columns = [one for one in model._meta.concrete_fields if one is not key]
    rows = []
    for instance in instances:
        instance._prepare_related_fields_for_save(  # type: ignore[attr-defined]
            operation_name="add_objects"
        )
        given = [(one, one.pre_save(instance, add=True)) for one in columns]
        rows.append([one.get_db_prep_save(value, connection) for one, value in given])
    if len(rows) < MANY:
        ids = [_inserted(connection, model, columns, row) for row in rows]
    else:
        ids = _reserved(connection, model, len(rows))
        numbered = [[pk, *row] for pk, row in zip(ids, rows, strict=True)]
        _write(connection, model, [key, *columns], numbered)
    for instance, pk in zip(instances, ids, strict=True):
        instance.pk = pk
        instance._state.adding, instance._state.db = False, connection.alias


def _write(
    connection: BaseDatabaseWrapper,
    model: type[models.Model],
    columns: Sequence[Column],
    rows: Sequence[Values],
) -> None:
    with connection.cursor() as cursor, connection.wrap_database_errors:
        if connection.vendor == "postgresql":
            into = _into(connection, model, columns)
            with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        cursor.executemany(_insert(connection, model, columns), rows)


def _inserted(
    connection: BaseDatabaseWrapper,
    model: type[models.Model],
    columns: Sequence[Column],
    row: Values,
) -> int:
    key = connection.ops.quote_name(str(model._meta.pk.column))
    with connection.cursor() as cursor:
        cursor.execute(f"{_insert(connection, model, columns)} RETURNING {key}", row)
        return int(cursor.fetchone()[0])


def _reserved(connection: BaseDatabaseWrapper, model: type[models.Model], count: int) -> list[int]:
    """Return ids no other writer gets; on SQLite because a transaction shuts out all others."""
    table, key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            series = "nextval(pg_get_serial_sequence(%s, %s))"
            cursor.execute(
                f"SELECT {series} FROM generate_series(1, %s)",  # noqa: S608 - no value in it
                [f'"{table}"', key, count],
            )
            return [int(number) for (number,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = int((cursor.fetchone() or [0])[0])
    return list(range(last + 1, last + 1 + count))


def _insert(
    connection: BaseDatabaseWrapper, model: type[models.Model], columns: Sequence[Column]
) -> str:
    places = ", ".join("%s" for _ in columns)
    # Names of our own tables and columns only.
    return f"INSERT INTO {_into(connection, model, columns)} VALUES ({places})"  # noqa: S608


def _into(
    connection: BaseDatabaseWrapper, model: type[models.Model], columns: Sequence[Column]
) -> str:
    quoted = connection.ops.quote_name
    names = ", ".join(quoted(str(one.column)) for one in columns)
    return f"{quoted(model._meta.db_table)} ({names})"
