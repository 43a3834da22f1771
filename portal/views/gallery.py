"""The gallery: every component in all its states, for those who build pages (debug only)."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from common.models import Job
from common.pages import Action, Page
from common.pages.history import ShownChange
from common.pages.html import STATES
from portal.forms import ImportForm


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
            "form": ImportForm({"kind": "nothing known", "text": ""}),
            "job": Job(label="Import of assets.csv", progress_done=40, progress_total=100),
            "changes": [
                ShownChange("Firmware", "V3.1.2", "V3.1.4"),
                ShownChange("Zone", None, "Filling hall control"),
            ],
            "demo_actions": [
                Action("Main", "#", "plus", is_primary=True),
                Action("Other", "#", "edit"),
                Action("Delete", "#", "trash", is_danger=True),
            ],
        }
