"""Writing many rows whose values all differ: one prepared statement, run once a row, or PostgreSQL's COPY.

Django's `bulk_update` builds an expression for every value, which costs thirty times what the database does with it;
its `bulk_create` makes an object of every row first.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import connections, models, router

Row = TypeVar("Row", bound=models.Model)


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
    quoted = connection.ops.quote_name
    table = quoted(model._meta.db_table)
    columns = ", ".join(quoted(str(one.column)) for one in chosen)
    rows = [
        [one.get_db_prep_save(value, connection) for one, value in zip(chosen, row, strict=True)]
        for row in values
    ]
    if not rows:
        return
    # Names of our own tables and columns only.
    with connection.cursor() as cursor, connection.wrap_database_errors:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for one in rows:
                    copy.write_row(one)
            return
        places = ", ".join("%s" for _ in chosen)
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)  # noqa: S608
