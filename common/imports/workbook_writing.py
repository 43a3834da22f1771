"""A workbook of one sheet of text cells, written row by row; its drafts go with the temporary folder they are in."""

import re
import tempfile
from collections.abc import Iterator
from typing import BinaryIO

from common.imports.machinery import xlsxwriter

UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_workbook(rows: Iterator[list[str]], file: BinaryIO) -> None:
    """Write the rows; a character that XML cannot hold becomes U+FFFD. Raises OSError, on a full disk say."""
    with tempfile.TemporaryDirectory(prefix="workbook-") as drafts:
        book = xlsxwriter().Workbook(file, {"constant_memory": True, "tmpdir": drafts})
        try:
            sheet = book.add_worksheet("Raceway")
            for number, row in enumerate(rows):
                for column, text in enumerate(row):
                    if text:
                        sheet.write_string(number, column, UNWRITABLE.sub("\ufffd", text))
            book.close()
        except xlsxwriter().exceptions.FileCreateError as error:
            raise OSError(*error.args[0].args) from error
