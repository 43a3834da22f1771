"""What waits for a person: votes they owe, own changes that need a step."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
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
    """Return everything that waits for the user, votes first, the most urgent of each first."""
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
    return votes + steps
