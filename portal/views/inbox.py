"""The inbox: what waits for the person logged in."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from common.pages import Page
from portal.queries.waiting import waiting_for


class Inbox(Page):
    """Everything that waits for me."""

    title = _("Inbox")
    template_name = "portal/inbox.html"

    def content(self) -> dict[str, Any]:
        """Return what waits."""
        return {"waiting": waiting_for(self.user, at=self.now)}


class InboxCount(Page):
    """The number on the inbox, loaded after the page."""

    template_name = "portal/inbox_count.html"

    def content(self) -> dict[str, Any]:
        """Return how much waits."""
        return {"count": len(waiting_for(self.user, at=self.now))}
