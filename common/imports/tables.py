"""A file as rows of text: CSV in any encoding and delimiter people send, or the first sheet of a workbook.

A table can be walked more than once and never holds the file in memory.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

from common.imports.encodings import UnreadableFileError, encoding_of
from common.imports.workbooks import is_workbook, workbook_rows

NumberedRow = tuple[int, Sequence[str]]
DELIMITERS = ",;\t"
MOST_ROWS = 500_000
MOST_COLUMNS = 300


@dataclass(frozen=True)
class Table:
    """Header, what is worth knowing about how the file was read, and the rows under it from row 2 on."""

    header: tuple[str, ...]
    notes: tuple[str, ...]
    walk: Callable[[], Iterator[NumberedRow]]

    def rows(self) -> Iterator[NumberedRow]:
        """Yield row number and cells, empty rows left out."""
        for number, cells in self.walk():
            if number > MOST_ROWS + 1:
                raise UnreadableFileError(
                    _(
                        "The file has more than %(most)s rows; split it and send the parts one by one."
                    )
                    % {"most": f"{MOST_ROWS:,}"}
                )
            if any(cells):
                yield number, cells


def table_of_rows(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """Return a table over rows at hand, such as those a mapping made."""
    kept = [list(row) for row in rows]
    return Table(tuple(header), (), lambda: enumerate(kept, start=2))


def table_of_file(file: BinaryIO, *, encoding: str = "") -> Table:
    """Return the table in a file; `encoding` overrules the detection.

    Raises UnreadableFileError for a file that is neither text nor a workbook, or is built to exhaust memory.
    """
    if is_workbook(file):
        return _titled(lambda: workbook_rows(file), notes=())
    used = encoding or encoding_of(file)
    delimiter = _delimiter(file, used)
    notes = []
    if used not in {"utf-8", "utf-8-sig"}:
        notes.append(_("The file was read as %(encoding)s.") % {"encoding": used})
    if delimiter != ",":
        sign = _("tab") if delimiter == "\t" else delimiter
        notes.append(_("Columns are separated by %(sign)s.") % {"sign": sign})
    return _titled(lambda: _csv_rows(file, used, delimiter), notes=tuple(notes))


def _titled(walk_all: Callable[[], Iterator[NumberedRow]], *, notes: tuple[str, ...]) -> Table:
    first = next(walk_all(), None)
    if first is None or not any(first[1]):
        raise UnreadableFileError(_("The file is empty: its first row must hold the column names."))
    header = [name.strip() for name in first[1]]
    while header and not header[-1]:
        header.pop()
    if len(header) > MOST_COLUMNS:
        raise UnreadableFileError(
            _("The file has %(count)s columns; at most %(most)s are read.")
            % {"count": len(header), "most": MOST_COLUMNS}
        )

    def walk() -> Iterator[NumberedRow]:
        rows = walk_all()
        next(rows, None)
        return rows

    return Table(tuple(header), notes, walk)


def _text(file: BinaryIO, encoding: str) -> io.TextIOWrapper:
    file.seek(0)
    try:
        return io.TextIOWrapper(file, encoding=encoding, newline="")
    except LookupError:
        raise UnreadableFileError(
            _("There is no encoding '%(encoding)s'; say utf-8, utf-16 or cp1252, or leave it out.")
            % {"encoding": encoding}
        ) from None


def _delimiter(file: BinaryIO, encoding: str) -> str:
    text = _text(file, encoding)
    try:
        line = text.readline(100_000)
    except UnicodeError as error:
        raise UnreadableFileError(
            _("The file is not %(encoding)s: %(error)s.") % {"encoding": encoding, "error": error}
        ) from None
    finally:
        text.detach()
    return max(DELIMITERS, key=line.count)


def _csv_rows(file: BinaryIO, encoding: str, delimiter: str) -> Iterator[NumberedRow]:
    text = _text(file, encoding)
    reader = csv.reader(text, delimiter=delimiter)
    try:
        for number, row in enumerate(reader, start=1):
            yield number, [cell.strip() for cell in row]
    except (csv.Error, UnicodeError) as error:
        raise UnreadableFileError(
            _("Line %(line)s of the file cannot be read: %(error)s.")
            % {"line": reader.line_num, "error": error}
        ) from None
    finally:
        text.detach()
