"""The administrator's set-up checklist: what is there, what is missing, where to go."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.access import people_visible_to, users_visible_to
from accounts.models import User
from assets.access import items_visible_to, locations_visible_to, relations_visible_to
from assets.queries.grants import all_grants
from evidence.queries.checkpoints import ledger_state
from governance.access import policies_visible_to
from raci.access import assignments_visible_to


@dataclass(frozen=True)
class Step:
    """One line of the checklist."""

    title: Any
    why: Any
    url: str
    count: int

    @property
    def is_done(self) -> bool:
        """Whether there is something already."""
        return self.count > 0


Counter = Callable[[User], int]
STEPS: tuple[tuple[Any, Any, str, Counter], ...] = (
    (
        _("Locations"),
        _("Enterprise, sites, areas, lines: rights and ownership follow this tree."),
        "assets:location-tree",
        lambda user: locations_visible_to(user).count(),
    ),
    (
        _("Assets and systems"),
        _("Import the inventory; a second import changes only what differs."),
        "assets:asset-list",
        lambda user: items_visible_to(user).count(),
    ),
    (
        _("Relations"),
        _("What depends on what: impact follows from it."),
        "assets:relation-list",
        lambda user: relations_visible_to(user).count(),
    ),
    (
        _("People"),
        _("Who can own, decide and be called."),
        "accounts:person-list",
        lambda user: people_visible_to(user).count(),
    ),
    (
        _("Ownership"),
        _("Who is accountable for what: approvers are derived from it."),
        "raci:matrix-list",
        lambda user: assignments_visible_to(user).count(),
    ),
    (
        _("Logins besides yours"),
        _("Everybody who asks, decides or looks up."),
        "accounts:user-list",
        lambda user: users_visible_to(user).filter(is_active=True).exclude(pk=user.pk).count(),
    ),
    (
        _("Rights"),
        _("Without a right on a place, a user sees nothing of it."),
        "assets:grant-list",
        lambda _user: len(all_grants()),
    ),
    (
        _("Review board"),
        _("Decides above a risk threshold."),
        "governance:board",
        lambda user: policies_visible_to(user).count(),
    ),
    (
        _("Signed checkpoint"),
        _("Proves later that nothing was cut off the ledger's end."),
        "evidence:entry-list",
        lambda _user: ledger_state().checkpoints,
    ),
)


def checklist(user: User) -> list[Step]:
    """Return the steps with what is there already."""
    return [Step(title, why, reverse(url), count(user)) for title, why, url, count in STEPS]
