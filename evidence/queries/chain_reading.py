"""The ledger as a stream of links for the verifier: packed, in order, in bounded memory, past the ORM."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from evidence.models import LedgerEntry

BATCH = 2000
TABLE = LedgerEntry._meta.db_table
COLUMNS = [column.column for column in LedgerEntry._meta.concrete_fields]
AT = {
    "postgresql": """to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')""",
    "sqlite": "replace(substr(at || '.000000', 1, 26), ' ', 'T') || '+00:00'",
}

Batch = list[tuple[Any, ...]]


def link_batches(*, first: int = 0, last: int | None = None) -> Iterator[Batch]:
    """Yield batches of rows (the columns of `Link`, previous hash, hash) in the order of the chain."""
    columns = ", ".join(AT[connection.vendor] if name == "at" else f'"{name}"' for name in COLUMNS)
    where = "sequence >= %s" + ("" if last is None else " AND sequence <= %s")
    query = f'SELECT {columns} FROM "{TABLE}" WHERE {where} ORDER BY sequence'  # noqa: S608
    with _cursor() as cursor:
        cursor.execute(query, [first] if last is None else [first, last])
        while batch := cursor.fetchmany(BATCH):
            yield batch


@contextmanager
def _cursor() -> Iterator[Any]:
    """A cursor that does not hold the whole answer: named on PostgreSQL, plain on SQLite."""
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            yield cursor
        return
    with transaction.atomic():
        connection.ensure_connection()
        with connection.connection.cursor(name="evidence_links", binary=True) as cursor:
            yield cursor
