"""Global search: as a page, and as hits of the Ctrl-K palette."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from common.pages import Page
from portal.queries.search import found_for


class Search(Page):
    """What is found for ?q= in every source, permission included."""

    title = _("Search")
    template_name = "portal/search.html"

    def content(self) -> dict[str, Any]:
        """Return the hits by source; few in the palette, more on the page."""
        text = self.request.GET.get("q", "").strip()
        in_palette = self.wants_fragment("palette-hits")
        if in_palette:
            self.template_name = "portal/search_hits.html"
        groups = found_for(self.request, text, limit=5 if in_palette else 30)
        return {"groups": groups, "text": text}
