"""Home: what waits for me, what got worse, the one picture that matters to my work."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from common.pages import Page
from portal.queries.waiting import waiting_for


class Home(Page):
    """The home page of the user's audience."""

    title = _("Home")
    template_name = "portal/home.html"

    def content(self) -> dict[str, Any]:
        """Return what waits."""
        return {"waiting": waiting_for(self.user, at=self.now)}
