"""Asks for approval: freezes what the change hits and seats those who must decide."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assets.models import ConfigurationItem
from common.actor import Actor
from common.errors import ConflictError, DomainError
from governance.access import require_request_rights
from governance.models import ApprovalRound, ChangeRequest
from governance.queries.answers import Consequence
from governance.queries.consequence import consequence_of
from governance.queries.content import question_of
from governance.services.rounds import open_round
from governance.services.steps import lock, move, require_possible, require_requester


class NobodyDecidesError(ConflictError):
    """There is no proper way to a decision, so the change is not even submitted."""


class WindowOverError(DomainError):
    """The window has passed."""


@transaction.atomic
def submit_change(
    *,
    actor: Actor,
    change: ChangeRequest,
    now: datetime,
    expected_version: int | None = None,
) -> ChangeRequest:
    """Submit a draft: derive the deciders on the whole plant and open a round of approval."""
    current = lock(change, expected_version=expected_version)
    require_requester(actor, current)
    require_possible(current, "submit")
    require_request_rights(actor, ConfigurationItem.objects.filter(changes=current))
    require_window_ahead(current, now)
    consequence = consequence_of(question_of(current), at=now)
    require_deciders(consequence)
    opened = open_round(actor=actor, change=current, consequence=consequence, now=now)
    return move(
        actor=actor,
        change=current,
        action="submit",
        now=now,
        changes={**derived(consequence, opened), "submitted_at": now},
    )


def derived(consequence: Consequence, opened: ApprovalRound) -> dict[str, Any]:
    """Return what a submission derives and stores on the change."""
    return {
        "content_hash": opened.content_hash,
        "impact_hash": opened.snapshot.impact_hash,
        "is_safety_relevant": consequence.touches_safety,
        "failure_probability": consequence.failure_probability,
        "expected_loss": round(consequence.expected_loss, 2),
        "currency": consequence.currency,
        "decided_at": None,
        "review_due_at": opened.due_at if opened.is_retrospective else None,
    }


def require_window_ahead(change: ChangeRequest, now: datetime) -> None:
    """Refuse a change whose window has passed; an emergency has none to keep."""
    if change.window_end_at <= now and not change.is_emergency:
        raise WindowOverError(
            _("The window of %(change)s ended at %(end)s; set a later one first.")
            % {"change": change.number, "end": f"{change.window_end_at:%Y-%m-%d %H:%M} UTC"},
            fields={"window_end_at": [_("This window has passed.")]},
        )


def require_deciders(consequence: Consequence) -> None:
    """Refuse when nobody can properly decide."""
    deciders = consequence.deciders
    if deciders.refusal:
        raise NobodyDecidesError(deciders.refusal)
    if not deciders.seats:
        raise NobodyDecidesError(
            _("Nobody was found to decide this change; it cannot be submitted.")
        )
