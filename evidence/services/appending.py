"""Putting many ledger rows into the table with one statement each database is fastest at."""

from typing import Any

from django.db import connection

from evidence.models import LedgerEntry, LedgerHead

Row = tuple[Any, ...]
COLUMNS = tuple(column.column for column in LedgerEntry._meta.concrete_fields)
TABLE = LedgerEntry._meta.db_table
NAMES = ", ".join(f'"{name}"' for name in COLUMNS)
INSERT = f'INSERT INTO "{TABLE}" ({NAMES}) VALUES ({", ".join(["%s"] * len(COLUMNS))})'  # noqa: S608
COPY = f'COPY "{TABLE}" ({NAMES}) FROM STDIN'
MOVE_HEAD = f'UPDATE "{LedgerHead._meta.db_table}" SET sequence = %s, hash = %s WHERE id = 1'  # noqa: S608
COPY_FROM = 5


def append_rows(rows: list[Row]) -> None:
    """Insert rows whose values stand in the order of the table, `at` and JSON as text; the last one is the new head."""
    with connection.cursor() as cursor:
        if len(rows) == 1:
            cursor.execute(INSERT, rows[0])
        elif connection.vendor != "postgresql" or len(rows) < COPY_FROM:
            cursor.executemany(INSERT, rows)
        else:
            with cursor.copy(COPY) as copy:
                for row in rows:
                    copy.write_row(row)
        cursor.execute(MOVE_HEAD, [rows[-1][0], rows[-1][-1]])
