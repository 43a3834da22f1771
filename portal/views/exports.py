"""Export of what a list shows, as CSV or workbook; it imports again to zero changes."""

import tempfile
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse

from common.imports.exporting import FORMATS, csv_lines, write_workbook
from common.pages import Page
from portal.services.exports import request_export

PIECE = 1 << 16


class Export(Page):
    """A kind of object as a file: `?format=xlsx`, else CSV; further parameters filter as on the list."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> StreamingHttpResponse:
        """Stream the file."""
        rows = request_export(
            kind_name=kwargs["kind"],
            user=self.user,
            query=request.GET,
            site_path=self.site.get("path", ""),
            actor=self.actor,
            now=self.now,
        )
        chosen = request.GET.get("format", "csv")
        name = f"{kwargs['kind']}-{self.now:%Y-%m-%d}"
        return file_response(rows, name, chosen if chosen in FORMATS else "csv")


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
