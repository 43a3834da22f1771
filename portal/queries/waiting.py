"""What waits for a person: votes and consents they owe, own changes that need a step."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from discovery.queries.consents import consents_waiting_for
from discovery.queries.drift_duty import drift_waiting_for
from discovery.queries.presences import gaps_waiting_for
from discovery.queries.schedules import skipped_for
from governance.queries.queues import queue_of

STEPS = {
    "close": _("carry out and close"),
    "execute": _("approved: begin in its window"),
    "rework": _("rejected: rework or withdraw"),
    "submit": _("draft: submit"),
}


@dataclass(frozen=True)
class WaitingItem:
    """One thing that waits: a sentence, its page, until when."""

    title: str
    url: str
    kind: Any
    detail: str = ""
    due: datetime | None = None
    icon: str = "inbox"


def waiting_for(user: User, *, at: datetime) -> list[WaitingItem]:
    """Return everything that waits for the user: votes, consents, own steps, the most urgent of each first."""
    queue = queue_of(user, at=at)
    votes = [
        WaitingItem(
            title=f"{seat.change.number} {seat.change.title}",
            url=reverse("governance:changerequest-detail", args=[seat.change.pk]),
            kind=_("your vote"),
            detail=str(_("for %s") % seat.acting_for) if seat.acting_for else "",
            due=seat.due_at,
            icon="scale",
        )
        for seat in queue.votes
    ]
    steps = [
        WaitingItem(
            title=f"{own.change.number} {own.change.title}",
            url=reverse("governance:changerequest-detail", args=[own.change.pk]),
            kind=STEPS[own.step],
            due=own.change.window_start_at,
            icon="git-pull-request",
        )
        for own in queue.own
        if own.step in STEPS
    ]
    return votes + _consents(user, at) + steps + _discovery(user, at) + _drift(user, at)


def _discovery(user: User, at: datetime) -> list[WaitingItem]:
    """Return own schedules that did not start, and new items without an owner where the user can give them one."""
    skipped = [
        WaitingItem(
            title=str(_("“%(schedule)s” did not scan %(network)s"))
            % {"schedule": schedule.name, "network": schedule.network.name},
            url=reverse("discovery:schedule-detail", args=[schedule.pk]),
            kind=_("your schedule"),
            detail=run.reason,
            icon="clock",
        )
        for schedule, run in skipped_for(user, at=at)
    ]
    gaps = [
        WaitingItem(
            title=ngettext(
                "%(count)d new item in %(network)s has no accountable party",
                "%(count)d new items in %(network)s have no accountable party",
                one.count,
            )
            % {"count": one.count, "network": one.network.name},
            url=f"{reverse('discovery:owner-gap-list')}?network={one.network.pk}",
            kind=_("ownership"),
            icon="user-question",
        )
        for one in gaps_waiting_for(user, at=at)
    ]
    return skipped + gaps


def _drift(user: User, at: datetime) -> list[WaitingItem]:
    """Return the networks on which something changed that the user is to explain."""
    return [
        WaitingItem(
            title=ngettext(
                "%(count)d unexplained difference on %(network)s",
                "%(count)d unexplained differences on %(network)s",
                one.count,
            )
            % {"count": one.count, "network": one.network.name},
            url=f"{reverse('discovery:drift-list')}?state=unexplained&network={one.network.pk}",
            kind=_("say what it was"),
            detail="" if one.is_runner else str(_("you answer for changes there")),
            icon="history",
        )
        for one in drift_waiting_for(user, at=at)
    ]


def _consents(user: User, at: datetime) -> list[WaitingItem]:
    return [
        WaitingItem(
            title=str(_("Discovery of %s") % one.approval.network),
            url=reverse("discovery:consent-detail", args=[one.approval.pk]),
            kind=_("your consent"),
            detail=str(_("for %s") % one.acting_for) if one.acting_for else "",
            due=one.approval.expires_at,
            icon="radar",
        )
        for one in consents_waiting_for(user, at=at)
    ]
