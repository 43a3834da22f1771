"""Rows as a file that is sent while it is read."""

import tempfile
from collections.abc import Iterator

from django.http import StreamingHttpResponse

from common.imports.exporting import FORMATS, csv_lines, write_workbook

PIECE = 1 << 16


def file_response(rows: Iterator[list[str]], name: str, chosen: str) -> StreamingHttpResponse:
    """Return the rows as a download."""
    pieces = csv_lines(rows) if chosen == "csv" else _workbook(rows)
    response = StreamingHttpResponse(pieces, content_type=FORMATS[chosen])
    response["Content-Disposition"] = f'attachment; filename="{name}.{chosen}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _workbook(rows: Iterator[list[str]]) -> Iterator[bytes]:
    with tempfile.TemporaryFile() as file:
        write_workbook(rows, file)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece
