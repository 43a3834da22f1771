"""Every kind back out as a file: the same columns, so that it imports again to zero changes.

Cells that a spreadsheet would run as a formula get an apostrophe, which the import takes off again.
"""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from common.imports.cells import CLEAR_WORD, neutralised
from common.imports.columns import Column
from common.imports.findings import Tally
from common.imports.kinds import ImportContext, ImportKind, Session
from common.imports.planning import prime_references

CHUNK = 2_000
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def export_rows(
    *, kind: ImportKind, context: ImportContext, only: QuerySet[Any] | None = None
) -> Iterator[list[str]]:
    """Yield header and rows of what the context may see, `only` narrowing it further."""
    rows = kind.visible(context)
    if only is not None:
        rows = rows.filter(pk__in=only.values("pk"))
    columns = tuple(kind.export_columns(rows))
    yield [column.name for column in columns]
    session = Session(context, columns, kind.lookups(context), Tally(kind.name))
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk
        kind.load(chunk, session)
        prime_references(chunk, session)
        for row in chunk:
            yield [neutralised_cell(_shown(kind, row, column, session)) for column in columns]
        for lookup in session.lookups.values():
            lookup.shrink()


def neutralised_cell(text: str) -> str:
    """Return a stored value so that neither a spreadsheet nor the import takes it for more than text.

    >>> neutralised_cell("-"), neutralised_cell("@SUM(A1)")
    ("'-", "'@SUM(A1)")
    """
    return f"'{text}" if text == CLEAR_WORD else neutralised(text)


def _shown(kind: ImportKind, row: Any, column: Column, session: Session) -> str:
    if not column.field:
        return kind.shown(row, column, session)
    value = getattr(row, row._meta.get_field(column.field).attname)
    if column.refers_to:
        return session.lookups[column.refers_to].text(value)
    return column.format(value)


def csv_lines(rows: Iterator[list[str]]) -> Iterator[bytes]:
    """Yield CSV in UTF-8 with a byte order mark, piece by piece (a spreadsheet then reads the umlauts right)."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield b"\xef\xbb\xbf"
    for number, row in enumerate(rows):
        writer.writerow(row)
        if number % 200 == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()
