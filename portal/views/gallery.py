"""The gallery: every component in all its states, for those who build pages (debug only)."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from common.pages import Action, Page
from common.pages.html import STATES


class Gallery(Page):
    """The components on one page."""

    title = "Components"
    template_name = "portal/gallery.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Show it where RACEWAY_DEBUG is set."""
        if not settings.DEBUG:
            raise Http404
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def content(self) -> dict[str, Any]:
        """Return one of everything."""
        return {
            "states": list(STATES),
            "levels": [1, 2, 3, 4],
            "parties": [f"team:{number}" for number in range(12)],
            "demo_actions": [
                Action("Main", "#", "plus", is_primary=True),
                Action("Other", "#", "edit"),
                Action("Delete", "#", "trash", is_danger=True),
            ],
        }
