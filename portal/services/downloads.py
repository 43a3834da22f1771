"""Rows as a file that is sent while it is read."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain, islice
from pathlib import Path
from typing import IO

from django.http import StreamingHttpResponse

from common.files import writing
from common.imports.exporting import FORMATS, csv_lines
from common.imports.workbook_writing import write_workbook

PIECE = 1 << 16
AHEAD = 3  # byte order mark, header, and the first rows


def file_response(rows: Iterator[list[str]], name: str, chosen: str) -> StreamingHttpResponse:
    """Return the rows as a download.

    What can go wrong goes wrong here, not behind a status of 200: the first rows are read, a workbook is written.
    Raises FileNotWrittenError.
    """
    pieces = _started(csv_lines(rows)) if chosen == "csv" else _workbook(rows, f"{name}.{chosen}")
    response = StreamingHttpResponse(pieces, content_type=FORMATS[chosen])
    response["Content-Disposition"] = f'attachment; filename="{name}.{chosen}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _started(pieces: Iterator[bytes]) -> Iterator[bytes]:
    return chain(list(islice(pieces, AHEAD)), pieces)


def _workbook(rows: Iterator[list[str]], name: str) -> Iterator[bytes]:
    with ExitStack() as stack, writing(Path(tempfile.gettempdir()) / name):
        file = stack.enter_context(tempfile.TemporaryFile())
        write_workbook(rows, file)
        file.seek(0)
        stack.pop_all()
    return _pieces(file)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece
