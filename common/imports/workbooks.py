"""The first sheet of an .xlsx workbook as rows of text, refused before parsing when it is built to exhaust us.

A workbook is a zip of XML: sizes and ratios are checked on the zip, rows and columns while reading.
"""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from common.imports.encodings import UnreadableFileError
from common.imports.machinery import openpyxl

LARGEST_UNPACKED = 512 * 1024 * 1024
LARGEST_RATIO = 120
MOST_MEMBERS = 500
WIDEST = 301
SMALL = 1 << 20


def is_workbook(file: BinaryIO) -> bool:
    """Tell whether the file is a zip, as every .xlsx is."""
    file.seek(0)
    start = file.read(4)
    file.seek(0)
    return start == b"PK\x03\x04"


def workbook_rows(file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """Yield row number and cells of the first sheet; a formula is an error, not its last result."""
    _require_harmless(file)
    file.seek(0)
    library = openpyxl()
    not_a_workbook = library.utils.exceptions.InvalidFileException
    try:
        book = library.load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except (not_a_workbook, KeyError, ValueError, OSError, zipfile.BadZipFile) as error:
        first_line = str(error).partition("\n")[0]
        raise UnreadableFileError(
            _("The workbook cannot be opened: %(reason)s") % {"reason": first_line}
        ) from None
    except Exception as error:
        # The XML parsers raise errors of their own (entity bombs, broken markup): all mean the same to a user.
        raise UnreadableFileError(
            _("The workbook is broken or unsafe (%(kind)s); save it again as .xlsx or CSV.")
            % {"kind": type(error).__name__}
        ) from error
    try:
        yield from _sheet_rows(book)
    finally:
        book.close()


def _sheet_rows(book: Any) -> Iterator[tuple[int, list[str]]]:
    """Yield the first row, then the others no wider than it: a far away cell must not widen every row."""
    sheet = book.worksheets[0]
    sheet.reset_dimensions()
    width = WIDEST
    for number, row in _guarded(sheet.iter_rows(max_row=1, max_col=WIDEST)):
        texts = _trimmed([_text(cell, number) for cell in row])
        width = min(WIDEST, len(texts) + 1)
        yield number, texts
    for number, row in _guarded(sheet.iter_rows(min_row=2, max_col=width), first=2):
        yield number, _trimmed([_text(cell, number) for cell in row])


def _guarded(rows: Iterator[Any], *, first: int = 1) -> Iterator[tuple[int, Any]]:
    number = first
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except Exception as error:
            raise UnreadableFileError(
                _("The workbook is broken before row %(row)s (%(kind)s); save it as CSV.")
                % {"row": number, "kind": type(error).__name__}
            ) from error
        yield number, row
        number += 1


def _trimmed(texts: list[str]) -> list[str]:
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _text(cell: Any, number: int) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        raise UnreadableFileError(
            _(
                "Row %(row)s holds a formula (%(formula)s). Paste the values instead of the formulas "
                "and send the file again."
            )
            % {"row": number, "formula": str(value)[:60]}
        )
    return _plain(value).strip()


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value)


def _require_harmless(file: BinaryIO) -> None:
    """Refuse a zip that would unpack to far more than a person's spreadsheet."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile as error:
        raise UnreadableFileError(
            _("The file looks like a workbook but is broken: %(error)s.") % {"error": error}
        ) from None
    unpacked = sum(member.file_size for member in members)
    greedy = [
        m
        for m in members
        if m.file_size > SMALL and m.file_size > LARGEST_RATIO * max(1, m.compress_size)
    ]
    if len(members) > MOST_MEMBERS or unpacked > LARGEST_UNPACKED or greedy:
        raise UnreadableFileError(
            _(
                "The workbook would unpack to %(size)s MiB in %(count)s parts, which no inventory "
                "needs. Save it as CSV, or split it."
            )
            % {"size": f"{unpacked // SMALL:,}", "count": len(members)}
        )
