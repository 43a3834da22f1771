"""Export of what a list shows, as CSV or workbook; it imports again to zero changes."""

from typing import Any

from django.http import HttpRequest

from common.imports.exporting import FORMATS
from common.pages import Page
from portal.services.downloads import file_response
from portal.services.exports import request_export


class Export(Page):
    """A kind of object as a file: `?format=xlsx`, else CSV; further parameters filter as on the list."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
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
