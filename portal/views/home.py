"""Home: what waits for me, and what my work looks at first. One page per audience, from real facts only."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import Audience
from common.pages import Page
from evidence.access import entries_visible_to, packs_visible_to
from evidence.queries.checkpoints import ledger_state
from governance.choices import ChangeType
from governance.queries.queues import calendar_between, dockets_for
from portal.queries.lately import lately_done
from portal.queries.leadership import ownership_by_site
from portal.queries.setup import checklist
from portal.queries.waiting import waiting_for
from portal.queries.workforce import workforce_of

AHEAD = timedelta(days=14)


class Home(Page):
    """The home page of the user's audience."""

    title = _("Home")
    template_name = "portal/home.html"

    def content(self) -> dict[str, Any]:
        """Return what waits, and the audience's own facts."""
        audience = Audience(self.user.audience)
        own = FACTS[audience](self)
        return {
            "audience": audience,
            "waiting": waiting_for(self.user, at=self.now),
            "coming": calendar_between(self.user, self.now, self.now + AHEAD)[:8],
            "change_types": ChangeType.choices,
            "main_template": f"portal/home_{audience}.html",
            **own,
        }


def engineer(page: Home) -> dict[str, Any]:
    """Return what was lately done in the user's part of the plant."""
    return {"lately": lately_done(page.user, site_path=page.site.get("path", ""))}


def leadership(page: Home) -> dict[str, Any]:
    """Return ownership by site."""
    path = page.site.get("path", "")
    return {"sites": ownership_by_site(page.user, at=page.now, site_path=path)}


def training(page: Home) -> dict[str, Any]:
    """Return how roles are covered."""
    return {"workforce": workforce_of(page.user, at=page.now)}


def auditor(page: Home) -> dict[str, Any]:
    """Return where the ledger stands, its newest entries and packs."""
    return {
        "ledger": ledger_state(),
        "entries": entries_visible_to(page.user).order_by("-sequence")[:12],
        "packs": packs_visible_to(page.user).order_by("-pk")[:6],
    }


def administrator(page: Home) -> dict[str, Any]:
    """Return the set-up checklist."""
    return {"steps": checklist(page.user)}


def board(page: Home) -> dict[str, Any]:
    """Return what is before the boards."""
    return {"dockets": dockets_for(page.user)}


FACTS: Mapping[Audience, Callable[[Home], dict[str, Any]]] = {
    Audience.ENGINEER: engineer,
    Audience.LEADERSHIP: leadership,
    Audience.TRAINING: training,
    Audience.AUDITOR: auditor,
    Audience.ADMINISTRATOR: administrator,
    Audience.BOARD: board,
}
