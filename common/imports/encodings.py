"""Which encoding a text file is in: Unicode when it can be, else what charset-normalizer makes of it.

The choice is reported to the user; bytes that fit no encoding are an error, never a question mark in the data.
"""

import codecs
from typing import BinaryIO

from django.utils.translation import gettext as _

from common.errors import DomainError
from common.imports.machinery import charset_normalizer

CHUNK = 1 << 20
SAMPLE = 1 << 18
LEGACY = ["cp1252", "cp1250", "cp1251"]
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class UnreadableFileError(DomainError):
    """The file cannot be read as text or as a workbook."""

    code = "unreadable_file"


def encoding_of(file: BinaryIO) -> str:
    """Return the encoding of a whole file, read in pieces; the file is left at its start.

    Raises UnreadableFileError naming the first byte that does not fit.
    """
    file.seek(0)
    head = file.read(4)
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    if marked:
        _require(file, marked)
        return marked
    if _misfit(file, "utf-8") is None:
        _refuse_binary(file)
        return "utf-8"
    guess = _legacy_guess(file)
    _require(file, guess)
    return guess


def _legacy_guess(file: BinaryIO) -> str:
    file.seek(0)
    _refuse_binary(file)
    sample = bytearray()
    file.seek(0)
    for line in file:
        if not line.isascii():
            sample += line
        if len(sample) > SAMPLE:
            break
    matches = charset_normalizer().from_bytes(bytes(sample), cp_isolation=LEGACY, threshold=0.4)
    best = matches.best()
    if best is None or "cp1252" in best.could_be_from_charset:
        return "cp1252"
    return str(best.encoding)


def _refuse_binary(file: BinaryIO) -> None:
    file.seek(0)
    if b"\x00" in file.read(CHUNK):
        raise UnreadableFileError(
            _(
                "The file holds zero bytes, so it is not text: send CSV in UTF-8, UTF-16 with a byte "
                "order mark or Windows-1252, or an .xlsx workbook."
            )
        )
    file.seek(0)


def _require(file: BinaryIO, encoding: str) -> None:
    position = _misfit(file, encoding)
    if position is not None:
        offset, line = position
        raise UnreadableFileError(
            _(
                "Byte %(offset)s (line %(line)s) is not valid %(encoding)s: save the file as UTF-8 and "
                "send it again."
            )
            % {"offset": offset, "line": line, "encoding": encoding}
        )
    file.seek(0)


def _misfit(file: BinaryIO, encoding: str) -> tuple[int, int] | None:
    """Return offset and line of the first byte that `encoding` cannot read, else None."""
    file.seek(0)
    # With the mark taken for a character, offsets count from the start of the file.
    decoder = codecs.getincrementaldecoder(encoding.removesuffix("-sig"))()
    offset, line = 0, 1
    while True:
        chunk = file.read(CHUNK)
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            return offset + error.start, line + chunk[: error.start].count(b"\n")
        if not chunk:
            return None
        offset += len(chunk)
        line += chunk.count(b"\n")
