"""Home: what waits for me, and what my work looks at first. One page per audience, from real facts only."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import Audience
from common.pages import Page
from evidence.access import entries_visible_to, packs_visible_to
from evidence.queries.checkpoints import ledger_state
from governance.choices import ChangeState, ChangeType
from governance.models import ChangeRequest
from governance.queries.queues import calendar_between, dockets_for
from governance.queries.standing import awaited_voters, counted_by_state
from portal.queries.lately import lately_done
from portal.queries.leadership import ownership_by_site
from portal.queries.setup import checklist
from portal.queries.waiting import waiting_for
from portal.queries.workforce import workforce_of
from raci.access import may_manage

AHEAD = timedelta(days=14)
BEHIND = timedelta(days=90)
OVER = (ChangeState.COMPLETED, ChangeState.FAILED)


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
            "coming": _coming(self),
            "change_types": ChangeType.choices,
            "main_template": f"portal/home_{audience}.html",
            **own,
        }


def _coming(page: Home) -> list[ChangeRequest]:
    """Return what is planned next; what is over already is no longer coming."""
    planned = calendar_between(page.user, page.now, page.now + AHEAD)
    return [change for change in planned if change.state not in OVER][:8]


def _decisions(page: Home) -> dict[str, Any]:
    """Return how changes stand and at whom they wait."""
    return {
        "awaited": awaited_voters(page.user, at=page.now)[:8],
        "change_counts": counted_by_state(page.user, since=page.now - BEHIND),
    }


def engineer(page: Home) -> dict[str, Any]:
    """Return what was lately done in the user's part of the plant."""
    return {"lately": lately_done(page.user, site_path=page.site.get("path", ""))}


def leadership(page: Home) -> dict[str, Any]:
    """Return ownership by site, and where decisions stick."""
    path = page.site.get("path", "")
    sites = ownership_by_site(page.user, at=page.now, site_path=path)
    return {"sites": sites, **_decisions(page)}


def training(page: Home) -> dict[str, Any]:
    """Return how roles are covered, and whether the reader may open one of them to change it."""
    return {
        "workforce": workforce_of(page.user, at=page.now),
        "may_edit_roles": may_manage(page.user),
    }


def auditor(page: Home) -> dict[str, Any]:
    """Return where the ledger stands, its newest entries and packs."""
    return {
        "ledger": ledger_state(),
        "entries": entries_visible_to(page.user).order_by("-sequence")[:12],
        "packs": packs_visible_to(page.user).order_by("-pk")[:6],
        **_decisions(page),
    }


def administrator(page: Home) -> dict[str, Any]:
    """Return the set-up checklist."""
    return {"steps": checklist(page.user)}


def board(page: Home) -> dict[str, Any]:
    """Return what is before the boards, and where decisions stick."""
    return {"dockets": dockets_for(page.user), **_decisions(page)}


FACTS: Mapping[Audience, Callable[[Home], dict[str, Any]]] = {
    Audience.ENGINEER: engineer,
    Audience.LEADERSHIP: leadership,
    Audience.TRAINING: training,
    Audience.AUDITOR: auditor,
    Audience.ADMINISTRATOR: administrator,
    Audience.BOARD: board,
}
