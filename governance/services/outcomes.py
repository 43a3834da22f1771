"""Ends a change: withdrawn before, completed or failed after, each with what is to be remembered."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.actor import Actor
from common.errors import DomainError
from governance.models import ChangeRequest
from governance.services.rounds import lapse_round
from governance.services.steps import lock, move, require_owner, require_possible


class NoteMissingError(DomainError):
    """A change is closed with a post-implementation note."""


@transaction.atomic
def withdraw_change(
    *, actor: Actor, change: ChangeRequest, now: datetime, reason: str = ""
) -> ChangeRequest:
    """Take a change back before it is begun; its open or approved round lapses."""
    current = lock(change)
    require_owner(actor, current)
    require_possible(current, "withdraw")
    lapse_round(actor=actor, change=current, now=now, reason=_("The change was withdrawn."))
    return move(actor=actor, change=current, action="withdraw", now=now, comment=reason)


def complete_change(
    *, actor: Actor, change: ChangeRequest, note: str, now: datetime
) -> ChangeRequest:
    """Close a change that worked, with its post-implementation note."""
    return _close(actor, change, "complete", note, now)


def fail_change(*, actor: Actor, change: ChangeRequest, note: str, now: datetime) -> ChangeRequest:
    """Close a change that failed or was backed out, with its post-implementation note."""
    return _close(actor, change, "fail", note, now)


@transaction.atomic
def _close(
    actor: Actor, change: ChangeRequest, action: str, note: str, now: datetime
) -> ChangeRequest:
    current = lock(change)
    require_owner(actor, current)
    require_possible(current, action)
    if not note.strip():
        message = _("Write what happened: how it went, how long it took, what to do differently.")
        raise NoteMissingError(message, fields={"note": [message]})
    return move(
        actor=actor,
        change=current,
        action=action,
        now=now,
        changes={"finished_at": now, "outcome_note": note.strip()},
        comment=note.strip(),
    )
